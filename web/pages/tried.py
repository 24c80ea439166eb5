"""We tried it too: where, when, what was changed and what happened; a librarian looks at it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.records.errors import FieldError
from kb.records.parts import Adoption
from kb.trails import adoptions
from kb.trails.errors import EntryInvalid
from web import urls
from web.context import FormPage, Link, render, see_other
from web.disclosure import shown_record
from web.forms import Form, fields_of, values_of
from web.visitor import need

router = APIRouter()
_LABELS = {
    "who": "Who tried it?",
    "where": "Where?",
    "started": "From when? (optional)",
    "adapted": "What did you change? (optional)",
    "direction": "What happened? (optional)",
    "record": "Id of its own record here (optional)",
    "note": "Anything else (optional)",
}


@router.get("/records/{record_id}/tried")
def form(request: Request, record_id: str) -> Response:
    """Asks what was done."""
    account = need(request, "annotate").account
    assert account is not None
    return _page(request, record_id, {"who": account.organisation})


def _page(
    request: Request,
    record_id: str,
    values: dict[str, Any],
    errors: Sequence[FieldError] = (),
) -> Response:
    with session_scope() as session:
        title = shown_record(session, record_id).content.title
    page = FormPage(
        title="We tried it too",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link(title, urls.record(record_id)),
            Link("We tried it too"),
        ),
        lead=(
            (
                f"What somebody else made of “{title}” tells more than any single project. "
                "Failures count as much as successes. A librarian reads it before it is shown."
            ),
        ),
        fields=tuple(
            replace(view, label=_LABELS[view.name]) for view in fields_of(Adoption, values, errors)
        ),
        button="Send it in",
    )
    return render(request, "form", page, status=400 if errors else 200)


@router.post("/records/{record_id}/tried")
def send(request: Request, record_id: str, form: Form) -> Response:
    """Sends it to the librarians."""
    account = need(request, "annotate").account
    assert account is not None
    values = values_of(Adoption, form)
    try:
        with session_scope(write=True) as session:
            adoptions.propose(session, account.id, record_id, values)
    except EntryInvalid as error:
        return _page(request, record_id, values, error.errors)
    return see_other(request, urls.record(record_id), "tried")
