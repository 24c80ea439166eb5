"""Imports from the site: a file is handed in, looked at by the worker, agreed to, and kept.

The web process never reads the file. The dry run that a librarian agrees to and the import itself
are the same code (`import_file`), run by the worker.
"""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session

from kb import jobs
from kb.audit import note_change
from kb.database import now, session_scope
from kb.duplicates.service import LOOK
from kb.errors import FileUnreadable, InputInvalid
from kb.file_kinds import kinds_taken
from kb.imports import history
from kb.imports.grid import ColumnsUnknown
from kb.imports.importing import import_file
from kb.imports.models import ImportRun
from kb.imports.reading import readers
from kb.settings import settings

CHECK = "import.check"
KEEP = "import.keep"


def hand_in(session: Session, *, file_name: str, file: Path, actor: str) -> str:
    """Keep a file and queue its dry run; returns the import's id. The file is moved away.

    Raises FileUnreadable when its ending is that of no import format.
    """
    name = Path(file_name.replace("\\", "/")).name[-200:] or "file"
    ending = Path(name).suffix.lower()
    known = {one for reader in readers().values() for one in reader.extensions}
    if ending not in known:
        document = any(ending in kind.endings for kind in kinds_taken(to_read=True))
        raise FileUnreadable(
            f"A file ending in '{ending}' cannot be imported; use one of "
            f"{', '.join(sorted(known))}."
            + (" Of a document, an entry can be started: see Contribute." if document else "")
        )
    run_id = secrets.token_hex(6)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.move(file, folder / f"{run_id}{ending}")
    session.add(
        ImportRun(
            id=run_id,
            file=name,
            state="waiting",
            actor=actor,
            at=now(),
            options={"ending": ending},
        )
    )
    session.flush()
    jobs.enqueue(session, CHECK, {"import": run_id}, key=run_id)
    return run_id


def map_columns(session: Session, run_id: str, fields: Mapping[str, str]) -> None:
    """Say what the columns stand for, and look at the file again."""
    run = _in_state(session, run_id, "mapping")
    run.options = {**run.options, "mapping": dict(fields)}
    run.state = "waiting"
    session.add(run)
    jobs.enqueue(session, CHECK, {"import": run_id}, key=run_id)


def take_as_drafts(session: Session, run_id: str) -> None:
    """Look at a checked file again, with rows that do not say their state as drafts."""
    run = _in_state(session, run_id, "checked")
    run.options = {**run.options, "as_drafts": True}
    run.state = "waiting"
    session.add(run)
    jobs.enqueue(session, CHECK, {"import": run_id}, key=run_id)


def agree(session: Session, run_id: str, *, skip_bad: bool) -> None:
    """Have a checked file brought in: all of it, or its good rows."""
    run = _in_state(session, run_id, "checked")
    run.options = {**run.options, "skip_bad": skip_bad}
    run.state = "keeping"
    session.add(run)
    jobs.enqueue(session, KEEP, {"import": run_id}, key=run_id)


def drop(session: Session, run_id: str, *, actor: str) -> None:
    """Give up a file that was not brought in. Raises InputInvalid when it was."""
    run = history.get(session, run_id)
    if run.state in ("kept", "undone", "keeping"):
        raise InputInvalid("This file was brought in; take the import back instead.")
    _file(run).unlink(missing_ok=True)
    note_change(
        session,
        actor=actor,
        action="records.import_dropped",
        subject_type="import",
        subject_id=run.id,
        file=run.file,
    )
    session.delete(run)
    session.flush()


def _in_state(session: Session, run_id: str, state: str) -> ImportRun:
    run = history.get(session, run_id)
    if run.state != state:
        raise InputInvalid("This import has moved on since the page was opened; look at it again.")
    return run


def _folder() -> Path:
    return settings().home / "imports"


def _file(run: ImportRun) -> Path:
    return _folder() / f"{run.id}{run.options.get('ending', '')}"


def check(payload: dict[str, Any]) -> None:
    """The job that makes the dry run."""
    run = _read(payload["import"], "waiting")
    if run is not None:
        _run(run, dry_run=True)


def keep(payload: dict[str, Any]) -> None:
    """The job that brings the file in."""
    run = _read(payload["import"], "keeping")
    if run is not None:
        _run(run, dry_run=False)


def _read(run_id: str, state: str) -> ImportRun | None:
    with session_scope() as session:
        run = session.get(ImportRun, run_id)
    return run if run is not None and run.state == state else None


def _run(run: ImportRun, *, dry_run: bool) -> None:
    try:
        report = import_file(
            _file(run),
            dry_run=dry_run,
            skip_bad=bool(run.options.get("skip_bad")),
            mapping=run.options.get("mapping"),
            as_drafts=bool(run.options.get("as_drafts")),
            actor=run.actor,
            file_name=run.file,
            run_id=run.id,
        )
    except ColumnsUnknown as error:
        asked = [{"header": one.header, "near": one.near} for one in error.unknown]
        _end(run.id, "mapping", {"header": list(error.header), "unknown": asked})
        return
    except FileUnreadable as error:
        _end(run.id, "failed", {"error": str(error)})
        _file(run).unlink(missing_ok=True)
        return
    if dry_run:
        _end(run.id, "checked", report.to_keep())
        return
    _end(run.id, "kept" if report.kept else "refused", report.to_keep())
    _file(run).unlink(missing_ok=True)


def _end(run_id: str, state: str, report: dict[str, Any]) -> None:
    with session_scope(write=True) as session:
        run = history.get(session, run_id)
        run.state, run.report = state, report
        run.format = report.get("format", run.format)
        session.add(run)
        if state == "kept":
            jobs.index_soon(session)
            jobs.enqueue(session, LOOK, key=LOOK)
