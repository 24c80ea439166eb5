"""Rows of the store that belong to trails and to what people say of records.

An owner is `account:<id>` or, for a visitor who has not signed in, `session:<hash of its key>`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

import kb.records.models  # noqa: F401  tables that these refer to
from kb.database import Json, UtcDateTime


def _belongs_to(table: str, *, primary_key: bool = False) -> Any:
    return Column(
        String,
        ForeignKey(f"{table}.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        index=not primary_key,
    )


def _moment(*, nullable: bool = False, index: bool = False) -> Any:
    return Column(UtcDateTime, nullable=nullable, index=index)


class Trail(SQLModel, table=True):
    """One search trail. `state` is the fold of its events, kept for speed; the events are true."""

    __tablename__ = "trail"

    id: str = Field(primary_key=True, max_length=32)
    owner: str = Field(index=True)
    sequence: int = 0
    state: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    created_at: datetime = Field(sa_column=_moment())
    updated_at: datetime = Field(sa_column=_moment(index=True))


class TrailEvent(SQLModel, table=True):
    """Something that happened in a trail. Never changed; a correction is a new event.

    `words` is what the payload says, folded for searching one's own trails.
    """

    __tablename__ = "trail_event"

    trail_id: str = Field(sa_column=_belongs_to("trail", primary_key=True))
    sequence: int = Field(primary_key=True)
    at: datetime = Field(sa_column=_moment())
    actor: str = Field(index=True)
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    words: str = ""


class Share(SQLModel, table=True):
    """Leave to read a trail or a reading list: by a link (token kept hashed) or for an account."""

    __tablename__ = "share"

    id: int | None = Field(default=None, primary_key=True)
    subject_type: str
    subject_id: str = Field(index=True)
    token_hash: str | None = Field(default=None, unique=True)
    account: str | None = Field(default=None, index=True)
    may_write: bool = False
    created_at: datetime = Field(sa_column=_moment())
    revoked_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class Annotation(SQLModel, table=True):
    """One person's verdict on a record. Never changed; the newest of a person and record counts.

    `useful` is None when the person took the verdict back.
    """

    __tablename__ = "annotation"
    __table_args__ = (Index("ix_annotation_record_owner", "record_id", "owner"),)

    id: int | None = Field(default=None, primary_key=True)
    owner: str = Field(index=True)
    record_id: str = Field(
        sa_column=Column(String, ForeignKey("record.id", ondelete="CASCADE"), nullable=False)
    )
    at: datetime = Field(sa_column=_moment())
    useful: int | None = None
    why: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    used_for: str | None = None
    note: str = ""
    visibility: str = "me"
    trail_id: str | None = Field(
        default=None,
        sa_column=Column(String, ForeignKey("trail.id", ondelete="SET NULL"), index=True),
    )
    problem_types: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    query: str = ""


class AdoptionProposal(SQLModel, table=True):
    """'We tried it too', before and after a librarian looked at it.

    `in_record` says whether it became a row of the record itself.
    """

    __tablename__ = "adoption_proposal"

    id: int | None = Field(default=None, primary_key=True)
    record_id: str = Field(sa_column=_belongs_to("record"))
    proposer: str = Field(index=True)
    adoption: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    state: str = Field(default="proposed", index=True)
    in_record: bool = False
    proposed_at: datetime = Field(sa_column=_moment())
    decided_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    decided_by: str = ""
    reason: str = ""


class SavedSearch(SQLModel, table=True):
    """A search kept in our own grammar, with what its owner was last told of: id to stamp."""

    __tablename__ = "saved_search"

    id: int | None = Field(default=None, primary_key=True)
    owner: str = Field(index=True)
    name: str
    query: str
    frequency: str = "none"
    seen: dict[str, str] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    seen_at: datetime = Field(sa_column=_moment())
    due_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True, index=True))
    unsubscribe_token: str = Field(unique=True)
    digests: int = 0
    created_at: datetime = Field(sa_column=_moment())


class ReadingList(SQLModel, table=True):
    """A named list of records with its owner's own notes."""

    __tablename__ = "reading_list"

    id: str = Field(primary_key=True, max_length=32)
    owner: str = Field(index=True)
    name: str
    note: str = ""
    created_at: datetime = Field(sa_column=_moment())
    updated_at: datetime = Field(sa_column=_moment())


class ReadingListItem(SQLModel, table=True):
    """One record on a reading list."""

    __tablename__ = "reading_list_item"

    list_id: str = Field(sa_column=_belongs_to("reading_list", primary_key=True))
    record_id: str = Field(
        sa_column=Column(
            String, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    note: str = ""
    added_at: datetime = Field(sa_column=_moment())


class Team(SQLModel, table=True):
    """People who show each other their notes. Nobody is in it who did not accept."""

    __tablename__ = "team"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    created_at: datetime = Field(sa_column=_moment())


class TeamMember(SQLModel, table=True):
    """An account's place in a team: `invited` until it accepts, then `member`."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("team_id", "account"),)

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    account: str = Field(index=True)
    state: str = "invited"
