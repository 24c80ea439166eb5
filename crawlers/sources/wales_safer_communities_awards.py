"""Wales Safer Communities Awards: pages of winners by year, and one for each category.

A line names the result and who won: "Winner: ...", "Joint Winner: ...", "Highly Commended: ...".
Categories are the headings above. Known from the text of stored copies of the pages for 2023,
2024 and 2025 and of a list of category pages. Prizes to single people are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.platforms.award_lists import AwardList
from crawlers.source import UNREADABLE, Finding, broken_by

_WON = re.compile(
    r"(?P<result>Joint Winner|Winner|Overall Winner|Joint Overall Winner|Highly Commended)"
    r"\s*:\s*(?P<who>.{3,300})",
    re.I,
)
_PAGE_OF_CATEGORY = re.compile(r"Winners? of the (?P<name>.{3,80}?) category", re.I)
_PEOPLE = re.compile(r"\bindividual\b", re.I)
_LED_BY = re.compile(r",?\s+(?:led|managed|run|nominated) by\b.*", re.I | re.S)
_GENERAL = re.compile(r"categories|awards 20\d\d|20\d\d .*awards|skip to|inaugural", re.I)
_OWNER = re.compile(
    r"(?P<body>.{3,80}?(?:Council|Police|Service|Board|Authority))(?:['\u2019]s?)?\s+\S"
)
_AWARD_PAGE = re.compile(
    r"//safercommunities\.wales/(?:\d{4}-safer-communities-awards|winners-of-the-[\w-]+-category"
    r"|inaugural-wales-safer-communities-awards)/?$",
    re.I,
)


@dataclass
class _Won:
    who: str
    level: str
    category: str
    told: list[str] = field(default_factory=list)


class WalesSaferCommunitiesAwards(AwardList):
    """One record for each winner and each highly commended entry."""

    id = "wales-safer-communities-awards"
    title = "Wales Safer Communities Awards"
    publisher = "Wales Safer Communities Network"
    country = "gb-wls"
    licence = "all-rights"
    home = "https://safercommunities.wales/2025-safer-communities-awards"
    language = "en"
    starts = (
        "https://safercommunities.wales/inaugural-wales-safer-communities-awards",
        "https://safercommunities.wales/?p=14185",
        "https://safercommunities.wales/2025-safer-communities-awards",
    )
    scheme = "wales-safer-communities"
    award = "Wales Safer Communities Award"
    follow = _AWARD_PAGE
    fewest = 3
    most = 400
    fill_rates = {"awards.category": 0.8, "awards.year": 1.0, "place.country": 1.0}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every entry that a page says won or was highly commended."""
        told = lines(page)
        year = _year(page, told)
        won = list(_won(told))
        if not won:
            raise LayoutChanged(page.url, "a line 'Winner: ...' or 'Highly Commended: ...'")
        for entry in won:
            title = _LED_BY.sub("", entry.who).strip(" .,")
            owner = _OWNER.match(title)
            try:
                yield self.record(
                    title,
                    self.entry(
                        page,
                        title=title,
                        year=year,
                        level=entry.level,
                        organisation=owner["body"] if owner else "",
                        category=entry.category,
                        place={"country": self.country},
                        text=" ".join(entry.told),
                    ),
                )
            except UNREADABLE as error:
                yield broken_by(title, error)


def _year(page: Page, told: list[Line]) -> int:
    texts = [line.text for line in told[:8]] + [page.url]
    found = next((m for text in texts if (m := re.search(r"\b20[2-4]\d\b", text))), None)
    if found is None:
        raise LayoutChanged(page.url, "the year of the awards among its first lines")
    return int(found[0])


def _won(told: list[Line]) -> Iterator[_Won]:
    category, current = "", None
    for line in told:
        page_of = _PAGE_OF_CATEGORY.search(line.text) if line.level or not category else None
        if page_of:
            category, current = page_of["name"], None
        elif found := _WON.fullmatch(line.text):
            result = found["result"].casefold()
            overall = "Overall" if "overall" in result else ""
            current = _Won(
                found["who"],
                "commended" if "commended" in result else "winner",
                overall or category,
            )
            if not _PEOPLE.search(category):
                yield current
        elif line.level and not _GENERAL.search(line.text):
            category, current = line.text.rstrip(":"), None
        elif current is not None:
            current.told.append(line.text)
