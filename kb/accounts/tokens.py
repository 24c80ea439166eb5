"""Random tokens: made once, stored as hashes, used once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlmodel import Session, col, delete, select

from kb.accounts.errors import TokenUnusable
from kb.accounts.models import OneTimeToken
from kb.database import now

Purpose = Literal["confirm", "reset", "email", "second-factor"]

LIFETIMES: dict[Purpose, timedelta] = {
    "confirm": timedelta(days=2),
    "reset": timedelta(hours=1),
    "email": timedelta(days=1),
    "second-factor": timedelta(minutes=10),
}
"""How long each kind may be used."""


@dataclass(frozen=True)
class Redeemed:
    """What a token stood for; `email` is the new address of a change of address."""

    account_id: str
    email: str


def new_token() -> str:
    """A token nobody can guess: 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. It is random and long, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def issue(session: Session, purpose: Purpose, account_id: str, *, email: str = "") -> str:
    """Make a token and store its hash; returns the token, which is kept nowhere."""
    token, moment = new_token(), now()
    session.exec(delete(OneTimeToken).where(col(OneTimeToken.expires_at) <= moment))
    session.add(
        OneTimeToken(
            token_hash=token_hash(token),
            purpose=purpose,
            account_id=account_id,
            email=email,
            created_at=moment,
            expires_at=moment + LIFETIMES[purpose],
        )
    )
    session.flush()
    return token


def peek(session: Session, purpose: Purpose, token: str) -> Redeemed:
    """What a token stands for, without using it up. Raises TokenUnusable."""
    row = session.exec(
        select(OneTimeToken).where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.purpose == purpose,
            col(OneTimeToken.expires_at) > now(),
        )
    ).first()
    if row is None:
        raise TokenUnusable
    return Redeemed(row.account_id, row.email)


def redeem(session: Session, purpose: Purpose, token: str) -> Redeemed:
    """Use a token up. Of two at once, one gets it. Raises TokenUnusable."""
    row = session.exec(
        delete(OneTimeToken)
        .where(
            col(OneTimeToken.token_hash) == token_hash(token),
            col(OneTimeToken.purpose) == purpose,
            col(OneTimeToken.expires_at) > now(),
        )
        .returning(col(OneTimeToken.account_id), col(OneTimeToken.email))
    ).first()
    if row is None:
        raise TokenUnusable
    return Redeemed(row[0], row[1])


def revoke(session: Session, account_id: str, *purposes: Purpose) -> None:
    """End an account's tokens of these kinds; of all kinds when none is named."""
    wanted = purposes or tuple(LIFETIMES)
    session.exec(
        delete(OneTimeToken).where(
            col(OneTimeToken.account_id) == account_id, col(OneTimeToken.purpose).in_(wanted)
        )
    )
