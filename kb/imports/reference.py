"""A reference, from RIS or BibTeX, as the data of a record.

It comes in as a draft: no reference says all that a record must, so somebody completes it. The
work is cited in the record's references and its address or DOI kept as where it came from.
"""

import re
from dataclasses import dataclass
from typing import Any

from kb.records import FIELD

_RECORD_TYPES = {
    "stand": "standard",
    "standard": "standard",
    "data": "dataset",
    "dataset": "dataset",
    "elec": "guide",
    "online": "guide",
}
_YEAR = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")


@dataclass(frozen=True)
class Reference:
    """What both formats say of a work."""

    type: str
    title: str
    authors: tuple[str, ...] = ()
    date: str = ""
    publisher: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    doi: str = ""
    container: str = ""
    note: str = ""
    language: str = ""

    def data(self) -> dict[str, Any]:
        """The fields of a record."""
        doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", self.doi.strip(), flags=re.I)
        urls = [url for url in self.urls if re.match(r"https?://\S+$", url)]
        source = f"https://doi.org/{doi}" if doi.startswith("10.") else next(iter(urls), "")
        cited = {
            "citation": self.citation,
            "url": next(iter(urls), ""),
            "doi": doi if doi.startswith("10.") else "",
        }
        values: dict[str, Any] = {
            "state": "draft",
            "record_type": _RECORD_TYPES.get(self.type.lower(), "paper"),
            "title": self.title,
            "authors": list(self.authors),
            "published_on": self.published,
            "publisher": self.publisher,
            "summary": _within(self.abstract, FIELD["summary"].words),
            "keywords": list(self.keywords),
            "language": self.language[:2].lower() if self.language else "",
            "references": [{name: value for name, value in cited.items() if value}],
            "provenance": [{"title": self.title, "original_url": source}] if source else [],
        }
        return {name: value for name, value in values.items() if value}

    @property
    def published(self) -> str:
        """Year, month or day as records have it; "" when none is stated."""
        match = _YEAR.search(self.date)
        if not match:
            return ""
        parts = [match[1], *(f"{int(part):02d}" for part in match.groups()[1:] if part)]
        return "-".join(parts)

    @property
    def citation(self) -> str:
        """Author, year, title, where published: one line."""
        year = f"({self.published[:4]})" if self.published else ""
        who = " ".join(filter(None, ["; ".join(self.authors), year]))
        parts = [who, self.title, self.container, self.publisher]
        return ". ".join(part.strip(" .") for part in parts if part.strip(" .")) + "."


def _within(text: str, limit: int | None) -> str:
    words = text.split()
    return text if limit is None or len(words) <= limit else " ".join(words[:limit]) + "…"
