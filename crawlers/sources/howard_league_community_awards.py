"""Howard League Community Awards: pages of winners by year.

A page names categories; under each stand projects with their organisation, either as "Winner:
Project, Organisation" or as "Project - Organisation" below a line that says the result. Known from
the text of stored copies of the pages for 2015, 2020 and 2021, which have three forms.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.platforms.award_lists import AwardList
from crawlers.source import UNREADABLE, Finding, broken_by

_RESULT = r"(?P<result>Winners?|Commend(?:ed|ations?)|Highly commended|Runners?[- ]up)"
_RESULT_LINE = re.compile(rf"{_RESULT}\s*:?", re.I)
_RESULT_FIRST = re.compile(
    rf"{_RESULT}\s*:\s*(?P<project>[^,]{{2,150}}),\s*(?P<body>.{{2,150}})", re.I
)
_PROJECT = re.compile(r"(?P<project>.{2,120}?)\s+[\u2013\u2014-]\s+(?P<body>[^.]{2,150})")
_CATEGORY = re.compile(r"(?P<name>.{3,80}?) category(?:\s*:)?", re.I)
_YEAR_PAGE = re.compile(r"howardleague\.org/community-awards/\d{4}-community-awards-winners", re.I)
_LEVELS = (("winner", "winner"), ("runner", "finalist"), ("commend", "commended"))
_YEAR = re.compile(r"\b(20\d\d)[ -]Community[ -]Awards", re.I)
_MOST_WORDS = 25


@dataclass
class _Project:
    title: str
    body: str
    category: str
    level: str
    told: list[str] = field(default_factory=list)


class HowardLeagueCommunityAwards(AwardList):
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

    def records(self, page: Page) -> Iterator[Finding]:
        """Every project of a year."""
        told = lines(page)
        year = _year(page, told)
        projects = list(_projects(told))
        if not projects:
            raise LayoutChanged(page.url, "a project with its organisation under a category")
        for project in projects:
            try:
                yield self.record(
                    project.title,
                    self.entry(
                        page,
                        title=project.title,
                        year=year,
                        level=project.level,
                        organisation=project.body,
                        category=project.category,
                        place={"country": self.country},
                        text=" ".join(project.told),
                    ),
                )
            except UNREADABLE as error:
                yield broken_by(project.title, error)


def _year(page: Page, told: list[Line]) -> int:
    texts = [line.text for line in told[:10]] + [page.url]
    found = next((m for text in texts if (m := _YEAR.search(text))), None)
    if found is None:
        raise LayoutChanged(page.url, "the year before 'Community Awards' in its heading")
    return int(found[1])


def _projects(told: list[Line]) -> Iterator[_Project]:
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
            current = _Project(found["project"].strip(), found["body"].strip(), category, level)
            yield current
        elif category and short and (found := _PROJECT.fullmatch(text)):
            current = _Project(found["project"].strip(), found["body"].strip(), category, level)
            yield current
        elif current is not None:
            current.told.append(text)


def _level(word: str) -> str:
    return next(level for start, level in _LEVELS if start in word.casefold())
