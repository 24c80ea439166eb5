"""Wales Safer Communities Awards: pages of winners by year, and one for each category.

A line names the result and who won: "Winner: ...", "Joint Winner: ...", "Highly Commended: ...".
Categories are the headings above. Known from the text of stored copies of the pages for 2023,
2024 and 2025 and of a list of category pages. Prizes to single people are left out.
"""

import re
from collections.abc import Iterator

from crawlers.outline import Line
from crawlers.platforms.award_lists import Entered, WinnersOfYear

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


class WalesSaferCommunitiesAwards(WinnersOfYear):
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

    year = re.compile(r"\b(?P<year>20[2-4]\d)\b")
    year_lines = 8
    sought = (
        "a line 'Winner: ...' or 'Highly Commended: ...'",
        "the year of the awards among its first lines",
    )

    def entered(self, told: list[Line]) -> Iterator[Entered]:
        """Every entry that a page says won or was highly commended."""
        category, current = "", None
        for line in told:
            page_of = _PAGE_OF_CATEGORY.search(line.text) if line.level or not category else None
            if page_of:
                category, current = page_of["name"], None
            elif found := _WON.fullmatch(line.text):
                result = found["result"].casefold()
                overall = "Overall" if "overall" in result else ""
                title = _LED_BY.sub("", found["who"]).strip(" .,")
                owner = _OWNER.match(title)
                current = Entered(
                    title,
                    "commended" if "commended" in result else "winner",
                    overall or category,
                    owner["body"] if owner else "",
                )
                if not _PEOPLE.search(category):
                    yield current
            elif line.level and not _GENERAL.search(line.text):
                category, current = line.text.rstrip(":"), None
            elif current is not None:
                current.told.append(line.text)
