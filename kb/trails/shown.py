"""Which records everybody may see now: trails and lists show no title of any other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from kb.records.models import Record
from kb.records.reading import is_visible
from kb.vocabularies import vocabulary

HIDDEN = "A record that is no longer public"
"""Shown instead of a title, for the id of a record tells its title too."""


@dataclass(frozen=True)
class ShownRecord:
    """What trails need to know of a record."""

    id: str
    title: str
    stamp: str
    updated_at: datetime


def shown_records(session: Session, ids: Iterable[str]) -> dict[str, ShownRecord]:
    """Those of these records that everybody may see, by id."""
    wanted = list(dict.fromkeys(ids))
    states = [
        term.code
        for term in vocabulary("workflow_states")
        if is_visible(term.code, restricted=False)
    ]
    found: dict[str, ShownRecord] = {}
    for start in range(0, len(wanted), 500):
        rows = session.exec(
            select(Record.id, Record.title, Record.stamp, Record.updated_at).where(
                col(Record.id).in_(wanted[start : start + 500]),
                col(Record.state).in_(states),
                col(Record.restricted).is_(False),
            )
        )
        for record_id, title, stamp, updated_at in rows:
            found[record_id] = ShownRecord(record_id, title, stamp[:STAMP], updated_at)
    return found


STAMP = 12  # characters of a stamp that are kept: enough to tell two versions of a record apart
