"""Excel: one row a record for reading and sorting, labels instead of codes.

Every cell is typed as text or number, so no cell can be a formula.
"""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from kb.exports.heading import address
from kb.exports.outline import row_text
from kb.records import FIELDS, FieldSpec, Practice
from kb.records.text import shown
from kb.vocabularies import vocabulary

NAME = "xlsx"
LABEL = "Excel (one row a record, in words)"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSION = "xlsx"
TAKES_NOTES = True

_LONGEST = 32_767  # what one Excel cell can hold, counted in UTF-16 units
_CUT_NOTE = " … (cut: longer than a cell can hold)"


def write(records: Iterable[Practice], notes: Mapping[str, str] | None = None) -> bytes:
    """A workbook with one sheet, its first row and column kept in view."""
    from openpyxl import Workbook  # here, so that most commands start without it
    from openpyxl.styles import Alignment, Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Records")
    sheet.freeze_panes = "C2"
    sheet.column_dimensions["B"].width = 60
    specs = [spec for spec in FIELDS if spec.name not in ("id", "title")]
    titles = ["Id", "Title", "Address", "State", "Last changed", *(spec.title for spec in specs)]
    titles += ["My note"] if notes else []
    header = [_cell(sheet, title) for title in titles]
    for cell in header:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.append(header)
    for record in records:
        content = record.content
        row: list[Any] = [
            record.id,
            content.title,
            address(record),
            vocabulary("workflow_states").label(record.state),
            record.updated_at.date().isoformat(),
            *(_value(spec, getattr(content, spec.name)) for spec in specs),
            *([notes.get(record.id, "")] if notes else []),
        ]
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(spec: FieldSpec, value: Any) -> str | float | None:
    if spec.kind == "number":
        return value  # type: ignore[no-any-return]
    if spec.kind == "row":
        return row_text(spec, value) if value is not None else ""
    if spec.kind == "rows":
        return "\n".join(row_text(spec, row) for row in value)
    return shown(spec, value)


def _cell(sheet: Any, value: str | float | None) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=None)
    if isinstance(value, str):
        cell.value = _fitting(value)
        cell.data_type = "s"  # set after the value: text that begins with "=" is not a formula
    else:
        cell.value = value
    return cell


def _fitting(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) // 2 <= _LONGEST:
        return text
    room = 2 * (_LONGEST - len(_CUT_NOTE))
    return units[:room].decode("utf-16-le", "ignore") + _CUT_NOTE
