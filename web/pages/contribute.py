"""Contribute: what one's entries stand at, and the ways to begin one."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.accounts.roles import may
from kb.curation import service
from kb.curation.models import Entry
from kb.curation.prefill import from_practice
from kb.curation.workflow import State
from kb.database import session_scope
from kb.records import service as records
from web import entry_view, urls
from web.context import BaseContext, Link, render, see_other
from web.disclosure import shown_record
from web.forms import Form
from web.visitor import need, visitor_of

router = APIRouter()


@dataclass(frozen=True)
class EntryLine:
    """One entry in the list, with where it stands and why search does not find it."""

    title: str
    href: str
    state: State
    updated_at: datetime
    record: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The entries and whether more may be begun."""

    entries: tuple[EntryLine, ...]
    may_send: bool


@router.get("/contribute")
def contribute(request: Request) -> Response:
    """For everybody: how it works; for those signed in, their entries."""
    visitor = visitor_of(request)
    entries: tuple[EntryLine, ...] = ()
    if visitor.account is not None:
        with session_scope() as session:
            entries = tuple(_line(entry) for entry in service.mine(session, visitor.account))
    return render(
        request,
        "contribute",
        Context(
            title="Contribute",
            description="Send in what you tried against a problem, and what happened.",
            crumbs=(Link("Home", urls.home()), Link("Contribute")),
            entries=entries,
            may_send=may(visitor.account, "submit"),
        ),
    )


def _line(entry: Entry) -> EntryLine:
    record = urls.record(entry.record_id) if entry.record_id and entry.state == "published" else ""
    return EntryLine(
        entry.title, urls.entry(entry.id), entry_view.state_of(entry), entry.updated_at, record
    )


@router.post("/contribute")
def begin(request: Request, form: Form) -> Response:
    """A blank draft."""
    account = need(request, "submit").account
    assert account is not None
    with session_scope(write=True) as session:
        entry = service.begin(session, account, {"contributor_organisation": account.organisation})
    return see_other(request, urls.entry(entry.id))


@router.post("/contribute/records/{record_id}")
def begin_from_record(request: Request, record_id: str, form: Form) -> Response:
    """A draft that begins from a record: one's own try of it (`tried`), or a change to it."""
    account = need(request, "submit").account
    assert account is not None
    with session_scope(write=True) as session:
        practice = shown_record(session, record_id)
        if form.text("as") == "tried":
            content, passages = from_practice(practice)
            content["contributor_organisation"] = account.organisation
            entry = service.begin(
                session, account, content, started_from="tried", passages=passages
            )
        else:
            content_seen = practice.content
            if may(account, "edit"):
                content_seen = records.get(session, record_id).content
            entry = service.of_record(session, account, content_seen, practice.id)
    return see_other(request, urls.entry(entry.id))
