"""Excel: the first sheet of a workbook, one row a record; only what cells show is read.

A workbook is a zip of XML, so it is looked at before it is opened: no macros, no parts that unpack
to far more than they are, no XML that defines entities. Formulas count by the value saved with
them; what lies in other files is never fetched.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kb.errors import FileUnreadable
from kb.imports.grid import Grid, rows
from kb.imports.reading import Row, read_bytes

NAME = "xlsx"
LABEL = "Excel workbook (first sheet, one row a record)"
EXTENSIONS = (".xlsx", ".xlsm", ".xltx", ".xltm")
DOOR = "import"

_MAX_BYTES = 50_000_000
_MAX_UNPACKED = 400_000_000
_MAX_RATIO = 200  # unpacked to packed; a workbook of text has 5 to 30
_RATIO_FROM = 5_000_000  # bytes unpacked below which the ratio harms nobody
_MAX_PARTS = 2000
_MAX_COLUMNS = 1000
_PLAIN_ENDINGS = (".xlsx",)


def read(path: Path) -> Iterator[Row]:
    """Every row of the first sheet. Raises FileUnreadable for what concerns the whole file."""
    yield from rows(grid(path), {})


def grid(path: Path) -> Grid:
    """The first sheet's header and rows. Raises FileUnreadable saying what is wrong with it."""
    from openpyxl import load_workbook  # here, so that most commands start without it

    read_bytes(path, _MAX_BYTES)
    links = _check(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
    except FileUnreadable:
        raise
    except Exception as error:  # noqa: BLE001  what a broken workbook raises is open-ended
        raise FileUnreadable(
            f"The workbook cannot be read ({type(error).__name__}); save it anew, or as CSV."
        ) from None
    warnings = []
    if links:
        warnings.append("Links to other workbooks were left alone; the values shown were taken.")
    if len(book.sheetnames) > 1:
        warnings.append(f"Only the first sheet, '{sheet.title}', was read.")
    cells = _cells(sheet)
    _, header = next(cells, (1, []))
    while header and not header[-1].strip():
        header.pop()
    return Grid(header, cells, " ".join(warnings))


def _check(path: Path) -> bool:
    """Refuse what no honest workbook is; whether it links to other workbooks."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = [part.filename.lower() for part in parts]
            if path.suffix.lower() not in _PLAIN_ENDINGS or any("vba" in name for name in names):
                raise FileUnreadable(
                    "The workbook holds macros, which are not accepted; save it as .xlsx."
                )
            unpacked = sum(part.file_size for part in parts)
            packed = max(1, sum(part.compress_size for part in parts))
            if (
                len(parts) > _MAX_PARTS
                or unpacked > _MAX_UNPACKED
                or (unpacked > _RATIO_FROM and unpacked / packed > _MAX_RATIO)
            ):
                raise FileUnreadable(
                    "The workbook unpacks to far more than it seems, so it was not opened; save "
                    "its first sheet as CSV."
                )
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if b"<!" in stream.read(2000).replace(b"<!--", b""):
                            raise FileUnreadable(
                                "The workbook defines XML entities, which none needs; save it anew."
                            )
            if "[content_types].xml" not in names or not any("worksheets" in n for n in names):
                raise FileUnreadable(
                    "This is a ZIP file, but not an Excel workbook; save the table as .xlsx or CSV."
                )
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        raise FileUnreadable(
            "This is not an Excel workbook (.xlsx), or it is damaged or locked by a password. "
            "Save it anew without one, or as CSV."
        ) from None
    return any("externallinks" in name for name in names)


def _cells(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if len(values) > _MAX_COLUMNS and any(values[_MAX_COLUMNS:]):
                raise FileUnreadable(f"More than {_MAX_COLUMNS} columns; no record has as many.")
            cells = [_text(value) for value in values[:_MAX_COLUMNS]]
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells
    except FileUnreadable:
        raise
    except Exception as error:  # noqa: BLE001  as above: parts are read with the rows
        raise FileUnreadable(
            f"The workbook cannot be read to its end ({type(error).__name__}); save it as CSV."
        ) from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
