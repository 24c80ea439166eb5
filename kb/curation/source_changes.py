"""What changed at the source of a record that people vouch for: it waits at the desk, as a change.

A reviewer sees what differs from the record as it is, and takes it over, in part or whole, or
leaves the record as it was.
"""

import secrets
from datetime import timedelta

from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.curation.content import changed_fields, with_values
from kb.curation.models import Entry
from kb.curation.threeway import three_way
from kb.curation.workflow import WAITING
from kb.database import now
from kb.records import service as records
from kb.records.practice import FIELD, PracticeIn
from kb.settings import settings

STARTED_FROM = "source"


def propose(session: Session, record_id: str, proposed: PracticeIn, *, actor: str) -> Entry:
    """Put a record as its source now tells it before a reviewer.

    What waits of the same record is brought up to date: a record has one such change at most, and
    what a reviewer wrote in it stays where the source said nothing new.
    """
    stored = records.get(session, record_id).content.snapshot()
    wanted = proposed.snapshot()
    moment = now()
    entry = session.exec(
        select(Entry).where(
            Entry.record_id == record_id,
            Entry.started_from == STARTED_FROM,
            col(Entry.state).in_(WAITING),
        )
    ).first()
    action = "changed"
    if entry is None:
        action = "begun"
        entry = Entry(
            id=secrets.token_hex(8),
            record_id=record_id,
            owner="",
            state="submitted",
            started_from=STARTED_FROM,
            content=stored,
            round=1,
            created_at=moment,
            updated_at=moment,
        )
    new = {name: wanted.get(name) for name in changed_fields(stored, wanted)}
    kept, _ = three_way(entry.base or stored, entry.content, stored, FIELD)
    entry.content = with_values(kept, new)
    entry.base, entry.reviewed = stored, stored
    entry.edition += action == "changed"
    entry.updated_at = entry.submitted_at = moment
    entry.due_on = (moment + timedelta(days=settings().review_days)).date()
    session.add(entry)
    session.flush()
    note_change(
        session,
        actor=actor,
        action=f"entry.{action}",
        subject_type="entry",
        subject_id=entry.id,
        record=record_id,
        fields=sorted(new),
        **({"started_from": STARTED_FROM} if action == "begun" else {}),
    )
    return entry
