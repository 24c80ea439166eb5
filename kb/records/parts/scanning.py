"""Rows of the group `scanning`: what was to be reached."""

from kb.records.definition import Part, field
from kb.records.values import PartialDate


class Objective(Part):
    """One aim with what would show it was met."""

    text: str = field(
        "Objective",
        "What was to be reached.",
        words=60,
        example="Cut burglaries from the back by a fifth in a year",
    )
    indicator: str = field(
        "Indicator",
        "What was to be measured.",
        example="Recorded burglaries with entry from the rear",
    )
    baseline: str = field(
        "Baseline", "Figure at the start, with its unit and period.", example="84 in 2003"
    )
    target: str = field("Target", "Figure aimed at.", example="67 in 2005")
    date: PartialDate = field("By when", "When it was to be reached.", example="2005-12")
    met: str | None = field(
        "Was it met?", "As far as is known.", default=None, vocabulary="objective_states"
    )
