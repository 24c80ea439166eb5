"""A record that changed while somebody wrote a change to it: what is kept of each."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.curation import access, service
from kb.curation.errors import NotTheirs
from kb.database import session_scope
from kb.records import service as records
from web import urls
from web.clashes import PICK, ClashContext, clash_views
from web.context import Link, render, see_other
from web.forms import Form
from web.pages.contribute_entry import crumbs
from web.visitor import need

router = APIRouter()


@router.get("/contribute/{entry_id}/both")
def both(request: Request, entry_id: str) -> Response:
    """The fields in which the record and the entry differ, each with what it was."""
    account = need(request).account
    assert account is not None
    with session_scope() as session:
        entry = access.seen(session, account, entry_id)
        if not access.may_write(account, entry) or entry.record_id is None:
            raise NotTheirs("This entry cannot be changed by you as it stands now.")
        _, clashes = service.joined(entry, records.get(session, entry.record_id).content)
    if not clashes:
        return see_other(request, _back(entry.state, entry_id))
    context = ClashContext(
        title="The record changed meanwhile",
        robots="noindex",
        crumbs=crumbs(entry, Link("What to keep")),
        clashes=clash_views(clashes),
        action=urls.entry(entry_id, "both"),
        hidden=(),
        lead=(
            "While this change was written somebody else published another. What only one of you "
            "changed is joined. For these fields, choose which is kept; then publish again."
        ),
        button="Keep what I chose",
        keep_mine="Keep what this change says",
        keep_theirs="Keep what the record says now",
    )
    return render(request, "clash", context)


def _back(state: str, entry_id: str) -> str:
    return urls.entry(entry_id, "check") if state == "draft" else urls.review(entry_id)


@router.post("/contribute/{entry_id}/both")
def choose(request: Request, entry_id: str, form: Form) -> Response:
    """Keeps what was chosen; nothing is published by it."""
    account = need(request).account
    assert account is not None
    picked = {
        name.removeprefix(PICK): value == "mine"
        for name, value in form.pairs
        if name.startswith(PICK)
    }
    with session_scope(write=True) as session:
        entry = service.choose(session, account, entry_id, picked)
    return see_other(request, _back(entry.state, entry_id), "saved")
