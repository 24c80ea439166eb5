"""Dates and periods as running text writes them: days, months, seasons, school years."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawlers.dates import MONTHS

_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?:19[5-9]|20[0-4])\d"
_SEASON = (
    r"(?:early|mid|late|the end of|spring|summer|autumn|fall|winter|Q[1-4]|"
    r"(?:first|second|third|fourth|last) (?:quarter|half))"
)
_PART_OF = (
    r"(?:the\s+)?(?:week\s+(?:of|commencing|beginning|starting|ending)|w/[ce]|"
    r"(?:first|second|third|fourth|last)\s+(?:week|half)\s+of|(?:beginning|start|middle|end)\s+of)"
)
# A date, its year left out only where the end of the same period gives it.
_DATE = (
    rf"(?:{_PART_OF}\s+)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
    rf"(?:(?P<d{{0}}>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"(?:(?P<m{{0}}>{_MONTH})\s*(?:(?P<e{{0}}>[12]?\d|3[01])(?:st|nd|rd|th)?"
    rf"(?:,\s*|\s+(?={_YEAR})|(?=\s*(?:to|and|until|till|through|\u2013|\u2014|-)\s)))?,?\s*"
    rf"(?:of\s+)?|(?:the\s+)?{_SEASON}[\s-]+(?:of\s+)?)?(?P<y{{0}}>{_YEAR}){{1}}"
)
_SCHOOL_YEAR = rf"(?P<s>{_YEAR})\s?[/\u2013-]\s?(?P<t>\d{{{{2}}}}(?:\d\d)?)\b"
_ONE = re.compile(rf"(?<![\w/]){_DATE.format('1', '')}(?![\w/]|-\d)", re.I)
_YEARS = re.compile(
    rf"(?<![\w/])(?:(?:the\s+)?(?:{_SEASON}|(?:financial|school|academic)\s+year)\s+(?:of\s+)?)?"
    rf"{_SCHOOL_YEAR.format()}(?!\s?(?:prices|dollars|-\d))(?![\d/])",
    re.I,
)
_SPAN = re.compile(
    rf"(?<![\w/]){_DATE.format('1', '?')}\s*(?:to|and|until|till|through|\u2013|\u2014|-)\s*"
    rf"(?:the end of\s+)?{_DATE.format('2', '')}(?![\w/])",
    re.I,
)
_MONTHS_TO = re.compile(
    rf"\b(?:(?P<n>three|six|nine|twelve|eighteen|\d{{1,2}})[\s-]months?|(?:the|a|one)\s+year)\s+"
    rf"(?:to|ending(?:\s+in)?|up to)"
    rf"\s+(?:the\s+end\s+of\s+)?{_DATE.format('1', '')}",
    re.I,
)
_COUNTS = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "eighteen": 18}


@dataclass(frozen=True, slots=True)
class When:
    """A date or period as it stands in a sentence; `until` is "" for a single date."""

    date: str
    until: str
    start: int
    end: int


def whens_in(text: str) -> Iterator[When]:
    """Dates and periods of a sentence; a date inside a period is no date of its own."""
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last in taken)

    for match in _MONTHS_TO.finditer(text):
        last = _written(match, "1")
        begin = _months_back(last, match["n"] or "twelve")
        if begin:
            taken.append(match.span())
            yield When(begin, last, *match.span())
    for match in _SPAN.finditer(text):
        if not free(*match.span()):
            continue
        until = _written(match, "2")
        date = _written(match, "1", year=until[:4])
        if date and date < until:
            taken.append(match.span())
            yield When(date, until, *match.span())
    for match in _YEARS.finditer(text):
        until = match["t"] if len(match["t"]) == 4 else match["s"][:2] + match["t"]
        if free(*match.span()) and 0 < int(until) - int(match["s"]) <= 20:
            taken.append(match.span())
            yield When(match["s"], until, *match.span())
    for match in _ONE.finditer(text):
        if free(*match.span()):
            yield When(_written(match, "1"), "", *match.span())


def _written(match: re.Match[str], which: str, year: str = "") -> str:
    """A date as yyyy, yyyy-mm or yyyy-mm-dd; "" when it is none."""
    parts = match.groupdict()
    year = parts[f"y{which}"] or year
    month = (parts[f"m{which}"] or "").lower().rstrip(".")
    day = parts[f"d{which}"] or parts[f"e{which}"]
    if not parts[f"y{which}"] and not month:
        return ""  # a number by itself
    if not month:
        return year
    return f"{year}-{MONTHS[month]:02d}" + (f"-{int(day):02d}" if day else "")


def _months_back(last: str, count: str) -> str:
    """The month in which a period of so many months began, given its last."""
    if len(last) < 7:
        return ""
    months = _COUNTS.get(count.lower()) or int(count)
    number = int(last[:4]) * 12 + int(last[5:7]) - months
    return f"{number // 12}-{number % 12 + 1:02d}"
