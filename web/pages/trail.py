"""One trail at a glance, and its life: pause, go on, close, copy, rename, delete."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.trails import service
from kb.trails.access import Viewer
from kb.trails.entries import Closing, Title
from kb.trails.errors import EntryInvalid
from kb.trails.service import TrailView
from kb.trails.shown import HIDDEN, shown_records
from web import urls
from web.context import FormPage, Link, render, see_other
from web.forms import Form, fields_of, values_of
from web.trail_pages import STEPS, TrailContext, frame, progress, seen_by, show
from web.visitor import visitor_of

router = APIRouter()
LATEST = 8  # records opened that are named at a glance


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """The trail, its steps and what waits to be done."""

    steps: tuple[tuple[str, str, str, str], ...]
    current: bool
    opened: tuple[Link, ...]


@router.get("/trails/{trail_id}")
def trail(request: Request, trail_id: str) -> Response:
    """The trail at a glance."""
    visitor = visitor_of(request)
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
        latest = sorted(found.state.records, key=lambda item: item.last_at, reverse=True)[:LATEST]
        open_to_all = shown_records(session, [item.id for item in latest])
    done = progress(found.state)
    context = Context(
        **frame(found),
        steps=tuple((code, name, about, done[code]) for code, name, about in STEPS),
        current=visitor.trail is not None and visitor.trail.id == trail_id,
        opened=tuple(
            Link(open_to_all[item.id].title, urls.record(item.id))
            if item.id in open_to_all
            else Link(HIDDEN)
            for item in latest
        ),
    )
    return show(request, "trail", context)


@router.get("/trails/{trail_id}/shared")
def shared(request: Request, trail_id: str, key: str = "") -> Response:
    """What a share link leads to. The key goes into a cookie, so that no later address holds it."""
    visitor = visitor_of(request)
    if key:
        with session_scope() as session:
            service.readable(session, trail_id, Viewer(link_token=key))
        visitor.keep_link(urls.trail(trail_id), key)
    return see_other(request, urls.trail(trail_id))


@router.post("/trails/{trail_id}/pause")
def pause(request: Request, trail_id: str, form: Form) -> Response:
    """Stops the trail from writing itself."""
    visitor = visitor_of(request)
    with session_scope(write=True) as session:
        service.pause(session, trail_id, visitor.viewer)
    return see_other(request, urls.local(form.text("next"), urls.trail(trail_id)), "trail-paused")


@router.post("/trails/{trail_id}/resume")
def resume(request: Request, trail_id: str, form: Form) -> Response:
    """Goes on with a trail, paused or not: this browser is on it from now on."""
    visitor = visitor_of(request)
    with session_scope(write=True) as session:
        service.resume(session, trail_id, visitor.viewer)
    visitor.go_on(trail_id)
    return see_other(request, urls.local(form.text("next"), urls.trail(trail_id)), "trail-resumed")


@router.post("/trails/{trail_id}/leave")
def leave(request: Request, trail_id: str) -> Response:
    """This browser is on no trail any more; the trail stays as it is."""
    visitor_of(request).leave_trail(trail_id)
    return see_other(request, urls.trails(), "trail-left")


@router.post("/trails/{trail_id}/reopen")
def reopen(request: Request, trail_id: str) -> Response:
    """Goes on with a closed trail."""
    visitor = visitor_of(request)
    with session_scope(write=True) as session:
        service.reopen(session, trail_id, visitor.viewer)
    visitor.go_on(trail_id)
    return see_other(request, urls.trail(trail_id), "trail-reopened")


@router.post("/trails/{trail_id}/copy")
def copy(request: Request, trail_id: str) -> Response:
    """Makes one's own copy, with all that is in it, and goes on with that."""
    visitor = visitor_of(request)
    with session_scope(write=True) as session:
        copied = service.fork(session, trail_id, visitor.viewer)
    visitor.go_on(copied)
    return see_other(request, urls.trail(copied), "trail-copied")


def _writable(request: Request, trail_id: str) -> TrailView:
    visitor = visitor_of(request)
    with session_scope(write=True) as session:
        service.writable(session, trail_id, visitor.viewer, even_closed=True)
        return seen_by(request, session, trail_id)


def _close_page(
    found: TrailView, values: Any = None, errors: EntryInvalid | None = None
) -> FormPage:
    shared_frame = frame(found, title="Close")
    return FormPage(
        title=shared_frame["title"],
        robots="noindex",
        crumbs=shared_frame["crumbs"],
        lead=(
            (
                "All of this is optional; what you write stands at the top of the report. You "
                "can open the trail again later."
            ),
        ),
        fields=fields_of(Closing, values or found.state.closing, errors.errors if errors else ()),
        button="Close the trail and see the report",
        links=(Link("Not yet: back to the trail", urls.trail(found.id)),),
    )


@router.get("/trails/{trail_id}/close")
def close_form(request: Request, trail_id: str) -> Response:
    """Asks for answer, gaps, decision and next steps."""
    return render(request, "form", _close_page(_writable(request, trail_id)))


@router.post("/trails/{trail_id}/close")
def close(request: Request, trail_id: str, form: Form) -> Response:
    """Closes the trail."""
    visitor = visitor_of(request)
    values = values_of(Closing, form)
    try:
        with session_scope(write=True) as session:
            service.close(session, trail_id, visitor.viewer, values)
    except EntryInvalid as error:
        page = _close_page(_writable(request, trail_id), values, error)
        return render(request, "form", page, status=400)
    visitor.leave_trail(trail_id)
    return see_other(request, urls.trail(trail_id, "report"), "trail-closed")


@router.get("/trails/{trail_id}/name")
def name_form(request: Request, trail_id: str) -> Response:
    """Asks for another name."""
    found = _writable(request, trail_id)
    return render(request, "form", _name_page(found, {"title": found.state.title}))


def _name_page(
    found: TrailView, values: dict[str, Any], errors: EntryInvalid | None = None
) -> FormPage:
    shared_frame = frame(found, title="Name")
    return FormPage(
        title="Name of this trail",
        robots="noindex",
        crumbs=shared_frame["crumbs"],
        fields=fields_of(Title, values, errors.errors if errors else ()),
        button="Save",
    )


@router.post("/trails/{trail_id}/name")
def rename(request: Request, trail_id: str, form: Form) -> Response:
    """Gives it another name."""
    visitor = visitor_of(request)
    try:
        with session_scope(write=True) as session:
            service.rename(session, trail_id, visitor.viewer, form.text("title"))
    except EntryInvalid as error:
        page = _name_page(_writable(request, trail_id), {"title": form.text("title")}, error)
        return render(request, "form", page, status=400)
    return see_other(request, urls.trail(trail_id), "saved")


@router.get("/trails/{trail_id}/delete")
def delete_form(request: Request, trail_id: str) -> Response:
    """Asks before deleting."""
    found = _writable(request, trail_id)
    shared_frame = frame(found, title="Delete")
    page = FormPage(
        title="Delete this trail?",
        robots="noindex",
        crumbs=shared_frame["crumbs"],
        lead=(
            (
                f"“{found.state.title or 'Untitled search'}” goes with all its searches, notes and "
                "results, for everybody it is shared with. It cannot be undone."
            ),
        ),
        button="Delete it",
        danger=True,
        links=(
            Link("Get the report first", urls.trail(trail_id, "report")),
            Link("Keep it", urls.trail(trail_id)),
        ),
    )
    return render(request, "form", page)


@router.post("/trails/{trail_id}/delete")
def delete(request: Request, trail_id: str) -> Response:
    """Deletes it."""
    visitor = visitor_of(request)
    with session_scope(write=True) as session:
        service.delete_trail(session, trail_id, visitor.viewer)
    visitor.leave_trail(trail_id)
    return see_other(request, urls.trails(), "trail-deleted")
