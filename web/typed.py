"""Numbers, dates and addresses as people type them, made into what the models take."""

import calendar
import re

_MONTHS = [name.lower() for name in calendar.month_name]
_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]+)?"
    r"(?P<month>\d{1,2}|[a-z]{3,9})[-/., ]+"
    r"(?P<year>\d{4})"
)


def plain_number(text: str) -> str:
    """1,200 and £1,200 are numbers to whoever types them; other texts are left as they are."""
    bare = re.sub(r"[£$€,\s]", "", text)
    return bare if re.fullmatch(r"-?\d+(\.\d+)?", bare) else text.strip()


def plain_date(text: str) -> str:
    """A day or month as it is written here, day first, with the year first as it is kept.

    >>> plain_date("5/3/2026"), plain_date("March 2026"), plain_date("soon")
    ('2026-03-05', '2026-03', 'soon')
    """
    text = text.strip()
    found = _DATE.fullmatch(text.lower())
    if found is None:
        return text
    day, month, year = found["day"], found["month"], found["year"]
    if not month.isdigit():
        # "mar" and "sept" will do; "ma" or "ju" could be two months.
        named = [number for number, name in enumerate(_MONTHS) if name.startswith(month)]
        if len(named) != 1:
            return text
        month = str(named[0])
    return "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])


def plain_address(text: str) -> str:
    """A web address; where somebody left out how it begins, as people do, it is added.

    >>> plain_address("www.example.org/gates"), plain_address("http://example.org")
    ('https://www.example.org/gates', 'http://example.org')
    """
    text = text.strip()
    bare = re.fullmatch(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?", text)
    return f"https://{text}" if bare else text
