"""Finding accounts, and the names to show for those who did something."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, delete, select

from kb.accounts.errors import AccountNotFound
from kb.accounts.identity import ERASED_NAME, email_key
from kb.accounts.models import Account, AccountIdentity, OneTimeToken
from kb.accounts.tokens import LIFETIMES
from kb.database import now


def get(session: Session, account_id: str) -> Account:
    """The account with this id, whatever its state. Raises AccountNotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise AccountNotFound(account_id)
    return account


def as_data(account: Account) -> dict[str, Any]:
    """An account as plain data for JSON, without any secret."""
    return {
        "id": account.id,
        "email": account.email,
        "display_name": account.display_name,
        "organisation": account.organisation,
        "roles": account.roles,
        "state": account.state,
        "second_factor": account.second_factor,
        "created_at": account.created_at.isoformat(),
        "last_seen_at": account.last_seen_at.isoformat() if account.last_seen_at else None,
    }


def by_email(session: Session, email: str) -> Account | None:
    """The account with this address in whatever capitals; None when there is none."""
    return session.exec(select(Account).where(Account.email_key == email_key(email))).first()


def listing(session: Session, *, role: str = "", state: str = "") -> list[Account]:
    """Accounts, oldest first, all or those with a role or state. Erased ones only when asked."""
    query = select(Account).order_by(col(Account.created_at), col(Account.id))
    query = query.where(Account.state == state if state else Account.state != "erased")
    return [found for found in session.exec(query) if not role or role in found.roles]


def new_account(
    email: str, display_name: str, organisation: str, *, roles: list[str], state: str
) -> Account:
    """A row not yet in any session, from values already checked."""
    return Account(
        id=uuid.uuid4().hex,
        email=email,
        email_key=email_key(email),
        display_name=display_name,
        organisation=organisation,
        roles=roles,
        state=state,
        created_at=now(),
    )


def display_names(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """The name to show for each actor of revisions and audit entries.

    An erased account has a placeholder; an actor that is no account (a command, a crawl) is shown
    as it stands.
    """
    wanted = set(actors)
    ids = [actor.removeprefix("account:") for actor in wanted if actor.startswith("account:")]
    found = session.exec(
        select(Account.id, Account.display_name).where(col(Account.id).in_(ids))
    ).all()
    names = {f"account:{account_id}": name for account_id, name in found}
    return {
        actor: names.get(actor, ERASED_NAME if actor.startswith("account:") else actor)
        for actor in wanted
    }


def has_identity(session: Session, account_id: str) -> bool:
    """Whether an outside sign-in service vouches for this account."""
    return (
        session.exec(
            select(AccountIdentity.subject).where(AccountIdentity.account_id == account_id).limit(1)
        ).first()
        is not None
    )


def forget_unconfirmed(session: Session) -> None:
    """Delete sign-ups that nobody confirmed and whose links have expired."""
    waiting = select(OneTimeToken.account_id).where(col(OneTimeToken.expires_at) > now())
    session.exec(
        delete(Account).where(
            col(Account.state) == "unconfirmed",
            col(Account.created_at) < now() - LIFETIMES["confirm"],
            col(Account.id).not_in(waiting),
        )
    )
