"""The versions of a record, and what changed between two of them."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.database import session_scope
from kb.records import service
from kb.records.rules import DOORS
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render
from web.disclosure import Version, shown_record, shown_versions
from web.forms import row_number
from web.record_view import in_words

router = APIRouter()


@dataclass(frozen=True)
class VersionLine:
    """One version."""

    version: int
    saved_at: datetime
    how: str
    state: str
    changes: str
    compare: str


@dataclass(frozen=True)
class ChangeView:
    """One field that differs, as words before and after."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """All versions; with two chosen, their differences."""

    record_id: str
    record_title: str
    versions: tuple[VersionLine, ...]
    before: int | None
    after: int | None
    changes: tuple[ChangeView, ...]


@router.get("/records/{record_id}/history")
def history(request: Request, record_id: str) -> HTMLResponse:
    """Versions that were open to all; `from` and `to` choose two to compare."""
    with session_scope() as session:
        practice = shown_record(session, record_id)
        rows = shown_versions(session, record_id)
    by_version = {row.number: row for row in rows}
    before = _chosen(request.query_params.get("from"), by_version)
    after = _chosen(request.query_params.get("to"), by_version)
    both = before is not None and after is not None and before != after
    changes: tuple[ChangeView, ...] = ()
    if both:
        assert before is not None and after is not None  # noqa: PT018  tells the type checker
        before, after = min(before, after), max(before, after)
        changes = _changes(by_version[before], by_version[after])
    context = Context(
        title=f"Versions of {practice.content.title}",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link(practice.content.title, urls.record(record_id)),
            Link("Versions"),
        ),
        record_id=record_id,
        record_title=practice.content.title,
        versions=tuple(
            _line(record_id, row, rows[place + 1] if place + 1 < len(rows) else None)
            for place, row in enumerate(rows)
        ),
        before=before if both else None,
        after=after if both else None,
        changes=changes,
    )
    return render(request, "history", context)


def _chosen(text: str | None, known: dict[int, Version]) -> int | None:
    number = row_number(text or "")
    return number if number in known else None


def _changes(older: Version, newer: Version) -> tuple[ChangeView, ...]:
    return tuple(
        ChangeView(
            change.spec.title,
            in_words(change.spec, change.before),
            in_words(change.spec, change.after),
        )
        for change in service.diff(older.content, newer.content)
    )


def _line(record_id: str, row: Version, older: Version | None) -> VersionLine:
    if older is None:
        changes = "First version that was open to all"
    else:
        titles = [change.spec.title for change in service.diff(older.content, row.content)]
        changes = "Changed: " + "; ".join(titles) if titles else "Nothing that is shown"
    return VersionLine(
        version=row.number,
        saved_at=row.saved_at,
        how=DOORS.get(row.door, row.door),
        state=vocabulary("workflow_states").label(row.state),
        changes=changes,
        compare=urls.history(record_id, older.number, row.number) if older else "",
    )
