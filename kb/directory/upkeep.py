"""What grows old: records nobody has looked at for long, and how busy the collection is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from kb.audit import AuditEntry, note_change
from kb.database import now
from kb.records import service
from kb.records.errors import RecordNotFound
from kb.records.models import Record

REVIEWED_EVERY = timedelta(days=730)
CHECKED = "record.checked"


@dataclass(frozen=True)
class Old:
    """A shown record that was neither changed nor looked at within two years."""

    id: str
    title: str
    since: datetime


def due_for_review(session: Session, limit: int = 50) -> tuple[int, list[Old]]:
    """How many records are due, and those that waited longest."""
    before = now() - REVIEWED_EVERY
    looked_at = dict(
        session.exec(
            select(AuditEntry.subject_id, func.max(AuditEntry.at))
            .where(AuditEntry.action == CHECKED, AuditEntry.subject_type == "record")
            .group_by(AuditEntry.subject_id)
        ).all()
    )
    rows = session.exec(select(Record).where(col(Record.updated_at) < before)).all()
    found = [
        Old(row.id, row.title, max(row.updated_at, looked_at.get(row.id, row.updated_at)))
        for row in rows
        if service.is_visible(row.state, row.restricted)
    ]
    old = sorted((one for one in found if one.since < before), key=lambda one: one.since)
    return len(old), old[:limit]


def note_checked(session: Session, record_id: str, *, actor: str) -> None:
    """Note that somebody looked at a record and found it still right. Raises RecordNotFound."""
    if session.get(Record, record_id) is None:
        raise RecordNotFound(record_id)
    note_change(session, actor=actor, action=CHECKED, subject_type="record", subject_id=record_id)


def records_by_state(session: Session) -> dict[str, int]:
    """How many records are in each state of the workflow."""
    rows = session.exec(select(Record.state, func.count()).group_by(Record.state)).all()
    return dict(rows)


def activity(session: Session, days: int = 30) -> dict[str, int]:
    """How often each kind of change was made lately, the commonest first."""
    rows = session.exec(
        select(AuditEntry.action, func.count())
        .where(AuditEntry.at >= now() - timedelta(days=days))
        .group_by(AuditEntry.action)
    ).all()
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))
