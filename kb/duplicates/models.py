"""Rows about pairs of records."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from kb.database import Json, UtcDateTime


class DuplicatePair(SQLModel, table=True):
    """Two records that look like one. `state` is open, different (judged not to be one) or merged.

    The ids are in alphabetical order, so that a pair stands here once.
    """

    __tablename__ = "duplicate_pair"

    one_id: str = Field(primary_key=True, max_length=100)
    other_id: str = Field(primary_key=True, max_length=100)
    level: str
    score: float
    reasons: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    state: str = Field(default="open", index=True)
    note: str = ""
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    found_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class RecordMerge(SQLModel, table=True):
    """Two records made one: `gone_id` answers with `kept_id` from then on, unless taken back."""

    __tablename__ = "record_merge"

    id: int | None = Field(default=None, primary_key=True)
    kept_id: str = Field(index=True, max_length=100)
    gone_id: str = Field(index=True, max_length=100)
    actor: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    picks: dict[str, str] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """Versions and flags of both before, and what moved from one to the other."""
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    undone_by: str = ""
