"""Begin from a row of a table: pasted with its headings, mapped, one row chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.curation import service
from kb.curation.prefill import from_table
from kb.database import session_scope
from kb.errors import FileUnreadable
from kb.files import kind_of
from kb.imports.grid import IGNORED, ColumnsUnknown, Unknown
from kb.imports.reading import Row, decode
from kb.records import FIELDS
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import Form, Option, Posted
from web.visitor import need

router = APIRouter()
_MAP = "map:"
_MOST_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The table, the headings that are no fields, and the rows to choose from."""

    text: str
    error: str
    unknown: tuple[Unknown, ...]
    mapped: tuple[tuple[str, str], ...]
    targets: tuple[Option, ...]
    choices: tuple[tuple[int, str], ...]
    ignored: str


@router.get("/contribute/table")
def table(request: Request) -> Response:
    """Asks for the table."""
    need(request, "submit")
    return _page(request)


def _page(
    request: Request,
    text: str = "",
    *,
    error: str = "",
    unknown: Sequence[Unknown] = (),
    mapped: Sequence[tuple[str, str]] = (),
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
        text=text,
        error=error,
        unknown=tuple(unknown),
        mapped=tuple(mapped),
        targets=tuple(
            Option(spec.name, spec.title)
            for spec in FIELDS
            if spec.asked == "all" and not spec.columns
        ),
        choices=tuple((row.number, _name(row)) for row in choices[:_MOST_SHOWN]),
        ignored=IGNORED,
    )
    return render(request, "contribute_by_table", context, status=400 if error else 200)


def _name(row: Row) -> str:
    return str((row.data or {}).get("title") or row.problem or "A row without a title")[:200]


@router.post("/contribute/table")
def choose(request: Request, form: Form) -> Response:
    """Asks what is unknown, then which row; then makes a draft of it."""
    account = need(request, "submit").account
    assert account is not None
    mapped = [(key.removeprefix(_MAP), value) for key, value in form.pairs if _is_map(key, value)]
    text = ""
    try:
        text = _text(form)
        rows = from_table(text, dict(mapped))
        if not rows:
            raise FileUnreadable("There is no row below the headings.")
    except ColumnsUnknown as error:
        return _page(request, text, unknown=error.unknown, mapped=mapped)
    except FileUnreadable as error:
        return _page(request, text, error=str(error), mapped=mapped)
    row = _chosen(rows, form.text("row"))
    if row is None:
        return _page(request, text, mapped=mapped, choices=rows)
    if row.data is None:
        problem = f"Row {row.number}: {row.problem}"
        return _page(request, text, error=problem, mapped=mapped, choices=rows)
    data: dict[str, Any] = dict(row.data)
    with session_scope(write=True) as session:
        entry = service.begin(session, account, data, started_from="table")
    return see_other(request, urls.entry(entry.id))


def _is_map(key: str, value: str) -> bool:
    return key.startswith(_MAP) and bool(value)


def _text(form: Posted) -> str:
    sent = form.files("file")
    if not sent:
        return form.text("text").strip("\r\n")
    if kind_of(sent[0].path).code != "text":
        raise FileUnreadable("That is no CSV file. Save the sheet as CSV, or copy the row.")
    text, _ = decode(sent[0].path.read_bytes())
    if len(text) > 400_000:
        raise FileUnreadable("That table is too long for this page. Copy only the row you need.")
    return text


def _chosen(rows: Sequence[Row], number: str) -> Row | None:
    if len(rows) == 1:
        return rows[0]
    return next((row for row in rows if str(row.number) == number), None)
