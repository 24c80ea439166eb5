"""Rows of the vocabulary desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from kb.database import Json, UtcDateTime


class TermChange(SQLModel, table=True):
    """One change of one term: proposed, accepted, declined, or taken back.

    `data` is the whole term as it is to be; for the vocabulary `thesaurus` an entry of a thesaurus
    file. The newest accepted change of a term is what counts.
    """

    __tablename__ = "term_change"

    id: int | None = Field(default=None, primary_key=True)
    vocabulary: str = Field(index=True)
    code: str = Field(index=True)
    kind: str
    state: str = Field(default="proposed", index=True)
    data: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    reason: str = ""
    proposed_by: str
    proposed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
