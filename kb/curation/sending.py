"""The author's steps: sending an entry in, taking it back, deleting it, appealing.

All raise EntryNotFound for an entry that is not there or that this person may not see.
"""

from typing import cast

from sqlmodel import Session, col, select

from kb.accounts.models import Account
from kb.curation import access, attachments, notices, steps
from kb.curation.content import changed_fields, readable
from kb.curation.errors import NothingChanged, NotTheirs, StepRefused
from kb.curation.models import Entry, EntryComment
from kb.curation.workflow import next_state
from kb.curation.writing import joined
from kb.database import now
from kb.imports import uploads
from kb.records import service as records
from kb.records.errors import FieldError, RecordInvalid
from kb.records.rules import Door, Step, check


def problems(session: Session, entry: Entry, step: Step) -> list[FieldError]:
    """Everything that stands in the way of a step: wrong values, then what is missing."""
    door: Door = "form"
    values = dict(entry.content)
    if entry.record_id:
        practice = records.get(session, entry.record_id)
        values, _ = joined(entry, practice.content)
        door = cast("Door", practice.door)
    content, wrong = readable(values)
    named = {error.field.partition(".")[0] for error in wrong}
    missing = [e for e in check(content, door=door, step=step) if e.field not in named]
    return [*wrong, *missing]


def submit(session: Session, account: Account, entry_id: str) -> Entry:
    """Send an entry in, or in again.

    Raises RecordInvalid, NothingChanged, StepRefused, NotTheirs.
    """
    entry = steps.held_for(session, account, entry_id, "submit")
    found = problems(session, entry, "submit")
    if found:
        raise RecordInvalid(found, entry.title[:80])
    if entry.reviewed and not changed_fields(entry.reviewed, entry.content):
        _need_answer(session, entry)
    entry.round += 1
    entry.submitted_at = now()
    entry.due_on = steps.due_day()
    # Whoever asked for the changes looks at them again; nobody else has to read up on it.
    last_reviewer = entry.claimed_by
    steps.move(session, account, entry, "submit", round=entry.round)
    if last_reviewer:
        entry.state = next_state("claim", entry.state)
        session.add(entry)
        steps.note(session, entry, last_reviewer, "claim", before="submitted", after=entry.state)
        notices.tell_reviewer(session, entry, last_reviewer, "sent in again")
    notices.tell_author(session, entry, "received")
    return entry


def _need_answer(session: Session, entry: Entry) -> None:
    """Without a change there has to be an answer to what the reviewer said."""
    answered = session.exec(
        select(EntryComment.id).where(
            EntryComment.entry_id == entry.id,
            EntryComment.author == entry.owner,
            col(EntryComment.at) > (entry.decided_at or entry.created_at),
        )
    ).first()
    if answered is None or not entry.round:
        raise NothingChanged(
            "Nothing was changed, so there is nothing to review. Change something first, or write "
            "an answer to the reviewer."
            if entry.round
            else "Nothing was changed yet, so there is nothing to send in."
        )


def take_back(session: Session, account: Account, entry_id: str) -> Entry:
    """The author takes it back; it is kept. Raises StepRefused, NotTheirs."""
    entry = steps.held_for(session, account, entry_id, "take-back")
    reviewer, entry.claimed_by, entry.due_on = entry.claimed_by, "", None
    steps.move(session, account, entry, "take-back")
    if reviewer:
        notices.tell_reviewer(session, entry, reviewer, "taken back by its author")
    return entry


def reopen(session: Session, account: Account, entry_id: str) -> Entry:
    """An entry that was taken back becomes a draft again. Raises StepRefused, NotTheirs."""
    entry = steps.held_for(session, account, entry_id, "reopen")
    steps.move(session, account, entry, "reopen")
    return entry


def discard(session: Session, account: Account, entry_id: str) -> None:
    """Delete a draft that was never sent in. Raises StepRefused, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    if not access.is_author(account, entry):
        raise NotTheirs("Only its author may delete it.")
    if entry.state not in ("draft", "withdrawn") or entry.round:
        raise StepRefused("Only a draft that was never sent in can be deleted; take it back.")
    attachments.discard_all(session, entry)
    uploads.forget_entry(session, entry.id)
    session.delete(entry)
    steps.note(session, entry, account.actor, "discarded")
    session.flush()


def appeal(session: Session, account: Account, entry_id: str, reason: str) -> Entry:
    """Ask for another librarian's decision, once. Raises RecordInvalid, StepRefused, NotTheirs."""
    entry = steps.held_for(session, account, entry_id, "appeal")
    if entry.appeals:
        raise StepRefused("The appeal was decided; that decision stands.")
    said = steps.reason_of(reason, "Why it should be taken in")
    entry.appeals += 1
    entry.due_on = steps.due_day()
    steps.move(session, account, entry, "appeal", reason=said)
    session.add(EntryComment(entry_id=entry.id, author=account.actor, text=said, at=now()))
    return entry
