"""Names for codes that stand in the store instead of a vocabulary: sources and award schemes."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from index.facets import FACET, SEPARATOR
from index.results import FacetValue
from kb.vocabularies import vocabulary
from web.listings import scheme_titles, source_titles

_STORED = ("source", "award")


@dataclass(frozen=True)
class Labels:
    """Titles of sources and schemes, read once for a request."""

    sources: Mapping[str, str]
    schemes: Mapping[str, str]

    @classmethod
    def read(cls, session: Session) -> "Labels":
        """From the store."""
        return cls(source_titles(session), scheme_titles(session))

    def value(self, facet: str, value: FacetValue) -> str:
        """What a person reads for a value that a search gave, which has a name unless stored."""
        return self.facet_value(facet, value.code) if facet in _STORED else value.label

    def facet_value(self, facet: str, code: str) -> str:
        """What a person reads for a value of a facet."""
        if facet == "source":
            return self.sources.get(code, code)
        if facet == "award":
            scheme, _, level = code.partition(SEPARATOR)
            title = self.schemes.get(scheme, scheme)
            return f"{title}: {award_level(level).lower()}" if level else title
        return FACET[facet].label_of(code)


def award_level(level: str | None) -> str:
    """How far an entry got, in words that never say more than is known."""
    if not level or level == "not-stated":
        return "Result not stated"
    return vocabulary("award_levels").label(level)
