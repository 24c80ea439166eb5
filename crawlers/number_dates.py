"""Dates in figures and years cut short ("01/04/2021", "Jan 24", "FY22-23"), spelt as the readers of
written dates know them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    r"(?<![\w/.-])(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)"
    r"(?P<year>(?:19|20)\d\d|(?<=/)\d\d)(?![\w/]|[.-]\d)"
)
# "1.4.18" is as often a section of a document.
_DOTTED = re.compile(
    r"(?:(?<=\bon )|(?<=\bfrom )|(?<=\bsince )|(?<=\buntil )|(?<=\b[Dd]ate: ))"
    r"(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<year>[012]\d)(?![\w]|\.\d)"
)
_MONTH_YEAR = re.compile(r"(?<![\w/.-])(?P<month>0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?![\w/-])")
_ISO = re.compile(r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)-(?P<b>[01]\d)-(?P<a>[0-3]\d)(?![\w/-])")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# "24" of "Jan 24" may be a day; it is none with an apostrophe or behind "in".
_SHORT = r"(?P<year>[12]\d)(?![\w/:%]|[.,]\d|-\d|(?:st|nd|rd|th)\b)"
_NO_YEAR_BEHIND = (
    r"(?!,?\s+(?:19|20)\d\d)(?!\s*(?:to|and|until|till|-|\u2013)\s*[^.;]{0,18}\b(?:19|20)\d\d)"
)
_IN_MONTH = re.compile(
    rf"(?:(?<=\bin )|(?<=\bin early )|(?<=\bin late )|(?<=\bin mid )){_MONTH}\s+{_SHORT}"
    rf"{_NO_YEAR_BEHIND}",
    re.I,
)
_APOSTROPHE = re.compile(rf"\b{_MONTH}\s*['\u2019](?P<year>\d\d)\b", re.I)
_FROM_MONTH = re.compile(
    rf"\b(?:since|from|to|until|till|between|and|during|of|by|date|start|end|starts|ends|started|"
    rf"ended)[:\s]\s*(?:early |mid |late )?{_MONTH}\s+{_SHORT}{_NO_YEAR_BEHIND}",
    re.I,
)
_DAY_MONTH = re.compile(
    rf"(?<![\w/.-])(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\s+{_MONTH}\s+(?P<year>[012]\d)"
    r"(?=\s*(?:$|[,;:)|\u2013-]|\.(?:\s|$)|(?:to|and|until|till)\b))",
    re.I,
)
_YEAR_PAIR = re.compile(
    r"(?:\bFY\s?'?(?P<fy>\d\d)|(?:\b(?:in|during|for|of|to|from|since|with|than|and)\s)"
    r"(?P<year>[12]\d))(?P<rest>\s?[/\u2013-]\s?(?P<next>\d\d))(?![\w/]|[.,-]\d)",
    re.I,
)
_FY = re.compile(r"\bFY\s?(?=(?:19|20)\d\d\b)")
_MONTHS, _DAYS = 12, 31
_THIS_CENTURY = 50  # two figures below it are years after 2000


@dataclass(frozen=True, slots=True)
class Spelt:
    """A text with its dates spelt; `origin` says where a place of it stands in the text before."""

    text: str
    shifts: tuple[tuple[int, int], ...] = ()

    def origin(self, place: int) -> int:
        """The place in the text as it was, for one in the spelt text."""
        return place - sum(more for end, more in self.shifts if end <= place)


def day_first(texts: Iterable[str]) -> bool | None:
    """Whether dates in figures begin with the day: by those that can be read in one way only, else
    by the money; None when nothing tells."""
    orders = set()
    money = False
    for text in texts:
        money = money or "\u00a3" in text or "\u20ac" in text
        for found in _DATE.finditer(text):
            a, b = int(found["a"]), int(found["b"])
            if (a > _MONTHS) != (b > _MONTHS):
                orders.add(a > _MONTHS)
    if len(orders) == 1:
        return orders.pop()
    return True if money and not orders else None


def spelt(text: str, *, day_first: bool | None) -> Spelt:
    """A text with its dates in figures and its short years spelt; those that may be read in two
    ways stay."""
    kept: list[str] = []
    shifts: list[tuple[int, int]] = []
    at = grown = 0
    for start, end, written in sorted(_changes(text, day_first=day_first)):
        if start < at:
            continue
        kept += [text[at:start], written]
        at = end
        grown += len(written) - (end - start)
        shifts.append((end + grown, len(written) - (end - start)))
    return Spelt("".join([*kept, text[at:]]), tuple(shifts))


def _changes(text: str, *, day_first: bool | None) -> Iterable[tuple[int, int, str]]:
    """What is written otherwise: from where to where, and how."""
    for found in _ISO.finditer(text):
        yield from _in_figures(found, order=True)
    for found in _DATE.finditer(text):
        a, b = int(found["a"]), int(found["b"])
        # Who parts with points begins with the day.
        usual = True if found["mark"] == "." else day_first
        yield from _in_figures(
            found, order=(a > _MONTHS) if (a > _MONTHS) != (b > _MONTHS) else usual
        )
    for found in _DOTTED.finditer(text):
        yield from _in_figures(found, order=True)
    for found in _MONTH_YEAR.finditer(text):
        yield *found.span(), f"{_NAMES[int(found['month']) - 1]} {found['year']}"
    short = [_IN_MONTH, _APOSTROPHE, _DAY_MONTH, *([_FROM_MONTH] if day_first else [])]
    for pattern in short:
        for found in pattern.finditer(text):
            start = found.start("year") - (text[found.start("year") - 1] in "'\u2019")
            yield (
                start,
                found.end("year"),
                (" " if start and text[start - 1] != " " else "")
                + str(_century(int(found["year"]))),
            )
    for found in _YEAR_PAIR.finditer(text):
        year = int(found["fy"] or found["year"])
        if int(found["next"]) == (year + 1) % 100 and (found["fy"] or year > _MONTHS):
            start = found.start() if found["fy"] else found.start("year")
            yield start, found.end("rest"), f"{_century(year)}{found['rest']}"
    for found in _FY.finditer(text):
        yield *found.span(), ""


def _in_figures(found: re.Match[str], *, order: bool | None) -> Iterable[tuple[int, int, str]]:
    a, b = int(found["a"]), int(found["b"])
    day, month = (a, b) if order else (b, a)
    if order is not None and 1 <= month <= _MONTHS and 1 <= day <= _DAYS:
        year = _century(int(found["year"]))
        yield *found.span(), f"{day} {_NAMES[month - 1]} {year}"


def _century(year: int) -> int:
    """A year with its century: two figures are of this one when they are small."""
    if year >= 100:
        return year
    return year + (2000 if year < _THIS_CENTURY else 1900)
