"""Two periods that a sentence compares: the one before a practice, and the one after."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawlers.facts.found import DateFound
from crawlers.facts.written_dates import When

_BEFORE = re.compile(
    r"\b(?:before(?:hand)?|baseline|prior|previous(?:ly)?|preceding|pre-\w+|earlier|original(?:ly)?|"
    r"initial(?:ly)?|at the start|to begin with)\b",
    re.I,
)
_AFTER = re.compile(
    r"\b(?:after(?:wards?)?|since|following|later|post-\w+|next|subsequent(?:ly)?|once|follow-up)\b",
    re.I,
)
_COUNTED = re.compile(
    r"\b(?:compar\w+|from \d|\d[\d,.]*%|per cent|fell|rose|drop\w*|reduc\w+|increas\w+|"
    r"(?:reports?|calls?|thefts?|incidents?|complaints?|burglar\w+|offences?|crimes?|assaults?|"
    r"arrests?|people|residents)\b)",
    re.I,
)
_YEAR_AFTER = re.compile(
    r"\b(?:the|in the|a) (?:(?:following|next|subsequent) (?:year|twelve months|12 months)|"
    r"(?:year|twelve months|12 months) (?:after(?:wards)?|that followed|later))\b"
    r"(?!\s+(?:the|that|it|[A-Z(]))",
    re.I,
)
_YEAR_BEFORE = re.compile(
    r"\bthe (?:(?:previous|preceding|prior) (?:year|twelve months|12 months)|"
    r"(?:year|twelve months|12 months) before(?:hand)?)\b(?!\s+(?:the|that|it|[A-Z(]))",
    re.I,
)
_COMPARED = re.compile(r"\bcompar(?:ed|ison|ing|es)\b", re.I)
_SAME_MONTHS = re.compile(
    r"\bsame (?:period|months|weeks|time|half|quarter)(?: (?:of|in|during|for))?(?: the year)? $",
    re.I,
)
_NEAR = 45
_SURE, _RECKONED = 0.8, 0.6
_YEAR = 12  # months


def compared_in(text: str, whens: Sequence[When], *, change: bool) -> list[tuple[When, str, float]]:
    """The periods of a sentence that are compared, as `baseline` and `evaluated`, with how sure
    that is; none when it compares none."""
    spans = sorted((when for when in whens if when.until), key=lambda when: when.date)
    if not (change or _COUNTED.search(text)):
        return []
    if len(spans) == 1:
        return _with_one(text, spans[0], whens, change=change)
    if len(spans) != 2 or spans[0].until > spans[1].date:
        return []
    first, last = spans
    told = (
        bool(_COMPARED.search(text))
        or _told(text, first, whens) == "baseline"
        or _told(text, last, whens) == "evaluated"
    )
    if not (change or told):
        return []
    return _in_order(first, last)


def with_counted(found: Sequence[DateFound]) -> list[DateFound]:
    """Dates in which the periods that were only `counted`, each in a sentence of its own, are the
    one before and the one after; without those that can be neither."""
    counted = sorted((one for one in found if one.kind == "counted"), key=lambda one: one.date)
    kept = [one for one in found if one.kind != "counted"]
    results = [one.date for one in kept if one.kind == "evaluated"]
    if any(one.kind == "baseline" for one in kept):
        return kept
    if results:
        before = [one for one in counted if one.until <= min(results)]
        return kept + [replace(one, kind="baseline") for one in before[-1:]]
    if len(counted) > 1 and counted[0].until <= counted[-1].date:
        kept.append(replace(counted[0], kind="baseline"))
        kept.append(replace(counted[-1], kind="evaluated"))
    return kept


def _with_one(
    text: str, span: When, whens: Sequence[When], *, change: bool
) -> list[tuple[When, str, float]]:
    """What one period is compared with: the year beside it, a year by itself, or nothing named."""
    behind = text[span.end :]
    if after := _YEAR_AFTER.search(behind):
        following = _beside(span, _YEAR, span.end + after.start(), span.end + after.end())
        reckoned = [(following, "evaluated", _RECKONED)] if following else []
        return [(span, "baseline", _SURE), *reckoned]
    if before := _YEAR_BEFORE.search(behind):
        if (years := [when for when in whens if not when.until]) and years[0].date < span.date:
            return [(years[0], "baseline", _SURE), (span, "evaluated", _SURE)]
        earlier = _beside(span, -_YEAR, span.end + before.start(), span.end + before.end())
        reckoned = [(earlier, "baseline", _RECKONED)] if earlier else []
        return [*reckoned, (span, "evaluated", _SURE)]
    years = [when for when in whens if not when.until and len(when.date) == 4]
    if years and len(span.date) > 4 and _SAME_MONTHS.search(text[: years[0].start]):
        moved = int(years[0].date) - int(span.date[:4])
        first, last = (f"{int(at[:4]) + moved}{at[4:]}" for at in (span.date, span.until))
        other = When(first, last, years[0].start, years[0].end)
        return _in_order(span, other)
    if change and len(years) == 1 and years[0].date < span.date and years[0].end < span.start:
        return [(years[0], "baseline", _SURE), (span, "evaluated", _SURE)]
    if not change and _told(text, span, whens) == "baseline":
        return [(span, "baseline", _SURE)]
    return []


def _in_order(one: When, other: When) -> list[tuple[When, str, float]]:
    first, last = sorted((one, other), key=lambda when: when.date)
    return [(first, "baseline", _SURE), (last, "evaluated", _SURE)]


def _told(text: str, when: When, whens: Sequence[When]) -> str:
    """What the words beside a period call it, "" when they do not."""
    edge = max((one.end for one in whens if one.end <= when.start), default=0)
    before = text[max(edge, when.start - _NEAR) : when.start]
    first = list(_BEFORE.finditer(before))
    last = list(_AFTER.finditer(before))
    if first and (not last or first[-1].start() > last[-1].start()):
        return "baseline"
    return "evaluated" if last else ""


def _beside(span: When, months: int, start: int, end: int) -> When | None:
    """The year before or after a period of a year; None when it is not a year long."""
    first, last = _number(span.date), _number(span.until)
    if first is None or last is None or last - first + 1 != _YEAR:
        return None
    return When(_written(first + months), _written(last + months), start, end)


def _number(date: str) -> int | None:
    """Months counted from the year nought, for a month of a year."""
    parts = date.split("-")
    return int(parts[0]) * 12 + int(parts[1]) - 1 if len(parts) > 1 else None


def _written(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"
