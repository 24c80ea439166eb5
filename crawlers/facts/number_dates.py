"""Dates in figures, such as 01/04/2021, spelt as the readers of written dates know them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_DATE = re.compile(
    r"(?<![\w/.-])(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)"
    r"(?P<year>(?:19|20)\d\d|(?<=/)\d\d)(?![\w/]|[.-]\d)"
)
_ISO = re.compile(r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)-(?P<b>[01]\d)-(?P<a>[0-3]\d)(?![\w/-])")
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
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
    """A text with its dates in figures spelt; those that may be read in two ways stay."""
    shifts: list[tuple[int, int]] = []
    grown = 0

    def spell(found: re.Match[str]) -> str:
        nonlocal grown
        iso = found.re is _ISO
        a, b = int(found["a"]), int(found["b"])
        order = True if iso else (a > _MONTHS) if (a > _MONTHS) != (b > _MONTHS) else day_first
        day, month = (a, b) if order else (b, a)
        if order is None or not (1 <= month <= _MONTHS and 1 <= day <= _DAYS):
            return found[0]
        year = int(found["year"])
        if year < 100:
            year += 2000 if year < _THIS_CENTURY else 1900
        written = f"{day} {_NAMES[month - 1]} {year}"
        grown += len(written) - len(found[0])
        shifts.append((found.end() + grown, len(written) - len(found[0])))
        return written

    for pattern in (_ISO, _DATE):
        if pattern.search(text):
            shifts, grown = [], 0
            spelt_text = pattern.sub(spell, text)
            if spelt_text != text:
                return Spelt(spelt_text, tuple(shifts))
    return Spelt(text)
