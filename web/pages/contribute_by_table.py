"""Begin from a row of a table: pasted or sent in, its headings mapped, one row chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.curation import service
from kb.curation.prefill import from_table
from kb.database import session_scope
from kb.errors import FileUnreadable
from kb.files import FileRefused, kind_of, most_bytes, most_megabytes
from kb.imports import sheet, uploads
from kb.imports.grid import IGNORED, ColumnsUnknown, Unknown, targets
from kb.imports.reading import Row, decode
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.forms import Form
from web.uploads import Upload
from web.visitor import need

router = APIRouter()
_MAP = "map:"
_MOST_SHOWN = 100
_SECONDS = 3


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The table, the headings that are no fields, and the rows to choose from."""

    text: str
    upload: str
    waiting: str
    warning: str
    error: str
    unknown: tuple[Unknown, ...]
    mapped: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str], ...]
    choices: tuple[tuple[int, str], ...]
    ignored: str
    megabytes: str
    most_bytes: int


@dataclass(frozen=True)
class _Asked:
    """What has been said so far: the table and what its headings hold."""

    text: str = ""
    mapped: tuple[tuple[str, str], ...] = ()
    upload: str = ""
    """The workbook that the table was made of."""
    warning: str = ""


@router.get("/contribute/table")
def table(request: Request) -> Response:
    """Asks for the table."""
    need(request, "submit")
    return _page(request)


def _page(
    request: Request,
    asked: _Asked = _Asked(),
    *,
    error: str = "",
    waiting: str = "",
    unknown: Sequence[Unknown] = (),
    choices: Sequence[Row] = (),
) -> Response:
    context = Context(
        title="Start from a row of a table",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link("Contribute", urls.contribute()),
            Link("From a table"),
        ),
        text=asked.text,
        upload=asked.upload,
        waiting=waiting,
        warning=asked.warning,
        error=error,
        unknown=tuple(unknown),
        mapped=asked.mapped,
        targets=tuple(targets(asked="all").items()),
        choices=tuple((row.number, _name(row)) for row in choices[:_MOST_SHOWN]),
        ignored=IGNORED,
        megabytes=most_megabytes(),
        most_bytes=most_bytes(),
    )
    return render(request, "contribute_by_table", context, status=400 if error else 200)


def _name(row: Row) -> str:
    return str((row.data or {}).get("title") or row.problem or "A row without a title")[:200]


@router.post("/contribute/table")
def choose(request: Request, form: Form) -> Response:
    """Asks what is unknown, then which row; then makes a draft of it."""
    account = need(request, "submit").account
    assert account is not None
    mapped = tuple(
        (key.removeprefix(_MAP), value) for key, value in form.pairs if _is_map(key, value)
    )
    sent = form.files("file")
    try:
        if sent and sent[0].name.lower().endswith(".xlsx"):
            return _handed_on(request, account.id, sent[0])
        text = _text(sent[0]) if sent else form.text("text").strip("\r\n")
    except FileUnreadable as error:
        return _page(request, error=str(error))
    asked = _Asked(text, mapped, form.text("upload"))
    found = _found(request, asked, form.text("row"))
    if isinstance(found, Response):
        return found
    with session_scope(write=True) as session:
        entry = service.begin(session, account, found, started_from="table")
        uploads.forget(session, asked.upload, owner=account.id)
    return see_other(request, urls.entry(entry.id))


@router.get("/contribute/table/{upload_id}")
def workbook(request: Request, upload_id: str) -> Response:
    """The table in a workbook that was sent in, once the worker has made it."""
    account = need(request, "submit").account
    assert account is not None
    with session_scope() as session:
        upload = uploads.get(session, upload_id, owner=account.id)
    if upload is None or not (upload.state != "read" or "table" in upload.found):
        raise PageNotFound("There is no such workbook of yours. Send it in again.")
    if upload.state == "refused":
        return _page(request, error=upload.reason)
    if upload.state == "waiting":
        answer = _page(request, waiting=upload.file_name)
        answer.headers["Refresh"] = str(_SECONDS)
        return answer
    asked = _Asked(upload.found["table"], (), upload.id, upload.found["warning"])
    found = _found(request, asked, "")
    return found if isinstance(found, Response) else _page(request, asked, choices=_rows(asked))


def _handed_on(request: Request, owner: str, sent: Upload) -> Response:
    """A workbook is opened by the worker only."""
    with session_scope(write=True) as session, sent.path.open("rb") as stream:
        upload_id = uploads.hand_in(
            session, owner=owner, file_name=sent.name, stream=stream, job=sheet.JOB
        )
    jobs.wake_worker()
    return see_other(request, urls.contribute("table", upload_id))


def _found(request: Request, asked: _Asked, number: str) -> dict[str, Any] | Response:
    """What the chosen row holds, or the page that asks for what is still open."""
    try:
        rows = _rows(asked)
    except ColumnsUnknown as error:
        return _page(request, asked, unknown=error.unknown)
    except FileUnreadable as error:
        return _page(request, asked, error=str(error))
    row = _chosen(rows, number)
    if row is None:
        return _page(request, asked, choices=rows)
    if row.data is None:
        problem = f"Row {row.number}: {row.problem}"
        return _page(request, asked, error=problem, choices=rows)
    return dict(row.data)


def _rows(asked: _Asked) -> list[Row]:
    rows = from_table(asked.text, dict(asked.mapped))
    if not rows:
        raise FileUnreadable("There is no row below the headings.")
    return rows


def _is_map(key: str, value: str) -> bool:
    return key.startswith(_MAP) and bool(value)


def _text(sent: Upload) -> str:
    try:
        plain = kind_of(sent.path).code == "text"
    except FileRefused:
        plain = False
    if not plain:
        raise FileUnreadable(
            "This is no table that can be read here. Save the sheet as CSV or as an Excel workbook "
            "(.xlsx) without macros, or copy the row."
        )
    text, _ = decode(sent.path.read_bytes())
    if len(text) > sheet.MOST_TEXT:
        raise FileUnreadable("That table is too long for this page. Copy only the row you need.")
    return text


def _chosen(rows: Sequence[Row], number: str) -> Row | None:
    if len(rows) == 1:
        return rows[0]
    return next((row for row in rows if str(row.number) == number), None)
