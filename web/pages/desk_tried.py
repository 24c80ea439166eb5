"""For librarians: what people sent in as 'we tried it too', to be accepted or declined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.database import session_scope
from kb.records import service as records
from kb.records.errors import FieldError
from kb.records.parts import Adoption
from kb.trails import adoptions
from kb.trails.errors import EntryInvalid
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.forms import Form, RowNumber
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class Waiting:
    """One proposal, with the record that it speaks of."""

    id: int
    record_id: str
    record_title: str
    who_sent: str
    sent_at: datetime
    adoption: Adoption
    error: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Everything that waits, oldest first."""

    waiting: tuple[Waiting, ...]


@router.get("/desk/tried")
def waiting(request: Request) -> Response:
    """What nobody has decided yet."""
    need(request, "review")
    return _page(request)


def _page(request: Request, wrong: int = 0, errors: Sequence[FieldError] = ()) -> Response:
    with session_scope() as session:
        rows = adoptions.waiting(session)
        names = people.display_names(session, [row.proposer for row in rows])
        titles = {row.record_id: records.get(session, row.record_id).content.title for row in rows}
    made = tuple(
        Waiting(
            id=row.id or 0,
            record_id=row.record_id,
            record_title=titles[row.record_id],
            who_sent=names[row.proposer],
            sent_at=row.proposed_at,
            adoption=Adoption.model_validate(row.adoption),
            error="; ".join(error.rule for error in errors) if row.id == wrong else "",
        )
        for row in rows
    )
    context = Context(
        title="Tried elsewhere: to accept or decline",
        robots="noindex",
        crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link("Tried elsewhere")),
        waiting=made,
    )
    return render(request, "desk_tried", context, status=400 if errors else 200)


@router.post("/desk/tried/{proposal_id}/accept")
def accept(request: Request, proposal_id: RowNumber) -> Response:
    """Takes it as true: it is shown on the record."""
    account = need(request, "review").account
    assert account is not None
    with session_scope(write=True) as session:
        _must_be_there(adoptions.proposal(session, proposal_id))
        adoptions.accept(session, proposal_id, account.id)
    jobs.wake_worker()
    return see_other(request, urls.desk("tried"), "tried-accepted")


@router.post("/desk/tried/{proposal_id}/decline")
def decline(request: Request, proposal_id: RowNumber, form: Form) -> Response:
    """Turns it down with a reason."""
    account = need(request, "review").account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            _must_be_there(adoptions.proposal(session, proposal_id))
            adoptions.decline(session, proposal_id, account.id, form.text("reason"))
    except EntryInvalid as error:
        return _page(request, proposal_id, error.errors)
    return see_other(request, urls.desk("tried"), "tried-declined")


def _must_be_there(found: object) -> None:
    if found is None:
        raise PageNotFound("There is no such proposal. Go back to the list of those waiting.")
