"""Checking and saving what a file holds: the same way for every format, all rows or none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from sqlmodel import Session

from kb.database import rehearsal, session_scope
from kb.errors import FileUnreadable, InputInvalid
from kb.exports.gate import open_content
from kb.exports.heading import HEADING
from kb.imports import grid, history, showing
from kb.imports.document import SOURCE
from kb.imports.placing import placed
from kb.imports.reading import Reader, Row, reader_for
from kb.imports.report import DRAFT_HINT, ImportReport, RowReport, told
from kb.imports.showing import Wish
from kb.records import FIELDS, PracticeIn, identity, service
from kb.records.errors import EditConflict, FieldError, RecordInvalid
from kb.records.models import Record
from kb.records.rules import COLLECTED, Door
from kb.vocabularies import vocabulary


@dataclass(frozen=True)
class _Candidate:
    """A row that passed the checks that need no store."""

    row: Row
    content: PracticeIn
    door: Door
    state: str
    version: int | None
    restricted: bool
    made_id: bool = False
    wish: Wish | None = None
    """Of a document that does not say its state: what is said of showing it."""


def import_file(
    path: Path,
    *,
    format_name: str | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    mapping: Mapping[str, str] | None = None,
    as_drafts: bool = False,
    documents: Wish = Wish(),  # noqa: B008  it is frozen
    actor: str,
    file_name: str = "",
    run_id: str = "",
) -> ImportReport:
    """Bring in the records of a file. Saving the same file twice changes nothing.

    All rows are kept, or none when any fails, unless `skip_bad`. A dry run does everything the real
    run does, rules of the store included, on a copy or taken back at the end. A row whose record is
    there already changes it, keeping its state; one that carries the version it was exported at is
    refused when the record was changed since. What a file says of state and door is believed, so
    the caller lets only librarians import. `mapping` says which field a header stands for; it is
    remembered for files with the same headers. With `as_drafts` rows that do not say their state
    come in as drafts, which may lack what a published record needs; documents always do, unless
    `documents` says that they are to be published. What was kept can be taken back by the report's
    `import_id` (`undo`). Raises FileUnreadable for what concerns the whole file, ColumnsUnknown for
    headers that must be mapped. `run_id` is the import's row, when it has one already.
    """
    reader = reader_for(path, format_name)
    file_name = file_name or path.name
    report = ImportReport(file_name, reader.name, dry_run)
    candidates: list[_Candidate] = []
    for row in _rows(reader, path, mapping):
        prepared = _prepare(row, reader, as_drafts=as_drafts, documents=documents)
        if isinstance(prepared, RowReport):
            report.rows.append(prepared)
        else:
            candidates.append(prepared)
    if not report.rows and not candidates:
        raise FileUnreadable("The file holds no records.")
    with rehearsal() if dry_run else session_scope(write=True) as session:
        seen: dict[str, int] = {}
        tracker = history.Tracker(session)
        for candidate in candidates:
            report.rows.append(_try(session, candidate, seen, tracker, actor, file_name))
        report.rows.sort(key=lambda row: row.number)
        report.kept = not dry_run and (skip_bad or not report.failed)
        if report.kept:
            report.import_id = tracker.keep(report, actor, run_id)
        else:
            session.rollback()
    return report


def _rows(reader: Reader, path: Path, mapping: Mapping[str, str] | None) -> Iterator[Row]:
    """The rows of a file, the columns of a table mapped as told now or earlier."""
    if reader.grid is None:
        return reader.read(path)
    table = reader.grid(path)
    with session_scope(write=mapping is not None) as session:
        known = history.mapping_for(session, table.header)
        if mapping is not None:
            known = {**known, **mapping}
            grid.check(table.header, known)
            history.remember_mapping(session, table.header, known)
    return grid.rows(table, known)


def _prepare(
    row: Row, reader: Reader, *, as_drafts: bool, documents: Wish
) -> _Candidate | RowReport:
    if row.data is None:
        return RowReport(row.number, "failed", message=row.problem, warning=row.warning)
    fields = {
        name: value for name, value in row.data.items() if name == "id" or name not in HEADING
    }
    head = {name: row.data.get(name) for name in HEADING}
    try:
        content = service.parse(fields)
        door: Any = head["door"] or _door(content, reader)
        wish = documents if door == "document" and not head["state"] else None
        state = str(head["state"] or _first_state(door, wish, as_drafts=as_drafts))
        if door not in get_args(Door):
            raise RecordInvalid([_error("door", f"one of {', '.join(get_args(Door))}", door)])
        if state not in vocabulary("workflow_states"):
            states = ", ".join(term.code for term in vocabulary("workflow_states"))
            raise RecordInvalid([_error("state", f"one of {states}", state)])
        version = _version(head["version"])
    except InputInvalid as error:
        title = str(fields.get("title") or "")[:200]
        return RowReport(
            row.number, "failed", title=title, message=told(error), warning=row.warning
        )
    restricted = str(head["restricted"] or "").lower() in ("true", "yes", "1")
    return _Candidate(row, content, door, state, version, restricted, wish=wish)


def _door(content: PracticeIn, reader: Reader) -> str:
    """How a row that does not say came in: harvested records show it by where they are from."""
    if reader.door == "document" or not content.provenance or content.references:
        return reader.door
    first = content.provenance[0]
    if first.source == SOURCE:
        return "document"
    harvested = first.source and (first.original_url or first.document_url)
    return "harvest" if harvested else reader.door


def _first_state(door: str, wish: Wish | None, *, as_drafts: bool) -> str:
    """The state of a row that does not say it."""
    if as_drafts:
        return "draft"
    if wish is not None:
        return showing.state_of(wish)
    return "published-unverified" if door in COLLECTED else "published"


def _version(value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise RecordInvalid([_error("version", "must be a whole number", value)]) from None


def _error(name: str, rule: str, value: Any) -> FieldError:
    return FieldError(name, name.capitalize(), rule, repr(value)[:120])


def _try(
    session: Session,
    candidate: _Candidate,
    seen: dict[str, int],
    tracker: history.Tracker,
    actor: str,
    file_name: str,
) -> RowReport:
    """Save one row; one that fails leaves nothing behind in the transaction."""
    row = candidate.row
    try:
        with session.begin_nested():
            saved, message = _save(session, candidate, seen, actor, f"imported from {file_name}")
            session.flush()
    except (InputInvalid, EditConflict) as error:
        message = told(error)
        if isinstance(error, RecordInvalid) and any(e.rule == "required" for e in error.errors):
            drafts = candidate.door in ("import", "file") and candidate.state != "draft"
            message += f" ({DRAFT_HINT})" if drafts else ""
        return RowReport(
            row.number,
            "failed",
            id=candidate.content.id,
            title=candidate.content.title,
            message=message,
            warning=row.warning,
        )
    seen[saved.id] = row.number
    tracker.saw(saved.id, saved.version)
    return RowReport(
        row.number,
        saved.outcome,
        saved.id,
        candidate.content.title,
        message,
        row.warning,
        service.state_of(session, saved.id) or "",
    )


def _save(
    session: Session, candidate: _Candidate, seen: dict[str, int], actor: str, note: str
) -> tuple[service.Saved, str]:
    if candidate.door == "document":
        content, twin = placed(session, candidate.content)
        candidate = replace(candidate, content=content)
        if twin is not None:
            twin, message = _shown(session, candidate, twin, actor)
            known = "the same text is there already, from a file with another name"
            return twin, f"{known}: {message}" if message else known
    elif not candidate.content.id and candidate.door != "harvest":
        made = _made_id(candidate.content)
        content = candidate.content.model_copy(update={"id": made})
        candidate = replace(candidate, content=content, made_id=True)
    content = candidate.content
    if content.id in seen:
        raise RecordInvalid(
            [_error("id", f"the same record as row {seen[content.id]}", content.id)]
        )
    row = session.get(Record, content.id) if content.id else None
    if row is not None:
        return _save_over(session, candidate, row, actor, note), ""
    if candidate.made_id and (double := service.same_record(session, content)) is not None:
        rule = "a record of the same practice is there; give its id to change it"
        raise RecordInvalid([_error("id", rule, double.id)])
    if candidate.restricted:
        raise RecordInvalid([_error("restricted", "a new record cannot come in restricted", True)])
    saved = service.save(
        session, content, door=candidate.door, actor=actor, state=candidate.state, note=note
    )
    if saved.id in seen and saved.outcome != "joined":
        raise RecordInvalid([_error("id", f"the same record as row {seen[saved.id]}", saved.id)])
    if saved.kept_edits and service.taken_over(session, saved.id):
        return saved, "people edited it here since, so it was left alone"
    return _shown(session, candidate, saved, actor)


def _shown(
    session: Session, candidate: _Candidate, saved: service.Saved, actor: str
) -> tuple[service.Saved, str]:
    wish, content = candidate.wish, candidate.content
    return showing.show(session, saved, content, wish, actor=actor) if wish else (saved, "")


def _save_over(
    session: Session, candidate: _Candidate, row: Record, actor: str, note: str
) -> service.Saved:
    """Change a record that is there, unless the row says nothing new."""
    if candidate.content.snapshot() == row.content:
        return service.Saved(row.id, row.version, "same")
    stored = PracticeIn.from_snapshot(row.content)
    content = _with_kept_back(candidate.content, stored)
    if content == stored:
        return service.Saved(row.id, row.version, "same")
    if candidate.made_id and service.last_door(session, row.id) != "import":
        rule = "a record of this title, place and start is there; give its id to change it"
        raise RecordInvalid([_error("id", rule, row.id)])
    # A person stands behind an import, so a harvested record is an edited one from here on.
    door: Door = row.door if row.door in ("file", "form", "import") else "import"  # type: ignore[assignment]
    return service.save(
        session,
        content,
        door=door,
        actor=actor,
        state=row.state,
        expected_version=candidate.version,
        note=note,
    )


def _with_kept_back(content: PracticeIn, stored: PracticeIn) -> PracticeIn:
    """The row with what an export left out put back, so that bringing it back deletes nothing."""
    shown = open_content(stored)
    kept_back = {
        spec.name: getattr(stored, spec.name)
        for spec in FIELDS
        if getattr(shown, spec.name) != getattr(stored, spec.name)
        and getattr(content, spec.name) == getattr(shown, spec.name)
    }
    return content.model_copy(update=kept_back) if kept_back else content


def _made_id(content: PracticeIn) -> str:
    """An id for a row without one: the same for the same title, place and start."""
    place = content.place.name if content.place else ""
    key = [identity.name_key(content.title) or content.title, identity.name_key(place)]
    return identity.new_id(content, "|".join(["import", *key, content.started]))
