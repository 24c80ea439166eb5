"""Step 1 of a trail: what exactly is to be found out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.records.errors import FieldError
from kb.trails import steps
from kb.trails.entries import Brief
from kb.trails.errors import EntryInvalid
from web import urls
from web.context import see_other
from web.forms import FieldView, Form, fields_of, values_of
from web.trail_pages import TrailContext, edited, frame, seen_by, show
from web.visitor import visitor_of

router = APIRouter()

# What helps most comes first; the rest is there for whoever has the time.
FIRST = ("question", "problem", "problem_types", "place", "not_wanted")
MORE = ("aspects", "area_types", "resources", "timescale", "risks", "success")


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """The brief as a form."""

    first: tuple[FieldView, ...]
    more: tuple[FieldView, ...]
    more_open: bool


@router.get("/trails/{trail_id}/clarify")
def clarify(request: Request, trail_id: str) -> Response:
    """The brief."""
    return _page(request, trail_id)


def _page(
    request: Request,
    trail_id: str,
    values: dict[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
) -> Response:
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
    told = {**vars(found.state.brief), **(values or {})}
    context = Context(
        **frame(found, "clarify"),
        first=fields_of(Brief, told, errors, only=FIRST),
        more=fields_of(Brief, told, errors, only=MORE),
        more_open=any(told.get(name) for name in MORE),
    )
    return show(request, "trail_clarify", context, errors)


@router.post("/trails/{trail_id}/clarify")
def save(request: Request, trail_id: str, form: Form) -> Response:
    """Keeps what was changed."""
    visitor = visitor_of(request)
    values = values_of(Brief, form)
    try:
        with session_scope(write=True) as session:
            changes, clashes = edited(
                session, trail_id, visitor.viewer, form.text("since"), ["brief"], values
            )
            if not clashes and changes:
                steps.set_brief(session, trail_id, visitor.viewer, changes)
    except EntryInvalid as error:
        return _page(request, trail_id, values, error.errors)
    if clashes:
        return _page(request, trail_id, values, clashes)
    if form.text("then") == "talk":
        return see_other(request, urls.trail(trail_id, "talk"), "saved")
    return see_other(request, urls.trail(trail_id, "clarify"), "saved")
