"""Step 2 of a trail: who was asked, what they said, and the leads that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.records.errors import FieldError
from kb.trails import steps
from kb.trails.entries import Talk
from kb.trails.errors import EntryInvalid
from web import urls
from web.context import see_other
from web.forms import FieldView, Form, fields_of, values_of
from web.trail_pages import TrailContext, edited, frame, seen_by, show
from web.visitor import visitor_of

router = APIRouter()
TASKS = {"todo": "To do", "doing": "Doing", "done": "Done", "dropped": "Dropped"}


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """The talks, and the form for one more or the one being changed."""

    fields: tuple[FieldView, ...]
    editing: str
    tasks: dict[str, str]


@router.get("/trails/{trail_id}/talk")
def talk(request: Request, trail_id: str, edit: str = "") -> Response:
    """The talks; `edit` is the one to change."""
    return _page(request, trail_id, edit)


def _page(
    request: Request,
    trail_id: str,
    edit: str = "",
    values: dict[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
) -> Response:
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
    entry = next((item for item in found.state.talks if item.id == edit), None)
    told = values if values is not None else vars(entry) if entry else {}
    context = Context(
        **frame(found, "talk"),
        fields=fields_of(Talk, told, errors),
        editing=entry.id if entry else "",
        tasks=TASKS,
    )
    return show(request, "trail_talk", context, errors)


@router.post("/trails/{trail_id}/talk")
def save(request: Request, trail_id: str, form: Form) -> Response:
    """Keeps a talk, new or changed."""
    visitor = visitor_of(request)
    values, talk_id = values_of(Talk, form), form.text("id")
    clashes: list[FieldError] = []
    try:
        with session_scope(write=True) as session:
            changes = values
            if talk_id:
                place = ["talks", talk_id]
                changes, clashes = edited(
                    session, trail_id, visitor.viewer, form.text("since"), place, values
                )
            if not clashes and (changes or not talk_id):
                steps.set_talk(session, trail_id, visitor.viewer, changes, talk_id)
    except EntryInvalid as error:
        return _page(request, trail_id, talk_id, values, error.errors)
    if clashes:
        return _page(request, trail_id, talk_id, values, clashes)
    return see_other(request, urls.trail(trail_id, "talk"), "saved")


@router.post("/trails/{trail_id}/talk/task")
def task(request: Request, trail_id: str, form: Form) -> Response:
    """How the lead of a talk stands."""
    with session_scope(write=True) as session:
        steps.set_task(
            session, trail_id, visitor_of(request).viewer, form.text("id"), form.text("task")
        )
    return see_other(request, urls.trail(trail_id, "talk"), "saved")


@router.post("/trails/{trail_id}/talk/remove")
def remove(request: Request, trail_id: str, form: Form) -> Response:
    """Takes a talk out of the trail."""
    with session_scope(write=True) as session:
        steps.remove_talk(session, trail_id, visitor_of(request).viewer, form.text("id"))
    return see_other(request, urls.trail(trail_id, "talk"), "removed")
