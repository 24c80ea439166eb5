"""The date of a document from its own first lines, where its file states none."""

import calendar
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crawlers.number_dates import day_first, spelt

if TYPE_CHECKING:
    from crawlers.document import Block

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>(?:19[6-9]|20[0-4])\d)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_FORMS = (
    rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
    rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
    rf"\b{_YEAR}-(?P<month_number>0[1-9]|1[0-2])-{_DAY}\b",
    rf"\b{_MONTH},?\s+{_YEAR}\b",
)
_PATTERNS = tuple(re.compile(form, re.I) for form in _FORMS)
_SEASON = re.compile(rf"(?:early\s+)?(?:spring|summer|autumn|winter),?\s+{_YEAR}", re.I)
_ISSUE = re.compile(
    r"\W*(?:(?:final|annual|interim|progress|evaluation|project)?\s*(?:report|newsletter|bulletin|"
    r"update|review|issue|edition)(?:\s+(?:no\.?\s*)?\d+)?)?\W*",
    re.I,
)
_SHORT_MONTH = re.compile(rf"{_MONTH}[\s-]+['\u2019]?(?P<year>[12]\d)", re.I)
_STATED = re.compile(rf"(?:published|issued|posted|dated?|©|copyright)\D{{0,20}}{_YEAR}\b", re.I)
_LABEL = (
    r"(?:(?:date(?:d)?(?:\s+of\s+(?:publication|issue|report))?|published(?:\s+on)?|publication\s+"
    r"date|issued?|(?:report|issue)\s+date|(?:last\s+)?(?:updated|reviewed|revised)(?:\s+on)?)\s*[:|-]?\s*)"
)
_LABELLED = re.compile(_LABEL, re.I)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_BARE_FORMS = "|".join(re.sub(r"\?P<\w+>", "?:", form) for form in _FORMS)
DATE_LINE = re.compile(
    rf"{_LABEL}?{_WEEKDAY}(?:{_BARE_FORMS}|\d{{1,2}}([./-])\d{{1,2}}\1(?:\d\d){{1,2}})\W*", re.I
)
"""A line that is a date and no more."""

# What else a date by itself may tell: when people meet, when a thing began, what is to come.
_OTHER_DAYS = re.compile(
    r"\b(?:meetings?|met|held|agenda|minutes|hearing|conference|seminar|workshop|event|start(?:s|ed|"
    r"ing)?|began|begins|commenc\w+|launch(?:es|ed)?|end(?:s|ed|ing)?|finish\w*|complet\w+|clos(?:es|"
    r"ed|ing)|deadline|due|next|until|till|expires?|valid|from|since|between|timescales?|timeframe|"
    r"duration|period|project\s+dates?|born|incidents?|acts?|census|awarded|approved\s+for|to\s+be)\b",
    re.I,
)
_FIRST_BLOCKS, _LONGEST = 25, 400  # letters of each
# Words; a date in a longer line tells of something, not of the document. A month without a day is
# what sentences have too.
_SHORT, _BARE, _CLAIM = 12, 6, 3


def published_in(blocks: Sequence["Block"]) -> str:
    """The first date that stands by itself near the top: yyyy-mm-dd, yyyy-mm, yyyy or ""."""
    order = day_first(block.text for block in blocks)
    lines = [block.text[:_LONGEST] for block in blocks[:_FIRST_BLOCKS]]
    first = [spelt(line, day_first=order).text for line in lines if not _OTHER_DAYS.search(line)]
    if date := _first_date(first, short=True):
        return date
    for line in first:
        told = _LABELLED.sub("", line).strip(" .:")
        if short := _SHORT_MONTH.fullmatch(told):
            return f"20{short['year']}-{_month(short)}"
        if (season := _SEASON.search(told)) and _ISSUE.fullmatch(_SEASON.sub("", told)):
            return season["year"]
    for text in first:
        if stated := _STATED.search(text):
            return stated["year"]
    return ""


def date_in(lines: Iterable[str]) -> str:
    """The first date of these lines, one with its day before others; "" for none."""
    return _first_date([spelt(line, day_first=True).text for line in lines], short=False)


def in_words(day: str) -> str:
    """A date as a person writes it: "12 March 2024" for 2024-03-12, "March 2024" for 2024-03."""
    year, *rest = day.split("-")
    months = [calendar.month_name[int(rest[0])]] if rest else []
    return " ".join([*(str(int(part)) for part in rest[1:]), *months, year])


def _first_date(lines: Sequence[str], *, short: bool) -> str:
    """The first date; with `short` only where it stands all but by itself."""
    for form in _PATTERNS:
        most = _SHORT if "day" in form.groupindex else _BARE
        for line in lines:
            found = form.search(line)
            if found and (not short or _is_alone(line, most)):
                return _written(found)
    return ""


def _is_alone(line: str, most: int) -> bool:
    """Whether a line is a date with few words beside it, and no claim: "38 left in May 2017."."""
    words = len(line.split())
    return words <= most and not (most == _BARE and words > _CLAIM and line.endswith("."))


def _written(found: re.Match[str]) -> str:
    parts = found.groupdict()
    month = parts.get("month_number") or _month(found)
    day = f"-{int(parts['day']):02d}" if parts.get("day") else ""
    return f"{parts['year']}-{month}{day}"


def _month(found: re.Match[str]) -> str:
    return f"{MONTHS[found['month'].lower()]:02d}"
