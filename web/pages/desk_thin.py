"""For librarians: records that people find thin or misleading."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.trails import feedback, usefulness
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class Doubt:
    """One record with what people say against it. `notes` are those written for everybody."""

    record: Link
    people: int
    doubting: int
    not_useful: int
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The records, those most doubted first. `least` is how many people it takes."""

    doubts: tuple[Doubt, ...]
    least: int


@router.get("/desk/thin")
def thin(request: Request, least: int = 2) -> Response:
    """The list; `least=1` shows also what only one person said."""
    viewer = need(request, "review").viewer
    least = max(1, min(least, 100))
    with session_scope() as session:
        doubts = tuple(
            Doubt(
                record=Link(found.record.title, urls.record(found.record.id)),
                people=found.people,
                doubting=found.doubting,
                not_useful=found.not_useful,
                reasons=tuple(
                    f"{vocabulary('usefulness_reasons').label(code)} ({number})"
                    for code, number in sorted(found.reasons.items(), key=lambda one: -one[1])
                ),
                notes=tuple(row.note for row in usefulness.notes(session, viewer, found.record.id)),
            )
            for found in feedback.doubted(session, least)
        )
    return render(
        request,
        "desk_thin",
        Context(
            title="Records that people find thin or misleading",
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link("Doubted records")),
            doubts=doubts,
            least=least,
        ),
    )
