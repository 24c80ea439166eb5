"""European Crime Prevention Award: medals as the network's news page tells them.

Under "Winners of the European Crime Prevention Award" stand the year and theme, then "Gold medal",
"silver medal" and "bronze medal", each with the project, its country and a sentence. Known from
the text of a stored copy of the news page. Entries without a medal are only in papers.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.places import country_named
from crawlers.platforms.award_lists import AwardList
from crawlers.source import UNREADABLE, Broken, Finding, broken_by

_MEDAL = re.compile(r"(?P<medal>gold|silver|bronze) medal\s*:?", re.I)
_HEADING = re.compile(r"Winners? of the European Crime Prevention Award", re.I)
_YEAR = re.compile(r"\b(20\d\d)\b")
_THEME = re.compile(r"The theme (?:was|is) (?P<theme>[^.]{3,150})\.", re.I)
_MOST_WORDS = 15


class EuropeanCrimePreventionAward(AwardList):
    """One record for each medal."""

    id = "european-crime-prevention-award"
    title = "European Crime Prevention Award"
    publisher = "European Crime Prevention Network"
    country = "be"
    licence = "unknown"
    home = "https://eucpn.org/service/bpc-ecpa"
    language = "en"
    starts = ("https://eucpn.org/service/news", "https://eucpn.org/service/bpc-ecpa")
    scheme = "ecpa"
    award = "European Crime Prevention Award"
    fewest = 1
    most = 100
    fill_rates = {"awards.year": 1.0, "awards.category": 1.0}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every medal of a page; none of a page that does not tell of winners."""
        told = lines(page)
        at = [number for number, line in enumerate(told) if _MEDAL.fullmatch(line.text)]
        headed = next((n for n, line in enumerate(told) if _HEADING.search(line.text)), None)
        if not at:
            if headed is None:
                return
            raise LayoutChanged(page.url, "'Gold medal' below the heading on winners")
        before = " ".join(line.text for line in told[headed or 0 : at[0]])
        year = _YEAR.search(before)
        if year is None:
            raise LayoutChanged(page.url, "the year of the award above its medals")
        theme = _THEME.search(before)
        for start, end in zip(at, [*at[1:], len(told)], strict=True):
            yield self._medal(page, told[start:end], int(year[1]), theme["theme"] if theme else "")

    def _medal(self, page: Page, told: list[Line], year: int, theme: str) -> Finding:
        medal = told[0].text.strip(" :").capitalize()
        title, country, text = "", None, []
        for line in told[1:]:
            if line.level and title:
                break  # the next piece of news
            if country is None and (named := country_named(line.text)):
                country = named
            elif not title and len(line.text.split()) <= _MOST_WORDS and line.text[-1] != ".":
                title = line.text
            else:
                text.append(line.text)
        if not title:
            return Broken(f"{medal} {year}", "its project is not named")
        place: dict[str, Any] = {"country": country} if country else {}
        try:
            return self.record(
                title,
                self.entry(
                    page,
                    title=title,
                    year=year,
                    level="winner" if medal.startswith("Gold") else "finalist",
                    category=medal,
                    place=place,
                    text=" ".join([theme, *text]),
                ),
            )
        except UNREADABLE as error:
            return broken_by(title, error)
