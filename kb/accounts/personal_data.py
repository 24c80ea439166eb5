"""Everything a person gave: handing it out, and erasing it.

Each folder that keeps something of a person registers two functions here, in a module that a
`commands.py` lists under PERSONAL_DATA. Contributions to the collection stay, under a placeholder;
so do audit entries and revisions, which name the account by an id that then leads to nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sqlmodel import Session, col, delete, select

from kb.accounts import attempts, people, sessions, tokens
from kb.accounts.administration import keep_an_admin
from kb.accounts.identity import ERASED_NAME, attempt_key
from kb.accounts.models import Account, AccountIdentity, RecoveryCode
from kb.accounts.notices import note
from kb.alerts import mail
from kb.audit import AuditEntry
from kb.database import now, session_scope
from kb.folders import folders
from kb.records.models import RecordRevision

Export = Callable[[Session, str], Any]
Erase = Callable[[Session, str], object]


@dataclass(frozen=True)
class Part:
    """One folder's share: `export` gives plain data, `erase` works in the same transaction."""

    name: str
    export: Export
    erase: Erase


_parts: dict[str, Part] = {}


def register(name: str, export: Export, erase: Erase) -> None:
    """Take part in export and erasure. Both get a session and an account id."""
    _parts[name] = Part(name, export, erase)


def parts() -> list[Part]:
    """Everybody who takes part, by name; their modules are loaded first, so none is missed."""
    for folder in folders():
        for name in folder.personal_data:
            import_module(name)
    return [_parts[name] for name in sorted(_parts)]


def export(session: Session, account_id: str, *, actor: str = "") -> dict[str, Any]:
    """All that is kept of a person, as plain data for JSON; that it was handed out is noted.

    Raises AccountNotFound.
    """
    account = people.get(session, account_id)
    note(session, account, "exported", actor=actor)
    return {
        "exported_at": now().isoformat(),
        "account": _profile(session, account),
        "contributions": _contributions(session, account),
        "activity": _activity(session, account),
        **{part.name: part.export(session, account_id) for part in parts()},
    }


def _profile(session: Session, account: Account) -> dict[str, Any]:
    identities = session.exec(
        select(AccountIdentity).where(AccountIdentity.account_id == account.id)
    )
    return {
        **people.as_data(account),
        "sessions": [
            {
                "created_at": row.created_at.isoformat(),
                "last_seen_at": row.last_seen_at.isoformat(),
                "expires_at": row.expires_at.isoformat(),
            }
            for row in sessions.of_account(session, account.id)
        ],
        "outside_sign_in": [{"issuer": row.issuer, "subject": row.subject} for row in identities],
    }


def _contributions(session: Session, account: Account) -> list[dict[str, Any]]:
    rows = session.exec(
        select(RecordRevision)
        .where(RecordRevision.saved_by == account.actor)
        .order_by(col(RecordRevision.saved_at))
    )
    return [
        {
            "record": row.record_id,
            "version": row.version,
            "state": row.state,
            "saved_at": row.saved_at.isoformat(),
            "note": row.note,
            "content": row.content,
        }
        for row in rows
    ]


def _activity(session: Session, account: Account) -> list[dict[str, Any]]:
    rows = session.exec(
        select(AuditEntry).where(AuditEntry.actor == account.actor).order_by(col(AuditEntry.id))
    )
    return [
        {
            "at": row.at.isoformat(),
            "action": row.action,
            "subject": f"{row.subject_type} {row.subject_id}",
        }
        for row in rows
    ]


def erase(session: Session, account_id: str, *, actor: str = "") -> None:
    """Empty an account and all that only its owner could see, in the session's transaction.

    It cannot be undone. Raises AccountNotFound, LastAdmin.
    """
    account = people.get(session, account_id)
    if account.state == "erased":
        return
    keep_an_admin(session, account)
    for part in parts():
        part.erase(session, account_id)
    mail.discard(session, account_id)
    sessions.end_all(session, account_id)
    tokens.revoke(session, account_id)
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    session.exec(delete(AccountIdentity).where(col(AccountIdentity.account_id) == account_id))
    for kind in attempts.LIMITS:
        attempts.forgive(session, kind, attempt_key(account.email))
    # Not under the account's id: the erased account has no mail of its own any more.
    mail.queue(
        session,
        to=account.email,
        template="account_erased",
        context={"placeholder": ERASED_NAME},
    )
    _empty(account)
    session.add(account)
    note(session, account, "erased", actor=actor)


def _empty(account: Account) -> None:
    account.state, account.roles = "erased", []
    account.email, account.email_key = "", f"erased:{account.id}"
    account.display_name, account.organisation = ERASED_NAME, ""
    account.password_hash = account.totp_secret = account.totp_offered = ""
    account.totp_last_step = 0
    account.last_seen_at = None


def erase_own(token: str) -> None:
    """Erase the account of whoever holds this session.

    Raises NotSignedIn, ProveAgain, LastAdmin.
    """
    with session_scope(write=True) as session:
        account = sessions.require(session, token, proved=True).account
        erase(session, account.id)
