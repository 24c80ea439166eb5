"""What was done, by whom, how and at what cost."""

from kb.records.definition import Group, field
from kb.records.parts import Activity, Cost, ImplementationProblem, Kit, Option, Partner
from kb.records.values import PartialDate


class Response(Group):
    """What was done, by whom, how and at what cost."""

    GROUP = "response"

    response_summary: str = field(
        "What was done",
        "In order, so that somebody else could do it.",
        words=200,
        weight=3,
        example=(
            "Lockable gates were fitted to both ends of 40 alleys in six months. Each "
            "household has a key. Wardens check the gates weekly and replace lost keys."
        ),
        why="Nobody can repeat what is not described.",
    )
    options_considered: list[Option] = field(
        "Options considered", "Also those that were turned down.", default=[], weight=1
    )
    response_types: list[str] = field(
        "Type of response",
        "All kinds that were part of it.",
        default=[],
        vocabulary="response_types",
        submit=True,
        weight=2,
        why="Readers filter by it.",
    )
    response_focus: list[str] = field(
        "Aimed at", "What it was meant to do.", default=[], vocabulary="response_focus"
    )
    mechanism: str = field(
        "How it works",
        "It works by …",
        publish=True,
        words=100,
        weight=2,
        example=(
            "It works by taking away the hidden way in and out, so that a stranger has to"
            " pass front windows."
        ),
        why="Who knows how it works can adapt it; who copies the form often fails.",
    )
    works_best_if: str = field(
        "Works best if",
        "What has to be true of the place and the partners.",
        publish=True,
        any_of="conditions",
        words=100,
        weight=1,
        example="Every household agrees and holds a key, and one body owns repairs.",
        why="It tells where not to try it.",
    )
    fails_if: str = field(
        "Fails if",
        "What would make it a waste of money.",
        publish=True,
        any_of="conditions",
        words=100,
        weight=1,
        example="Gates are left open, or one landlord refuses consent.",
    )
    activities: list[Activity] = field(
        "Activities", "One row for each thing that was done.", default=[], weight=1
    )
    targeting: str | None = field(
        "Targeting",
        "Everybody, chosen groups, or chosen persons.",
        default=None,
        vocabulary="targeting",
    )
    targeting_note: str = field(
        "Who or what was chosen, and how",
        "Figures and rules that were used to choose.",
        words=60,
        example="The 12 blocks with the most burglaries from the back in two years.",
    )
    settings: list[str] = field(
        "Setting", "Kinds of place.", default=[], vocabulary="settings", weight=1
    )
    partners: list[Partner] = field(
        "Partners",
        "One row for each body.",
        default=[],
        publish=True,
        weight=2,
        why="Readers need to know whom to bring in.",
    )
    community_role: str | None = field(
        "Part played by local people",
        "From being told to being in charge.",
        default=None,
        vocabulary="community_roles",
    )
    community_assets: str = field(
        "Local strengths used",
        "Assets, and who set the agenda.",
        words=80,
        example="A tenants' group ran the meetings and chose the gate design.",
    )
    staff_fte: float | None = field(
        "Staff (full-time equivalent)",
        "On average while it ran; half posts count 0.5.",
        default=None,
        ge=0,
        example="1.5",
    )
    volunteers: int | None = field(
        "Volunteers", "How many took part.", default=None, ge=0, example="24"
    )
    skills: list[str] = field(
        "Skills needed",
        "What staff had to be able to do.",
        default=[],
        example="Negotiation with landlords",
    )
    training: str = field(
        "Training given",
        "For whom, how long, by whom.",
        words=60,
        example="Half a day for wardens on lock repairs.",
    )
    costs: list[Cost] = field(
        "Costs",
        "One row for each item; ranges are fine.",
        default=[],
        weight=1,
        why="Bids and plans need a figure, even a rough one.",
    )
    cost_band: str | None = field(
        "Cost band",
        "Set-up and the first year together, whoever pays.",
        default=None,
        vocabulary="cost_bands",
        publish=True,
        weight=1,
    )
    cost_note: str = field(
        "About the cost",
        "What it leaves out, and whose prices they are.",
        words=60,
        example="About £550 a gate; £40 a year each for upkeep.",
    )
    funding_stream: str = field(
        "Funding",
        "Name of the fund and years.",
        long=False,
        example="Safer Communities Fund, 2004 to 2006",
    )
    lead_time_months: float | None = field(
        "Months to prepare",
        "From decision to first action.",
        default=None,
        ge=0,
        le=240,
        example="6",
    )
    months_to_first_effect: float | None = field(
        "Months to first effect",
        "From first action until something changed.",
        default=None,
        ge=0,
        le=240,
        example="3",
    )
    months_to_full_effect: float | None = field(
        "Months to full effect",
        "From first action until it had done what it could.",
        default=None,
        ge=0,
        le=600,
        example="12",
    )
    preconditions: str = field(
        "What must be in place first",
        "Consents, posts, data or kit.",
        words=80,
        example="Consent of all households and a legal order to close the path.",
    )
    triggers: str = field(
        "What tells you to start",
        "The sign at which it pays to begin.",
        words=60,
        example="Three or more burglaries from one alley in three months.",
    )
    seasonal_windows: list[str] = field(
        "Time of year",
        "When it has to be done, if that matters.",
        default=[],
        vocabulary="seasonal_windows",
    )
    legal_powers: list[str] = field(
        "Legal powers used",
        "Powers and orders that were used.",
        default=[],
        vocabulary="legal_powers",
    )
    law_checked_on: PartialDate = field(
        "Law last checked",
        "When somebody last made sure that the law is still so.",
        example="2024-02",
    )
    data_sharing: str = field(
        "Basis for sharing data",
        "The law or protocol that allowed it.",
        words=60,
        example="Crime and Disorder Act 1998, section 115, under a signed protocol.",
    )
    safeguarding_note: str = field(
        "Consent and safeguarding",
        "How people agreed, and how they were kept safe.",
        words=60,
        example="Victims were asked before their address was passed to the gate fitters.",
    )
    raises_fear: bool | None = field(
        "Could it raise fear?", "Whether people might worry more because of it.", default=None
    )
    restricts_ordinary_use: bool | None = field(
        "Does it limit ordinary use of a place?",
        "Whether people may do less there than before.",
        default=None,
    )
    stigmatises: bool | None = field(
        "Could it stigmatise people or places?",
        "Whether a group or place gets a worse name by it.",
        default=None,
    )
    proportionality_note: str = field(
        "Proportionality",
        "Why it is not more than the problem called for.",
        words=80,
        example=(
            "A path used by 30 people a day was closed; a lit route of the same length was kept."
        ),
    )
    equality_impact: str = field(
        "Effect on equality",
        "Who gained or lost, and how it was checked.",
        words=80,
        example=("Wheelchair users tested the gates; two were refitted with wider openings."),
    )
    implementation_problems: list[ImplementationProblem] = field(
        "What went wrong on the way",
        "What went wrong is what others can use most.",
        default=[],
        publish=True,
        weight=2,
        why="It saves the next people the same mistakes.",
    )
    kit: list[Kit] = field(
        "Material to use again", "Plans, forms and leaflets that others may take.", default=[]
    )
