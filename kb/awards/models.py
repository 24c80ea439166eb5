"""Award schemes, their rounds, the entries that tie records to them, and rounds run here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, String, UniqueConstraint
from sqlmodel import Field, SQLModel

import kb.accounts.models
import kb.records.models  # noqa: F401  tables that these refer to
from kb.database import Json, UtcDateTime


class AwardScheme(SQLModel, table=True):
    """A scheme such as the Goldstein Award; `entry` holds criteria, limits and what is known."""

    __tablename__ = "award_scheme"

    id: str = Field(primary_key=True)
    title: str
    entry: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))


class AwardRound(SQLModel, table=True):
    """One year of a scheme."""

    __tablename__ = "award_round"
    __table_args__ = (UniqueConstraint("scheme_id", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    scheme_id: str = Field(foreign_key="award_scheme.id")
    year: int


class AwardEntry(SQLModel, table=True):
    """A record's place in a round; `position` is the row in the record's list of awards.

    What entries are narrowed by stands here too, so that looking through thousands reads no whole
    record: the codes of the record's problems with a space between, its country and region.
    """

    __tablename__ = "award_entry"

    record_id: str = Field(
        sa_column=Column(
            String, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    position: int = Field(primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", index=True)
    level: str | None = None
    category: str = ""
    problems: str = ""
    country: str = ""
    region: str = ""


class AwardContest(SQLModel, table=True):
    """How a round is run here. `state` is open, judging, moderation or published.

    `rules` is a `kb.awards.rules.Rules` as it was copied from the scheme and changed since.
    """

    __tablename__ = "award_contest"

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", unique=True)
    state: str
    opens: date | None = None
    closes: date | None = None
    rules: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    created_by: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class AwardSubmission(SQLModel, table=True):
    """A record entered in a round that is run here.

    `state` is draft, entered, ineligible or withdrawn; `texts` holds a text by heading, `gates`
    the conditions said to be met. `entrant` is the account's id. What stands from `level` on is the
    moderator's. `version` counts changes, so that two people never overwrite each other unseen.
    """

    __tablename__ = "award_submission"

    id: int | None = Field(default=None, primary_key=True)
    contest_id: int = Field(foreign_key="award_contest.id", index=True)
    record_id: str = Field(
        sa_column=Column(String, ForeignKey("record.id", ondelete="CASCADE"), nullable=False)
    )
    record_version: int
    entrant: str
    state: str
    category: str = ""
    texts: dict[str, str] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    gates: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    endorser: str = ""
    months: int | None = None
    consent: bool = False
    version: int = 1
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    level: str | None = None
    final: float | None = None
    votes: int | None = None
    reason: str = ""
    feedback: str = ""


class AwardJudge(SQLModel, table=True):
    """Somebody appointed to judge a round.

    `knows` lists the organisations and places whose entries they must not judge; `interests` gives
    by the id of a single entry why they must not.
    """

    __tablename__ = "award_judge"

    contest_id: int = Field(foreign_key="award_contest.id", primary_key=True)
    account_id: str = Field(foreign_key="account.id", primary_key=True)
    knows: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    interests: dict[str, str] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


class AwardScore(SQLModel, table=True):
    """What one judge gave one entry: a mark of 0 to 10 for each criterion, and why."""

    __tablename__ = "award_score"

    submission_id: int = Field(foreign_key="award_submission.id", primary_key=True)
    account_id: str = Field(foreign_key="account.id", primary_key=True)
    marks: dict[str, float] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    comment: str = ""
    saved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
