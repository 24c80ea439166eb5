"""What imports changed, how to take one back, and which columns were mapped before."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from kb import jobs
from kb.audit import note_change
from kb.awards.models import AwardEntry, AwardRound
from kb.database import now
from kb.directory.models import (
    Organisation,
    Person,
    RecordOrganisation,
    RecordPerson,
    RecordSource,
)
from kb.errors import InputInvalid
from kb.imports.grid import header_key
from kb.imports.models import ImportMapping, ImportRun
from kb.imports.report import ImportReport
from kb.records.models import Record
from kb.records.rewind import forget, rewind

SHOWN = 50


class ImportUnknown(InputInvalid):
    """No import has this id."""


class UndoRefused(InputInvalid):
    """The import cannot be taken back; the message says why and what to do."""


class Tracker:
    """Follows one import inside its transaction, to keep what undoing it needs."""

    def __init__(self, session: Session) -> None:
        """Note how things stand before the first row is saved."""
        self._session = session
        self._links = _links(session)
        self._last = {table: _last_id(session, table) for table in _NUMBERED}
        self._before = dict(session.exec(select(Record.id, Record.version)).all())
        self._after: dict[str, int] = {}

    def saw(self, record_id: str, version: int) -> None:
        """Count one saved row by the record that it is now."""
        if version != self._before.get(record_id):
            self._after[record_id] = version

    def keep(self, report: ImportReport, actor: str, run_id: str = "") -> str:
        """Keep the import, with its audit entry; its id, or "" when nothing was changed."""
        links = _links(self._session)
        changed = {key: self._links.get(key) for key in links if links[key] != self._links.get(key)}
        if not self._after and not changed:
            return ""
        run = self._session.get(ImportRun, run_id) if run_id else None
        if run is None:
            made = secrets.token_hex(6)
            run = ImportRun(id=made, file=report.file, actor=actor, at=now(), state="kept")
        # Whoever waits on the site sees the rows at once; on the command line they were printed.
        run.report = report.to_keep() if run_id else {"counts": report.counts}
        run.format, run.state = report.format, "kept"
        run.changes = [
            {"id": record_id, "before": self._before.get(record_id), "after": after}
            for record_id, after in self._after.items()
        ]
        run.before = {
            "links": [[*key, *(old or ("", ""))] for key, old in changed.items()],
            "last": {table.__tablename__: number for table, number in self._last.items()},
        }
        self._session.add(run)
        note_change(
            self._session,
            actor=actor,
            action="records.imported",
            subject_type="import",
            subject_id=run.id,
            file=report.file,
            counts=report.counts,
            **{
                outcome: [row.id for row in report.rows if row.outcome == outcome]
                for outcome in ("created", "changed", "joined")
            },
        )
        return run.id


_NUMBERED: tuple[Any, ...] = (Organisation, Person, AwardRound)
"""Tables that saving a record may add shared rows to."""
_FILLED_BY_SAVING = {
    "record_revision",
    "record_key",
    "record_source",
    "record_contact",
    "record_organisation",
    "record_person",
    "award_entry",
}
_USED_BY: dict[Any, tuple[Any, ...]] = {
    Organisation: (RecordOrganisation.organisation_id,),
    Person: (RecordPerson.person_id,),
    AwardRound: (AwardEntry.round_id,),
}


def _links(session: Session) -> dict[tuple[str, str], tuple[str, str]]:
    rows = session.exec(select(RecordSource)).all()
    return {(row.source_id, row.external_id): (row.record_id, row.item_hash) for row in rows}


def _last_id(session: Session, table: Any) -> int:
    return session.exec(select(func.max(table.id))).one() or 0


def get(session: Session, import_id: str) -> ImportRun:
    """One import. Raises ImportUnknown."""
    row = session.get(ImportRun, import_id)
    if row is None:
        raise ImportUnknown(f"There is no import '{import_id[:40]}'; `kb import --list` names all.")
    return row


def latest(session: Session, count: int = SHOWN) -> list[ImportRun]:
    """The newest imports first."""
    return list(
        session.exec(select(ImportRun).order_by(col(ImportRun.at).desc()).limit(count)).all()
    )


def undo(session: Session, import_id: str, *, actor: str) -> ImportRun:
    """Take a whole import back: every record is again what it was before, and new ones are gone.

    All or nothing: refused when any of its records was changed since, or a new one was already
    used by somebody. Raises ImportUnknown, UndoRefused.
    """
    run = get(session, import_id)
    if run.state != "kept":
        raise UndoRefused(f"This import is {run.state}; only a kept one can be taken back.")
    _refuse_when_used(session, run)
    for change in run.changes:
        if change["before"] is None:
            forget(session, change["id"])
        else:
            rewind(session, change["id"], change["before"], superseded_by=_pointer(session, change))
    _put_links_back(session, run.before.get("links", []))
    for table in _NUMBERED:
        last = run.before.get("last", {}).get(table.__tablename__, 0)
        used = [select(column) for column in _USED_BY[table]]
        session.exec(
            delete(table).where(table.id > last, *(table.id.not_in(query) for query in used))
        )
    run.state, run.undone_at, run.undone_by = "undone", now(), actor
    # What was found in the rows, people's names among it, is not kept beyond the records.
    run.report = {"counts": run.report.get("counts", {})}
    session.add(run)
    note_change(
        session,
        actor=actor,
        action="records.import_undone",
        subject_type="import",
        subject_id=run.id,
        file=run.file,
        records=[change["id"] for change in run.changes],
    )
    jobs.index_soon(session)
    session.flush()
    return run


def _pointer(session: Session, change: dict[str, Any]) -> str | None:
    row = session.get(Record, change["id"])
    return row.superseded_by if row is not None else None


def _refuse_when_used(session: Session, run: ImportRun) -> None:
    changed: list[str] = []
    used: list[str] = []
    for change in run.changes:
        row = session.get(Record, change["id"])
        if row is None or row.version != change["after"]:
            changed.append(change["id"])
    new = [change["id"] for change in run.changes if change["before"] is None]
    for column in _noted_on():
        for start in range(0, len(new), 500):
            part = new[start : start + 500]
            used += session.exec(select(column).where(column.in_(part)).distinct()).all()
    if changed:
        raise UndoRefused(
            f"{len(changed)} of its records were changed since ({', '.join(changed[:5])}), so "
            "nothing was taken back. Undo those changes first, or withdraw the records one by one."
        )
    if used:
        raise UndoRefused(
            f"People have used {len(set(used))} of its new records "
            f"({', '.join(sorted(set(used))[:5])}), so nothing was taken back. Withdraw the "
            "records instead."
        )


def _noted_on() -> list[Any]:
    """The columns by which tables hang on a record that saving the record does not fill."""
    from kb.store_tables import metadata  # here, since it imports every table, this folder's too

    return [
        key.parent
        for table in metadata.sorted_tables
        if table.name not in _FILLED_BY_SAVING
        for key in table.foreign_keys
        if key.column.table.name == "record"
    ]


def _put_links_back(session: Session, links: Sequence[Sequence[str]]) -> None:
    for source_id, external_id, record_id, item_hash in links:
        row = session.get(RecordSource, (source_id, external_id))
        if not record_id:
            if row is not None:
                session.delete(row)
        elif row is not None:
            row.record_id, row.item_hash = record_id, item_hash
            session.add(row)
    session.flush()


def mapping_for(session: Session, header: Sequence[str]) -> dict[str, str]:
    """What the columns of a table with these headers were mapped to before."""
    row = session.get(ImportMapping, header_key(header))
    return dict(row.fields) if row is not None else {}


def remember_mapping(session: Session, header: Sequence[str], fields: Mapping[str, str]) -> None:
    """Keep what the columns stand for, for the next file with the same headers."""
    key = header_key(header)
    row = session.get(ImportMapping, key) or ImportMapping(key=key)
    row.fields = dict(fields)
    session.add(row)
    session.flush()
