"""When to start: the yearly occasions, the months a response takes, and the search they make.

"Start by July for Bonfire Night": a response that takes four months to prepare has to be begun in
the first days of July to be ready on 5 November.
"""

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from index.facets import FACET, bands_within
from index.query import Query
from kb.vocabularies import vocabulary

SEASONS = "seasonal_windows"

# The first day of each window in the United Kingdom; those that move are set apart.
_FIXED: Mapping[str, tuple[int, int]] = {
    **{month.lower(): (number, 1) for number, month in enumerate(calendar.month_name) if number},
    "spring": (3, 1),
    "summer": (6, 1),
    "autumn": (9, 1),
    "winter": (12, 1),
    "new-year": (12, 31),
    "exam-results": (8, 10),
    "summer-holidays": (7, 20),
    "festival-season": (5, 1),
    "freshers": (9, 15),
    "halloween": (10, 31),
    "bonfire-night": (11, 5),
    "christmas": (12, 1),
    "football-season": (8, 1),
    "tourist-season": (6, 1),
    "lambing": (2, 1),
}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if number}
_IN_MONTHS = re.compile(r"\b(?:in|within)\s+(\d{1,2}|a|one|two|three|four|six|twelve)\s+months?\b")
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
_BY_MONTH = re.compile(rf"\b(?:by|before)\s+({'|'.join(_MONTHS)})\b")
_FOR_OCCASION = re.compile(r"\b(?:for|before|by|ahead of|in time for)\s+(?:the\s+)?(.+)$")


@dataclass(frozen=True, slots=True)
class Offer:
    """A narrower search that fits what was typed: what it is, and its months where it has any.

    `count` is how many of the records found it leaves, where that was counted.
    """

    label: str
    query: Query
    months: int | None = None
    count: int | None = None


def next_start(window: str, today: date) -> date | None:
    """The next first day of a seasonal window, today included; None for one without a date."""
    for year in (today.year, today.year + 1):
        start = _start(window, year)
        if start is not None and start >= today:
            return start
    return None


def _start(window: str, year: int) -> date | None:
    if window == "easter":
        return easter(year) - timedelta(days=2)
    if window == "clocks-change":  # the last Sunday of October
        end = date(year, 10, 31)
        return end - timedelta(days=(end.weekday() + 1) % 7)
    if window == "black-friday":  # the day after the fourth Thursday of November
        first = date(year, 11, 1)
        return first + timedelta(days=(3 - first.weekday()) % 7 + 22)
    fixed = _FIXED.get(window)
    return date(year, *fixed) if fixed else None


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the anonymous Gregorian rule.

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25
    moon = (skipped + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days = moon - weekday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


def months_before(day: date, months: float) -> date:
    """The day so many months earlier; the last of the month where there is no such day."""
    whole, part = int(months), months - int(months)
    number = day.year * 12 + day.month - 1 - whole
    year, month = number // 12, number % 12 + 1
    there = date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return there - timedelta(days=round(part * 30))


def start_notes(months: float | None, windows: Iterable[str], today: date) -> tuple[str, ...]:
    """When a response that takes these months has to be begun for each of its times of year.

    "Start by July for Bonfire Night"; in a year without time left, for the year after.
    """
    if months is None:
        return ()
    notes = []
    for window in windows:
        ready = next_start(window, today)
        if ready is None:
            continue
        begun = months_before(ready, months)
        while begun < today:
            ready = next_start(window, ready + timedelta(days=1)) or ready
            begun = months_before(ready, months)
        label = vocabulary(SEASONS).label(window)
        year = "" if ready.year == today.year else f" {ready.year}"
        shown = begun.strftime("%B") + ("" if begun.year == today.year else f" {begun.year}")
        notes.append(f"Start by {shown} for {label}{year}")
    return tuple(notes)


def offers(query: Query, today: date) -> tuple[Offer, ...]:
    """Searches narrowed by the time there is, when what was typed speaks of it.

    "before Bonfire Night", "by July" and "within 3 months" give the months that are left; a
    window of the year gives the records meant for it too.
    """
    text = " ".join(query.text.lower().split())
    made: list[Offer] = []
    for window in windows_in(text):
        label = vocabulary(SEASONS).label(window)
        if window not in query.filters.get("season", ()):
            made.append(Offer(f"Meant for {label}", query.with_filter("season", window)))
        ready = next_start(window, today)
        if (
            ready is not None
            and (found := _FOR_OCCASION.search(text))
            and window in windows_in(found[1])
        ):
            made += _ready(query, (ready - today).days / 30.4, f"by {label}")
    if month := _BY_MONTH.search(text):
        ready = next_start(month[1], today)
        if ready is not None:
            made += _ready(query, (ready - today).days / 30.4, f"by {month[1].capitalize()}")
    if within := _IN_MONTHS.search(text):
        months = _NUMBERS.get(within[1]) or int(within[1])
        made += _ready(query, months, f"within {months} month{'s' * (months != 1)}")
    return tuple({str(offer.query.filters): offer for offer in made}.values())


def windows_in(text: str) -> list[str]:
    """The occasions and seasons with a date that a text names; months are no occasions."""
    plain, named = f" {_plain(text)} ", _window_names()
    found = {
        rank: code
        for word in dict.fromkeys(plain.split())
        for rank, code, name in named.get(word, ())
        if f" {name} " in plain
    }
    return [found[rank] for rank in sorted(found)]


@lru_cache(maxsize=1)
def _window_names() -> dict[str, list[tuple[int, str, str]]]:
    """Place in the vocabulary, code and name of each, by the first word of the name."""
    by_first: dict[str, list[tuple[int, str, str]]] = {}
    for rank, term in enumerate(vocabulary(SEASONS)):
        if term.code not in _MONTHS and _start(term.code, 2000) is not None:
            for name in map(_plain, (term.label, *term.alt)):
                by_first.setdefault(name.split()[0], []).append((rank, term.code, name))
    return by_first


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def _ready(query: Query, months: float, when: str) -> list[Offer]:
    """The search for what can be prepared in these months, if there is a band that short."""
    codes = bands_within(max(months, 1))
    filters = {**query.filters, FACET["lead_time"].name: codes}
    label = f"Can be ready {when}"
    return [Offer(label, replace(query, filters=filters, page=1), max(1, int(months)))]
