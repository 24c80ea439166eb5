"""The date of a document from its own first lines, where its file states none."""

import re
from collections.abc import Sequence

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
_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_YEAR}-(?P<month_number>0[1-9]|1[0-2])-{_DAY}\b",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
    )
)
_STATED = re.compile(rf"(?:published|issued|posted|dated?|©|copyright)\D{{0,20}}{_YEAR}\b", re.I)
_FIRST_BLOCKS = 25
# Words; a date in a longer line tells of something, not of the document. A month without a day is
# what sentences have too.
_SHORT, _BARE = 12, 6


def published_in(blocks: Sequence[Block]) -> str:
    """The first date that stands by itself near the top: yyyy-mm-dd, yyyy-mm, yyyy or ""."""
    first = [block.text for block in blocks[:_FIRST_BLOCKS]]
    for form in _FORMS:
        for line in first:
            found = form.search(line)
            if found and len(line.split()) <= (_SHORT if "day" in found.groupdict() else _BARE):
                return _written(found)
    for text in first:
        if found := _STATED.search(text):
            return found["year"]
    return ""


def _written(found: re.Match[str]) -> str:
    parts = found.groupdict()
    month = parts.get("month_number") or f"{MONTHS[parts['month'].lower()]:02d}"
    day = f"-{int(parts['day']):02d}" if parts.get("day") else ""
    return f"{parts['year']}-{month}{day}"
