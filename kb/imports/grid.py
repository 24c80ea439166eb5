"""Tables: which field each column holds, and rows out of cells; the same for CSV and Excel.

What a cell holds is settled in `kb.exports.table`, for writing and reading alike. A header is the
name or title of a field; any other is mapped by whoever imports, once for each set of headers.
"""

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.errors import FileUnreadable
from kb.exports.heading import HEADING, NOTE
from kb.exports.table import from_cell, rearm
from kb.imports.reading import MAX_ROWS, Row
from kb.records import FIELD, FIELDS, FieldSpec

IGNORED = "-"
"""What a header is mapped to whose column is left out."""
_TITLES = {
    NOTE: IGNORED,
    "my note": IGNORED,
    "address": "address",
    "state": "state",
    "last changed": "updated_at",
}
"""Headers of our own Excel export that are no titles of fields."""


@dataclass(frozen=True)
class Grid:
    """A table as read: its header, its rows with the number a person would look for, a warning."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    warning: str = ""


@dataclass(frozen=True)
class Unknown:
    """A header that no field answers to, and the nearest field."""

    header: str
    near: str = ""

    def __str__(self) -> str:
        hint = f" (did you mean '{self.near}'?)" if self.near else ""
        return f"'{self.header[:60]}'{hint}"


class ColumnsUnknown(FileUnreadable):
    """Headers that are no fields: they must be mapped before a row is read."""

    def __init__(self, unknown: Sequence[Unknown], header: Sequence[str]) -> None:
        self.unknown, self.header = tuple(unknown), tuple(header)
        super().__init__(
            f"No such field: {', '.join(map(str, unknown[:10]))}. Rename or remove these columns, "
            "or say which field each holds (--map 'HEADER=FIELD', or 'HEADER=-' to leave it out); "
            "an export shows every name."
        )


def header_key(header: Sequence[str]) -> str:
    """What a set of headers is found again by, whatever their order."""
    names = sorted({cell.strip().casefold() for cell in header if cell.strip()})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def targets(*, asked: str = "") -> dict[str, str]:
    """Every name that a column may be mapped to, with its label, in the order of the record.

    With `asked` only fields that the form asks those people for (`FieldSpec.asked`).
    """
    found = {} if asked else {name: name.replace("_", " ").capitalize() for name in HEADING}
    for spec in FIELDS:
        if asked in ("", spec.asked):
            found[spec.name] = spec.title
            if spec.kind == "row":
                inner = {f"{spec.name}.{part.name}": part.title for part in spec.columns}
                found |= {name: f"{spec.title}: {title}" for name, title in inner.items()}
    return found


def check(header: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Raises ColumnsUnknown, FileUnreadable when a table with this header could not be read."""
    _columns(header, mapping)


def rows(grid: Grid, mapping: Mapping[str, str]) -> Iterator[Row]:
    """Every row of the table; blank ones are passed over. Raises FileUnreadable."""
    columns = _columns(grid.header, mapping)
    warning = grid.warning
    for number, cells in grid.rows:
        if not any(cell.strip() for cell in cells):
            continue
        if number > MAX_ROWS:
            raise FileUnreadable(f"More than {MAX_ROWS:,} rows; split the file.")
        yield _row(number, cells, columns, warning)
        warning = ""


def _known() -> set[str]:
    inner = {
        f"{spec.name}.{column.name}"
        for spec in FIELDS
        if spec.kind == "row"
        for column in spec.columns
    }
    return {*HEADING, *FIELD} | inner


def _columns(header: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """The field that each column holds, as a name or `row.name`; "-" for one left out.

    Raises ColumnsUnknown, FileUnreadable.
    """
    by_title = {**_TITLES, **{spec.title.casefold(): spec.name for spec in FIELDS}}
    known = _known()
    mapped = {name.strip().casefold(): field for name, field in mapping.items()}
    bad = sorted({one for one in mapped.values() if one != IGNORED and one not in known})
    if bad:
        raise FileUnreadable(f"There is no field '{bad[0]}' to map a column to.")
    columns = []
    unknown = []
    for cell in header:
        name = cell.strip()
        found = mapped.get(name.casefold(), "") if name else ""
        found = found or (name if name in known else by_title.get(name.casefold(), ""))
        if not found and name:
            unknown.append(Unknown(name, _near(name, known)))
        columns.append(found)
    if unknown:
        raise ColumnsUnknown(unknown, header)
    given = [name for name in columns if name not in ("", IGNORED)]
    twice = {name for name in given if given.count(name) > 1}
    if twice:
        raise FileUnreadable(f"These columns stand twice: {', '.join(sorted(twice))}.")
    if "title" not in columns:
        raise FileUnreadable("The first row must name the columns, and 'title' among them.")
    return columns


def _near(header: str, known: set[str]) -> str:
    """The field whose name or title is most like a header; "" when none is."""
    names = {name.replace("_", " "): name for name in sorted(known)}
    names |= {title.casefold(): name for name, title in targets().items() if name not in HEADING}
    inner = {name.rpartition(".")[2].replace("_", " "): name for name in known if "." in name}
    near = difflib.get_close_matches(
        header.casefold().replace("_", " "), [*names, *inner], n=1, cutoff=0.75
    )
    return {**inner, **names}[near[0]] if near else ""


def _row(number: int, cells: list[str], columns: list[str], warning: str) -> Row:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return Row(number, None, f"{len(cells)} cells, but {len(columns)} columns", warning)
    data: dict[str, Any] = {}
    problems = []
    for column, cell in zip(columns, cells, strict=False):
        text = rearm(cell)
        if not text.strip() or column == IGNORED:
            continue
        if not column:
            return Row(number, None, f"a value in a column without a name: {text[:60]!r}", warning)
        outer, _, inner = column.partition(".")
        spec = _spec(outer, inner)
        try:
            value = from_cell(spec, text) if spec else text.strip()
        except ValueError as error:
            problems.append(f"{column}: {error} (given: {text[:60]!r})")
            continue
        if not inner:
            data[outer] = value
        elif isinstance(inside := data.setdefault(outer, {}), dict):
            inside[inner] = value
    return Row(number, None if problems else data, "; ".join(problems), warning)


def _spec(outer: str, inner: str) -> FieldSpec | None:
    spec = FIELD.get(outer)
    if spec and inner:
        return next(column for column in spec.columns if column.name == inner)
    return spec
