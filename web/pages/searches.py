"""Saved searches: keeping one, what is new in each, how often to be told, and deleting one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from index.query import Query
from kb import jobs
from kb.alerts import commands as alerts
from kb.database import now, session_scope
from kb.errors import KbError
from kb.records.errors import FieldError
from kb.trails import saved, service, teams
from kb.trails.errors import EntryInvalid
from kb.trails.models import SavedSearch
from kb.trails.saved import Digest
from kb.trails.service import TrailSummary
from web import urls
from web.account_forms import ACCOUNT_CRUMBS
from web.context import BaseContext, FormPage, Link, render, see_other
from web.forms import FieldView, Form, Option, RowNumber
from web.running import run_search
from web.visitor import Visitor, need

router = APIRouter()
FREQUENCIES = {"none": "Do not mail me", "daily": "Daily", "weekly": "Weekly"}
SHOWN = 5  # new records of a search that are named


@dataclass(frozen=True)
class Kept:
    """A saved search with what is new in it; None while it cannot be run."""

    row: SavedSearch
    href: str
    feed: str
    news: Digest | None


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The saved searches, and what else there is to know."""

    searches: tuple[Kept, ...]
    shared: tuple[TrailSummary, ...]
    leads: tuple[tuple[str, Link], ...]
    invitations: int
    frequencies: dict[str, str]
    shown: int


@router.get("/account/searches")
def overview(request: Request) -> Response:
    """What is saved, and what is new."""
    visitor = need(request, "alert")
    assert visitor.account is not None
    with session_scope() as session:
        rows = saved.searches(session, visitor.viewer)
        kept = [_kept(session, row) for row in rows]
        trails = service.mine(session, visitor.viewer)
        leads = [
            (lead, Link(trail.title, urls.trail(trail.id, "talk")))
            for trail in trails
            if trail.status != "closed"
            for lead in _leads(session, trail.id, visitor)
        ]
        invited = sum(state == "invited" for _, state in teams.of(session, visitor.account.id))
    return render(
        request,
        "searches",
        Context(
            title="Saved searches and leads",
            robots="noindex",
            crumbs=(*ACCOUNT_CRUMBS, Link("Saved searches and leads")),
            searches=tuple(kept),
            shared=tuple(trail for trail in trails if not trail.mine),
            leads=tuple(leads),
            invitations=invited,
            frequencies=FREQUENCIES,
            shown=SHOWN,
        ),
    )


def _leads(session: Any, trail_id: str, visitor: Visitor) -> list[str]:
    """Leads of a trail whose day has come."""
    today = now().date().isoformat()
    state = service.view(session, trail_id, visitor.viewer).state
    return [
        f"{task.lead} (by {task.follow_up})"
        for task in state.tasks
        if task.follow_up and task.follow_up <= today
    ]


def _kept(session: Any, row: SavedSearch) -> Kept:
    query = Query.from_params(saved.params_of(row))
    try:
        news = saved.news(session, row, run_search(saved.params_of(row)))
    except KbError:
        news = None
    return Kept(row, urls.search(query), urls.feed(query), news)


def _page(query: Query, values: dict[str, str], errors: Sequence[FieldError] = ()) -> FormPage:
    wrong = {error.field: error.rule for error in errors}
    return FormPage(
        title="Save this search",
        robots="noindex",
        crumbs=(*ACCOUNT_CRUMBS, Link("Save a search")),
        lead=(f"Search: {query.text or 'all records'}{_filters(query)}.",),
        fields=(
            FieldView(
                name="name",
                label="Name",
                hint="It stands in the subject of the mails.",
                value=values.get("name", ""),
                error=wrong.get("name", wrong.get("title", "")),
            ),
            frequency_field(values.get("frequency", "weekly"), wrong.get("frequency", "")),
        ),
        hidden=tuple(("param", f"{name}={value}") for name, value in query.to_params()),
        button="Save",
        links=(Link("Back to the results", urls.search(query)),),
    )


def _filters(query: Query) -> str:
    count = sum(len(codes) for codes in query.filters.values())
    return f", with {count} filter{'s' if count > 1 else ''}" if count else ""


def frequency_field(chosen: str, error: str = "") -> FieldView:
    """How often to be told by mail."""
    return FieldView(
        name="frequency",
        label="Tell me by e-mail what is new or changed",
        kind="radios",
        error=error,
        options=tuple(
            Option(code, label, chosen=code == chosen) for code, label in FREQUENCIES.items()
        ),
    )


@router.get("/account/searches/new")
def save_form(request: Request) -> Response:
    """Asks for a name."""
    need(request, "alert")
    query = Query.from_params(request.query_params).with_page(1)
    return render(request, "form", _page(query, {"name": query.text[:80]}))


@router.post("/account/searches/new")
def save(request: Request, form: Form) -> Response:
    """Saves it; what it finds now counts as known."""
    visitor = need(request, "alert")
    pairs = [(name, value) for name, _, value in (one.partition("=") for one in form.many("param"))]
    query = Query.from_params(pairs).with_page(1)
    values = {"name": form.text("name"), "frequency": form.text("frequency") or "none"}
    found = run_search(query.to_params())
    try:
        with session_scope(write=True) as session:
            saved.save_search(
                session,
                visitor.viewer,
                values["name"],
                query.to_params(),
                found=found,
                frequency=values["frequency"],
            )
            alerts.schedule(session)
    except EntryInvalid as error:
        return render(request, "form", _page(query, values, error.errors), status=400)
    jobs.wake_worker()
    return see_other(request, urls.searches(), "search-saved")


@router.post("/account/searches/{saved_id}/change")
def change(request: Request, saved_id: RowNumber, form: Form) -> Response:
    """Changes how often to be told."""
    visitor = need(request, "alert")
    with session_scope(write=True) as session:
        saved.change(session, visitor.viewer, saved_id, frequency=form.text("frequency"))
        alerts.schedule(session)
    jobs.wake_worker()
    return see_other(request, urls.searches(), "saved")


@router.post("/account/searches/{saved_id}/read")
def read(request: Request, saved_id: RowNumber) -> Response:
    """From now on what is new there counts as known."""
    visitor = need(request, "alert")
    with session_scope(write=True) as session:
        row = saved.own(session, visitor.viewer, saved_id)
        saved.mark_seen(session, row, run_search(saved.params_of(row)), now())
    return see_other(request, urls.searches(), "news-read")


@router.post("/account/searches/{saved_id}/remove")
def remove(request: Request, saved_id: RowNumber) -> Response:
    """Deletes a saved search."""
    visitor = need(request, "alert")
    with session_scope(write=True) as session:
        saved.remove(session, visitor.viewer, saved_id)
    return see_other(request, urls.searches(), "search-removed")
