"""Field values as words, for exports and pages alike."""

from typing import Any

from kb.records.definition import FieldSpec, Part
from kb.records.rules import is_empty
from kb.vocabularies import vocabulary


def shown(spec: FieldSpec, value: Any) -> str:
    """A plain value (not a row) as a person reads it: labels for codes, Yes and No for flags."""
    if value is None or value == "":
        return ""
    if spec.kind in ("terms", "texts"):
        return "; ".join(_label(spec, item) for item in value)
    if spec.kind == "flag":
        return "Yes" if value else "No"
    if spec.kind == "number":
        return f"{value:,.10g}" if isinstance(value, float) else str(value)
    return _label(spec, value)


def shown_cells(spec: FieldSpec, row: Part) -> list[tuple[FieldSpec, str]]:
    """The filled-in columns of one row, each with its value as words."""
    found = []
    for column in spec.columns:
        value = getattr(row, column.name)
        if not is_empty(value):
            found.append((column, shown(column, value)))
    return found


def _label(spec: FieldSpec, value: Any) -> str:
    return vocabulary(spec.vocabulary).label(value) if spec.vocabulary else str(value)
