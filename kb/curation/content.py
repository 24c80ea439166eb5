"""What an entry holds while it is being written: as typed, however unfinished or wrong."""

from collections.abc import Mapping
from typing import Any

from kb.curation.threeway import put
from kb.records import service as records
from kb.records.errors import FieldError, RecordInvalid
from kb.records.practice import FIELD, PracticeIn
from kb.records.values import clean_text


def settled(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """Values as they are kept, and what is wrong with them.

    A good value is kept as a snapshot has it; a wrong one as it was typed, so nothing is lost.
    A field that was emptied is None.
    """
    kept: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, given in values.items():
        value = _without_blank_rows(given) if FIELD[name].columns else given
        try:
            kept[name] = records.parse({name: value}).snapshot().get(name)
        except RecordInvalid as error:
            errors += error.errors
            kept[name] = _scrubbed(value)
    return kept, errors


def _without_blank_rows(value: Any) -> Any:
    if isinstance(value, list):
        return [
            row for row in value if not isinstance(row, dict) or any(_told(v) for v in row.values())
        ]
    if isinstance(value, dict) and not any(_told(v) for v in value.values()):
        return None
    return value


def _told(value: Any) -> bool:
    return value not in (None, "", [], {})


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)[:20_000]
    if isinstance(value, list):
        return [_scrubbed(item) for item in value[:400]]
    if isinstance(value, dict):
        return {name: _scrubbed(item) for name, item in value.items() if _told(item)}
    return value


def readable(content: Mapping[str, Any]) -> tuple[PracticeIn, list[FieldError]]:
    """An entry as a record, without the fields whose values are wrong; and those errors."""
    known = {name: value for name, value in content.items() if name in FIELD}
    try:
        return records.parse(known), []
    except RecordInvalid as error:
        wrong = {item.field.partition(".")[0] for item in error.errors}
        good = {name: value for name, value in known.items() if name not in wrong}
        return records.parse(good), error.errors


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the fields that differ, in the record's order."""
    return [name for name in FIELD if before.get(name) != after.get(name)]


def with_values(content: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The content with these fields set; empty ones are left out."""
    made = dict(content)
    for name, value in values.items():
        put(made, name, value)
    return made
