"""A term suggested for a text."""

from dataclasses import dataclass
from typing import Any

from crawlers.tag_odds import TICKED

# How sure a term must be to be ticked before a person has looked, where nothing says how likely it
# is right: chosen so that, on the texts that were tuned on, nine in ten ticked terms were right.
_TICKED = {
    "area_types": 0.84,
    "stages": 0.8,
    "awards": 0.9,
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A term that fits, with how sure that is and the words that led to it.

    `confidence` is what its mentions add up to; `likely` how likely it is right by all that speaks
    for it (crawlers/tag_odds.py), None in fields where that is not worked out.
    """

    field: str
    code: str
    label: str
    confidence: float
    because: str
    likely: float | None = None

    @property
    def shown(self) -> float:
        """How sure a person is told that it is."""
        return self.confidence if self.likely is None else self.likely

    @property
    def ticked(self) -> bool:
        """Whether it is sure enough to be ticked before a person has looked."""
        return self.shown >= _TICKED.get(self.field, TICKED)

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "code": self.code,
            "label": self.label,
            "confidence": self.shown,
            "because": self.because,
            "ticked": self.ticked,
        }
