"""What changed at the source of a record that people vouch for: it waits at the desk, as a change.

A reviewer sees what differs from the record as it is, and takes it over, in part or whole, or
leaves the record as it was.
"""

import secrets

from sqlmodel import Session, col, select

from kb.curation import steps
from kb.curation.content import changed_fields, with_values
from kb.curation.models import Entry
from kb.curation.threeway import three_way
from kb.curation.workflow import WAITING
from kb.database import now
from kb.records import service as records
from kb.records.practice import FIELD, PracticeIn

STARTED_FROM = "source"


def propose(session: Session, record_id: str, proposed: PracticeIn, *, actor: str) -> None:
    """Put a record as its source now tells it before a reviewer.

    A record has one such change at most. While nobody has taken it up it follows its source, and
    goes when the source says again what the record says; what a reviewer wrote in it stays where
    the source said nothing new.
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
    new = {name: wanted.get(name) for name in changed_fields(stored, wanted)}
    if entry is None and not new:
        return
    action = "changed" if entry is not None else "begun"
    if entry is None:
        entry = Entry(
            id=secrets.token_hex(8),
            record_id=record_id,
            owner="",
            state="submitted",
            started_from=STARTED_FROM,
            round=1,
            created_at=moment,
            updated_at=moment,
        )
    elif entry.state == "submitted" and not new:
        session.delete(entry)
        steps.note(session, entry, actor, "discarded", started_from=STARTED_FROM)
        return
    kept = stored
    if entry.state != "submitted":
        kept, _ = three_way(entry.base, entry.content, stored, FIELD)
    entry.content = with_values(kept, new)
    entry.base, entry.reviewed = stored, stored
    entry.edition += action == "changed"
    entry.updated_at = entry.submitted_at = moment
    entry.due_on = steps.due_day()
    session.add(entry)
    session.flush()
    steps.note(session, entry, actor, action, started_from=STARTED_FROM, fields=sorted(new))
