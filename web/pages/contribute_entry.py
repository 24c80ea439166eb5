"""An entry: its task list, where it stands, what was said about it, and its author's steps."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts.models import Account
from kb.curation import access, attachments, comments, service
from kb.curation.comments import Thread
from kb.curation.models import Attachment, Entry
from kb.curation.workflow import State
from kb.database import session_scope
from kb.imports import uploads
from kb.records.errors import RecordInvalid
from web import entry_view, urls
from web.context import BaseContext, FormPage, Link, render, see_other
from web.entry_view import Coach, TaskGroup
from web.forms import FieldView, Form, row_number
from web.visitor import need

router = APIRouter()
STARTED = {
    "blank": "",
    "tried": "It begins from a record that you tried too. Change whatever was different with you.",
    "document": "It begins from your document. Nothing is taken as said until you have read it.",
    "table": "It begins from a row of your table.",
    "record": "It changes a record of the collection. What you leave alone stays as it is.",
    "collected": "It was collected from elsewhere.",
}


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Everything the task list shows."""

    entry: Entry
    state: State
    started: str
    groups: tuple[TaskGroup, ...]
    completed: int
    pages: int
    coach: Coach
    files: tuple[Attachment, ...]
    threads: tuple[Thread, ...]
    places: dict[str, str]
    may: set[str]
    record: str
    mine: bool
    upload: uploads.Upload | None


def crumbs(entry: Entry, *more: Link) -> tuple[Link, ...]:
    """The way to an entry, and on from it."""
    here = Link(entry.title, urls.entry(entry.id) if more else "")
    return (Link("Home", urls.home()), Link("Contribute", urls.contribute()), here, *more)


@router.get("/contribute/{entry_id}")
def entry(request: Request, entry_id: str) -> Response:
    """The task list."""
    account = need(request).account
    assert account is not None
    return _page(request, account, entry_id)


def _page(request: Request, account: Account, entry_id: str) -> Response:
    with session_scope() as session:
        found = access.seen(session, account, entry_id)
        groups = entry_view.task_list(account, found)
        lines = [line for group in groups for line in group.lines]
        threads = tuple(comments.threads(session, found))
        may = entry_view.actions(session, account, found)
        told_of = [one.field for one in threads] if "write" in may else []
        context = Context(
            title=found.title,
            robots="noindex",
            crumbs=crumbs(found),
            entry=found,
            state=entry_view.state_of(found),
            started=STARTED[found.started_from] if found.state == "draft" else "",
            groups=groups,
            completed=sum(line.status == "done" for line in lines),
            pages=len(lines),
            coach=entry_view.coach(session, found, "submit"),
            files=tuple(attachments.of_entry(session, found)),
            threads=threads,
            places=entry_view.places(account, found, told_of),
            may=may,
            record=found.record_id or "",
            mine=access.is_author(account, found),
            upload=(
                uploads.of_entry(session, found.id, owner=account.id) if "write" in may else None
            ),
        )
    return render(request, "contribute_entry", context)


@router.post("/contribute/{entry_id}/step")
def step(request: Request, entry_id: str, form: Form) -> Response:
    """Takes it back, opens it again, or deletes it."""
    account = need(request).account
    assert account is not None
    what = form.text("step")
    with session_scope(write=True) as session:
        if what == "discard":
            service.discard(session, account, entry_id)
        elif what == "reopen":
            service.reopen(session, account, entry_id)
        else:
            service.take_back(session, account, entry_id)
    jobs.wake_worker()
    if what == "discard":
        return see_other(request, urls.contribute(), "entry-discarded")
    done = "entry-reopened" if what == "reopen" else "entry-taken-back"
    return see_other(request, urls.entry(entry_id), done)


@router.post("/contribute/{entry_id}/comment")
def comment(request: Request, entry_id: str, form: Form) -> Response:
    """Says something about the entry, or answers what was said."""
    account = need(request).account
    assert account is not None
    back = urls.local(form.text("back"), urls.entry(entry_id))
    try:
        with session_scope(write=True) as session:
            comments.say(
                session,
                account,
                entry_id,
                form.text("text"),
                field=form.text("field"),
                answers=row_number(form.text("answers")) or None,
            )
    except RecordInvalid:
        return see_other(request, f"{back}#talk", "comment-empty")
    jobs.wake_worker()
    return see_other(request, f"{back}#talk", "comment-sent")


@router.post("/contribute/{entry_id}/resolve")
def resolve(request: Request, entry_id: str, form: Form) -> Response:
    """Marks a thread as dealt with, or opens it again."""
    account = need(request).account
    assert account is not None
    with session_scope(write=True) as session:
        comments.resolve(
            session,
            account,
            entry_id,
            row_number(form.text("id")),
            again=bool(form.text("again")),
        )
    back = urls.local(form.text("back"), urls.entry(entry_id))
    return see_other(request, f"{back}#talk", "saved")


def _appeal_page(entry_id: str, text: str = "", error: str = "") -> FormPage:
    return FormPage(
        title="Appeal",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link("Contribute", urls.contribute()),
            Link("Your entry", urls.entry(entry_id)),
            Link("Appeal"),
        ),
        lead=(
            (
                "Another librarian than the first reads the entry, the reason it was declined and "
                "what you write here. You can appeal once; that decision stands."
            ),
        ),
        fields=(
            FieldView(
                name="reason",
                label="Why should it be taken in?",
                kind="area",
                value=text,
                error=error,
            ),
        ),
        button="Send the appeal",
    )


@router.get("/contribute/{entry_id}/appeal")
def appeal_form(request: Request, entry_id: str) -> Response:
    """Asks why."""
    account = need(request).account
    assert account is not None
    with session_scope() as session:
        found = access.seen(session, account, entry_id)
        if "appeal" not in entry_view.actions(session, account, found):
            return see_other(request, urls.entry(entry_id))
    return render(request, "form", _appeal_page(entry_id))


@router.post("/contribute/{entry_id}/appeal")
def appeal(request: Request, entry_id: str, form: Form) -> Response:
    """Sends the appeal to the other librarians."""
    account = need(request).account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            service.appeal(session, account, entry_id, form.text("reason"))
    except RecordInvalid as error:
        page = _appeal_page(entry_id, form.text("reason"), error.errors[0].rule)
        return render(request, "form", page, status=400)
    jobs.wake_worker()
    return see_other(request, urls.entry(entry_id), "entry-appealed")
