"""Bringing in a file on the site: hand it in, see what would happen, agree, and take it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.database import session_scope
from kb.errors import InputInvalid
from kb.exports.as_csv import table_file
from kb.files import most_bytes, most_megabytes
from kb.imports import grid, history, readers, site
from kb.imports.models import ImportRun
from kb.imports.report import DRAFT_HINT
from kb.trails.access import account_owner
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import Form
from web.visitor import need

router = APIRouter()

STATES = {
    "waiting": "being looked at",
    "mapping": "columns to be named",
    "checked": "looked at, waiting for you",
    "keeping": "being brought in",
    "kept": "brought in",
    "refused": "not brought in: some rows were bad",
    "failed": "could not be read",
    "undone": "taken back",
}
_OUTCOMES = {
    "created": ("new record", "new records"),
    "changed": ("record changed", "records changed"),
    "joined": ("row joined to a record that tells the same", "rows joined to such records"),
    "same": ("row that says nothing new", "rows that say nothing new"),
    "failed": ("bad row", "bad rows"),
}
MOST_ROWS = 100


@dataclass(frozen=True)
class RunLine:
    """One import as the list shows it."""

    href: str
    file: str
    state: str
    at: datetime
    who: str
    told: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The way in, and the imports so far."""

    runs: tuple[RunLine, ...]
    formats: tuple[str, ...]
    accept: str
    megabytes: str
    most_bytes: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class RunContext(BaseContext):
    """One import, wherever it stands."""

    run: ImportRun
    state: str
    told: tuple[str, ...]
    failed: tuple[dict[str, Any], ...]
    more_failed: int
    others: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    unknown: tuple[dict[str, str], ...]
    targets: tuple[tuple[str, str], ...]
    outcomes: dict[str, str]
    drafts: bool
    may_be_drafts: bool
    failed_total: int
    problem: str
    own: str


@router.get("/desk/import")
def imports(request: Request) -> Response:
    """The form for a file, and the imports so far."""
    need(request, "edit")
    return _overview(request)


def _overview(request: Request, problem: InputInvalid | None = None) -> Response:
    with session_scope() as session:
        runs = history.latest(session)
        names = people.display_names(session, {run.actor for run in runs})
    known = readers().values()
    return render(
        request,
        "desk_import",
        Context(
            title="Bring in a file",
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link("Bring in a file")),
            runs=tuple(
                RunLine(
                    urls.desk("import", run.id),
                    run.file,
                    STATES[run.state],
                    run.at,
                    names[run.actor],
                    ", ".join(_told(run)),
                )
                for run in runs
            ),
            formats=tuple(reader.label for reader in known),
            accept=",".join(ending for reader in known for ending in reader.extensions),
            megabytes=most_megabytes(),
            most_bytes=most_bytes(),
            problem=str(problem) if problem else "",
        ),
        status=400 if problem else 200,
    )


def _told(run: ImportRun) -> tuple[str, ...]:
    counts = run.report.get("counts", {})
    return tuple(
        f"{counts[name]:,} {words[counts[name] != 1]}"
        for name, words in _OUTCOMES.items()
        if counts.get(name)
    )


@router.post("/desk/import")
def hand_in(request: Request, form: Form) -> Response:
    """Keeps the file and has the worker look at it; nothing is brought in yet."""
    account = need(request, "edit").account
    assert account is not None
    files = form.files("file")
    if not files or not files[0].size:
        return _overview(request, InputInvalid("Choose a file that is not empty."))
    try:
        with session_scope(write=True) as session:
            run_id = site.hand_in(
                session,
                file_name=files[0].name,
                file=files[0].path,
                actor=account_owner(account.id),
            )
    except InputInvalid as problem:
        return _overview(request, problem)
    jobs.wake_worker()
    return see_other(request, urls.desk("import", run_id))


@router.get("/desk/import/{run_id}")
def one_import(request: Request, run_id: str) -> Response:
    """What would happen, what happened, or what is asked first."""
    need(request, "edit")
    return _one(request, run_id)


def _one(request: Request, run_id: str, problem: InputInvalid | None = None) -> Response:
    with session_scope() as session:
        run = history.get(session, run_id)
    failed = run.report.get("failed", [])
    others = run.report.get("others", [])
    notes = dict.fromkeys(
        text for row in [*others, *failed] for text in (row.get("warning"),) if text
    )
    return render(
        request,
        "desk_import_run",
        RunContext(
            title=run.file,
            robots="noindex",
            crumbs=(
                Link("Home", urls.home()),
                Link("Desk", urls.desk()),
                Link("Bring in a file", urls.desk("import")),
                Link(run.file),
            ),
            run=run,
            state=STATES[run.state],
            told=_told(run),
            failed=tuple(failed[:MOST_ROWS]),
            more_failed=max(0, len(failed) - MOST_ROWS),
            others=tuple(others[:MOST_ROWS]),
            notes=tuple(notes),
            unknown=tuple(run.report.get("unknown", [])),
            targets=tuple(grid.targets().items()) if run.state == "mapping" else (),
            outcomes={name: f"{one[:1].upper()}{one[1:]}" for name, (one, _) in _OUTCOMES.items()},
            drafts=bool(run.options.get("as_drafts")),
            may_be_drafts=any(DRAFT_HINT in row["message"] for row in failed),
            failed_total=len(failed),
            problem=str(problem) if problem else "",
            own=urls.desk("import", run.id),
        ),
        status=400 if problem else 200,
    )


@router.post("/desk/import/{run_id}/columns")
def name_columns(request: Request, run_id: str, form: Form) -> Response:
    """Says what each unknown column holds; remembered for files with the same headers."""
    need(request, "edit")
    fields = {
        header: form.text(f"field-{number}") or grid.IGNORED
        for number, header in enumerate(form.many("header"))
    }
    with session_scope(write=True) as session:
        site.map_columns(session, run_id, fields)
    jobs.wake_worker()
    return see_other(request, urls.desk("import", run_id), "columns-mapped")


@router.post("/desk/import/{run_id}/drafts")
def take_as_drafts(request: Request, run_id: str) -> Response:
    """Has the worker look again, with rows that do not say their state as drafts."""
    need(request, "edit")
    with session_scope(write=True) as session:
        site.take_as_drafts(session, run_id)
    jobs.wake_worker()
    return see_other(request, urls.desk("import", run_id), "import-drafts")


@router.get("/desk/import/{run_id}/bad.csv")
def bad_rows(request: Request, run_id: str) -> Response:
    """Every bad row and what is wrong with it, to be put right beside the file."""
    need(request, "edit")
    with session_scope() as session:
        run = history.get(session, run_id)
    rows = [(str(r["number"]), r["title"], r["message"]) for r in run.report.get("failed", [])]
    return Response(
        table_file(("row", "title", "problem"), rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="bad-rows.csv"',
            "X-Robots-Tag": "noindex",
        },
    )


@router.post("/desk/import/{run_id}/keep")
def keep(request: Request, run_id: str, form: Form) -> Response:
    """Has the worker bring the file in."""
    need(request, "edit")
    with session_scope(write=True) as session:
        site.agree(session, run_id, skip_bad=form.text("bad") == "skip")
    jobs.wake_worker()
    return see_other(request, urls.desk("import", run_id), "import-agreed")


@router.post("/desk/import/{run_id}/undo")
def undo(request: Request, run_id: str) -> Response:
    """Takes the whole import back."""
    account = need(request, "edit").account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            history.undo(session, run_id, actor=account_owner(account.id))
    except history.UndoRefused as problem:
        return _one(request, run_id, problem)
    jobs.wake_worker()
    return see_other(request, urls.desk("import", run_id), "import-undone")


@router.post("/desk/import/{run_id}/drop")
def drop(request: Request, run_id: str) -> Response:
    """Gives the file up."""
    account = need(request, "edit").account
    assert account is not None
    with session_scope(write=True) as session:
        site.drop(session, run_id, actor=account_owner(account.id))
    return see_other(request, urls.desk("import"), "import-dropped")
