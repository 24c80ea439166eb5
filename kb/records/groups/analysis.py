"""Why it happened, to whom, where and when."""

from kb.records.definition import Group, field


class Analysis(Group):
    """Why it happened, to whom, where and when."""

    GROUP = "analysis"

    data_sources: list[str] = field(
        "Information used",
        "Every kind that was looked at.",
        default=[],
        vocabulary="data_sources",
        publish=True,
        weight=2,
        why="It shows what the analysis rests on.",
    )
    analysis_methods: list[str] = field(
        "How it was analysed",
        "All methods that were used.",
        default=[],
        vocabulary="analysis_methods",
        weight=1,
    )
    analysis_findings: str = field(
        "What the analysis found",
        "What was learnt about the problem that was not known before.",
        words=200,
        weight=3,
        example=(
            "Seven in ten burglaries came in from the back. Alleys open at both ends had "
            "four times the rate of closed ones. A third of victims were burgled again "
            "within three months."
        ),
        why="It is what tells a place like yours from one where this would fail.",
    )
    pat_victim: str = field(
        "Victims or targets",
        "Who or what was hit, and why they.",
        words=100,
        weight=1,
        example="Student lets and older tenants, with weak back doors and goods in view.",
    )
    pat_offender: str = field(
        "Offenders",
        "What is known of those who do it, as a group.",
        words=100,
        weight=1,
        example="A few local men who knew the alleys and sold on within a mile.",
    )
    pat_location: str = field(
        "Place and its guardians",
        "Including handlers, guardians and managers.",
        words=100,
        weight=1,
        example="Unlit alleys open at both ends; nobody felt responsible for them.",
    )
    causes_situational: str = field(
        "Causes in the situation",
        "What about the place or situation made it easy.",
        publish=True,
        any_of="causes",
        words=100,
        weight=1,
        example="Alleys gave a hidden way to weak back doors.",
    )
    causes_offender: str = field(
        "Causes with offenders",
        "What moved those who do it.",
        publish=True,
        any_of="causes",
        words=100,
        example="Offenders were using heroin and lived within walking distance.",
    )
    causes_community: str = field(
        "Causes in the community",
        "What about the neighbourhood let it happen.",
        publish=True,
        any_of="causes",
        words=100,
        example="High turnover of tenants meant that few knew their neighbours.",
    )
    causes_systemic: str = field(
        "Causes in the system",
        "What services or rules left undone.",
        publish=True,
        any_of="causes",
        words=100,
        example="No body owned the alleys, so nobody repaired the lights.",
    )
    risk_factors: list[str] = field(
        "Risk factors", "Those the work took up.", default=[], vocabulary="risk_factors"
    )
    protective_factors: list[str] = field(
        "Protective factors",
        "Those the work built on.",
        default=[],
        vocabulary="protective_factors",
    )
    temporal_patterns: list[str] = field(
        "When it happens", "Times at which it peaks.", default=[], vocabulary="temporal_patterns"
    )
    temporal_note: str = field(
        "When it happens, in words",
        "Hours, days and seasons.",
        words=60,
        example="Weekdays from 5 to 9 pm, October to March.",
    )
    populations: list[str] = field(
        "People concerned",
        "Groups it happened to or was done with.",
        default=[],
        vocabulary="populations",
        weight=1,
    )
    population_roles: list[str] = field(
        "Their part in it", "In what part they appear.", default=[], vocabulary="population_roles"
    )
    age_bands: list[str] = field(
        "Ages", "Of the people concerned.", default=[], vocabulary="age_bands"
    )
    previous_responses: str = field(
        "What had been tried, and why it failed",
        "So that others need not try it again.",
        words=120,
        weight=1,
        example=(
            "Extra patrols in 2002 moved burglaries by two streets for a month, then they"
            " came back."
        ),
    )
    evidence_consulted: str = field(
        "Evidence looked at",
        "Guides, studies and places that were looked at first.",
        words=100,
        weight=1,
        example=("The guide on burglary of homes, and two evaluations of alley gates elsewhere."),
    )
    hypothesis: str = field(
        "Working theory",
        "Because X, so Y.",
        words=80,
        weight=2,
        example=(
            "Because the alleys give cover and escape, closing them to strangers will cut"
            " burglary from the back."
        ),
        why="It says what should happen and why, so that others can test it.",
    )
