"""Check your answers: everything as it will be sent, and sending it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts.models import Account
from kb.curation import access, service
from kb.curation.errors import EntryClash, NothingChanged
from kb.curation.models import Entry
from kb.database import session_scope
from kb.records.errors import FieldError, RecordInvalid
from web import entry_view, urls
from web.context import BaseContext, Link, render, see_other
from web.entry_view import AnswerGroup, Coach, Twin
from web.forms import FieldView, Form
from web.pages.contribute_entry import crumbs
from web.visitor import need

router = APIRouter()
_PROMISE = (
    "I may share this, it names nobody who has not agreed, and I have read what was filled in "
    "from a document."
)


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The answers, what stands in the way, and the buttons this person has."""

    entry: Entry
    groups: tuple[AnswerGroup, ...]
    wrong: tuple[FieldView, ...]
    problem: str
    problem_at: str
    coach: Coach
    twins: tuple[Twin, ...]
    promise: str
    direct: bool
    may_send: bool


@router.get("/contribute/{entry_id}/check")
def check(request: Request, entry_id: str) -> Response:
    """All answers with links to change them."""
    account = need(request).account
    assert account is not None
    return _page(request, account, entry_id)


def _page(
    request: Request,
    account: Account,
    entry_id: str,
    *,
    errors: Sequence[FieldError] = (),
    problem: str = "",
    problem_at: str = "",
) -> Response:
    with session_scope() as session:
        entry = access.seen(session, account, entry_id)
        may = entry_view.actions(session, account, entry)
        direct = "apply" in may and entry.record_id is not None
        context = Context(
            title="Check your answers",
            robots="noindex",
            crumbs=crumbs(entry, Link("Check your answers")),
            entry=entry,
            groups=entry_view.answers(account, entry, errors),
            wrong=tuple(
                FieldView(name=f"answer-{e.field.partition('.')[0]}", label=e.title, error=e.rule)
                for e in errors
            ),
            problem=problem,
            problem_at=problem_at,
            coach=entry_view.coach(session, entry, "publish" if direct else "submit"),
            twins=entry_view.twins(session, entry) if may & {"submit", "apply"} else (),
            promise=_PROMISE,
            direct=direct,
            may_send="submit" in may or direct,
        )
    return render(request, "contribute_check", context, status=400 if errors or problem else 200)


@router.post("/contribute/{entry_id}/check")
def send(request: Request, entry_id: str, form: Form) -> Response:
    """Sends it to the librarians, or publishes a librarian's own change."""
    account = need(request, "submit").account
    assert account is not None
    direct = form.text("then") == "publish"
    if not direct and not form.text("promise"):
        problem = "Tick the box above the button: it has to be yours to share."
        return _page(request, account, entry_id, problem=problem, problem_at="promise")
    try:
        with session_scope(write=True) as session:
            if direct:
                entry = service.publish(session, account, entry_id, form.text("note"))
            else:
                entry = service.submit(session, account, entry_id)
    except RecordInvalid as error:
        return _page(request, account, entry_id, errors=error.errors)
    except NothingChanged as error:
        return _page(request, account, entry_id, problem=str(error))
    except EntryClash:
        return see_other(request, urls.entry(entry_id, "both"))
    jobs.wake_worker()
    if direct and entry.record_id:
        return see_other(request, urls.record(entry.record_id), "entry-published")
    return see_other(request, urls.entry(entry_id), "entry-sent")
