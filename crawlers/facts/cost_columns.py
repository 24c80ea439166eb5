"""Which column of a table tells what things cost, and the figure that a row has in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SIGN = re.compile(r"[\u00a3$\u20ac]|\b(?:GBP|EUR|USD)\b")
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d\d?)?(?:\s?(?:k|m|million|thousand)\b)?"
_FIGURE = re.compile(
    rf"(?P<sign>[\u00a3$\u20ac]|\b(?:GBP|EUR|USD)\b)?\s?(?P<number>{_NUMBER})"
    r"(?P<behind>\s?(?:[\u00a3$\u20ac]|GBP|EUR|USD))?"
)
_THOUSANDS = re.compile(r"[\u00a3$\u20ac]\s?['\u2019]?(?:000s?|k)\b|\bthousands?\b|\b000s\b", re.I)
_MILLIONS = re.compile(r"[\u00a3$\u20ac]\s?m\b|\bmillions?\b", re.I)
_NO_COST = r"""unit\b | each\b | rates?\b | per\b(?!\ annum|\ year) | hourly\b | day\b |
    (?:los(?:s|ses|t)|stolen|sav(?:ed|ings?)|income|value|fund(?:er|ers|ing|ed)?|grants?|match|
    contribut\w+|variance|difference|remaining|balance|under-?spend|over-?spend|in[- ]kind|
    paid\ by|who\ paid|source|notes?|comments?|society|victims?|years?\ \d|awarded|received|
    requested|bid|fines?|repair|damage)\b"""
_PLANNED = r"""(?:budget(?:ed)?|estimat\w+|est|planned|forecast|allocat\w+|quot\w+|proposed|
    projected|approved|agreed|profile)\b"""
# What a column is by the first of these that its head holds; "" for money that is no cost.
_COLUMNS = tuple(
    (kind, re.compile(pattern, re.I | re.X))
    for kind, pattern in (
        ("", rf"\b(?:{_NO_COST})"),
        ("spent", r"\b(?:actuals?|spent|spend|out-?turn|paid|final)\b"),
        ("planned", rf"\b(?:{_PLANNED})"),
        ("total", r"\btotal\b"),
        ("cost", r"\b(?:costs?|amounts?|price|sum|expenditure|spending|outlay)\b"),
        ("sign", r"^\W*(?:[\u00a3$\u20ac]|GBP|EUR|USD)"),
    )
)
_BEST = ("spent", "total", "cost", "sign", "planned")
_COUNTS = re.compile(r"\b(?:hours?|days?|number|no|qty|quantity|fte|visits|years?)\b|\d", re.I)
_GIFTS = r"funders?|funding|sources? of|donors?|grants?|sponsors?|contribut\w+"
_GIVEN = re.compile(rf"\b(?:{_GIFTS})\b", re.I)
_NO_COSTS = re.compile(
    rf"\b(?:los(?:s|ses|t)|stolen|sav(?:ed|ings?)|income|value|fines?|{_GIFTS})\b", re.I
)


@dataclass(frozen=True, slots=True)
class Column:
    """The column of a table that tells costs: its number, and how many the table has.

    `kind` is spent or planned, "" where its head says neither; `sign` the currency of its figures
    and `times` what they are to be multiplied by; `alone` that no other column holds figures.
    """

    number: int
    of: int
    alone: bool
    kind: str
    sign: str
    times: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of a row: where it stands in it, and how it is written with its currency."""

    start: int
    end: int
    written: str


def column_of(head: Sequence[str]) -> Column | None:
    """The column that tells costs by the head of a table; None where none does for certain."""
    if any(_FIGURE.fullmatch(cell.strip()) for cell in head) or tells_no_costs(head[0]):
        return None
    kinds = [_kind_of(cell) for cell in head]
    for best in _BEST:
        columns = [number for number, kind in enumerate(kinds) if kind == best and number > 0]
        if len(columns) == 1:
            (number,) = columns
            cell = head[number]
            sign = _SIGN.search(cell) or _SIGN.search(head[0])
            kind = best if best in ("spent", "planned") else ""
            others = [one for at, one in enumerate(kinds) if at not in (0, number) and one]
            alone = not others and not _COUNTS.search(" | ".join(head))
            return Column(number, len(head), alone, kind, sign[0] if sign else "", _times(cell))
        if columns:
            return None  # two years side by side
    return None


def tells_no_costs(text: str) -> bool:
    """Whether the head of a table says that it is of what was lost, saved or given."""
    return bool(_NO_COSTS.search(text))


def tells_what_was_given(text: str) -> bool:
    """Whether the head of a table says that it is of who paid."""
    return bool(_GIVEN.search(text))


def figure_of(row: str, column: Column | None, sign_above: str) -> Figure | None:
    """The figure of a row that tells a cost; None where that is not certain.

    `sign_above` is the currency that is told for all figures, "" for none; with "k" for thousands.
    """
    cells = _cells(row)
    figures = [(number, start, found) for number, start, found in cells if found is not None]
    if column is not None:
        if len(cells) != column.of and not column.alone:
            return None  # an empty cell was left out: whose figures these are cannot be told
        figures = [one for one in figures if one[0] == column.number]
    elif len(figures) > 1:
        figures = _reckoned(figures)
    if len(figures) != 1 or figures[0][0] == 0:
        return None
    _, start, found = figures[0]
    above, times = sign_above.removesuffix("k"), "k" if sign_above.endswith("k") else ""
    sign = found["sign"] or (found["behind"] or "").strip() or (column.sign if column else "")
    times = times if column is None else column.times or times
    if not sign and not above:
        return None
    times = "" if re.search(r"[a-z]$", found["number"]) else times
    written = f"{sign or above} {found['number']}{times}"
    return Figure(start + found.start(), start + found.end(), written)


def _cells(row: str) -> list[tuple[int, int, re.Match[str] | None]]:
    """The cells of a row: the number of each, where it begins, and the figure that it is."""
    cells = []
    start = 0
    for number, cell in enumerate(row.split(" | ")):
        lead = len(cell) - len(cell.lstrip())
        cells.append((number, start + lead, _FIGURE.fullmatch(cell.strip())))
        start += len(cell) + 3
    return cells


def _reckoned(
    figures: list[tuple[int, int, re.Match[str]]],
) -> list[tuple[int, int, re.Match[str]]]:
    """The last of several figures where it is what the others come to; none where it is not."""
    values = [float(re.sub(r"[^\d.]", "", found["number"])) for _, _, found in figures]
    *parts, last = values
    product = 1.0
    for part in parts:
        product *= part
    signed = [one for one in figures if one[2]["sign"]]
    if last and abs(product - last) < 1:
        return figures[-1:]
    return signed if len(signed) == 1 else []


def _kind_of(cell: str) -> str:
    return next((kind for kind, pattern in _COLUMNS if pattern.search(cell)), "")


def _times(cell: str) -> str:
    if _THOUSANDS.search(cell):
        return "k"
    return "m" if _MILLIONS.search(cell) else ""
