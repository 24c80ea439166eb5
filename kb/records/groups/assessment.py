"""What happened and how it is known."""

from kb.records.definition import Group, field
from kb.records.parts import Economics, Emmie, Result
from kb.records.values import PartialDate


class Assessment(Group):
    """What happened and how it is known."""

    GROUP = "assessment"

    stage_of_practice: str | None = field(
        "Stage of practice",
        "How far it has been tried and tested.",
        default=None,
        vocabulary="stages",
        submit=True,
        weight=1,
    )
    stage_reason: str = field(
        "Why this stage",
        "What the stage rests on.",
        words=60,
        example="One district, looked at by its own analysts.",
    )
    evaluation_types: list[str] = field(
        "Evaluated how",
        "All ways in which it was looked at.",
        default=[],
        vocabulary="evaluation_types",
        submit=True,
        weight=1,
    )
    evaluators: list[str] = field(
        "Evaluated by",
        "Who did the looking.",
        default=[],
        vocabulary="evaluators",
        weight=1,
        why="Results read differently when those who did the work measured it.",
    )
    design: str | None = field(
        "Design of the evaluation",
        "Whether there was a comparison, and of what kind.",
        default=None,
        vocabulary="designs",
        weight=2,
        why="It decides how sure anybody can be of the result.",
    )
    before_period: str = field(
        "Period before",
        "From when to when was counted before.",
        long=False,
        example="January to December 2003",
    )
    after_period: str = field(
        "Period after",
        "From when to when was counted after.",
        long=False,
        example="January to December 2005",
    )
    comparison_area: str = field(
        "Compared with",
        "A place or group like it that had no such work.",
        words=40,
        weight=1,
        example="Three wards with like housing and no gates",
        why="Without one, a fall may be a fall everywhere.",
    )
    sample_size: str = field(
        "Sample",
        "How many people, homes or places the figures cover.",
        long=False,
        example="1,100 homes in 40 blocks",
    )
    follow_up_months: float | None = field(
        "Months of follow-up",
        "How long after the start things were still measured.",
        default=None,
        ge=0,
        weight=1,
        example="24",
        why="Many effects fade within a year.",
    )
    assessment_summary: str = field(
        "What happened",
        "Also what did not change, and what got worse.",
        words=200,
        weight=2,
        example=(
            "Burglary fell by a third in gated blocks and did not change in the "
            "comparison wards. Residents felt safer at home."
        ),
        why="What happened is the first thing people ask.",
    )
    results: list[Result] = field(
        "Results",
        "One row for each outcome.",
        default=[],
        publish=True,
        weight=3,
        why="One row for each outcome keeps what worked apart from what did not.",
    )
    harmful: bool | None = field(
        "Did harm",
        "Set where good evidence shows it made things worse.",
        default=None,
        asked="curators",
    )
    displacement: str | None = field(
        "Displacement",
        "Whether the problem only moved.",
        default=None,
        vocabulary="displacement_findings",
        weight=1,
        why="The first question of any sceptic is whether it only moved.",
    )
    displacement_note: str = field(
        "Displacement or spread of benefit, in words",
        "Where and how it was looked for.",
        words=80,
        example="Burglary in the next streets rose by 2 a year, within the usual range.",
    )
    side_effects: str = field(
        "Side effects and harms",
        "On whom, and how much.",
        words=80,
        example="Two alleys were used to dump rubbish behind locked gates.",
    )
    economics: list[Economics] = field(
        "Value for money", "Only where somebody worked it out.", default=[], weight=1
    )
    emmie: list[Emmie] = field("EMMIE", "Set by curators.", default=[], asked="curators")
    nesta_level: str | None = field(
        "Nesta standard",
        "Set by curators.",
        default=None,
        vocabulary="nesta_levels",
        asked="curators",
    )
    learning_do: str = field(
        "Do",
        "What you would do again.",
        publish=True,
        any_of="learning",
        words=80,
        weight=1,
        example="Agree in writing who repairs gates before the first is fitted.",
    )
    learning_dont: str = field(
        "Do not",
        "What you would not do again.",
        publish=True,
        any_of="learning",
        words=80,
        example="Do not fit one end only; offenders use the other.",
    )
    learning_next_time: str = field(
        "Next time",
        "What you would do differently.",
        publish=True,
        any_of="learning",
        words=80,
        example="Start with landlords, who took longest to answer.",
    )
    learning_sustain: str = field(
        "How to keep it going",
        "What kept it alive, or would have.",
        publish=True,
        any_of="learning",
        words=80,
        example="Put upkeep in the council's yearly street budget.",
    )
    status_now: str | None = field(
        "What became of it", "What is known of it today.", default=None, vocabulary="running_states"
    )
    status_as_of: PartialDate = field("As of", "When that was last known.", example="2025")
    core_elements: str = field(
        "Keep if you copy it",
        "Parts it does not work without.",
        words=80,
        example="Both ends gated; every household has a key.",
    )
    adaptable: str = field(
        "May be changed",
        "Parts that others can change.",
        words=80,
        example="Design of the gate; who holds spare keys.",
    )
    transfer_needs: str = field(
        "What it needs elsewhere",
        "What another place must have first.",
        words=80,
        example="Alleys that may lawfully be closed, and a body to own them.",
    )
