"""Rows of the group `assessment`: what came of it."""

from kb.records.definition import Part, field


class Result(Part):
    """What happened to one outcome: always one row for each outcome."""

    outcome: str | None = field(
        "Outcome", "One outcome for each row.", default=None, vocabulary="outcomes"
    )
    measure: str = field(
        "Measure",
        "What was counted, for whom, over which period.",
        words=40,
        example="Recorded burglaries of homes in gated blocks, a year",
    )
    before: str = field("Before", "Figure with unit and period.", example="120 (2003)")
    after: str = field("After", "Figure with unit and period.", example="80 (2005)")
    comparison_change: str = field(
        "Change in the comparison area or group",
        "What happened where nothing was done.",
        example="118 to 117 in three wards without gates",
    )
    effect_size: str = field("Effect size", "As the evaluation gives it.", example="33% fewer")
    confidence_interval: str = field(
        "Confidence interval", "As the evaluation gives it.", example="18% to 45%"
    )
    direction: str | None = field(
        "Result", "What happened to this outcome.", default=None, vocabulary="directions"
    )
    confidence: str | None = field(
        "How sure", "How sure one can be of that.", default=None, vocabulary="confidence"
    )
    confidence_reason: str = field(
        "Why this sure",
        "The reason in words.",
        words=60,
        example="One comparison area and small numbers",
    )


class Economics(Part):
    """One economic finding."""

    method: str | None = field(
        "Method", "How it was worked out.", default=None, vocabulary="economic_methods"
    )
    benefit_cost_ratio: float | None = field(
        "Benefit for each 1 spent", "Money's worth for each £1 or $1.", default=None, example="1.9"
    )
    net_low: float | None = field(
        "Net saving from", "Lowest estimate.", default=None, example="10000"
    )
    net_high: float | None = field(
        "Net saving to", "Highest estimate.", default=None, example="25000"
    )
    currency: str = field("Currency", "Three-letter code.", max_length=3, example="GBP")
    price_year: int | None = field(
        "Price year", "Year whose prices these are.", default=None, ge=1900, le=2100, example="2004"
    )
    agency: str = field("Who gains", "Which body saves or pays.", example="Police and households")
    note: str = field("Note", "What it leaves out.", example="Unit costs of crime, 2003")


class Emmie(Part):
    """One dimension of the EMMIE scale; set by curators."""

    dimension: str = field("Dimension", example="effect")
    found: str = field("What was found", words=80)
    quality: int | None = field("Quality of evidence (0 to 4)", default=None, ge=0, le=4)
