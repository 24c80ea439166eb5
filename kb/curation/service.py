"""Entries: begun, written, sent in, reviewed, decided. Each step writes its audit entry with it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from sqlmodel import Session, col, select

from kb import jobs
from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.audit import note_change
from kb.curation import access, attachments, notices, source_changes
from kb.curation.content import changed_fields, readable, settled, with_values
from kb.curation.errors import EntryClash, NothingChanged, NotTheirs, StepRefused
from kb.curation.models import Entry, EntryComment
from kb.curation.threeway import Clash, three_way
from kb.curation.workflow import WAITING, next_state
from kb.database import now
from kb.records import service as records
from kb.records.definition import clean_text
from kb.records.errors import FieldError, RecordInvalid
from kb.records.practice import FIELDS, PracticeIn
from kb.records.rules import Door, Step, check
from kb.settings import settings

_REASON_LENGTH = 4000
COLLECTED_STATES = ("submitted", "draft", "published-unverified")
"""States of records without an author here that librarians may take up for review."""


def begin(
    session: Session,
    account: Account,
    content: Mapping[str, Any] | None = None,
    *,
    started_from: str = "blank",
    record_id: str | None = None,
    passages: Mapping[str, Any] | None = None,
) -> Entry:
    """A new draft of this person's. With a `record_id` it is a change to that record.

    Of the content only what the form asks this person for is taken: never an id, for one.
    """
    moment = now()
    asked = _asked(account)
    kept, _ = settled({name: value for name, value in (content or {}).items() if name in asked})
    entry = Entry(
        id=secrets.token_hex(8),
        record_id=record_id,
        owner=account.actor,
        state="draft",
        started_from=started_from,
        content=with_values({}, kept),
        passages=dict(passages or {}),
        created_at=moment,
        updated_at=moment,
    )
    if record_id:
        entry.base = entry.reviewed = dict(entry.content)
    session.add(entry)
    session.flush()
    _audit(session, entry, account.actor, "begun", started_from=started_from)
    return entry


def _asked(account: Account) -> set[str]:
    """Names of the fields that the form asks this person for."""
    whom = ("all", "curators") if may(account, "edit") else ("all",)
    return {spec.name for spec in FIELDS if spec.asked in whom}


def _audit(session: Session, entry: Entry, actor: str, action: str, **detail: Any) -> None:
    note_change(
        session,
        actor=actor,
        action=f"entry.{action}",
        subject_type="entry",
        subject_id=entry.id,
        **({"record": entry.record_id} if entry.record_id else {}),
        **detail,
    )


def mine(session: Session, account: Account) -> list[Entry]:
    """This person's entries, the one last written to first."""
    return list(
        session.exec(
            select(Entry)
            .where(Entry.owner == account.actor)
            .order_by(col(Entry.updated_at).desc(), col(Entry.id))
        )
    )


@dataclass(frozen=True)
class Written:
    """What came of writing: clashes with somebody else's change, and values that are wrong."""

    entry: Entry
    clashes: list[Clash] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


def write(
    session: Session,
    account: Account,
    entry_id: str,
    values: Mapping[str, Any],
    base: Mapping[str, Any],
    *,
    done: tuple[str, bool] | None = None,
) -> Written:
    """Keep what was typed in some fields, as a draft: nothing is refused for being wrong.

    `base` is what the form showed. What somebody else changed since then is never overwritten:
    it comes back as a clash, while all else is kept. `done` says of a page whether its author
    calls it complete. Raises EntryNotFound, NotTheirs.
    """
    entry = access.locked(session, account, entry_id)
    if not access.may_write(account, entry):
        raise NotTheirs("This entry cannot be changed by you as it stands now.")
    asked = _asked(account)
    values = {name: value for name, value in values.items() if name in asked}
    kept, errors = settled(values)
    before, _ = settled({name: base.get(name) for name in values})
    content, clashes = three_way(before, kept, entry.content, values)
    changed = changed_fields(entry.content, content)
    sections = _done(entry.done, done)
    if changed or sections != entry.done:
        entry.content, entry.done = content, sections
        entry.edition += 1
        entry.updated_at = now()
        session.add(entry)
        session.flush()
        if changed and entry.state != "draft":
            _audit(session, entry, account.actor, "changed", fields=changed)
    return Written(entry, clashes, errors)


def _done(before: list[str], done: tuple[str, bool] | None) -> list[str]:
    if done is None:
        return before
    section_id, complete = done
    others = [one for one in before if one != section_id]
    return [*others, section_id] if complete else others


def of_record(session: Session, account: Account, content: PracticeIn, record_id: str) -> Entry:
    """A draft that changes a record; `content` is what of it this person may see.

    Holds only what the form asks this person for: all else stays as the record has it.
    """
    return begin(session, account, content.snapshot(), started_from="record", record_id=record_id)


def problems(session: Session, entry: Entry, step: Step) -> list[FieldError]:
    """Everything that stands in the way of a step: wrong values, then what is missing."""
    door: Door = "form"
    values = dict(entry.content)
    if entry.record_id:
        practice = records.get(session, entry.record_id)
        values, _ = joined(entry, practice.content)
        door = _edit_door(practice.door, judged=True)
    content, wrong = readable(values)
    named = {error.field.partition(".")[0] for error in wrong}
    missing = [e for e in check(content, door=door, step=step) if e.field not in named]
    return [*wrong, *missing]


def _edit_door(door: str, *, judged: bool = False) -> Door:
    """The door that a change to a record counts as coming through.

    What was written up from sources or imported stays that, and is judged so; a collected record
    becomes one that people edited, judged by what collecting asks.
    """
    if door in ("file", "import") or (judged and door in ("harvest", "document")):
        return cast("Door", door)
    return "form"


def submit(session: Session, account: Account, entry_id: str) -> Entry:
    """Send an entry in, or in again.

    Raises RecordInvalid, NothingChanged, StepRefused, NotTheirs.
    """
    entry = _at_step(session, account, entry_id, "submit")
    found = problems(session, entry, "submit")
    if found:
        raise RecordInvalid(found, entry.title[:80])
    if entry.reviewed and not changed_fields(entry.reviewed, entry.content):
        _need_answer(session, entry)
    entry.round += 1
    entry.submitted_at = now()
    entry.due_on = (now() + timedelta(days=settings().review_days)).date()
    # Whoever asked for the changes looks at them again; nobody else has to read up on it.
    last_reviewer = entry.claimed_by
    _move(session, account, entry, "submit", round=entry.round)
    if last_reviewer:
        entry.state = next_state("claim", entry.state)
        session.add(entry)
        _audit(session, entry, last_reviewer, "claim", before="submitted", after=entry.state)
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


def _at_step(session: Session, account: Account, entry_id: str, step: str) -> Entry:
    """The entry, held, if the step is legal now and theirs to take."""
    entry = access.locked(session, account, entry_id)
    next_state(step, entry.state)
    access.need_step(session, account, entry, step)
    return entry


def _move(session: Session, account: Account, entry: Entry, step: str, **detail: Any) -> None:
    before, entry.state = entry.state, next_state(step, entry.state)
    entry.updated_at = now()
    session.add(entry)
    session.flush()
    _audit(session, entry, account.actor, step, before=before, after=entry.state, **detail)


def take_back(session: Session, account: Account, entry_id: str) -> Entry:
    """The author takes it back; it is kept. Raises StepRefused, NotTheirs."""
    entry = _at_step(session, account, entry_id, "take-back")
    reviewer, entry.claimed_by, entry.due_on = entry.claimed_by, "", None
    _move(session, account, entry, "take-back")
    if reviewer:
        notices.tell_reviewer(session, entry, reviewer, "taken back by its author")
    return entry


def reopen(session: Session, account: Account, entry_id: str) -> Entry:
    """An entry that was taken back becomes a draft again. Raises StepRefused, NotTheirs."""
    entry = _at_step(session, account, entry_id, "reopen")
    _move(session, account, entry, "reopen")
    return entry


def discard(session: Session, account: Account, entry_id: str) -> None:
    """Delete a draft that was never sent in. Raises StepRefused, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    if not access.is_author(account, entry):
        raise NotTheirs("Only its author may delete it.")
    if entry.state not in ("draft", "withdrawn") or entry.round:
        raise StepRefused("Only a draft that was never sent in can be deleted; take it back.")
    attachments.discard_all(session, entry)
    session.delete(entry)
    _audit(session, entry, account.actor, "discarded")
    session.flush()


def claim(session: Session, account: Account, entry_id: str, *, take_over: bool = False) -> Entry:
    """A reviewer takes it up, or over from another. Raises StepRefused, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    if take_over and entry.state == "in-review" and entry.claimed_by != account.actor:
        access.need_step(session, account, entry, "claim")
        before, entry.claimed_by, entry.claimed_at = entry.claimed_by, account.actor, now()
        session.add(entry)
        _audit(session, entry, account.actor, "taken over", of=before)
        return entry
    step = "claim-appeal" if entry.state == "appealed" else "claim"
    next_state(step, entry.state)
    access.need_step(session, account, entry, step)
    if entry.claimed_by not in ("", account.actor):
        raise NotTheirs("Somebody else has just claimed it. Nothing was changed.")
    entry.claimed_by, entry.claimed_at = account.actor, now()
    _move(session, account, entry, step)
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
    _audit(session, entry, account.actor, "due", on=entry.due_on.isoformat())
    return entry


def release(session: Session, account: Account, entry_id: str) -> Entry:
    """Give a claimed entry back to the queue. Raises StepRefused, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    step = "release-appeal" if entry.state == "appealed" else "release"
    next_state(step, entry.state)
    access.need_step(session, account, entry, step)
    entry.claimed_by, entry.claimed_at = "", None
    _move(session, account, entry, step)
    return entry


def _reason(text: str, label: str) -> str:
    reason = clean_text(text)[:_REASON_LENGTH]
    if not reason:
        raise RecordInvalid([FieldError("reason", label, "say why, in words they can use", "")])
    return reason


def ask_for_changes(session: Session, account: Account, entry_id: str, message: str) -> Entry:
    """Send it back with questions. Raises RecordInvalid, StepRefused, NotTheirs."""
    entry = _at_step(session, account, entry_id, "ask")
    reason = _reason(message, "What should be changed")
    _decided(entry, account, reason)
    _move(session, account, entry, "ask", reason=reason)
    notices.tell_author(session, entry, "changes-asked")
    return entry


def _decided(entry: Entry, account: Account, reason: str) -> None:
    entry.reviewed = dict(entry.content)
    entry.decided_by, entry.decided_at, entry.reason = account.actor, now(), reason
    entry.due_on = None


def decline(session: Session, account: Account, entry_id: str, reason: str) -> Entry:
    """Turn it down; its author is told why. Raises RecordInvalid, StepRefused, NotTheirs."""
    entry = _at_step(session, account, entry_id, "decline")
    said = _reason(reason, "Why it is declined")
    _decided(entry, account, said)
    _move(session, account, entry, "decline", reason=said)
    entry.claimed_by, entry.claimed_at = "", None
    session.add(entry)
    if entry.started_from == "collected" and entry.record_id:
        records.set_state(session, entry.record_id, "withdrawn", actor=account.actor, reason=said)
        _index(session)
    notices.tell_author(session, entry, "declined")
    return entry


def appeal(session: Session, account: Account, entry_id: str, reason: str) -> Entry:
    """Ask for another librarian's decision, once. Raises RecordInvalid, StepRefused, NotTheirs."""
    entry = _at_step(session, account, entry_id, "appeal")
    if entry.appeals:
        raise StepRefused("The appeal was decided; that decision stands.")
    said = _reason(reason, "Why it should be taken in")
    entry.appeals += 1
    entry.due_on = (now() + timedelta(days=settings().review_days)).date()
    _move(session, account, entry, "appeal", reason=said)
    session.add(EntryComment(entry_id=entry.id, author=account.actor, text=said, at=now()))
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
        version, door = practice.version, _edit_door(practice.door)
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
    _decided(entry, account, clean_text(note)[:_REASON_LENGTH])
    _move(session, account, entry, step, record_version=saved.version)
    _index(session)
    if step == "publish":
        notices.tell_author(session, entry, "published")
    return entry


def joined(entry: Entry, record: PracticeIn) -> tuple[dict[str, Any], list[Clash]]:
    """The record as it is now with what the entry changes, and where the two differ."""
    return three_way(entry.base, entry.content, record.snapshot(), [spec.name for spec in FIELDS])


def choose(
    session: Session, account: Account, entry_id: str, keep_mine: Mapping[str, bool]
) -> Entry:
    """Settle where an entry and its record differ; afterwards it can be published.

    Fields that are not named stay a clash. Raises EntryNotFound, NotTheirs.
    """
    entry = access.locked(session, account, entry_id)
    if not access.may_write(account, entry) or not entry.record_id:
        raise NotTheirs("This entry cannot be changed by you as it stands now.")
    record = records.get(session, entry.record_id).content
    now_there = record.snapshot()
    _, clashes = joined(entry, record)
    content, base = dict(entry.content), dict(entry.base)
    for clash in clashes:
        name = clash.spec.name
        if name in keep_mine:
            base = with_values(base, {name: now_there.get(name)})
            if not keep_mine[name]:
                content = with_values(content, {name: now_there.get(name)})
    entry.content, entry.base = content, base
    entry.edition += 1
    entry.updated_at = now()
    session.add(entry)
    _audit(session, entry, account.actor, "clash settled", fields=sorted(keep_mine))
    session.flush()
    return entry


def _index(session: Session) -> None:
    jobs.enqueue(session, "index.sync", key="index.sync")


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
    entry.due_on = (now() + timedelta(days=settings().review_days)).date()
    session.add(entry)
    session.flush()
    _audit(session, entry, account.actor, "claim", before=practice.state, after="in-review")
    return entry
