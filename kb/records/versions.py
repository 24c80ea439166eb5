"""Versions of a record: made with all that goes with one, looked through, and compared."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.awards import service as award_service
from kb.database import now
from kb.directory import service as directory_service
from kb.records import identity
from kb.records.definition import FieldSpec
from kb.records.errors import EditConflict, FieldError, RecordInvalid, RecordNotFound
from kb.records.models import Record, RecordKey, RecordRevision
from kb.records.practice import FIELDS, PracticeIn
from kb.records.rewind import stamp_of
from kb.records.rules import Door, completeness

Outcome = Literal["created", "changed", "joined", "same"]

SEEDER = "starter collection"
"""Who the audit names for records loaded from the seeds folder."""


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


def create(
    session: Session,
    content: PracticeIn,
    *,
    door: Door,
    actor: str,
    state: str,
    note: str = "",
    salt: str = "",
) -> Saved:
    """A new record at its first version; `salt` tells its id from that of others named alike.

    Raises RecordInvalid when the id it brings cannot be one, EditConflict when it is taken.
    """
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


def change(
    session: Session,
    row: Record,
    content: PracticeIn,
    *,
    door: Door | str,
    actor: str,
    state: str,
    note: str,
) -> Saved:
    """A record with other content or in another state; nothing when both are as they were."""
    content = content.model_copy(update={"id": row.id})
    snapshot = content.snapshot()
    if snapshot == row.content and state == row.state:
        return Saved(row.id, row.version, "same")
    row.state = state
    row.record_type, row.title = content.record_type, content.title
    row.content = snapshot
    row.completeness = completeness(content).percent
    return renew(session, row, content, door=door, actor=actor, note=note, action="record.changed")


def renew(
    session: Session,
    row: Record,
    content: PracticeIn,
    *,
    door: Door | str,
    actor: str,
    note: str,
    action: str,
) -> Saved:
    """Keep a row that was changed as the record's next version; `action` is for the audit."""
    row.version += 1
    row.updated_at = now()
    row.stamp = stamp_of(row)
    session.add(row)
    session.flush()
    _record_version(session, row, content, door=door, actor=actor, note=note, action=action)
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


def last_door(session: Session, record_id: str) -> str:
    """The door of the newest version: who spoke last about this record."""
    return session.exec(
        select(RecordRevision.door)
        .where(RecordRevision.record_id == record_id)
        .order_by(col(RecordRevision.version).desc())
        .limit(1)
    ).one()


def edited_by_people(session: Session, record_id: str) -> bool:
    """Whether anybody but the starter collection has saved this record."""
    found = session.exec(
        select(RecordRevision.version)
        .where(RecordRevision.record_id == record_id, RecordRevision.saved_by != SEEDER)
        .limit(1)
    ).first()
    return found is not None


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


def diff(before: PracticeIn, after: PracticeIn) -> list[FieldChange]:
    """The fields that differ between two versions, in the record's order."""
    return [
        FieldChange(spec, getattr(before, spec.name), getattr(after, spec.name))
        for spec in FIELDS
        if getattr(before, spec.name) != getattr(after, spec.name)
    ]
