"""Rows of the store that belong to curation.

What is being written is kept apart from the record's revisions, so that saving often does not
flood a record's history: a revision is made when an entry is published.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, String, Text
from sqlmodel import Field, SQLModel

import kb.records.models  # noqa: F401  tables that these refer to
from kb.database import Json, UtcDateTime


def _json() -> Any:
    return Column(Json, nullable=False)


def _moment(*, nullable: bool = False) -> Any:
    return Column(UtcDateTime, nullable=nullable)


class Entry(SQLModel, table=True):
    """One thing that somebody writes or changes, from first word to decision.

    `content` is as typed, perhaps wrong; `base` what it was when work on it began (empty for a
    new one), `reviewed` what a reviewer last decided on. `passages` tells for each field that was
    filled from a document where its text comes from. `owner` is an actor; empty for one that was
    collected. `record_id` is the record it changes, or became.
    """

    __tablename__ = "entry"

    id: str = Field(primary_key=True, max_length=16)
    record_id: str | None = Field(
        default=None,
        sa_column=Column(String, ForeignKey("record.id", ondelete="CASCADE"), index=True),
    )
    owner: str = Field(index=True)
    state: str = Field(index=True)
    started_from: str
    content: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    base: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    reviewed: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    passages: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    done: list[str] = Field(default_factory=list, sa_column=_json())
    edition: int = 1
    round: int = 0
    appeals: int = 0
    claimed_by: str = Field(default="", index=True)
    claimed_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    due_on: date | None = Field(default=None, sa_column=Column(Date, index=True))
    decided_by: str = ""
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=_moment())
    updated_at: datetime = Field(sa_column=_moment())
    submitted_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))

    @property
    def title(self) -> str:
        """What to call it."""
        return str(self.content.get("title") or "Entry without a title")


class EntryComment(SQLModel, table=True):
    """Something said about an entry, or about one field of it; replies name what they answer."""

    __tablename__ = "entry_comment"

    id: int | None = Field(default=None, primary_key=True)
    entry_id: str = Field(
        sa_column=Column(
            String, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    field: str = ""
    answers: int | None = Field(default=None, foreign_key="entry_comment.id")
    author: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=_moment())
    resolved_by: str = ""
    resolved_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class Attachment(SQLModel, table=True):
    """A file sent in with an entry; its bytes lie in the files folder under its id.

    `kind` is a code of `kb.file_kinds`. `role` is attached (shown with the record), endorsement
    or source (what the entry was begun from; both for author and librarians only). `text` is what
    a worker read in it, `state` kept, waiting, read or refused, and `problem` why.
    """

    __tablename__ = "attachment"

    id: str = Field(primary_key=True, max_length=32)
    entry_id: str = Field(
        sa_column=Column(
            String, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    record_id: str | None = Field(
        default=None,
        sa_column=Column(String, ForeignKey("record.id", ondelete="CASCADE"), index=True),
    )
    name: str
    kind: str
    size: int
    sha256: str
    title: str = ""
    role: str = "attached"
    state: str = "kept"
    problem: str = ""
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    added_by: str
    added_at: datetime = Field(sa_column=_moment())
