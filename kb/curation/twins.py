"""Entries that wait for review and may tell of the same thing: two people often send in one."""

from sqlmodel import Session, col, select

from kb.curation.content import readable
from kb.curation.models import Entry
from kb.curation.workflow import WAITING
from kb.records.sameness import Sameness, compare


def waiting_twins(session: Session, entry: Entry) -> list[tuple[Entry, Sameness]]:
    """Other entries in the queue that may be this one, the surest first."""
    content, _ = readable(entry.content)
    others = session.exec(
        select(Entry).where(col(Entry.state).in_(WAITING), col(Entry.id) != entry.id)
    )
    found = []
    for other in others:
        of_one_record = entry.record_id is not None and other.record_id == entry.record_id
        same = None if of_one_record else compare(content, readable(other.content)[0])
        if same is not None:
            found.append((other, same))
    return sorted(found, key=lambda pair: -pair[1].score)
