"""Rate limits: how often something may be tried, for one account, from one address, and by all.

An attempt is counted before it is made, so a hundred at once do not slip past together.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col, delete, func, select

from kb.accounts.errors import TooManyAttempts
from kb.accounts.models import Attempt
from kb.database import now, session_scope

Kind = Literal["password", "code", "mail", "outside", "relay"]


@dataclass(frozen=True)
class Limit:
    """How many attempts of a kind within `window`: for one account, one address, all together."""

    account: int
    address: int
    overall: int
    window: timedelta


# A whole office may share one address, so that limit is wider than an account's.
LIMITS: dict[Kind, Limit] = {
    "password": Limit(10, 50, 1000, timedelta(minutes=15)),
    "code": Limit(5, 20, 200, timedelta(minutes=15)),
    "mail": Limit(4, 20, 300, timedelta(hours=1)),
    # Messages passed on to contacts: enough for somebody at work, little use to a sender of junk.
    "relay": Limit(6, 20, 100, timedelta(hours=1)),
    # Before the other service has answered nobody knows whose account it is: the address counts.
    "outside": Limit(50, 50, 500, timedelta(minutes=15)),
}
_KEPT = timedelta(days=1)


def address_key(address: str) -> str:
    """The address that counts: an IPv6 network of /64 is one, since one household has it all."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


def reserve(kind: Kind, who: str, address: str) -> None:
    """Count an attempt and keep the count whatever happens next. Raises TooManyAttempts.

    `who` is `identity.attempt_key` of the address tried; `address` is the caller's.
    """
    limit, place = LIMITS[kind], address_key(address)
    with session_scope(write=True) as session:
        _one_at_a_time(session, kind)
        moment = now()
        session.exec(delete(Attempt).where(col(Attempt.at) < moment - _KEPT))
        since = moment - limit.window
        for most, same in (
            (limit.account, [col(Attempt.who) == who]),
            (limit.address, [col(Attempt.address) == place]),
            (limit.overall, []),
        ):
            oldest = _oldest_that_counts(session, kind, since, most, same)
            if oldest is not None:
                raise TooManyAttempts(oldest + limit.window - moment)
        session.add(Attempt(kind=kind, who=who, address=place, at=moment))


def _oldest_that_counts(
    session: Session, kind: Kind, since: Any, most: int, same: list[ColumnElement[bool]]
) -> Any:
    """The attempt that must pass out of the window first; None while there is room."""
    where = [Attempt.kind == kind, col(Attempt.at) > since, *same]
    if session.exec(select(func.count()).select_from(Attempt).where(*where)).one() < most:
        return None
    return session.exec(
        select(Attempt.at).where(*where).order_by(col(Attempt.at).desc()).offset(most - 1).limit(1)
    ).one()


def _one_at_a_time(session: Session, kind: Kind) -> None:
    # SQLite lets one writer in at a time anyway; PostgreSQL would count two at once side by side.
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(kind.encode()).digest()[:8], signed=True)
        session.connection().execute(
            text("SELECT pg_advisory_xact_lock(:number)"), {"number": number}
        )


def forgive(session: Session, kind: Kind, who: str) -> None:
    """Forget an account's attempts: it succeeded, or was reset by its owner."""
    session.exec(delete(Attempt).where(col(Attempt.kind) == kind, col(Attempt.who) == who))
