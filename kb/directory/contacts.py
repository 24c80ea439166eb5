"""Contacts of records: who offers help, how lately that was confirmed, and passing messages on.

Addresses leave neither this module nor `contact_checks` but in the envelope of a mail.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlmodel import Session, col, select

from kb.alerts import mail
from kb.audit import note_change
from kb.database import now
from kb.directory.models import RecordContact
from kb.errors import InputInvalid, KbError
from kb.records import service
from kb.records.models import Record

AMBER_MONTHS, RED_MONTHS = 12, 24  # since it was confirmed
MOST_LETTERS = 3000

Light = Literal["green", "amber", "red"]
_FEW = 500  # ids that fit into one question to the database
CLOSED = ("not-listed", "unreachable")
"""States in which nobody may write to a contact."""


class ContactUnusable(KbError):
    """There is no such contact, or nobody may write to them; the message says what to do."""


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
            reachable=bool(row.mailbox) and row.state not in CLOSED,
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


def reachable(session: Session, record_id: str, position: int) -> RecordContact:
    """The contact, if somebody may write to them. Raises ContactUnusable."""
    row = session.get(RecordContact, (record_id, position))
    record = session.get(Record, record_id)
    shown = record is not None and service.is_visible(record.state, record.restricted)
    if row is None or not shown or not row.mailbox or row.state in CLOSED:
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
    note(session, record_id, actor, "contact.relayed", position=position)


def note(session: Session, record_id: str, actor: str, action: str, **detail: Any) -> None:
    """Write the audit entry of something done with a contact of a record."""
    note_change(
        session, actor=actor, action=action, subject_type="record", subject_id=record_id, **detail
    )
