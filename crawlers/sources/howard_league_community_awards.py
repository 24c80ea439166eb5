"""Howard League Community Awards: pages of winners by year.

A page names categories; under each stand projects with their organisation, either as "Winner:
Project, Organisation" or as "Project - Organisation" below a line that says the result. Known from
the text of stored copies of the pages for 2015, 2020 and 2021, which have three forms.
"""

import re
from collections.abc import Iterator

from crawlers.outline import Line
from crawlers.platforms.award_lists import Entered, WinnersOfYear

_RESULT = r"(?P<result>Winners?|Commend(?:ed|ations?)|Highly commended|Runners?[- ]up)"
_RESULT_LINE = re.compile(rf"{_RESULT}\s*:?", re.I)
_RESULT_FIRST = re.compile(
    rf"{_RESULT}\s*:\s*(?P<project>[^,]{{2,150}}),\s*(?P<body>.{{2,150}})", re.I
)
_PROJECT = re.compile(r"(?P<project>.{2,120}?)\s+[\u2013\u2014-]\s+(?P<body>[^.]{2,150})")
_CATEGORY = re.compile(r"(?P<name>.{3,80}?) category(?:\s*:)?", re.I)
_YEAR_PAGE = re.compile(r"howardleague\.org/community-awards/\d{4}-community-awards-winners", re.I)
_LEVELS = (("winner", "winner"), ("runner", "finalist"), ("commend", "commended"))
_YEAR = re.compile(r"\b(?P<year>20\d\d)[ -]Community[ -]Awards", re.I)
_MOST_WORDS = 25


class HowardLeagueCommunityAwards(WinnersOfYear):
    """One record for each project named."""

    id = "howard-league-community-awards"
    title = "Howard League Community Awards"
    publisher = "Howard League for Penal Reform"
    country = "gb"
    licence = "all-rights"
    home = "https://howardleague.org/community-awards/2021-community-awards-winners/"
    language = "en"
    starts = (
        "https://howardleague.org/community-awards/2015-community-awards-winners/",
        "https://howardleague.org/community-awards/2020-community-awards-winners",
        "https://howardleague.org/community-awards/2021-community-awards-winners/",
    )
    scheme = "howard-league"
    award = "Howard League Community Award"
    follow = _YEAR_PAGE
    fewest = 3
    most = 400
    fill_rates = {"partners": 1.0, "awards.category": 0.9, "awards.year": 1.0}

    year = _YEAR
    year_lines = 10
    sought = (
        "a project with its organisation under a category",
        "the year before 'Community Awards' in its heading",
    )

    def entered(self, told: list[Line]) -> Iterator[Entered]:
        """Every project of a year."""
        category, level, current = "", "winner", None
        for number, line in enumerate(told):
            text = line.text
            following = told[number + 1].text if number + 1 < len(told) else ""
            short = len(text.split()) <= _MOST_WORDS and not text.endswith(".")
            if named := _CATEGORY.fullmatch(text):
                category, level = named["name"], "winner"
            elif result := _RESULT_LINE.fullmatch(text):
                level = _level(result["result"])
            elif short and _RESULT_LINE.fullmatch(following) and not _PROJECT.fullmatch(text):
                category = text
            elif category and short and (found := _RESULT_FIRST.fullmatch(text)):
                level = _level(found["result"])
                current = Entered(found["project"].strip(), level, category, found["body"].strip())
                yield current
            elif category and short and (found := _PROJECT.fullmatch(text)):
                current = Entered(found["project"].strip(), level, category, found["body"].strip())
                yield current
            elif current is not None:
                current.told.append(text)


def _level(word: str) -> str:
    return next(level for start, level in _LEVELS if start in word.casefold())
