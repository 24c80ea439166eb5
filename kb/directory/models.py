"""What records share: sources, organisations and people, and their links to records."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, String, UniqueConstraint
from sqlmodel import Field, SQLModel

import kb.records.models  # noqa: F401  tables that these refer to
from kb.database import Json, UtcDateTime


def _record_key() -> Any:
    return Column(
        String, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, nullable=False
    )


class Source(SQLModel, table=True):
    """A site, database or scheme that practice is found in; `entry` holds its directory entry."""

    __tablename__ = "source"

    id: str = Field(primary_key=True)
    title: str
    state: str = Field(index=True)
    licence: str
    trusted: bool = False
    entry: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    ticked_on: date | None = Field(default=None, sa_column=Column(Date))
    ticked_by: str = ""
    ticked_note: str = ""
    """When, by whom and with what result a person last went through this source by hand."""


class SourceRun(SQLModel, table=True):
    """The report of one crawl of one source."""

    __tablename__ = "source_run"

    id: int | None = Field(default=None, primary_key=True)
    source_id: str = Field(index=True)
    started_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    outcome: str = "running"
    how: str = "file"
    """Where its pages came from: live (the site), archive (web archives), file, or kept (pages of
    earlier runs)."""
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    problems: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(Json, nullable=False)
    )
    reached: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}")
    )
    """How far a harvest came, from where the next one goes on (crawlers/harvest.py); else empty."""


class Organisation(SQLModel, table=True):
    """A body named in records, under the name first seen; `name_key` tells spellings apart."""

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str = Field(unique=True)
    sectors: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))


class Person(SQLModel, table=True):
    """An author, or a contact who agreed to be listed."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str = Field(unique=True)


class RecordSource(SQLModel, table=True):
    """One item of a source that went into a record; `item_hash` tells whether it changed.

    `gone_on` is the day from which its source does not tell it any more.
    """

    __tablename__ = "record_source"

    source_id: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)
    record_id: str = Field(
        sa_column=Column(
            String, ForeignKey("record.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    item_hash: str
    gone_on: date | None = Field(default=None, sa_column=Column(Date))


class RecordOrganisation(SQLModel, table=True):
    """An organisation's part in a record."""

    __tablename__ = "record_organisation"

    record_id: str = Field(sa_column=_record_key())
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id")
    role: str = Field(primary_key=True)


class RecordPerson(SQLModel, table=True):
    """A person's part in a record."""

    __tablename__ = "record_person"

    record_id: str = Field(sa_column=_record_key())
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    role: str = Field(primary_key=True)


class SearchGap(SQLModel, table=True):
    """A search in vain, however many times by whomever: no person, no address.

    `day` is as exact as a time gets here, so that nobody is known by when they searched.
    """

    __tablename__ = "search_gap"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    text: str
    filters: dict[str, list[str]] = Field(
        default_factory=dict, sa_column=Column(Json, nullable=False)
    )
    times: int = 1
    first_day: date = Field(sa_column=Column(Date, nullable=False))
    last_day: date = Field(sa_column=Column(Date, nullable=False, index=True))
    settled: bool = Field(default=False, index=True)


class Commission(SQLModel, table=True):
    """A problem and a response for which librarians look for practice, since none is held."""

    __tablename__ = "commission"
    __table_args__ = (UniqueConstraint("problem", "response"),)

    id: int | None = Field(default=None, primary_key=True)
    problem: str
    response: str
    note: str = ""
    asked_by: str
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, index=True))


class RecordContact(SQLModel, table=True):
    """A contact of a record, as its list of contacts has it; `position` counts from 1."""

    __tablename__ = "record_contact"

    record_id: str = Field(sa_column=_record_key())
    position: int = Field(primary_key=True)
    role: str = ""
    organisation: str = ""
    mailbox: str = ""
    verified_on: str = ""
    state: str = ""
    offers: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))


class ContactCheck(SQLModel, table=True):
    """A mail that asked a contact whether they can still be asked; only a hash of its token."""

    __tablename__ = "contact_check"

    token_hash: str = Field(primary_key=True)
    record_id: str = Field(
        sa_column=Column(
            String, ForeignKey("record.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    mailbox: str
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    answer: str = ""
