"""One's own trails: beginning one, going on with one, and finding what one saw."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import now, session_scope
from kb.trails import find, service
from kb.trails.errors import EntryInvalid
from kb.trails.find import Sighting
from kb.trails.service import TrailSummary
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import FieldView, Form
from web.visitor import visitor_of

router = APIRouter()
KEPT = timedelta(days=30)
"""How long a visitor's trail outlives its last entry; the browser forgot it long before."""
TITLE = 80  # characters of what somebody is looking into that make the trail's name


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Trails, the box that begins one, and what a search in them found."""

    box: FieldView
    found: tuple[Sighting, ...]
    asked: str
    mine: tuple[TrailSummary, ...]


def _box(text: str = "", error: str = "") -> FieldView:
    return FieldView(
        name="into",
        label="What are you looking into?",
        hint="A sentence is enough. Such as: burglary on a seaside estate in winter",
        kind="area",
        value=text,
        error=error,
    )


@router.get("/trails")
def trails(request: Request, q: str = "", start: str = "") -> Response:
    """The list. `start` fills the box, as the search page does with its words."""
    return _page(request, q[:500], _box(start[:500]))


def _page(request: Request, asked: str, box: FieldView) -> Response:
    viewer = visitor_of(request).viewer
    with session_scope() as session:
        mine = service.mine(session, viewer)
        found = find.find(session, viewer, asked)
    return render(
        request,
        "trails",
        Context(
            title="Search trails",
            description="Keep what you searched for, whom you asked and what you found.",
            crumbs=(Link("Home", urls.home()), Link("Search trails")),
            box=box,
            found=tuple(found),
            asked=asked,
            mine=tuple(mine),
        ),
        status=400 if box.error else 200,
    )


@router.post("/trails")
def start(request: Request, form: Form) -> Response:
    """Begins a trail; this browser is on it from now on."""
    visitor = visitor_of(request)
    into = " ".join(form.text("into").split())
    if not into:
        return _page(request, "", _box(error="say it in a few words"))
    try:
        with session_scope(write=True) as session:
            service.delete_stale_visits(session, now() - KEPT)
            trail_id = service.open_trail(session, visitor.viewer, _title(into), {"question": into})
    except EntryInvalid as error:
        return _page(request, "", _box(into, error.errors[0].rule))
    visitor.go_on(trail_id)
    if form.text("then") == "search":
        return see_other(request, urls.search(q=into), "trail-started")
    return see_other(request, urls.trail(trail_id, "clarify"), "trail-started")


def _title(into: str) -> str:
    if len(into) <= TITLE:
        return into
    return into[:TITLE].rsplit(" ", 1)[0] + "…"
