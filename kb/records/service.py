"""Saving and reading records: the one door through which the rest of the program does both."""

from typing import Any, cast

from pydantic import ValidationError
from sqlmodel import Session

from kb.awards import service as award_service
from kb.records.errors import EditConflict, FieldError, RecordInvalid, RecordNotFound, rule_of
from kb.records.models import Record
from kb.records.practice import FIELD, PracticeIn
from kb.records.reading import (
    Practice,
    count,
    count_shown,
    get,
    is_visible,
    latest,
    load,
    stamps,
    state_of,
)
from kb.records.rules import COLLECTED, Door, Step, check
from kb.records.source_items import same_record, save_item, taken_over
from kb.records.versions import (
    SEEDER,
    FieldChange,
    Saved,
    change,
    create,
    diff,
    edited_by_people,
    last_door,
    renew,
    revisions,
    without_revision,
)
from kb.vocabularies import vocabulary

__all__ = [
    "SEEDER",
    "FieldChange",
    "Practice",
    "Saved",
    "count",
    "count_shown",
    "diff",
    "edited_by_people",
    "get",
    "is_visible",
    "last_door",
    "latest",
    "load",
    "parse",
    "revisions",
    "same_record",
    "save",
    "set_state",
    "stamps",
    "state_of",
    "taken_over",
    "without_revision",
]

# What a state asks of a record before it may be in it.
_STEP: dict[str, Step] = {
    "submitted": "submit",
    "in-review": "submit",
    "published": "publish",
    "published-unverified": "publish",
}


def parse(data: Any) -> PracticeIn:
    """A record from plain data. Raises RecordInvalid naming each field, rule and value."""
    if not isinstance(data, dict):
        raise RecordInvalid(
            [FieldError("record", "Record", "must be a set of named fields", type(data).__name__)]
        )
    try:
        return PracticeIn.model_validate(data)
    except ValidationError as error:
        errors = [_field_error(dict(item)) for item in error.errors()]
        raise RecordInvalid(errors, str(data.get("title") or "")[:80]) from None


def _field_error(item: dict[str, Any]) -> FieldError:
    path = [part for part in item["loc"] if isinstance(part, (str, int))]
    steps = [str(part + 1) if isinstance(part, int) else part for part in path]
    top = FIELD.get(str(path[0])) if path else None
    value = item.get("input")
    shown = "" if isinstance(value, (dict, list)) else repr(value)[:120]
    return FieldError(
        ".".join(steps) or "record", top.title if top else "Record", rule_of(item), shown
    )


def save(
    session: Session,
    content: PracticeIn,
    *,
    door: Door,
    actor: str,
    state: str,
    expected_version: int | None = None,
    note: str = "",
) -> Saved:
    """Create or change a record, with its revision, links and audit entry, in one transaction.

    A record is found again by its id, by the item of the source it came from, or by what tells it
    apart (`identity`). Saving the same twice changes nothing. A harvested item never overwrites
    what people edited, and one that would wait for review never what everybody reads: `proposed`
    then holds what it would have made of the record. Raises RecordInvalid, EditConflict.
    """
    row = session.get(Record, content.id) if content.id else None
    # What came in by itself is not made to fulfil a form's rules when a person mends a part of it.
    judged_as = door
    if row is not None and row.door in COLLECTED:
        judged_as = row.door
    errors = check(content, door=judged_as, step=_STEP.get(state, "save"))
    errors += award_service.unknown_schemes(session, content)
    if errors:
        raise RecordInvalid(errors, content.title[:80])
    if door in COLLECTED:
        return save_item(session, content, door=door, actor=actor, state=state)
    if row is None:
        return create(session, content, door=door, actor=actor, state=state, note=note)
    if expected_version is not None and expected_version != row.version:
        raise EditConflict(row.id, expected_version, row.version)
    return change(session, row, content, door=door, actor=actor, state=state, note=note)


def set_state(
    session: Session,
    record_id: str,
    state: str,
    *,
    actor: str,
    reason: str = "",
    restricted: bool | None = None,
    superseded_by: str | None = None,
) -> Saved:
    """Move a record to another workflow state. Raises RecordNotFound, RecordInvalid."""
    row = session.get(Record, record_id)
    if row is None:
        raise RecordNotFound(record_id)
    vocabulary("workflow_states").term(state)
    content = PracticeIn.from_snapshot(row.content)
    step = _STEP.get(state)
    if step:
        errors = check(content, door=cast("Door", row.door), step=step)
        if errors:
            raise RecordInvalid(errors, row.title)
    wanted = row.restricted if restricted is None else restricted
    if (row.state, row.restricted, row.superseded_by) == (state, wanted, superseded_by):
        return Saved(row.id, row.version, "same")
    row.state, row.restricted, row.superseded_by = state, wanted, superseded_by
    return renew(
        session, row, content, door=row.door, actor=actor, note=reason, action="record.state"
    )
