"""Who changed what, when and why: one entry in the same transaction as each change."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Column, ColumnElement
from sqlmodel import Field, Session, SQLModel, col, select

from kb.database import Json, UtcDateTime, now

PAGE = 100


class AuditEntry(SQLModel, table=True):
    """One change. Never updated or deleted."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    actor: str = Field(index=True)
    action: str = Field(index=True)
    subject_type: str
    subject_id: str = Field(index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


def note_change(
    session: Session,
    *,
    actor: str,
    action: str,
    subject_type: str,
    subject_id: str,
    **detail: Any,
) -> None:
    """Add an entry to the session's transaction. `action` is a verb such as `record.changed`."""
    session.add(
        AuditEntry(
            at=now(),
            actor=actor,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            detail=detail,
        )
    )


@dataclass(frozen=True)
class Asked:
    """Which entries are wanted; what is empty does not narrow.

    `kinds` are subject types, `actors` as stored, `since` and `until` days in UTC, both included.
    """

    kinds: Collection[str] = ()
    subject_id: str = ""
    actors: Collection[str] = ()
    since: date | None = None
    until: date | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The same as conditions of a query."""
        if self.kinds:
            yield col(AuditEntry.subject_type).in_(self.kinds)
        if self.subject_id:
            yield col(AuditEntry.subject_id) == self.subject_id
        if self.actors:
            yield col(AuditEntry.actor).in_(self.actors)
        if self.since:
            yield col(AuditEntry.at) >= datetime.combine(self.since, time.min, UTC)
        if self.until:
            yield col(AuditEntry.at) <= datetime.combine(self.until, time.max, UTC)


def entries(
    session: Session, asked: Asked, *, before: int | None = None, limit: int = PAGE
) -> list[AuditEntry]:
    """Entries that were asked for, newest first; `before` goes on after the entry of that id."""
    query = select(AuditEntry).where(*asked.conditions())
    if before is not None:
        query = query.where(col(AuditEntry.id) < before)
    return list(session.exec(query.order_by(col(AuditEntry.id).desc()).limit(limit)))


def kinds(session: Session) -> list[str]:
    """The subject types that have entries, in the order of the alphabet."""
    return sorted(session.exec(select(AuditEntry.subject_type).distinct()))


def actors_named(session: Session, text: str) -> list[str]:
    """The actors whose stored name holds this text, such as `command` or an account's id."""
    found = session.exec(select(AuditEntry.actor).distinct())
    wanted = text.casefold()
    return sorted(actor for actor in found if wanted in actor.casefold())
