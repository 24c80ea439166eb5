"""What admins and the command line do to accounts.

These do not ask who calls: a page must first check `may(account, "accounts")`. `actor` is
`Account.actor` of whoever acts, or "command line".
"""

from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from kb.accounts import passwords, people, second_factor, sessions, tokens
from kb.accounts.errors import AccountExists, LastAdmin
from kb.accounts.identity import checked_email, checked_name
from kb.accounts.models import Account
from kb.accounts.notices import note
from kb.accounts.roles import checked_roles
from kb.database import session_scope


def add(
    email: str,
    display_name: str,
    *,
    organisation: str = "",
    roles: Iterable[str],
    password: str,
    actor: str,
) -> Account:
    """Make an account that can be used at once, in a transaction of its own.

    Raises EmailInvalid, NameInvalid, RoleUnknown, PasswordUnfit, AccountExists.
    """
    account = people.new_account(
        checked_email(email),
        checked_name(display_name),
        checked_name(organisation, label="Organisation", required=False),
        roles=checked_roles(roles),
        state="active",
    )
    passwords.check(password, account.email, account.display_name, account.organisation)
    account.password_hash = passwords.hashed(password)
    try:
        with session_scope(write=True) as session:
            session.add(account)
            session.flush()
            note(session, account, "added", actor=actor, roles=account.roles)
    except IntegrityError:
        raise AccountExists from None
    return account


def set_roles(session: Session, account_id: str, roles: Iterable[str], *, actor: str) -> Account:
    """Give an account these roles and no others; its sessions end, so it signs in anew with them.

    Raises AccountNotFound, RoleUnknown, LastAdmin.
    """
    account = people.get(session, account_id)
    wanted = checked_roles(roles)
    if wanted == account.roles:
        return account
    if "admin" not in wanted:
        keep_an_admin(session, account)
    before, account.roles = account.roles, wanted
    session.add(account)
    sessions.end_all(session, account.id)
    note(session, account, "roles_changed", actor=actor, before=before, after=wanted)
    return account


def disable(session: Session, account_id: str, *, actor: str, reason: str = "") -> Account:
    """Keep an account from being used until it is enabled; its sessions and links end.

    Raises AccountNotFound, LastAdmin.
    """
    account = people.get(session, account_id)
    if account.state not in ("active", "unconfirmed"):
        return account
    keep_an_admin(session, account)
    account.state = "disabled"
    session.add(account)
    sessions.end_all(session, account.id)
    tokens.revoke(session, account.id)
    note(session, account, "disabled", actor=actor, reason=reason)
    return account


def enable(session: Session, account_id: str, *, actor: str) -> Account:
    """Let a disabled account be used again; one never confirmed must still be confirmed.

    Raises AccountNotFound.
    """
    account = people.get(session, account_id)
    if account.state == "disabled":
        account.state = "active" if _was_confirmed(session, account) else "unconfirmed"
        session.add(account)
        note(session, account, "enabled", actor=actor)
    return account


def _was_confirmed(session: Session, account: Account) -> bool:
    return bool(account.password_hash) or people.has_identity(session, account.id)


def remove_second_factor(session: Session, account_id: str, *, actor: str) -> Account:
    """For somebody who lost both app and recovery codes; its sessions end and its owner is told.

    Raises AccountNotFound.
    """
    account = people.get(session, account_id)
    if account.second_factor:
        second_factor.remove(session, account, actor=actor)
        sessions.end_all(session, account.id)
    return account


def keep_an_admin(session: Session, account: Account) -> None:
    """Refuse what would leave nobody to manage accounts. Raises LastAdmin."""
    if account.state != "active" or "admin" not in account.roles:
        return
    others = session.exec(
        select(Account.roles).where(Account.state == "active", col(Account.id) != account.id)
    )
    if not any("admin" in roles for roles in others):
        raise LastAdmin
