"""Who changed what, when and why: one entry in the same transaction as each change."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel

from kb.database import Json, UtcDateTime, now


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
