"""How useful a record was: one tap on a level leads here, a second keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.records.errors import FieldError
from kb.trails import usefulness
from kb.trails.errors import EntryInvalid
from kb.trails.usefulness import Verdict
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.disclosure import shown_record
from web.forms import FieldView, Form, fields_of, values_of
from web.visitor import visitor_of

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The record's title, and the verdict as a form."""

    record_id: str
    record_title: str
    level: FieldView
    more: tuple[FieldView, ...]
    next: str
    given: bool
    trail_title: str


@router.get("/records/{record_id}/useful")
def form(request: Request, record_id: str, useful: str = "", next: str = "") -> Response:
    """The verdict; `useful` is the level already tapped, `next` where to go back to."""
    return _page(request, record_id, {"useful": useful} if useful else {}, next)


def _page(
    request: Request,
    record_id: str,
    values: dict[str, Any],
    back: str,
    errors: Sequence[FieldError] = (),
) -> Response:
    visitor = visitor_of(request)
    with session_scope() as session:
        title = shown_record(session, record_id).content.title
        own = usefulness.verdict_of(session, visitor.viewer, record_id)
    before: dict[str, Any] = {}
    if own is not None and own.useful is not None:
        before = {
            "useful": usefulness.code_of(own.useful),
            "why": own.why,
            "used_for": own.used_for,
            "note": own.note,
            "visibility": own.visibility,
        }
    fields = fields_of(Verdict, {"visibility": "me", **before, **values}, errors)
    more = tuple(view for view in fields[1:] if view.name != "visibility" or visitor.account)
    context = Context(
        title=f"How useful was “{title}”?",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link(title, urls.record(record_id)),
            Link("How useful?"),
        ),
        record_id=record_id,
        record_title=title,
        level=replace(fields[0], label="How useful was it for your work?"),
        more=more,
        next=urls.local(back, urls.record(record_id)),
        given=own is not None,
        trail_title=visitor.trail.title if visitor.trail and visitor.trail.writes else "",
    )
    return render(request, "useful", context, status=400 if errors else 200)


@router.post("/records/{record_id}/useful")
def save(request: Request, record_id: str, form: Form) -> Response:
    """Keeps the verdict, in the open trail too."""
    visitor = visitor_of(request)
    back = urls.local(form.text("next"), urls.record(record_id))
    values = values_of(Verdict, form)
    trail = visitor.trail
    try:
        with session_scope(write=True) as session:
            usefulness.annotate(
                session,
                visitor.viewer,
                record_id,
                values,
                trail_id=trail.id if trail and trail.writes else "",
                query=_words(back),
            )
    except EntryInvalid as error:
        return _page(request, record_id, values, back, error.errors)
    return see_other(request, back, "verdict-saved")


def _words(back: str) -> str:
    """The search on whose results the verdict was given."""
    parts = urlsplit(back)
    if parts.path != "/search":
        return ""
    return dict(parse_qsl(parts.query)).get("q", "")


@router.post("/records/{record_id}/useful/take-back")
def take_back(request: Request, record_id: str, form: Form) -> Response:
    """Withdraws one's verdict."""
    with session_scope(write=True) as session:
        usefulness.take_back(session, visitor_of(request).viewer, record_id)
    back = urls.local(form.text("next"), urls.record(record_id))
    return see_other(request, back, "verdict-taken-back")
