"""CSV: one row a record, the columns of our own export; headers may be names or titles of fields.

What a cell holds is settled in `kb.exports.table`, for writing and reading alike.
"""

import csv
import difflib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.errors import FileUnreadable
from kb.exports.heading import HEADING
from kb.exports.table import from_cell, rearm
from kb.imports.reading import MAX_ROWS, Row, decode, read_bytes
from kb.records import FIELD, FIELDS, FieldSpec

NAME = "csv"
LABEL = "CSV (one row a record, as exported here)"
EXTENSIONS = (".csv", ".tsv")
DOOR = "import"

_MAX_BYTES = 200_000_000
_MAX_CELL = 20_000_000
csv.field_size_limit(_MAX_CELL)  # Python's own limit is smaller than the text of one document


def read(path: Path) -> Iterator[Row]:
    """Every row of the table; blank ones are passed over.

    Raises FileUnreadable for what concerns the whole table: unknown or repeated columns, broken
    quoting, no rows.
    """
    text, warning = decode(read_bytes(path, _MAX_BYTES))
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    try:
        columns = _columns(next(table, []))
        for number, cells in enumerate(table, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if number > MAX_ROWS:
                raise FileUnreadable(f"More than {MAX_ROWS:,} rows; split the file.")
            yield _row(number, cells, columns, warning)
            warning = ""
    except csv.Error as error:
        raise FileUnreadable(
            f"The table cannot be read after row {number}: {error}. Look for a quotation mark "
            "that is not closed."
        ) from None


def _delimiter(text: str) -> str:
    """What parts the cells of the header: spreadsheet programs abroad write semicolons or tabs."""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _columns(header: list[str]) -> list[str]:
    """The field that each column holds, as a name or `row.name`. Raises FileUnreadable."""
    by_title = {spec.title.casefold(): spec.name for spec in FIELDS}
    known = {*HEADING, *FIELD}
    known |= {
        f"{spec.name}.{column.name}"
        for spec in FIELDS
        if spec.kind == "row"
        for column in spec.columns
    }
    columns = []
    unknown = []
    for cell in header:
        name = cell.strip()
        found = name if name in known else by_title.get(name.casefold(), "")
        if not found and name:
            near = difflib.get_close_matches(name, known, n=1)
            unknown.append(f"'{name[:60]}'" + (f" (did you mean '{near[0]}'?)" if near else ""))
        columns.append(found)
    if unknown:
        raise FileUnreadable(
            f"No such field: {', '.join(unknown[:10])}. Rename or remove these columns; "
            "an export shows every name."
        )
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        raise FileUnreadable(f"These columns stand twice: {', '.join(sorted(twice))}.")
    if "title" not in columns:
        raise FileUnreadable("The first row must name the columns, and 'title' among them.")
    return columns


def _row(number: int, cells: list[str], columns: list[str], warning: str) -> Row:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return Row(number, None, f"{len(cells)} cells, but {len(columns)} columns", warning)
    data: dict[str, Any] = {}
    problems = []
    for column, cell in zip(columns, cells, strict=False):
        text = rearm(cell)
        if not text.strip():
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
