"""Sessions kept by the server: the browser holds a random token, the store its hash."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from kb.accounts import tokens
from kb.accounts.errors import NotSignedIn, ProveAgain
from kb.accounts.models import Account, AccountSession
from kb.database import now, session_scope

IDLE = timedelta(days=7)
"""A session ends when it was not used for this long."""
ABSOLUTE = timedelta(days=30)
"""A session ends this long after signing in, used or not."""
PROVED = timedelta(minutes=10)
"""Risky changes need the password typed within this time."""
_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class SignedIn:
    """A session that began or was given a new token: what the cookie must hold from now on."""

    account: Account
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Current:
    """Who a request comes from, by which session."""

    account: Account
    session_id: str
    proved_at: datetime

    @property
    def freshly_proved(self) -> bool:
        """Whether the password was typed lately enough for a risky change."""
        return now() - self.proved_at <= PROVED


def start(session: Session, account: Account, *, replacing: str = "") -> SignedIn:
    """Begin a session with a token never used before; the one being replaced ends."""
    moment, token = now(), tokens.new_token()
    session.exec(
        delete(AccountSession).where(
            (col(AccountSession.expires_at) <= moment)
            | (col(AccountSession.last_seen_at) <= moment - IDLE)
            | (col(AccountSession.token_hash) == tokens.token_hash(replacing))
        )
    )
    row = AccountSession(
        id=uuid.uuid4().hex,
        token_hash=tokens.token_hash(token),
        account_id=account.id,
        created_at=moment,
        last_seen_at=moment,
        proved_at=moment,
        expires_at=moment + ABSOLUTE,
    )
    account.last_seen_at = moment
    session.add(account)
    session.add(row)
    session.flush()
    return SignedIn(account, token, row.expires_at)


def _row(session: Session, token: str) -> tuple[AccountSession, Account] | None:
    moment = now()
    return session.exec(
        select(AccountSession, Account)
        .join(Account, col(Account.id) == col(AccountSession.account_id))
        .where(
            AccountSession.token_hash == tokens.token_hash(token),
            col(AccountSession.expires_at) > moment,
            col(AccountSession.last_seen_at) > moment - IDLE,
            Account.state == "active",
        )
    ).first()


def find(session: Session, token: str) -> Current | None:
    """Whose token this is; None when it is forged, ended, expired or the account not active."""
    found = _row(session, token) if token else None
    if found is None:
        return None
    row, account = found
    return Current(account, row.id, row.proved_at)


def who(token: str) -> Current | None:
    """Whose token this is, noting every few minutes that they were here. Opens its own session."""
    with session_scope() as session:
        found = _row(session, token) if token else None
    if found is None:
        return None
    row, account = found
    moment = now()
    if moment - row.last_seen_at > _NOTED_EVERY:
        with session_scope(write=True) as session:
            again = _row(session, token)
            if again is None:
                return None
            row, account = again
            row.last_seen_at = account.last_seen_at = moment
            session.add(row)
            session.add(account)
    return Current(account, row.id, row.proved_at)


def require(session: Session, token: str, *, proved: bool = False) -> Current:
    """Whose token this is. Raises NotSignedIn; with `proved`, ProveAgain when it was long ago."""
    current = find(session, token)
    if current is None:
        raise NotSignedIn
    if proved and not current.freshly_proved:
        raise ProveAgain
    return current


def renew(session: Session, token: str, *, proved: bool = False) -> SignedIn:
    """Give a session a new token, as when what it may do changes; the old one is worth nothing.

    Raises NotSignedIn.
    """
    found = _row(session, token)
    if found is None:
        raise NotSignedIn
    row, account = found
    fresh = tokens.new_token()
    row.token_hash = tokens.token_hash(fresh)
    if proved:
        row.proved_at = now()
    session.add(row)
    session.flush()
    return SignedIn(account, fresh, row.expires_at)


def sign_out(session: Session, token: str) -> None:
    """End one session; nothing happens when it had ended."""
    session.exec(
        delete(AccountSession).where(col(AccountSession.token_hash) == tokens.token_hash(token))
    )


def end_all(session: Session, account_id: str, *, but: str = "") -> int:
    """End an account's sessions, but for the one with the token `but`; returns how many ended."""
    ended = session.exec(
        delete(AccountSession).where(
            col(AccountSession.account_id) == account_id,
            col(AccountSession.token_hash) != tokens.token_hash(but),
        )
    )
    return int(ended.rowcount)


def of_account(session: Session, account_id: str) -> list[AccountSession]:
    """An account's sessions that still hold, the one used last first."""
    moment = now()
    return list(
        session.exec(
            select(AccountSession)
            .where(
                AccountSession.account_id == account_id,
                col(AccountSession.expires_at) > moment,
                col(AccountSession.last_seen_at) > moment - IDLE,
            )
            .order_by(col(AccountSession.last_seen_at).desc())
        )
    )
