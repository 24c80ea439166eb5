"""The reviewer's steps: taking an entry up, sending it back, turning it down, publishing it.

All raise EntryNotFound for an entry that is not there or that this person may not see.
"""

from datetime import date

from sqlmodel import Session, select

from kb import jobs
from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.curation import access, attachments, notices, source_changes, steps
from kb.curation.content import changed_fields
from kb.curation.errors import EntryClash, NothingChanged, NotTheirs, StepRefused
from kb.curation.models import Entry
from kb.curation.workflow import WAITING, next_state
from kb.curation.writing import joined, of_record
from kb.database import now
from kb.records import service as records
from kb.records.errors import FieldError, RecordInvalid
from kb.records.rules import Door, edit_door
from kb.records.values import clean_text

COLLECTED_STATES = ("submitted", "draft", "published-unverified")
"""States of records without an author here that librarians may take up for review."""


def claim(session: Session, account: Account, entry_id: str, *, take_over: bool = False) -> Entry:
    """A reviewer takes it up, or over from another. Raises StepRefused, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    if take_over and entry.state == "in-review" and entry.claimed_by != account.actor:
        access.need_step(session, account, entry, "claim")
        before, entry.claimed_by, entry.claimed_at = entry.claimed_by, account.actor, now()
        session.add(entry)
        steps.note(session, entry, account.actor, "taken over", of=before)
        return entry
    step = "claim-appeal" if entry.state == "appealed" else "claim"
    next_state(step, entry.state)
    access.need_step(session, account, entry, step)
    if entry.claimed_by not in ("", account.actor):
        raise NotTheirs("Somebody else has just claimed it. Nothing was changed.")
    entry.claimed_by, entry.claimed_at = account.actor, now()
    steps.move(session, account, entry, step)
    return entry


def release(session: Session, account: Account, entry_id: str) -> Entry:
    """Give a claimed entry back to the queue. Raises StepRefused, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    step = "release-appeal" if entry.state == "appealed" else "release"
    next_state(step, entry.state)
    access.need_step(session, account, entry, step)
    entry.claimed_by, entry.claimed_at = "", None
    steps.move(session, account, entry, step)
    return entry


def set_due(session: Session, account: Account, entry_id: str, day: str) -> Entry:
    """Say by when it should be decided. Raises RecordInvalid, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    if not may(account, "review") or entry.state not in WAITING:
        raise NotTheirs("Only a librarian may do that, while it waits.")
    try:
        entry.due_on = date.fromisoformat(day.strip())
    except ValueError:
        rule = "give a day as year, month and day, such as 2026-12-31"
        raise RecordInvalid([FieldError("due", "Due", rule, day[:40])]) from None
    session.add(entry)
    steps.note(session, entry, account.actor, "due", on=entry.due_on.isoformat())
    return entry


def ask_for_changes(session: Session, account: Account, entry_id: str, message: str) -> Entry:
    """Send it back with questions. Raises RecordInvalid, StepRefused, NotTheirs."""
    entry = steps.held_for(session, account, entry_id, "ask")
    reason = steps.reason_of(message, "What should be changed")
    _decided(entry, account, reason)
    steps.move(session, account, entry, "ask", reason=reason)
    notices.tell_author(session, entry, "changes-asked")
    return entry


def decline(session: Session, account: Account, entry_id: str, reason: str) -> Entry:
    """Turn it down; its author is told why. Raises RecordInvalid, StepRefused, NotTheirs."""
    entry = steps.held_for(session, account, entry_id, "decline")
    said = steps.reason_of(reason, "Why it is declined")
    _decided(entry, account, said)
    steps.move(session, account, entry, "decline", reason=said)
    entry.claimed_by, entry.claimed_at = "", None
    session.add(entry)
    if entry.started_from == "collected" and entry.record_id:
        records.set_state(session, entry.record_id, "withdrawn", actor=account.actor, reason=said)
        jobs.index_soon(session)
    notices.tell_author(session, entry, "declined")
    return entry


def publish(session: Session, account: Account, entry_id: str, note: str = "") -> Entry:
    """Make the entry part of the collection: by the reviewer, or of a librarian's own edit.

    What others changed in the record meanwhile is joined in. Raises EntryClash when both changed
    the same, RecordInvalid, NothingChanged, StepRefused, NotTheirs.
    """
    entry = access.locked(session, account, entry_id)
    step = "apply" if entry.state == "draft" else "publish"
    next_state(step, entry.state)
    access.need_step(session, account, entry, step)
    if step == "apply" and not entry.record_id:
        raise StepRefused("A new entry is sent in first, and reviewed by another librarian.")
    version, state, values = None, "published", dict(entry.content)
    door: Door = "form"
    if entry.record_id:
        practice = records.get(session, entry.record_id)
        version, door = practice.version, edit_door(practice.door)
        values, clashes = joined(entry, practice.content)
        if clashes:
            raise EntryClash(clashes)
        if step == "apply" or entry.started_from == source_changes.STARTED_FROM:
            # Where the record stands is not what the change is about.
            state = practice.state
            if not changed_fields(practice.content.snapshot(), values):
                raise NothingChanged("Nothing was changed, so there is nothing to publish.")
    # The texts of what was attached go in with it, so that search finds them.
    content = attachments.with_texts(session, entry, records.parse(values))
    saved = records.save(
        session,
        content,
        door=door,
        actor=entry.owner if step == "publish" and entry.owner else account.actor,
        state=state,
        expected_version=version,
        note=clean_text(note)[:500],
    )
    entry.record_id = saved.id
    attachments.show_with(session, entry, saved.id)
    entry.content = values
    entry.base = dict(values)
    _decided(entry, account, clean_text(note)[: steps.REASON_LENGTH])
    steps.move(session, account, entry, step, record_version=saved.version)
    jobs.index_soon(session)
    if step == "publish":
        notices.tell_author(session, entry, "published")
    return entry


def _decided(entry: Entry, account: Account, reason: str) -> None:
    entry.reviewed = dict(entry.content)
    entry.decided_by, entry.decided_at, entry.reason = account.actor, now(), reason
    entry.due_on = None


def review_collected(session: Session, account: Account, record_id: str) -> Entry:
    """Take up a record that was collected from elsewhere and waits for review.

    Whoever takes it up claims it; it has no author. Raises RecordNotFound, StepRefused, NotTheirs.
    """
    if not may(account, "review"):
        raise NotTheirs("Only a librarian may do that.")
    practice = records.get(session, record_id)
    if practice.state not in COLLECTED_STATES:
        raise StepRefused(f"That record is {practice.state}; it does not wait for a review.")
    earlier = session.exec(
        select(Entry).where(
            Entry.record_id == record_id, Entry.owner == "", Entry.state == "in-review"
        )
    ).first()
    if earlier is not None:
        return earlier
    entry = of_record(session, account, practice.content, record_id)
    entry.owner, entry.reviewed, entry.started_from = "", {}, "collected"
    entry.state, entry.claimed_by, entry.claimed_at = "in-review", account.actor, now()
    entry.due_on = steps.due_day()
    session.add(entry)
    session.flush()
    steps.note(session, entry, account.actor, "claim", before=practice.state, after="in-review")
    return entry
