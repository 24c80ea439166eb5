"""Rows about imports: what each changed, so that it can be taken back, and columns once mapped."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from kb.database import Json, UtcDateTime


class ImportRun(SQLModel, table=True):
    """One file brought in, or about to be.

    `state` is waiting (a job will look at it), mapping (columns must be named), checked (a dry run
    was made), kept, refused (rows were bad), failed (the file cannot be read) or undone.
    """

    __tablename__ = "import_run"

    id: str = Field(primary_key=True)
    file: str
    format: str = ""
    state: str = Field(index=True)
    actor: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    options: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    changes: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(Json, nullable=False)
    )
    """Each record touched: id, and its version before (none for a new one) and after."""
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """What stood where the import wrote beside records: links of items, and rows that are new."""
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    undone_by: str = ""


class ImportMapping(SQLModel, table=True):
    """Which field each header of a table stands for, kept by the set of its headers."""

    __tablename__ = "import_mapping"

    key: str = Field(primary_key=True)
    fields: dict[str, str] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
