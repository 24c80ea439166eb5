"""Lists of award winners: what every entry of every scheme becomes.

Paragraphs about entries belong to those who wrote them: they suggest terms and are not kept. What
is kept is who entered what, when, in which category, how far it got, and where to read it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.places import place_words
from crawlers.source import UNREADABLE, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import slug

_SENTENCES = {
    "winner": "Winner of the {round}{category}{by}{where}.",
    "finalist": "Finalist for the {round}{category}{by}{where}.",
    "commended": "Commended in the {round}{category}{by}{where}.",
    "honourable-mention": "Honourable mention in the {round}{category}{by}{where}.",
    "not-stated": "Entry for the {round}{category}{by}{where}. The list does not say how far it "
    "got.",
}
_POLICE = re.compile(r"poli[cz]|constabular|sheriff|highway patrol", re.I)
_TOGETHER = re.compile(r"\s+in partnership with\s+", re.I)
_COUNCIL = re.compile(r"\b(?:council|borough of|city of)\b", re.I)


class AwardList(Source):
    """Base of the award lists: a subclass names the scheme and reads its pages."""

    scheme: ClassVar[str]
    award: ClassVar[str]
    """The award as it stands in a sentence."""

    def entry(
        self,
        page: Page,
        *,
        title: str,
        year: int,
        level: str,
        organisation: str = "",
        category: str = "",
        place: dict[str, Any],
        text: str = "",
        document: str = "",
    ) -> dict[str, Any]:
        """A record of one entry as plain data. `text` is what the list says of it."""
        lead, *others = _TOGETHER.split(organisation)
        where = place_words(place)
        if _POLICE.search(lead):
            place = {**place, "police_force": lead}
        return {
            "record_type": "award-entry",
            "title": title,
            "summary": _SENTENCES[level].format(
                round=f"{year} {self.award}",
                category=f", category {category}" if category else "",
                by=f", entered by {organisation}" if organisation else "",
                where=f" ({where})" if where else "",
            ),
            "aspects": ["what", "who"],
            "place": place or None,
            "published_on": str(year),
            "language": self.language,
            "licence": self.licence,
            "read": "summary" if text else "listing",
            "partners": [
                {"organisation": body, "sectors": _sectors(body), "roles": roles}
                for body, roles in ((lead, ["lead"]), *((body, []) for body in others))
                if body
            ],
            "awards": [
                {
                    "scheme": self.scheme,
                    "year": year,
                    "category": category,
                    "level": level,
                    "entry_url": document or page.url,
                }
            ],
            "suggested_tags": suggested_tags(
                (
                    ("the title says", title, 1.0),
                    ("the category says", category, 0.7),
                    ("the list says", text, 0.6),
                )
            ),
            "provenance": self.origin(
                page,
                external_id="/".join(
                    filter(None, (self.scheme, str(year), slug(title, 80), slug(organisation)))
                ),
                title=title,
                read=[title, organisation, category, level, text],
                document_url=document,
            ),
        }


@dataclass
class Entered:
    """One entry as a page of winners names it; `told` are the lines about it."""

    title: str
    level: str
    category: str
    organisation: str = ""
    told: list[str] = field(default_factory=list)


class WinnersOfYear(AwardList):
    """Base of schemes with a page for each year, which names winners under categories."""

    year: ClassVar[re.Pattern[str]]
    """What tells the year, as its group `year`, in one of the first lines or in the address."""
    year_lines: ClassVar[int]
    """How many first lines may hold it."""
    sought: ClassVar[tuple[str, str]]
    """In words, for when the layout has changed: how an entry is named, and where the year is."""

    def entered(self, told: list[Line]) -> Iterator[Entered]:
        """The entries that the lines of a page name, each before the lines about it are read."""
        raise NotImplementedError

    def records(self, page: Page) -> Iterator[Finding]:
        """Every entry of a year."""
        told = lines(page)
        texts = [line.text for line in told[: self.year_lines]] + [page.url]
        year = next((found["year"] for text in texts if (found := self.year.search(text))), None)
        if year is None:
            raise LayoutChanged(page.url, self.sought[1])
        entries = list(self.entered(told))
        if not entries:
            raise LayoutChanged(page.url, self.sought[0])
        for one in entries:
            try:
                yield self.record(
                    one.title,
                    self.entry(
                        page,
                        title=one.title,
                        year=int(year),
                        level=one.level,
                        organisation=one.organisation,
                        category=one.category,
                        place={"country": self.country},
                        text=" ".join(one.told),
                    ),
                )
            except UNREADABLE as error:
                yield broken_by(one.title, error)


def _sectors(body: str) -> list[str]:
    if _POLICE.search(body):
        return ["police"]
    return ["council"] if _COUNCIL.search(body) else []
