"""Rows of the store that belong to records."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from kb.database import Json, UtcDateTime


class Record(SQLModel, table=True):
    """The current state of one record.

    `content` is PracticeIn's snapshot; `door` the one that it first came in by.
    """

    __tablename__ = "record"
    # Lists of what everybody may see are read from this alone: a record's row is long.
    __table_args__ = (Index("ix_record_shown", "state", "restricted", "id", "title"),)

    id: str = Field(primary_key=True, max_length=100)
    version: int
    state: str = Field(index=True)
    restricted: bool = False
    record_type: str = Field(index=True)
    title: str
    door: str
    content: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    stamp: str
    completeness: int
    superseded_by: str | None = None
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    created_by: str


class RecordRevision(SQLModel, table=True):
    """A whole snapshot of one version of a record. Never changed."""

    __tablename__ = "record_revision"

    record_id: str = Field(
        sa_column=Column(
            String, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    version: int = Field(primary_key=True)
    state: str
    door: str
    content: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    saved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    saved_by: str
    note: str = ""


class RecordKey(SQLModel, table=True):
    """Something that tells a record apart: an address, a DOI, or a project's title and agency."""

    __tablename__ = "record_key"

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    record_id: str = Field(
        sa_column=Column(
            String, ForeignKey("record.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
