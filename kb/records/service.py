"""Saving, reading and comparing records: the only code that writes them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from pydantic import ValidationError
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.awards import service as award_service
from kb.database import now
from kb.directory import service as directory_service
from kb.directory.models import RecordSource
from kb.records import identity
from kb.records.definition import FieldSpec
from kb.records.errors import EditConflict, FieldError, RecordInvalid, RecordNotFound, rule_of
from kb.records.merge import carried_over, join, replace_item
from kb.records.models import Record, RecordKey, RecordRevision
from kb.records.practice import FIELD, FIELDS, PracticeIn
from kb.records.rewind import stamp_of
from kb.records.rules import Door, Step, check, completeness
from kb.records.sameness import compare
from kb.vocabularies import vocabulary

Outcome = Literal["created", "changed", "joined", "same"]

SEEDER = "starter collection"
"""Who the audit names for records loaded from the seeds folder."""

# What a state asks of a record before it may be in it.
_STEP: dict[str, Step] = {
    "submitted": "submit",
    "in-review": "submit",
    "published": "publish",
    "published-unverified": "publish",
}


@dataclass(frozen=True)
class Practice:
    """A record as read from the store."""

    id: str
    version: int
    state: str
    restricted: bool
    door: str
    content: PracticeIn
    completeness: int
    stamp: str
    superseded_by: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def visible(self) -> bool:
        """Whether everybody may see it."""
        return is_visible(self.state, self.restricted)


@dataclass(frozen=True)
class Saved:
    """What saving did: the record's id and version, and whether anything changed."""

    id: str
    version: int
    outcome: Outcome
    kept_edits: bool = False
    """True when the source changed but people vouch for the record, so it was left alone."""
    proposed: PracticeIn | None = None
    """Then, if all see the record: it with what changed at the source, for a person to decide."""


@dataclass(frozen=True)
class FieldChange:
    """One field that differs between two versions, with its value in each."""

    spec: FieldSpec
    before: Any
    after: Any


def _visible_states() -> list[str]:
    return [term.code for term in vocabulary("workflow_states") if term.flag("seen_by_all")]


def is_visible(state: str, restricted: bool) -> bool:
    """Whether a record in this state may be seen by everybody."""
    return not restricted and bool(vocabulary("workflow_states").term(state).flag("seen_by_all"))


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
    if row is not None and row.door in ("harvest", "document"):
        judged_as = cast("Door", row.door)
    errors = check(content, door=judged_as, step=_STEP.get(state, "save"))
    errors += award_service.unknown_schemes(session, content)
    if errors:
        raise RecordInvalid(errors, content.title[:80])
    if door in ("harvest", "document"):
        return _save_item(session, content, door=door, actor=actor, state=state)
    if row is None:
        return _create(session, content, door=door, actor=actor, state=state, note=note)
    if expected_version is not None and expected_version != row.version:
        raise EditConflict(row.id, expected_version, row.version)
    return _change(session, row, content, door=door, actor=actor, state=state, note=note)


def _save_item(
    session: Session, content: PracticeIn, *, door: Door, actor: str, state: str
) -> Saved:
    """Save one item of a source: new, joined to a record that tells the same, changed or same."""
    item = content.provenance[0]
    external_id = item.external_id or identity.canonical_url(
        item.original_url or item.document_url or content.title
    )
    item_hash = identity.fingerprint(
        {**content.snapshot(), "provenance": [_without_capture(item.model_dump(mode="json"))]}
    )
    link = session.get(RecordSource, (item.source, external_id))
    if link is not None:
        row = session.get(Record, link.record_id)
        assert row is not None, "a foreign key holds this"
        if link.item_hash == item_hash:
            return Saved(row.id, row.version, "same")
        link.item_hash = item_hash
        session.add(link)
        unseen = not is_visible(state, False)
        if _edited(session, row.id) or (unseen and is_visible(row.state, False)):
            note_change(
                session,
                actor=actor,
                action="record.source_changed",
                subject_type="record",
                subject_id=row.id,
                source=item.source,
                item=external_id,
            )
            proposed = _proposed(session, row, content) if is_visible(row.state, False) else None
            return Saved(row.id, row.version, "same", kept_edits=True, proposed=proposed)
        stored = PracticeIn.from_snapshot(row.content)
        merged = replace_item(stored, content)
        return _change(session, row, merged, door=door, actor=actor, state=row.state, note="")
    row = same_record(session, content)
    if row is not None and is_visible(row.state, row.restricted) and not is_visible(state, False):
        # Nobody has looked at it yet, so it does not go into what everybody reads. Who reviews it
        # can make the two one.
        row = None
    if row is None:
        saved = _create(
            session,
            content,
            door=door,
            actor=actor,
            state=state,
            salt=f"{item.source} {external_id}",
        )
    else:
        merged = join(PracticeIn.from_snapshot(row.content), content)
        changed = _change(
            session, row, merged, door=door, actor=actor, state=row.state, note="joined"
        )
        saved = Saved(changed.id, changed.version, "joined")
    session.add(
        RecordSource(
            source_id=item.source,
            external_id=external_id,
            record_id=saved.id,
            item_hash=item_hash,
        )
    )
    return saved


def last_door(session: Session, record_id: str) -> str:
    """The door of the newest version: who spoke last about this record."""
    return session.exec(
        select(RecordRevision.door)
        .where(RecordRevision.record_id == record_id)
        .order_by(col(RecordRevision.version).desc())
        .limit(1)
    ).one()


def _edited(session: Session, record_id: str) -> bool:
    """Whether a person has changed what was collected."""
    return (
        session.exec(
            select(RecordRevision.version)
            .where(
                RecordRevision.record_id == record_id,
                col(RecordRevision.door).not_in(("harvest", "document")),
            )
            .limit(1)
        ).first()
        is not None
    )


def _proposed(session: Session, row: Record, item: PracticeIn) -> PracticeIn:
    """A record with what its source says otherwise than when it was last collected."""
    collected = session.exec(
        select(RecordRevision.content)
        .where(
            RecordRevision.record_id == row.id,
            col(RecordRevision.door).in_(("harvest", "document")),
        )
        .order_by(col(RecordRevision.version).desc())
        .limit(1)
    ).first()
    stored = PracticeIn.from_snapshot(row.content)
    before = PracticeIn.from_snapshot(dict(collected)) if collected is not None else stored
    return carried_over(stored, before, replace_item(before, item))


def _without_capture(provenance: dict[str, Any]) -> dict[str, Any]:
    # The day it was read is not a change of what was read.
    return {name: value for name, value in provenance.items() if name != "captured_on"}


def same_record(session: Session, content: PracticeIn) -> Record | None:
    """A record that tells the same practice, surely enough to join it without asking."""
    for kind, value in identity.identity_keys(content):
        key = session.get(RecordKey, (kind, value))
        row = session.get(Record, key.record_id) if key else None
        if row is None:
            continue
        found = compare(PracticeIn.from_snapshot(row.content), content)
        if found is not None and found.level == "same":
            return row
    return None


def _create(
    session: Session,
    content: PracticeIn,
    *,
    door: Door,
    actor: str,
    state: str,
    note: str = "",
    salt: str = "",
) -> Saved:
    record_id = content.id or identity.new_id(content, salt or uuid.uuid4().hex)
    if identity.slug(record_id, 100) != record_id:
        raise RecordInvalid(
            [FieldError("id", "Id", "use small letters, digits and single hyphens", record_id)]
        )
    content = content.model_copy(update={"id": record_id})
    moment = now()
    row = Record(
        id=record_id,
        version=1,
        state=state,
        record_type=content.record_type,
        title=content.title,
        door=door,
        content=content.snapshot(),
        stamp="",
        completeness=completeness(content).percent,
        created_at=moment,
        updated_at=moment,
        created_by=actor,
    )
    row.stamp = stamp_of(row)
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise EditConflict(record_id, 0, 1) from None
    _record_version(
        session, row, content, door=door, actor=actor, note=note, action="record.created"
    )
    return Saved(record_id, 1, "created")


def _change(
    session: Session,
    row: Record,
    content: PracticeIn,
    *,
    door: Door | str,
    actor: str,
    state: str,
    note: str,
) -> Saved:
    content = content.model_copy(update={"id": row.id})
    snapshot = content.snapshot()
    if snapshot == row.content and state == row.state:
        return Saved(row.id, row.version, "same")
    row.version += 1
    row.state = state
    row.record_type, row.title = content.record_type, content.title
    row.content = snapshot
    row.completeness = completeness(content).percent
    row.updated_at = now()
    row.stamp = stamp_of(row)
    session.add(row)
    session.flush()
    _record_version(
        session, row, content, door=door, actor=actor, note=note, action="record.changed"
    )
    return Saved(row.id, row.version, "changed")


def _record_version(
    session: Session,
    row: Record,
    content: PracticeIn,
    *,
    door: Door | str,
    actor: str,
    note: str,
    action: str,
) -> None:
    """Everything that goes with a new version: revision, keys, links and the audit entry."""
    session.add(
        RecordRevision(
            record_id=row.id,
            version=row.version,
            state=row.state,
            door=door,
            content=row.content,
            saved_at=row.updated_at,
            saved_by=actor,
            note=note,
        )
    )
    for kind, value in identity.identity_keys(content):
        if session.get(RecordKey, (kind, value)) is None:
            session.add(RecordKey(kind=kind, value=value, record_id=row.id))
    fresh = row.version == 1
    directory_service.link_people(session, row.id, content, fresh=fresh)
    award_service.link_entries(session, row.id, content, fresh=fresh)
    note_change(
        session,
        actor=actor,
        action=action,
        subject_type="record",
        subject_id=row.id,
        version=row.version,
        state=row.state,
        door=door,
        **({"note": note} if note else {}),
    )
    session.flush()


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
    row.version += 1
    row.updated_at = now()
    row.stamp = stamp_of(row)
    session.add(row)
    session.flush()
    _record_version(
        session, row, content, door=row.door, actor=actor, note=reason, action="record.state"
    )
    return Saved(row.id, row.version, "changed")


def _practice(row: Record) -> Practice:
    return Practice(
        id=row.id,
        version=row.version,
        state=row.state,
        restricted=row.restricted,
        door=row.door,
        content=PracticeIn.from_snapshot(row.content),
        completeness=row.completeness,
        stamp=row.stamp,
        superseded_by=row.superseded_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def get(session: Session, record_id: str) -> Practice:
    """One record, whatever its state. Raises RecordNotFound."""
    row = session.get(Record, record_id)
    if row is None:
        raise RecordNotFound(record_id)
    return _practice(row)


def load(session: Session, ids: Iterable[str]) -> Iterator[Practice]:
    """The records with these ids that exist, in the order asked for."""
    wanted = list(ids)
    for start in range(0, len(wanted), 200):
        part = wanted[start : start + 200]
        rows = {row.id: row for row in session.exec(select(Record).where(col(Record.id).in_(part)))}
        for record_id in part:
            if record_id in rows:
                yield _practice(rows[record_id])
        session.expunge_all()


def stamps(session: Session) -> dict[str, str]:
    """Id and stamp of every record that everybody may see: what the index should hold."""
    shown = _visible_states()
    rows = session.exec(
        select(Record.id, Record.stamp).where(
            col(Record.state).in_(shown), col(Record.restricted).is_(False)
        )
    )
    return dict(rows.all())


def state_of(session: Session, record_id: str) -> str | None:
    """The workflow state of a record; None when there is none with that id."""
    row = session.get(Record, record_id) if record_id else None
    return row.state if row is not None else None


def edited_by_people(session: Session, record_id: str) -> bool:
    """Whether anybody but the starter collection has saved this record."""
    found = session.exec(
        select(RecordRevision.version)
        .where(RecordRevision.record_id == record_id, RecordRevision.saved_by != SEEDER)
        .limit(1)
    ).first()
    return found is not None


def count(session: Session) -> int:
    """How many records there are, in whatever state."""
    return session.exec(select(func.count()).select_from(Record)).one()


def without_revision(session: Session) -> list[str]:
    """Ids of records whose current version has no revision: none, unless the store was damaged."""
    rows = session.exec(
        select(Record.id)
        .join(
            RecordRevision,
            (col(RecordRevision.record_id) == Record.id)
            & (col(RecordRevision.version) == Record.version),
            isouter=True,
        )
        .where(col(RecordRevision.version).is_(None))
    )
    return list(rows.all())


def latest(session: Session, count: int) -> list[Practice]:
    """The records most lately made, newest first; unchecked ones only when there is no other."""
    checked = _latest(session, count, ["published"])
    return checked or _latest(session, count, _visible_states())


def _latest(session: Session, count: int, shown: list[str]) -> list[Practice]:
    rows = session.exec(
        select(Record)
        .where(col(Record.state).in_(shown), col(Record.restricted).is_(False))
        .order_by(col(Record.created_at).desc(), col(Record.id))
        .limit(count)
    )
    return [_practice(row) for row in rows]


def revisions(session: Session, record_id: str) -> Sequence[RecordRevision]:
    """Every version of a record, newest first. Raises RecordNotFound."""
    found = session.exec(
        select(RecordRevision)
        .where(RecordRevision.record_id == record_id)
        .order_by(col(RecordRevision.version).desc())
    ).all()
    if not found:
        raise RecordNotFound(record_id)
    return found


def diff(before: PracticeIn, after: PracticeIn) -> list[FieldChange]:
    """The fields that differ between two versions, in the record's order."""
    return [
        FieldChange(spec, getattr(before, spec.name), getattr(after, spec.name))
        for spec in FIELDS
        if getattr(before, spec.name) != getattr(after, spec.name)
    ]
