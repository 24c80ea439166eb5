"""Taking back what was done to records as if it had not been: for undoing imports and merges.

The log of changes keeps what was done and that it was taken back; all else is as it was before.
"""

from sqlmodel import Session, col, delete, select

from kb.awards import service as award_service
from kb.directory import service as directory_service
from kb.records import identity
from kb.records.errors import RecordNotFound
from kb.records.models import Record, RecordKey, RecordRevision
from kb.records.practice import PracticeIn
from kb.records.rules import completeness


def rewind(
    session: Session,
    record_id: str,
    version: int,
    *,
    restricted: bool | None = None,
    superseded_by: str | None = None,
) -> None:
    """Make a record what it was at `version`, forgetting the versions after it.

    `restricted` None leaves that flag as it is. Raises RecordNotFound.
    """
    row = session.get(Record, record_id)
    kept = session.get(RecordRevision, (record_id, version))
    if row is None or kept is None:
        raise RecordNotFound(record_id)
    content = PracticeIn.from_snapshot(dict(kept.content))
    session.exec(
        delete(RecordRevision).where(
            col(RecordRevision.record_id) == record_id, col(RecordRevision.version) > version
        )
    )
    row.version, row.state, row.content = version, kept.state, dict(kept.content)
    row.record_type, row.title = content.record_type, content.title
    row.updated_at, row.superseded_by = kept.saved_at, superseded_by
    row.completeness = completeness(content).percent
    if restricted is not None:
        row.restricted = restricted
    row.stamp = stamp_of(row)
    session.add(row)
    session.flush()
    _keep_keys(session, record_id)
    directory_service.link_people(session, record_id, content)
    award_service.link_entries(session, record_id, content)
    session.flush()


def forget(session: Session, record_id: str) -> None:
    """Take a record out of the store with everything that hangs on it."""
    session.exec(delete(Record).where(col(Record.id) == record_id))
    session.flush()


def _keep_keys(session: Session, record_id: str) -> None:
    """Drop the keys that none of the record's remaining versions has."""
    rows = session.exec(
        select(RecordRevision.content).where(RecordRevision.record_id == record_id)
    ).all()
    told = {
        key
        for content in rows
        for key in identity.identity_keys(PracticeIn.from_snapshot(dict(content)))
    }
    for key in session.exec(select(RecordKey).where(RecordKey.record_id == record_id)).all():
        if (key.kind, key.value) not in told:
            session.delete(key)
    session.flush()


def stamp_of(row: Record) -> str:
    """Changes whenever anything changes that search or a page shows of the record."""
    return identity.fingerprint([row.content, row.state, row.restricted, row.superseded_by])[:32]
