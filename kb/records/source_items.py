"""Items of sources: each becomes a record, joins one that tells the same, or changes its own."""

from typing import Any

from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.directory.models import RecordSource
from kb.records import identity
from kb.records.merge import carried_over, join, replace_item
from kb.records.models import Record, RecordKey, RecordRevision
from kb.records.practice import PracticeIn
from kb.records.reading import is_visible
from kb.records.rules import COLLECTED, Door
from kb.records.sameness import compare
from kb.records.versions import Saved, change, create


def save_item(
    session: Session, content: PracticeIn, *, door: Door, actor: str, state: str
) -> Saved:
    """Save one item of a source: new, joined to a record that tells the same, changed or same.

    What was not to be overwritten comes back as `proposed`, with an audit entry that says so.
    """
    item = content.provenance[0]
    external_id = item.external_id or identity.canonical_url(
        item.original_url or item.document_url or content.title
    )
    item_hash = identity.fingerprint(
        {**content.snapshot(), "provenance": [_without_capture(item.model_dump(mode="json"))]}
    )
    link = session.get(RecordSource, (item.source, external_id))
    if link is not None:
        return _save_again(session, link, item_hash, content, door=door, actor=actor, state=state)
    salt = f"{item.source} {external_id}"
    saved = _save_first(session, content, door=door, actor=actor, state=state, salt=salt)
    session.add(
        RecordSource(
            source_id=item.source,
            external_id=external_id,
            record_id=saved.id,
            item_hash=item_hash,
        )
    )
    return saved


def _save_again(
    session: Session,
    link: RecordSource,
    item_hash: str,
    content: PracticeIn,
    *,
    door: Door,
    actor: str,
    state: str,
) -> Saved:
    """Save an item that came before, as the source tells it now."""
    row = session.get(Record, link.record_id)
    assert row is not None, "a foreign key holds this"
    if link.item_hash == item_hash:
        return Saved(row.id, row.version, "same")
    link.item_hash = item_hash
    session.add(link)
    shown = is_visible(row.state, False)
    if not taken_over(session, row.id) and not (shown and not is_visible(state, False)):
        merged = replace_item(PracticeIn.from_snapshot(row.content), content)
        return change(session, row, merged, door=door, actor=actor, state=row.state, note="")
    note_change(
        session,
        actor=actor,
        action="record.source_changed",
        subject_type="record",
        subject_id=row.id,
        source=link.source_id,
        item=link.external_id,
    )
    proposed = _proposed(session, row, content) if shown else None
    return Saved(row.id, row.version, "same", kept_edits=True, proposed=proposed)


def _save_first(
    session: Session, content: PracticeIn, *, door: Door, actor: str, state: str, salt: str
) -> Saved:
    """Save an item that never came before: as a record of its own, or joined to another."""
    row = same_record(session, content)
    # What nobody has looked at yet does not go into what everybody reads; who reviews it can make
    # the two one.
    unseen = not is_visible(state, False)
    if row is None or (unseen and is_visible(row.state, row.restricted)):
        return create(session, content, door=door, actor=actor, state=state, salt=salt)
    merged = join(PracticeIn.from_snapshot(row.content), content)
    changed = change(session, row, merged, door=door, actor=actor, state=row.state, note="joined")
    return Saved(changed.id, changed.version, "joined")


def taken_over(session: Session, record_id: str) -> bool:
    """Whether people have changed what was collected, and so vouch for it."""
    return (
        session.exec(
            select(RecordRevision.version)
            .where(
                RecordRevision.record_id == record_id,
                col(RecordRevision.door).not_in(COLLECTED),
            )
            .limit(1)
        ).first()
        is not None
    )


def _proposed(session: Session, row: Record, item: PracticeIn) -> PracticeIn:
    """A record with what its source says otherwise than when it was last collected."""
    collected = session.exec(
        select(RecordRevision.content)
        .where(
            RecordRevision.record_id == row.id,
            col(RecordRevision.door).in_(COLLECTED),
        )
        .order_by(col(RecordRevision.version).desc())
        .limit(1)
    ).first()
    stored = PracticeIn.from_snapshot(row.content)
    before = PracticeIn.from_snapshot(dict(collected)) if collected is not None else stored
    return carried_over(stored, before, replace_item(before, item))


def _without_capture(provenance: dict[str, Any]) -> dict[str, Any]:
    # The day it was read is not a change of what was read.
    return {name: value for name, value in provenance.items() if name != "captured_on"}


def same_record(session: Session, content: PracticeIn) -> Record | None:
    """A record that tells the same practice, surely enough to join it without asking."""
    for kind, value in identity.identity_keys(content):
        key = session.get(RecordKey, (kind, value))
        row = session.get(Record, key.record_id) if key else None
        if row is None:
            continue
        found = compare(PracticeIn.from_snapshot(row.content), content)
        if found is not None and found.level == "same":
            return row
    return None
