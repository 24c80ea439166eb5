"""Step 3 of a trail: a first broad search, against a clock that warns and never blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import now, session_scope
from kb.records.errors import FieldError
from kb.trails import steps
from kb.trails.checklist import search_words
from kb.trails.clock import Clock
from kb.trails.entries import BroadSearch
from kb.trails.errors import EntryInvalid
from kb.trails.state import BroadRound
from web import urls
from web.context import Link, see_other
from web.forms import FieldView, Form, fields_of, values_of
from web.trail_pages import TrailContext, frame, seen_by, show
from web.visitor import visitor_of

router = APIRouter()
ENGINES = {
    "DuckDuckGo": "https://duckduckgo.com/?q={query}",
    "Google": "https://www.google.com/search?q={query}",
    "Bing": "https://www.bing.com/search?q={query}",
}
"""General search engines that a broad search may be made with, each with its address."""


@dataclass(frozen=True)
class Round:
    """One broad search with its clock."""

    entry: BroadRound
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """The clock, the form that starts it, and what was tried before."""

    fields: tuple[FieldView, ...]
    rounds: tuple[Round, ...]
    running: Round | None
    words: str
    engines: tuple[Link, ...]


@router.get("/trails/{trail_id}/broad")
def broad(request: Request, trail_id: str) -> Response:
    """The clock and the rounds so far."""
    return _page(request, trail_id)


def _page(
    request: Request,
    trail_id: str,
    values: dict[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
) -> Response:
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
    moment = now()
    rounds = [Round(item, item.clock(moment)) for item in found.state.rounds]
    words = search_words(found.state)
    told = values if values is not None else {"limit_minutes": 20, "query": words}
    running = next((item for item in rounds if not item.entry.stopped), None)
    sought = (running.entry.query if running else "") or words
    context = Context(
        **frame(found, "broad"),
        fields=fields_of(BroadSearch, told, errors, only=("query", "engine", "limit_minutes")),
        rounds=tuple(reversed([item for item in rounds if item.entry.stopped])),
        running=running,
        words=words,
        engines=tuple(
            Link(name, urls.source_search(template, sought))
            for name, template in ENGINES.items()
            if sought
        ),
    )
    return show(request, "trail_broad", context, errors)


@router.post("/trails/{trail_id}/broad")
def start(request: Request, trail_id: str, form: Form) -> Response:
    """Starts the clock."""
    values = {name: value for name, value in values_of(BroadSearch, form).items() if value}
    try:
        with session_scope(write=True) as session:
            steps.start_broad(session, trail_id, visitor_of(request).viewer, values)
    except EntryInvalid as error:
        return _page(request, trail_id, values, error.errors)
    visitor_of(request).go_on(trail_id)
    return see_other(request, urls.trail(trail_id, "broad"), "clock-started")


@router.post("/trails/{trail_id}/broad/stop")
def stop(request: Request, trail_id: str) -> Response:
    """Stops the clock."""
    with session_scope(write=True) as session:
        steps.stop_broad(session, trail_id, visitor_of(request).viewer)
    return see_other(request, urls.trail(trail_id, "broad"), "clock-stopped")
