"""Step 5 of a trail: what was found where and how useful it was; dead ends; comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.database import session_scope
from kb.records.errors import FieldError
from kb.trails import service, steps
from kb.trails.entries import DeadEnd, Finding
from kb.trails.errors import EntryInvalid
from kb.trails.shown import HIDDEN, shown_records
from kb.trails.state import ComparisonEntry, ResultEntry
from web import urls
from web.context import Link, see_other
from web.forms import FieldView, Form, Option, fields_of, options_of, values_of
from web.outside_titles import ask_for_title
from web.trail_pages import TrailContext, edited, frame, seen_by, show
from web.visitor import visitor_of

router = APIRouter()
OUTSIDE = ("url", "title", "useful", "note", "found_in", "why", "used_for", "quote")
JUDGED = ("useful", "note", "found_in", "why", "used_for", "quote")
FIRST = ("url", "title", "useful", "note")


@dataclass(frozen=True)
class Result:
    """A result as its page shows it; a record that is no longer public has no name."""

    entry: ResultEntry
    title: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """Results, records opened but not judged, dead ends, comparisons, and the forms."""

    results: tuple[Result, ...]
    unjudged: tuple[Link, ...]
    levels: tuple[Option, ...]
    comparisons: tuple[tuple[ComparisonEntry, str], ...]
    fields: tuple[FieldView, ...]
    editing: str
    editing_title: str
    end_fields: tuple[FieldView, ...]
    others: tuple[Link, ...]
    first: tuple[str, ...] = FIRST


@router.get("/trails/{trail_id}/results")
def results(request: Request, trail_id: str, edit: str = "") -> Response:
    """What was found; `edit` is the result to change."""
    return _page(request, trail_id, edit)


def _page(
    request: Request,
    trail_id: str,
    edit: str = "",
    values: dict[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
    end: dict[str, Any] | None = None,
) -> Response:
    viewer = visitor_of(request).viewer
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
        state = found.state
        ids = [item.record for item in state.results if item.record]
        open_to_all = shown_records(session, [*ids, *(item.id for item in state.records)])
        others = service.mine(session, viewer) if found.may_write else []
    entry = next((item for item in state.results if item.id == edit), None)
    told = values if values is not None else vars(entry) if entry else {}
    made = [_result(item, open_to_all) for item in state.results]
    context = Context(
        **frame(found, "results"),
        results=tuple(sorted(made, key=lambda item: (item.entry.rejected, -item.entry.seq))),
        unjudged=tuple(
            Link(open_to_all[item.id].title, item.id)
            for item in sorted(state.records, key=lambda item: item.last_at, reverse=True)
            if item.id in open_to_all and item.id not in ids
        ),
        levels=options_of("usefulness"),
        comparisons=tuple((item, urls.compare(item.records)) for item in state.comparisons),
        fields=fields_of(
            Finding,
            told,
            errors if end is None else (),
            only=JUDGED if entry and entry.record else OUTSIDE,
        ),
        editing=entry.id if entry else "",
        editing_title=next((item.title for item in made if item.entry is entry), ""),
        end_fields=fields_of(DeadEnd, end, errors if end is not None else (), prefix="end-"),
        others=tuple(
            Link(item.title or "Untitled search", item.id) for item in others if item.id != trail_id
        ),
    )
    return show(request, "trail_results", context, errors)


def _result(entry: ResultEntry, open_to_all: dict[str, Any]) -> Result:
    if not entry.record:
        href = entry.url if urls.is_web_address(entry.url) else ""
        return Result(entry, entry.title or entry.url, href)
    record = open_to_all.get(entry.record)
    if record is None:
        return Result(replace(entry, record="", id=entry.id), HIDDEN, "")
    return Result(entry, record.title, urls.record(entry.record))


@router.post("/trails/{trail_id}/results")
def save(request: Request, trail_id: str, form: Form) -> Response:
    """Keeps a result, new or changed."""
    visitor = visitor_of(request)
    values, result_id = values_of(Finding, form, only=OUTSIDE), form.text("id")
    clashes: list[FieldError] = []
    try:
        with session_scope(write=True) as session:
            changes = values
            if result_id:
                place = ["results", result_id]
                changes, clashes = edited(
                    session, trail_id, visitor.viewer, form.text("since"), place, values
                )
            if not clashes and (changes or not result_id):
                kept = steps.set_result(session, trail_id, visitor.viewer, changes, result_id)
                if values.get("url") and not values.get("title"):
                    ask_for_title(session, trail_id, visitor.viewer, kept, values["url"])
    except EntryInvalid as error:
        return _page(request, trail_id, result_id, values, error.errors)
    if clashes:
        return _page(request, trail_id, result_id, values, clashes)
    jobs.wake_worker()
    return see_other(request, urls.trail(trail_id, "results"), "saved")


@router.post("/trails/{trail_id}/results/remove")
def remove(request: Request, trail_id: str, form: Form) -> Response:
    """Takes a result out of the trail."""
    with session_scope(write=True) as session:
        steps.remove_result(session, trail_id, visitor_of(request).viewer, form.text("id"))
    return see_other(request, urls.trail(trail_id, "results"), "removed")


@router.post("/trails/{trail_id}/dead-ends")
def dead_end(request: Request, trail_id: str, form: Form) -> Response:
    """Keeps something that led nowhere."""
    values = values_of(DeadEnd, form)
    try:
        with session_scope(write=True) as session:
            steps.note_dead_end(session, trail_id, visitor_of(request).viewer, values)
    except EntryInvalid as error:
        return _page(request, trail_id, errors=error.errors, end=values)
    return see_other(request, urls.trail(trail_id, "results") + "#dead-end", "saved")


@router.post("/trails/{trail_id}/dead-ends/bring")
def bring(request: Request, trail_id: str, form: Form) -> Response:
    """Takes over the dead ends of another trail."""
    with session_scope(write=True) as session:
        steps.bring_dead_ends(session, trail_id, visitor_of(request).viewer, form.text("from"))
    return see_other(request, urls.trail(trail_id, "results") + "#dead-end", "dead-ends-brought")


@router.post("/trails/{trail_id}/comparisons/remove")
def remove_comparison(request: Request, trail_id: str, form: Form) -> Response:
    """Takes a comparison out of the trail."""
    with session_scope(write=True) as session:
        steps.remove_comparison(session, trail_id, visitor_of(request).viewer, form.text("id"))
    return see_other(request, urls.trail(trail_id, "results"), "removed")
