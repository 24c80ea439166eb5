"""For librarians: a source that they went through by hand, ticked off with what came of it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.directory import service as directory
from web import urls
from web.context import FormPage, Link, render, see_other
from web.errors import PageNotFound
from web.forms import FieldView, Form
from web.visitor import need

router = APIRouter()


@router.get("/sources/{source_id}/tick")
def form(request: Request, source_id: str) -> Response:
    """Asks what came of it."""
    need(request, "sources")
    with session_scope() as session:
        found = directory.source(session, source_id)
        if found is None:
            raise PageNotFound("There is no source at this address in the directory.")
        lead = [f"\u201c{found.title}\u201d: you asked for it, or read it yourself, today."]
        if found.entry.get("what_to_ask"):
            lead.append(f"What to ask: {found.entry['what_to_ask']}")
        if found.ticked_on is not None:
            lead.append(f"Last time: {found.ticked_on:%-d %B %Y}. {found.ticked_note}")
        page = FormPage(
            title="Gone through by hand",
            robots="noindex",
            crumbs=(
                Link("Home", urls.home()),
                Link("Sources", urls.sources()),
                Link(found.title, urls.source(source_id)),
                Link("Gone through by hand"),
            ),
            lead=tuple(lead),
            fields=(
                FieldView(
                    name="note",
                    label="What came of it? (optional)",
                    kind="area",
                    hint=f"Everybody can read it. No names of people. At most "
                    f"{directory.MOST_NOTE} letters.",
                ),
            ),
            button="Tick it off",
        )
    return render(request, "form", page)


@router.post("/sources/{source_id}/tick")
def tick(request: Request, source_id: str, form: Form) -> Response:
    """Ticks it off, with today's date."""
    account = need(request, "sources").account
    assert account is not None
    with session_scope(write=True) as session:
        note = form.text("note")
        if directory.tick(session, source_id, actor=account.actor, note=note) is None:
            raise PageNotFound("There is no source at this address in the directory.")
    return see_other(request, urls.source(source_id), "ticked")
