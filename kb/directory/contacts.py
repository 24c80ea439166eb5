"""Contacts of records: who offers help, whether they can still be asked, and passing messages on.

Addresses never leave this module but in the envelope of a mail.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlmodel import Session, col, select

from kb.accounts.tokens import new_token, token_hash
from kb.alerts import mail
from kb.audit import note_change
from kb.database import now
from kb.directory.models import ContactCheck, RecordContact
from kb.errors import InputInvalid, KbError
from kb.records import service
from kb.records.models import Record
from kb.records.parts import Contact
from kb.records.rules import edit_door

AMBER_MONTHS, RED_MONTHS = 12, 24
VALID = timedelta(days=60)
MOST_LETTERS = 3000
ANSWERED_BY = "contact"
"""The actor of what a contact says by the link in a mail."""

Light = Literal["green", "amber", "red"]
Answer = Literal["still-right", "moved-on", "not-listed"]
_FEW = 500  # ids that fit into one question to the database
_CLOSED = ("not-listed", "unreachable")


class ContactUnusable(KbError):
    """There is no such contact, or nobody may write to them; the message says what to do."""


class CheckUnusable(KbError):
    """The link of a mail to a contact is used up, too old or not ours."""


@dataclass(frozen=True)
class Listed:
    """A contact as the directory shows it; `reachable` when one can write through the site.

    `url` is a page that names the contact.
    """

    record_id: str
    record_title: str
    position: int
    role: str
    organisation: str
    verified_on: str
    state: str
    offers: tuple[str, ...]
    light: Light
    reachable: bool
    url: str = ""


def light(verified_on: str, today: date) -> Light:
    """Green within a year of being confirmed, amber in the second, red after or never.

    A date without day or month counts from its earliest day.
    """
    if not verified_on:
        return "red"
    year, month, _ = (*map(int, verified_on.split("-")), 1, 1)[:3]
    months = (today.year - year) * 12 + today.month - month
    return "green" if months < AMBER_MONTHS else "amber" if months < RED_MONTHS else "red"


def listed(
    session: Session, *, records: Collection[str] | None = None, offer: str = ""
) -> list[Listed]:
    """Contacts of records that everybody may see, by organisation; not those who asked not to be.

    `records` narrows to these records, `offer` to a kind of help.
    """
    query = (
        select(RecordContact, Record)
        .join(Record, col(Record.id) == RecordContact.record_id)
        .where(RecordContact.state != "not-listed")
    )
    wanted = None if records is None else set(records)
    if wanted is not None and len(wanted) <= _FEW:
        query = query.where(col(RecordContact.record_id).in_(wanted))
    rows = session.exec(query).all()
    today = now().date()
    found = [
        Listed(
            record_id=row.record_id,
            record_title=record.title,
            position=row.position,
            role=row.role,
            organisation=row.organisation,
            verified_on=row.verified_on,
            state=row.state,
            offers=tuple(row.offers),
            light=light(row.verified_on, today),
            reachable=bool(row.mailbox) and row.state not in _CLOSED,
            url=_page_of(record, row.position),
        )
        for row, record in rows
        if service.is_visible(record.state, record.restricted)
        and (wanted is None or row.record_id in wanted)
        and (not offer or offer in row.offers)
    ]
    return sorted(found, key=lambda one: (one.organisation.casefold(), one.record_title.casefold()))


def _page_of(record: Record, position: int) -> str:
    told = record.content.get("contacts") or []
    return str(told[position - 1].get("url") or "") if position <= len(told) else ""


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
    waiting = [one for one in listed(session) if one.state not in _CLOSED and one.light != "green"]
    waiting.sort(key=lambda one: (one.verified_on or "0", one.record_title.casefold()))
    return [Due(one, asked.get(one.record_id)) for one in waiting]


def reachable(session: Session, record_id: str, position: int) -> RecordContact:
    """The contact, if somebody may write to them. Raises ContactUnusable."""
    row = session.get(RecordContact, (record_id, position))
    record = session.get(Record, record_id)
    shown = record is not None and service.is_visible(record.state, record.restricted)
    if row is None or not shown or not row.mailbox or row.state in _CLOSED:
        raise ContactUnusable(
            "Nobody can be written to there any more. Look at the record for another way."
        )
    return row


def relay(
    session: Session,
    record_id: str,
    position: int,
    *,
    sender: str,
    reply_to: str,
    text: str,
    actor: str,
) -> None:
    """Pass a message on to a contact; their answer goes straight to `reply_to`.

    The text is kept nowhere but in the mail that waits to go. The caller has checked `reply_to`,
    counts attempts and wakes the worker. Raises ContactUnusable, InputInvalid.
    """
    row = reachable(session, record_id, position)
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InputInvalid("Write what you would like to ask.")
    if len(text) > MOST_LETTERS:
        raise InputInvalid(
            f"The message has {len(text):,} characters; shorten it to {MOST_LETTERS:,}."
        )
    record = session.get(Record, record_id)
    assert record is not None
    mail.queue(
        session,
        to=row.mailbox,
        template="relay",
        context={
            "record_title": record.title,
            "record_id": record_id,
            "sender": sender,
            "reply_to": reply_to,
            "lines": text.split("\n"),
        },
        reply_to=reply_to,
    )
    _audit(session, record_id, actor, "contact.relayed", position=position)


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
    _audit(session, record_id, actor, "contact.asked", position=position)


def confirm(session: Session, record_id: str, position: int, *, actor: str) -> None:
    """Note that somebody found a contact still right, as on a page of theirs.

    Raises ContactUnusable.
    """
    row = session.get(RecordContact, (record_id, position))
    record = session.get(Record, record_id)
    if row is None or record is None or row.state in _CLOSED:
        raise ContactUnusable("That contact is not listed any more. Look at the list again.")
    practice = service.get(session, record_id)
    contacts = list(practice.content.contacts)
    changes = {"state": "confirmed", "verified_on": now().date().isoformat()}
    contacts[position - 1] = contacts[position - 1].model_copy(update=changes)
    service.save(
        session,
        practice.content.model_copy(update={"contacts": contacts}),
        door=edit_door(service.last_door(session, record_id)),
        actor=actor,
        state=record.state,
        note="A contact was found to be still right.",
    )
    _audit(session, record_id, actor, "contact.confirmed", position=position)


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
    service.save(
        session,
        practice.content.model_copy(update={"contacts": contacts}),
        door=edit_door(service.last_door(session, record.id)),
        actor=ANSWERED_BY,
        state=record.state,
        note="A contact said whether they can still be asked.",
    )
    check.answered_at, check.answer, check.mailbox = now(), said, ""
    session.add(check)
    _audit(session, record.id, ANSWERED_BY, "contact.answered", answer=said)


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


def _audit(session: Session, record_id: str, actor: str, action: str, **detail: Any) -> None:
    note_change(
        session, actor=actor, action=action, subject_type="record", subject_id=record_id, **detail
    )
