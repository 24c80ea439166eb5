"""Whether what a record was taken from is still told by its source.

Nothing dies with its source: the record stays as it is, and says from when on its source is silent.
"""

from datetime import date

from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.directory.models import RecordSource, Source
from kb.records.models import Record


def items_of(session: Session, source_id: str) -> list[tuple[str, str]]:
    """Id and record's title of every item that came from a source, by title."""
    rows = session.exec(
        select(RecordSource.external_id, Record.title)
        .join(Record, col(Record.id) == col(RecordSource.record_id))
        .where(RecordSource.source_id == source_id)
        .order_by(col(Record.title), col(RecordSource.external_id))
    )
    return list(rows)


def note_gone(session: Session, source_id: str, external_id: str, day: date, *, actor: str) -> bool:
    """Note that a source does not tell an item any more; whether one of our records is of it."""
    return _note(session, source_id, external_id, day, actor)


def note_told(session: Session, source_id: str, external_id: str, *, actor: str) -> None:
    """Note that a source tells an item, which it may have ceased to do before."""
    _note(session, source_id, external_id, None, actor)


def _note(session: Session, source_id: str, external_id: str, day: date | None, actor: str) -> bool:
    row = session.get(RecordSource, (source_id, external_id))
    if row is None:
        return False
    if (row.gone_on is None) != (day is None):
        row.gone_on = day
        session.add(row)
        note_change(
            session,
            actor=actor,
            action="record.source_silent" if day else "record.source_speaks",
            subject_type="record",
            subject_id=row.record_id,
            source=source_id,
            item=external_id,
        )
    return True


def silent(session: Session, record_id: str) -> list[tuple[str, date]]:
    """Titles of the sources that tell nothing of a record any more, each with since when.

    A source that still tells another item of the record is not silent.
    """
    rows = session.exec(
        select(Source.title, RecordSource)
        .join(Source, col(Source.id) == col(RecordSource.source_id))
        .where(RecordSource.record_id == record_id)
        .order_by(col(Source.title))
    )
    found: dict[str, list[date | None]] = {}
    for title, item in rows:
        found.setdefault(title, []).append(item.gone_on)
    return [
        (title, max(filter(None, days)))
        for title, days in found.items()
        if all(day is not None for day in days)
    ]
