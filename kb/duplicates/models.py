"""Rows about pairs of records."""

from datetime import datetime

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
