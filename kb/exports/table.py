"""Records as the rows of one table, and the rules by which a cell is written and read back.

`kb.imports.from_csv` reads by the same rules. Lists stand in one cell, parted by "; ". Rows inside
a record (results, costs, partners) stand as JSON in their cell: their number differs from record to
record, so columns of their own would be many and mostly empty, and JSON comes back unharmed.
"""

import json
import re
from typing import Any

from kb.exports.heading import HEADING, fields_of, heading
from kb.records import FIELD, FIELDS, FieldSpec, Practice

COLUMNS: tuple[str, ...] = (*HEADING, *(spec.name for spec in FIELDS if spec.name not in HEADING))

# Spreadsheet programs run a cell as a formula when it begins with one of these, also in its wide
# form, and also after a tab or line end.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def disarm(text: str) -> str:
    """Text that no spreadsheet program runs as a formula: an apostrophe goes before the risk."""
    return f"'{text}" if _FORMULA.match(text) else text


def rearm(text: str) -> str:
    """The text that `disarm` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def to_cell(spec: FieldSpec, value: Any) -> str:
    """A field's value, as it stands in a snapshot, as the text of one cell."""
    if value is None:
        return ""
    if spec.kind in ("row", "rows"):
        return json.dumps(value, ensure_ascii=False)
    if spec.kind in ("terms", "texts"):
        return list_cell(value)
    if spec.kind == "flag":
        return "yes" if value else "no"
    return str(value)


def list_cell(items: list[str]) -> str:
    """Several texts in one cell; as a JSON list when an item itself holds the parting mark."""
    plain = "; ".join(items)
    if any(";" in item for item in items) or plain.startswith("["):
        return json.dumps(items, ensure_ascii=False)
    return plain


def from_cell(spec: FieldSpec, text: str) -> Any:
    """What `to_cell` was given. Raises ValueError saying what the cell should hold."""
    if spec.kind in ("row", "rows"):
        try:
            return json.loads(text)
        except ValueError:
            wanted = "one set of named values" if spec.kind == "row" else "a list of rows"
            raise ValueError(f"must be {wanted} written as JSON, as in a CSV export") from None
    if spec.kind in ("terms", "texts"):
        if text.startswith("["):
            try:
                return json.loads(text)
            except ValueError:
                pass  # a plain text may begin with a bracket
        return [item.strip() for item in text.split(";")]
    return text


def cells(practice: Practice) -> list[str]:
    """One record as the cells of its row, in the order of COLUMNS."""
    head = heading(practice)
    fields = fields_of(practice)
    values = [str(head.get(name, "")) for name in HEADING]
    values += [to_cell(FIELD[name], fields.get(name)) for name in COLUMNS[len(HEADING) :]]
    return values
