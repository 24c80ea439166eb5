"""CrimeSolutions: the list of rated programmes and practices.

An item of the list is a linked name followed by what it is and a sentence "The program is rated
Effective." (Promising, No Effects, Ineffective, Negative). Known from the text of a stored copy of
www.crimesolutions.gov/ProgramsAccess.aspx; that profiles now stand at /ratedprograms/ and
/ratedpractices/, and what the ratings mean, from stored copies of the site's pages on itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawlers.errors import LayoutChanged
from crawlers.outline import lines
from crawlers.page import Page
from crawlers.source import UNREADABLE, Doubt, Finding, Source, broken_by
from crawlers.suggest import suggested_tags

_PROFILE = re.compile(
    r"/(?:Program|Practice)Details\.aspx\?ID=(?P<number>\d+)"
    r"|/rated(?P<kind>programs|practices)/(?P<name>[\w-]+)",
    re.I,
)
_LIST = re.compile(
    r"crimesolutions\.(?:ojp\.)?gov/(?:(?:Programs|Practices)Access\.aspx"
    r"|rated-?(?:programs|practices)(?:\?page=\d+)?$|programs-practices)",
    re.I,
)
_RATED = re.compile(
    r"\bis rated (?P<rating>Effective|Promising|No Effects?|Ineffective|Negative(?: Effects?)?)\b",
    re.I,
)
_DIRECTIONS = {
    "effective": "better",
    "promising": "probably-better",
    "no effect": "no-change",
    "no effects": "no-change",
    "ineffective": "no-change",
}
_MOST_WORDS = 95


@dataclass
class _Profile:
    name: str
    address: str
    practice: bool
    told: list[str] = field(default_factory=list)


class CrimeSolutions(Source):
    """One record for each programme and each practice of the list."""

    id = "crimesolutions"
    title = "CrimeSolutions"
    publisher = "National Institute of Justice"
    country = "us"
    licence = "public-domain"
    home = "https://crimesolutions.ojp.gov/"
    language = "en"
    starts = (
        "https://crimesolutions.ojp.gov/programs-practices",
        "https://www.crimesolutions.gov/ProgramsAccess.aspx",
    )
    follow = _LIST
    fewest = 50
    most = 2000
    fill_rates = {"summary": 1.0, "results.direction": 0.9, "provenance.original_url": 1.0}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every profile that a list names with its rating; none of a page without profiles."""
        profiles = _profiles(page)
        if not profiles:
            if any(link != page.url for link in self.links(page)):
                return
            raise LayoutChanged(page.url, "links to profiles of programmes or practices")
        if not any(_RATED.search(" ".join(item.told)) for item in profiles):
            raise LayoutChanged(page.url, "'is rated ...' beside the names")
        for item in profiles:
            told = " ".join(item.told)
            rating = _RATED.search(told)
            if rating is None:
                yield Doubt(item.name, "the list gives no rating")
            try:
                yield self.record(item.name, self._profile(page, item, told, rating))
            except UNREADABLE as error:
                yield broken_by(item.name, error)

    def _profile(
        self, page: Page, item: _Profile, told: str, rating: re.Match[str] | None
    ) -> dict[str, Any]:
        kind = "Practice" if item.practice else "Programme"
        words = told.split()
        summary = " ".join(words[:_MOST_WORDS]) + ("\u2026" if len(words) > _MOST_WORDS else "")
        results = []
        if rating is not None:
            stated = rating["rating"]
            results = [
                {
                    "measure": "Rating of the whole by CrimeSolutions",
                    "direction": _DIRECTIONS.get(stated.casefold(), "worse"),
                    "confidence_reason": f"CrimeSolutions rates it \u201c{stated}\u201d.",
                }
            ]
        return {
            "record_type": "programme",
            "title": item.name,
            "summary": summary or f"{kind} with a profile at CrimeSolutions.",
            "aspects": ["what"],
            "place": None if item.practice else {"country": self.country},
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
            "results": results,
            "suggested_tags": suggested_tags(
                (("the title says", item.name, 1.0), ("the list says", told, 0.6))
            ),
            "provenance": self.origin(
                page,
                external_id=_profile_id(item),
                title=item.name,
                read=[item.name, told],
                original_url=item.address,
            ),
        }


def _profile_id(item: _Profile) -> str:
    found = _PROFILE.search(item.address)
    assert found is not None, "it was found by this"
    kind = "practice" if item.practice else "program"
    return f"{kind}/{found['number'] or found['name']}"


def _profiles(page: Page) -> list[_Profile]:
    """Names that lead to profiles, each with what the list says of it."""
    found: list[_Profile] = []
    seen: set[str] = set()
    for line in lines(page):
        link = next((item for item in line.links if _PROFILE.search(item.url) and item.text), None)
        if link is not None and link.url not in seen and line.text.startswith(link.text):
            seen.add(link.url)
            practice = "practice" in _PROFILE.search(link.url)[0].casefold()  # type: ignore[index]
            found.append(_Profile(link.text.strip(" :"), link.url, practice))
            if rest := line.text[len(link.text) :].strip(" :-\u2013"):
                found[-1].told.append(rest)
        elif found and not line.links:
            found[-1].told.append(line.text)
    return found
