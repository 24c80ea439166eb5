"""Whether contacts can still be asked: who is due, mails that ask them, and what they answer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlmodel import Session, col, select

from kb.accounts.tokens import new_token, token_hash
from kb.alerts import mail
from kb.database import now
from kb.directory.contacts import CLOSED, ContactUnusable, Listed, listed, note, reachable
from kb.directory.models import ContactCheck, RecordContact
from kb.errors import KbError
from kb.records import service
from kb.records.models import Record
from kb.records.parts import Contact
from kb.records.rules import edit_door

VALID = timedelta(days=60)
"""How long the link in a mail can be used."""
ANSWERED_BY = "contact"
"""The actor of what a contact says by the link in a mail."""
Answer = Literal["still-right", "moved-on", "not-listed"]


class CheckUnusable(KbError):
    """The link of a mail to a contact is used up, too old or not ours."""


@dataclass(frozen=True)
class Due:
    """A contact to be asked; `asked_on` when that was last done and not answered."""

    contact: Listed
    asked_on: date | None


def due(session: Session) -> list[Due]:
    """Contacts that were not confirmed within a year, the oldest first.

    Those without a mailbox are among them: nobody can ask them, but somebody can look at their
    page (`confirm`).
    """
    asked: dict[str, date] = {}
    open_checks = select(ContactCheck).where(col(ContactCheck.answered_at).is_(None))
    for check in session.exec(open_checks.order_by(col(ContactCheck.asked_at))):
        asked[check.record_id] = check.asked_at.date()
    waiting = [one for one in listed(session) if one.state not in CLOSED and one.light != "green"]
    waiting.sort(key=lambda one: (one.verified_on or "0", one.record_title.casefold()))
    return [Due(one, asked.get(one.record_id)) for one in waiting]


def ask(session: Session, record_id: str, position: int, *, actor: str) -> None:
    """Mail a contact a link by which they say whether they can still be asked.

    Raises ContactUnusable.
    """
    row = reachable(session, record_id, position)
    record = session.get(Record, record_id)
    assert record is not None
    token = new_token()
    session.add(
        ContactCheck(
            token_hash=token_hash(token),
            record_id=record_id,
            mailbox=row.mailbox,
            asked_at=now(),
        )
    )
    mail.queue(
        session,
        to=row.mailbox,
        template="contact_check",
        context={
            "record_title": record.title,
            "record_id": record_id,
            "role": row.role or row.organisation,
            "link": f"{mail.site_address()}/contacts/{token}",
        },
    )
    note(session, record_id, actor, "contact.asked", position=position)


def confirm(session: Session, record_id: str, position: int, *, actor: str) -> None:
    """Note that somebody found a contact still right, as on a page of theirs.

    Raises ContactUnusable.
    """
    row = session.get(RecordContact, (record_id, position))
    record = session.get(Record, record_id)
    if row is None or record is None or row.state in CLOSED:
        raise ContactUnusable("That contact is not listed any more. Look at the list again.")
    practice = service.get(session, record_id)
    contacts = list(practice.content.contacts)
    changes = {"state": "confirmed", "verified_on": now().date().isoformat()}
    contacts[position - 1] = contacts[position - 1].model_copy(update=changes)
    _save(session, practice, contacts, actor, "A contact was found to be still right.")
    note(session, record_id, actor, "contact.confirmed", position=position)


def _save(
    session: Session, practice: service.Practice, contacts: list[Contact], actor: str, why: str
) -> None:
    service.save(
        session,
        practice.content.model_copy(update={"contacts": contacts}),
        door=edit_door(service.last_door(session, practice.id)),
        actor=actor,
        state=practice.state,
        note=why,
    )


@dataclass(frozen=True)
class Asked:
    """What a contact is asked about."""

    record_id: str
    record_title: str
    role: str
    organisation: str


def asked(session: Session, token: str) -> Asked:
    """What the link of a mail is about. Raises CheckUnusable."""
    _, record, item = _open_check(session, token)
    return Asked(record.id, record.title, item.role, item.organisation)


def answer(
    session: Session, token: str, said: Answer, *, role: str = "", mailbox: str = ""
) -> None:
    """Keep what a contact says: still right, somebody else now, or do not list us.

    Who moved on may name a team mailbox that takes over; it counts as not confirmed until it
    answers for itself. The link can be used once. Raises CheckUnusable.
    """
    check, record, item = _open_check(session, token)
    today = now().date().isoformat()
    changes: dict[str, Any] = {
        "still-right": {"state": "confirmed", "verified_on": today},
        "moved-on": {
            "state": "moved-mailbox" if mailbox else "unreachable",
            "verified_on": "",
            "person": "",
            "mailbox": mailbox,
            "role": " ".join(role.split())[:200] or item.role,
        },
        "not-listed": {"state": "not-listed", "verified_on": "", "person": "", "mailbox": ""},
    }[said]
    practice = service.get(session, record.id)
    contacts = [
        one.model_copy(update=changes) if one.mailbox == check.mailbox else one
        for one in practice.content.contacts
    ]
    said_so = "A contact said whether they can still be asked."
    _save(session, practice, contacts, ANSWERED_BY, said_so)
    check.answered_at, check.answer, check.mailbox = now(), said, ""
    session.add(check)
    note(session, record.id, ANSWERED_BY, "contact.answered", answer=said)


def _open_check(session: Session, token: str) -> tuple[ContactCheck, Record, Contact]:
    check = session.get(ContactCheck, token_hash(token))
    if check is None or check.answered_at is not None or check.asked_at < now() - VALID:
        raise CheckUnusable("This link was used already or is too old. Thank you all the same.")
    record = session.get(Record, check.record_id)
    assert record is not None, "a foreign key holds this"
    contacts = service.get(session, record.id).content.contacts
    item = next((one for one in contacts if one.mailbox == check.mailbox), None)
    if item is None:
        raise CheckUnusable("The record no longer names this contact, so nothing need be done.")
    return check, record, item
