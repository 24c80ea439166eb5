"""What every step of an entry shares: whether it may be taken, its move, its audit entry."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from kb.accounts.models import Account
from kb.audit import note_change
from kb.curation import access
from kb.curation.models import Entry
from kb.curation.workflow import next_state
from kb.database import now
from kb.records.errors import FieldError, RecordInvalid
from kb.records.values import clean_text
from kb.settings import settings

REASON_LENGTH = 4000


def due_day() -> date:
    """By when what is sent in now should be decided."""
    return (now() + timedelta(days=settings().review_days)).date()


def note(session: Session, entry: Entry, actor: str, action: str, **detail: Any) -> None:
    """Write the audit entry of something done to an entry, with the record that it changes."""
    note_change(
        session,
        actor=actor,
        action=f"entry.{action}",
        subject_type="entry",
        subject_id=entry.id,
        **({"record": entry.record_id} if entry.record_id else {}),
        **detail,
    )


def held_for(session: Session, account: Account, entry_id: str, step: str) -> Entry:
    """The entry, held, if the step is legal now and theirs to take.

    Raises EntryNotFound, StepRefused, NotTheirs.
    """
    entry = access.locked(session, account, entry_id)
    next_state(step, entry.state)
    access.need_step(session, account, entry, step)
    return entry


def move(session: Session, account: Account, entry: Entry, step: str, **detail: Any) -> None:
    """Bring an entry where the step leads, with its audit entry. Raises StepRefused."""
    before, entry.state = entry.state, next_state(step, entry.state)
    entry.updated_at = now()
    session.add(entry)
    session.flush()
    note(session, entry, account.actor, step, before=before, after=entry.state, **detail)


def reason_of(text: str, label: str) -> str:
    """The reason given for a step, cleaned; `label` is its field's.

    Raises RecordInvalid when there is none.
    """
    reason = clean_text(text)[:REASON_LENGTH]
    if not reason:
        raise RecordInvalid([FieldError("reason", label, "say why, in words they can use", "")])
    return reason
