"""Words for templates: dates, counts, hosts. Pure functions."""

from datetime import date, datetime
from urllib.parse import urlsplit

from kb.trails.clock import Clock
from kb.vocabularies import vocabulary

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def day(moment: datetime | date) -> str:
    """A day as it is written: 5 March 2026."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def partial_date(text: str) -> str:
    """2004, 2004-05 or 2004-05-17 as words."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return text
    if len(parts) == 1 or not 1 <= int(parts[1]) <= 12:
        return text
    month = _MONTHS[int(parts[1]) - 1]
    start = f"{int(parts[2])} " if len(parts) == 3 else ""
    return f"{start}{month} {parts[0]}"


def sentence(text: str) -> str:
    """A rule that may follow a label ("at most 15 words") as a sentence of its own."""
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 record, 1,240 records."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def label(code: str, vocabulary_id: str) -> str:
    """What a person reads for a code."""
    return vocabulary(vocabulary_id).label(code)


def definition(code: str, vocabulary_id: str) -> str:
    """What a code means; empty when the vocabulary does not hold it."""
    terms = vocabulary(vocabulary_id)
    return terms.term(code).definition if code in terms else ""


def host(url: str) -> str:
    """The site an address is on."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def clipped(text: str, length: int = 220) -> str:
    """A text cut at a word, with an ellipsis where something was left out."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def moment(at: datetime) -> str:
    """A moment as it is written: 5 March 2026, 14:05 UTC."""
    return f"{day(at)}, {at:%H:%M} UTC"


def minutes(seconds: float) -> str:
    """A length of time in whole minutes: 1 minute, 20 minutes."""
    return counted(int(seconds // 60), "minute")


def clock(at: Clock) -> str:
    """How a clock stands, in words; it warns when time is nearly up."""
    spent, limit = minutes(at.spent.total_seconds()), minutes(at.limit.total_seconds())
    told = f"{spent} of {limit}" + ("" if at.running else ", stopped")
    return f"{told}. {at.warning}" if at.warning else told


FILTERS = {
    "moment": moment,
    "minutes": minutes,
    "clock": clock,
    "day": day,
    "partial_date": partial_date,
    "sentence": sentence,
    "counted": counted,
    "label": label,
    "definition": definition,
    "host": host,
    "clipped": clipped,
}
