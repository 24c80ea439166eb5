"""Making two records one, field by field, and taking that back.

The record that goes is withdrawn and points to the one that stays: its address, exports and API
answer with that one. Verdicts, notes, proposals and places on reading lists follow, as do the links
that crawls find it by. Undoing restores both as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session, col, select

from kb import jobs
from kb.audit import note_change
from kb.database import now
from kb.directory.models import RecordSource
from kb.duplicates.models import DuplicatePair, RecordMerge
from kb.duplicates.service import ordered
from kb.errors import InputInvalid
from kb.records import FIELDS, FieldSpec, PracticeIn, service
from kb.records.merge import join
from kb.records.models import Record, RecordKey
from kb.records.rewind import rewind
from kb.records.rules import is_empty
from kb.trails.models import AdoptionProposal, Annotation, ReadingListItem

Pick = Literal["kept", "gone", "both"]
PICKS: tuple[Pick, ...] = ("kept", "gone", "both")
_GONE_STATE = "withdrawn"
_MANY = ("terms", "texts", "rows")


class MergeRefused(InputInvalid):
    """The two cannot be merged, or the merge not taken back; the message says why."""


@dataclass(frozen=True)
class Choice:
    """A field in which the two differ: both values, and what is picked."""

    spec: FieldSpec
    kept: Any
    gone: Any
    pick: Pick
    both_possible: bool


def choices(kept: PracticeIn, gone: PracticeIn, picks: Mapping[str, str]) -> list[Choice]:
    """The fields in which two records differ; one not picked is as joining would have it."""
    found = []
    for spec in FIELDS:
        mine, theirs = getattr(kept, spec.name), getattr(gone, spec.name)
        if spec.name == "id" or mine == theirs:
            continue
        both = spec.kind in _MANY and not is_empty(mine) and not is_empty(theirs)
        usual: Pick = "gone" if is_empty(mine) else "both" if both else "kept"
        given = picks.get(spec.name, "")
        pick = given if given in PICKS and (both or given != "both") else usual
        found.append(Choice(spec, mine, theirs, pick, both))
    return found


def merged(kept: PracticeIn, gone: PracticeIn, picks: Mapping[str, str]) -> PracticeIn:
    """The record that the picks make. The title of the one that goes stays as another name."""
    data = kept.snapshot()
    united = join(kept, gone).snapshot()
    theirs = gone.snapshot()
    for choice in choices(kept, gone, picks):
        name = choice.spec.name
        source = {"kept": data, "gone": theirs, "both": united}[choice.pick]
        if name in source:
            data[name] = source[name]
        else:
            data.pop(name, None)
    content = PracticeIn.model_validate(data)
    names = [*content.other_names, kept.title, gone.title]
    other = [name for name in dict.fromkeys(names) if name != content.title]
    return content.model_copy(update={"other_names": other})


def merge(
    session: Session,
    kept_id: str,
    gone_id: str,
    *,
    picks: Mapping[str, str],
    versions: tuple[int, int],
    actor: str,
) -> RecordMerge:
    """Make two records one; `versions` are those that the picks were made on.

    Raises MergeRefused, RecordNotFound, RecordInvalid, EditConflict.
    """
    if kept_id == gone_id:
        raise MergeRefused("A record cannot be merged with itself.")
    kept, gone = service.get(session, kept_id), service.get(session, gone_id)
    for one in (kept, gone):
        if one.state == _GONE_STATE:
            raise MergeRefused(f"'{one.id}' is withdrawn; only records that are there can be one.")
    if (kept.version, gone.version) != versions:
        raise MergeRefused("One of the two was changed since this page was opened; look again.")
    content = merged(kept.content, gone.content, picks)
    service.save(
        session,
        content.model_copy(update={"id": kept_id}),
        door="form",
        actor=actor,
        state=kept.state,
        expected_version=kept.version,
        note=f"merged with {gone_id}",
    )
    service.set_state(
        session,
        gone_id,
        _GONE_STATE,
        actor=actor,
        reason=f"merged into {kept_id}",
        superseded_by=kept_id,
    )
    row = RecordMerge(
        kept_id=kept_id,
        gone_id=gone_id,
        actor=actor,
        at=now(),
        picks=dict(picks),
        before={
            "kept": {"version": kept.version, "superseded_by": kept.superseded_by},
            "gone": {"version": gone.version, "superseded_by": gone.superseded_by},
            "moved": _move(session, gone_id, kept_id),
            "pair": _decide(session, kept_id, gone_id, actor),
        },
    )
    session.add(row)
    session.flush()
    row.before = {**row.before, "after": [_version(session, kept_id), _version(session, gone_id)]}
    session.add(row)
    note_change(
        session,
        actor=actor,
        action="records.merged",
        subject_type="record",
        subject_id=kept_id,
        gone=gone_id,
        picks=dict(picks),
    )
    jobs.index_soon(session)
    session.flush()
    return row


def undo(session: Session, merge_id: int, *, actor: str) -> RecordMerge:
    """Take a merge back: both records are what they were. Raises MergeRefused."""
    row = session.get(RecordMerge, merge_id)
    if row is None or row.undone_at is not None:
        raise MergeRefused("There is no such merge to take back.")
    after = [_version(session, row.kept_id), _version(session, row.gone_id)]
    if after != row.before["after"]:
        raise MergeRefused(
            "One of the two was changed since the merge, so it was not taken back. Undo that "
            "change first, or copy the parts by hand."
        )
    for name, record_id in (("kept", row.kept_id), ("gone", row.gone_id)):
        was = row.before[name]
        rewind(session, record_id, was["version"], superseded_by=was["superseded_by"])
    _move_back(session, row)
    if (pair := session.get(DuplicatePair, ordered(row.kept_id, row.gone_id))) is not None:
        if row.before["pair"] is None:
            session.delete(pair)
        else:
            pair.state, pair.decided_by, pair.decided_at = row.before["pair"], "", None
            session.add(pair)
    row.undone_at, row.undone_by = now(), actor
    session.add(row)
    note_change(
        session,
        actor=actor,
        action="records.merge_undone",
        subject_type="record",
        subject_id=row.kept_id,
        gone=row.gone_id,
    )
    jobs.index_soon(session)
    session.flush()
    return row


def latest(session: Session, count: int = 50) -> list[RecordMerge]:
    """The newest merges first, those taken back among them."""
    return list(
        session.exec(select(RecordMerge).order_by(col(RecordMerge.id).desc()).limit(count)).all()
    )


def merged_into(session: Session, record_id: str) -> str | None:
    """The record that this one was merged into, over any number of merges; None for others."""
    seen = {record_id}
    found: str | None = None
    step = record_id
    while True:
        row = session.exec(
            select(RecordMerge.kept_id).where(
                RecordMerge.gone_id == step, col(RecordMerge.undone_at).is_(None)
            )
        ).first()
        if row is None or row in seen:
            return found
        found = step = row
        seen.add(row)


def merged_from(session: Session, record_id: str) -> list[str]:
    """The records that went into this one."""
    rows = session.exec(
        select(RecordMerge.gone_id)
        .where(RecordMerge.kept_id == record_id, col(RecordMerge.undone_at).is_(None))
        .order_by(col(RecordMerge.id))
    )
    return list(rows.all())


def _version(session: Session, record_id: str) -> int:
    row = session.get(Record, record_id)
    return row.version if row is not None else 0


def _decide(session: Session, kept_id: str, gone_id: str, actor: str) -> str | None:
    """Mark the pair as merged; the state it had, or None when it was not there."""
    pair = session.get(DuplicatePair, ordered(kept_id, gone_id))
    if pair is None:
        return None
    before, pair.state = pair.state, "merged"
    pair.decided_by, pair.decided_at = actor, now()
    session.add(pair)
    return before


def _move(session: Session, gone_id: str, kept_id: str) -> dict[str, list[Any]]:
    """Let what hangs on one record hang on the other; what was moved, to move it back."""
    moved: dict[str, list[Any]] = {
        "notes": [],
        "proposals": [],
        "lists": [],
        "keys": [],
        "items": [],
    }
    for note in session.exec(select(Annotation).where(Annotation.record_id == gone_id)).all():
        note.record_id = kept_id
        moved["notes"].append(note.id)
    proposals = select(AdoptionProposal).where(AdoptionProposal.record_id == gone_id)
    for proposal in session.exec(proposals).all():
        proposal.record_id = kept_id
        moved["proposals"].append(proposal.id)
    for item in session.exec(select(ReadingListItem).where(ReadingListItem.record_id == gone_id)):
        if session.get(ReadingListItem, (item.list_id, kept_id)) is None:
            item.record_id = kept_id
            moved["lists"].append(item.list_id)
    for key in session.exec(select(RecordKey).where(RecordKey.record_id == gone_id)).all():
        key.record_id = kept_id
        moved["keys"].append([key.kind, key.value])
    for link in session.exec(select(RecordSource).where(RecordSource.record_id == gone_id)).all():
        link.record_id = kept_id
        moved["items"].append([link.source_id, link.external_id])
    session.flush()
    return moved


def _move_back(session: Session, row: RecordMerge) -> None:
    moved = row.before["moved"]
    found: list[Any] = [session.get(Annotation, number) for number in moved["notes"]]
    found += [session.get(AdoptionProposal, number) for number in moved["proposals"]]
    found += [session.get(ReadingListItem, (one, row.kept_id)) for one in moved["lists"]]
    found += [session.get(RecordSource, tuple(key)) for key in moved["items"]]
    for one in found:
        if one is not None and one.record_id == row.kept_id:
            one.record_id = row.gone_id
            session.add(one)
    for kind, value in moved["keys"]:
        key = session.get(RecordKey, (kind, value)) or RecordKey(
            kind=kind, value=value, record_id=row.gone_id
        )
        key.record_id = row.gone_id
        session.add(key)
    session.flush()
