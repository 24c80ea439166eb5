"""Rows of the store that belong to accounts.

Secrets that somebody could use are kept as hashes. The secret of a second factor is the exception:
codes are computed from it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from kb.database import Json, UtcDateTime


def _account_key(*, nullable: bool = False, primary_key: bool = False) -> Any:
    return Column(
        String,
        ForeignKey("account.id", ondelete="CASCADE"),
        nullable=nullable,
        primary_key=primary_key,
        index=not primary_key,
    )


class Account(SQLModel, table=True):
    """One person who may sign in. Once confirmed never deleted: erasure empties it, the id stays.

    `state` is unconfirmed, active, disabled or erased. `email_key` tells addresses apart whatever
    their case. An empty `password_hash` means that no password was set.
    """

    __tablename__ = "account"

    id: str = Field(primary_key=True)
    email: str
    email_key: str = Field(unique=True)
    display_name: str
    organisation: str = ""
    roles: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    state: str = Field(index=True)
    password_hash: str = Field(default="", repr=False)
    totp_secret: str = Field(default="", repr=False)
    totp_offered: str = Field(default="", repr=False)
    totp_last_step: int = 0
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_seen_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    @property
    def actor(self) -> str:
        """How audit entries and revisions name this account: never by name or address."""
        return f"account:{self.id}"

    @property
    def second_factor(self) -> bool:
        """Whether signing in takes a code as well."""
        return bool(self.totp_secret)


class AccountSession(SQLModel, table=True):
    """One signed-in browser. Only the hash of what its cookie holds is kept; no address is."""

    __tablename__ = "account_session"

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: str = Field(sa_column=_account_key())
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    proved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class OneTimeToken(SQLModel, table=True):
    """Something sent by mail or held between two steps; the row goes when it is used."""

    __tablename__ = "account_token"

    token_hash: str = Field(primary_key=True)
    purpose: str
    account_id: str = Field(sa_column=_account_key())
    email: str = ""
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class RecoveryCode(SQLModel, table=True):
    """Stands in for the second factor once; the row goes when it is used."""

    __tablename__ = "account_recovery_code"

    account_id: str = Field(sa_column=_account_key(primary_key=True))
    code_hash: str = Field(primary_key=True)


class AccountIdentity(SQLModel, table=True):
    """The account that a person of an outside sign-in service (OpenID Connect) has here."""

    __tablename__ = "account_identity"

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    account_id: str = Field(sa_column=_account_key())
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Attempt(SQLModel, table=True):
    """One try that counts towards a rate limit; gone a day later.

    `who` is a hash of the e-mail address tried, whether or not it has an account.
    """

    __tablename__ = "account_attempt"
    __table_args__ = (
        Index("ix_account_attempt_who", "kind", "who", "at"),
        Index("ix_account_attempt_address", "kind", "address", "at"),
        Index("ix_account_attempt_at", "kind", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    who: str
    address: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
