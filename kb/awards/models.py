"""Award schemes, their rounds, and the entries that tie records to them."""

from typing import Any

from sqlalchemy import Column, ForeignKey, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from kb.database import Json


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
    """A record's place in a round; `position` is the row in the record's list of awards."""

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
