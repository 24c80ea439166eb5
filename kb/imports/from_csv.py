"""CSV: one row a record, as exported here; headers may be names or titles of fields."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from kb.errors import FileUnreadable
from kb.imports.grid import Grid, rows
from kb.imports.reading import Row, decode, read_bytes

NAME = "csv"
LABEL = "CSV (one row a record, as exported here)"
EXTENSIONS = (".csv", ".tsv")
DOOR = "import"

_MAX_BYTES = 200_000_000
_MAX_CELL = 20_000_000
csv.field_size_limit(_MAX_CELL)  # Python's own limit is smaller than the text of one document


def read(path: Path) -> Iterator[Row]:
    """Every row of the table. Raises FileUnreadable for what concerns the whole table."""
    yield from rows(grid(path), {})


def grid(path: Path) -> Grid:
    """The table's header and rows. Raises FileUnreadable for broken quoting."""
    return grid_of(*decode(read_bytes(path, _MAX_BYTES)))


def grid_of(text: str, warning: str = "") -> Grid:
    """The same of a table that is text already. Raises FileUnreadable for broken quoting."""
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    cells = _cells(table)
    _, header = next(cells, (1, []))
    return Grid(header, cells, warning)


def _cells(table: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    number = 1
    try:
        for number, cells in enumerate(table, 1):
            yield number, cells
    except csv.Error as error:
        raise FileUnreadable(
            f"The table cannot be read after row {number}: {error}. Look for a quotation mark "
            "that is not closed."
        ) from None


def _delimiter(text: str) -> str:
    """What parts the cells of the header: spreadsheet programs abroad write semicolons or tabs."""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)
