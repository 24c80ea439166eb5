"""What is written down and told when an account changes: the audit entry and the mail."""

from typing import Any

from sqlmodel import Session

from kb.accounts.models import Account
from kb.alerts import mail
from kb.audit import note_change


def note(
    session: Session, account: Account, action: str, *, actor: str = "", **detail: Any
) -> None:
    """Add an audit entry. It names the account by id and holds no address, name or secret.

    The actor is the account itself when none is given.
    """
    note_change(
        session,
        actor=actor or account.actor,
        action=f"account.{action}",
        subject_type="account",
        subject_id=account.id,
        **detail,
    )


def tell(session: Session, account: Account, what: str) -> None:
    """Tell somebody by mail what happened to their account, in one short sentence."""
    send(session, account, "security_notice", what=what)


def send(
    session: Session, account: Account, template: str, *, to: str = "", **context: str
) -> None:
    """Queue a mail to an account's address, or to another with `to`.

    The name somebody signed up with stays out of mails: it could carry a stranger's message.
    """
    mail.queue(
        session,
        to=to or account.email,
        template=template,
        context=context,
        account_id=account.id,
    )


def link(page: str, token: str) -> str:
    """The address in a mail that gives a token back to a page of the account."""
    return f"{mail.site_address()}/account/{page}?token={token}"
