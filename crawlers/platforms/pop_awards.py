"""Year pages of award entries at the Center for Problem-Oriented Policing.

Three forms have been seen. An entry is known by the line that names agency and place, whatever
the markup: its title stands in the line before, its description in the lines after. The oldest
form has title, agency, place, year and length in one line. Titles carry the result before or
after them; on pages "Winner & Finalists", those without one are finalists.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.places import place_from
from crawlers.platforms.award_lists import AwardList
from crawlers.source import UNREADABLE, Finding, broken_by

_LENGTH = r"(?:\s+(?:Video|\d+\s+[Pp]ages?))*"
_AGENCY_LINES = (
    re.compile(rf"(?P<agency>[^()]{{3,120}}?)\s*\((?P<place>[^()]{{2,80}})\){_LENGTH}"),
    re.compile(r"(?P<agency>[^,()]{3,100}),\s*(?P<place>[^()]{2,60}?)\s+\d+\s+[Pp]ages?"),
)
_ONE_LINE = re.compile(
    r"(?P<title>.{3,200}?)\. (?P<agency>[^.]{3,100}?), (?P<place>[^.\d]{2,60})\. "
    r"(?P<year>(?:19|20)\d\d)\. \d+ pages?\. (?P<text>.+)",
    re.S,
)
_RESULT = r"(?P<{name}>Winner|Finalist|Honou?rable Mention)!*"
_MARKS = re.compile(
    rf"(?:{_RESULT.format(name='before')}\s+)?(?P<title>.+?)"
    rf"(?:\s+{_RESULT.format(name='after')})?\s*(?:\(File not available\))?\s*",
    re.S,
)
_LEVELS = {"winner": "winner", "finalist": "finalist", "honorable mention": "honourable-mention"}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONGEST_AGENCY_LINE = 200
_HEAD_LINES = 12


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    result: str
    agency: str
    place: str
    text: str
    document: str


class PopAwards(AwardList):
    """Base of the award lists: a subclass names the scheme, and its year pages with `follow`."""

    follow: ClassVar[re.Pattern[str]]

    publisher = "Center for Problem-Oriented Policing"
    language = "en"
    licence = "unknown"
    fill_rates = {"partners": 1.0, "place.country": 0.9, "published_on": 1.0, "awards": 1.0}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every entry of a year page; none of a page that only leads to years."""
        told = lines(page)
        entries = list(_entries(told))
        if not entries:
            if not self.follow.search(page.url):
                return
            raise LayoutChanged(page.url, "an entry: a title, then a line 'Agency (Place)'")
        year, all_placed = self._heading(page, told)
        for entry in entries:
            try:
                yield self.record(entry.title, self._data(page, entry, year, all_placed))
            except UNREADABLE as error:
                yield broken_by(entry.title, error)

    def _heading(self, page: Page, told: Sequence[Line]) -> tuple[int, bool]:
        """The year of a page, and whether it says that all its entries won or came near."""
        first = [line.text for line in told[:_HEAD_LINES]]
        first += [page.soup.title.get_text(" ", strip=True)] if page.soup.title else []
        for text in first:
            if self.award.split()[0] in text and (year := _YEAR.search(text)):
                return int(year[0]), bool(re.search(r"finalists?\b", text, re.I))
        stated = re.search(r"(?:year=|awards[-/])((?:19|20)\d\d)\b", page.url)
        if stated is None:
            raise LayoutChanged(page.url, f"the year of the {self.award} in a heading")
        return int(stated[1]), False

    def _data(self, page: Page, entry: _Entry, year: int, all_placed: bool) -> dict[str, Any]:
        level = _LEVELS.get(entry.result.casefold().replace("honourable", "honorable"), "")
        return self.entry(
            page,
            title=entry.title,
            year=year,
            level=level or ("finalist" if all_placed else "not-stated"),
            organisation=entry.agency,
            place=place_from(entry.place),
            text=entry.text,
            document=entry.document,
        )


def _entries(told: Sequence[Line]) -> Iterator[_Entry]:
    """Entries of any of the forms, in their order."""
    agencies = {
        number: found
        for number, line in enumerate(told)
        if len(line.text) <= _LONGEST_AGENCY_LINE
        and number
        and (found := next((f for form in _AGENCY_LINES if (f := form.fullmatch(line.text))), None))
    }
    for number, line in enumerate(told):
        if number in agencies:
            # What follows belongs to it, up to the line before the next agency: that is a title.
            following = next((n for n in agencies if n > number), len(told) + 1)
            text = " ".join(item.text for item in told[number + 1 : following - 1])
            yield _entry(told[number - 1], line, agencies[number], text)
        elif not agencies and (found := _ONE_LINE.fullmatch(line.text)):
            yield _entry(line, line, found, found["text"], title=found["title"])


def _entry(head: Line, line: Line, found: re.Match[str], text: str, title: str = "") -> _Entry:
    marks = _MARKS.fullmatch(title or head.text)
    assert marks is not None, "its title matches anything"
    document = head.link(r"\.pdf") or line.link(r"\.pdf")
    return _Entry(
        title=marks["title"].strip(" .\u201c\u201d\"'"),
        result=marks["before"] or marks["after"] or "",
        agency=found["agency"].strip(" ,"),
        place=found["place"].strip(),
        text=text,
        document=document,
    )
