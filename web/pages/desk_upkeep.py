"""For librarians: records and contacts that grow old, searches in vain, and how busy it is."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.database import session_scope
from kb.directory import contact_checks, gaps, upkeep
from kb.directory.models import SearchGap
from kb.directory.upkeep import Old
from kb.trails.access import account_owner
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.filters import day, partial_date
from web.forms import Form, RowNumber, row_number
from web.labels import Labels
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class DueLine:
    """A contact nobody confirmed lately: one to be asked by mail, or to be looked up."""

    record: Link
    record_id: str
    position: int
    who: str
    confirmed: str
    asked: str
    mailbox: bool
    page: str


@dataclass(frozen=True)
class GapLine:
    """A search that found nothing, how often, and with which filters."""

    id: int
    text: str
    times: int
    filters: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """What waits."""

    old_total: int
    old: tuple[Old, ...]
    due: tuple[DueLine, ...]
    gaps: tuple[GapLine, ...]
    states: tuple[tuple[str, int], ...]
    activity: tuple[tuple[str, int], ...]
    elsewhere: tuple[Link, ...]


@router.get("/desk/upkeep")
def overview(request: Request) -> Response:
    """All lists."""
    need(request, "review")
    with session_scope() as session:
        labels = Labels.read(session)
        total, old = upkeep.due_for_review(session)
        due = contact_checks.due(session)
        vain = gaps.gaps(session)
        states = upkeep.records_by_state(session)
        activity = upkeep.activity(session)
    names = vocabulary("workflow_states")
    context = Context(
        title="Upkeep",
        robots="noindex",
        crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link("Upkeep")),
        old_total=total,
        old=tuple(old),
        due=tuple(
            DueLine(
                Link(one.contact.record_title, urls.record(one.contact.record_id)),
                one.contact.record_id,
                one.contact.position,
                ", ".join(filter(None, (one.contact.role, one.contact.organisation))),
                partial_date(one.contact.verified_on) if one.contact.verified_on else "",
                day(one.asked_on) if one.asked_on else "",
                one.contact.reachable,
                one.contact.url,
            )
            for one in due
        ),
        gaps=tuple(_gap(row, labels) for row in vain),
        states=tuple((names.label(code), number) for code, number in sorted(states.items())),
        activity=tuple(
            (action.replace(".", " ").replace("_", " "), number)
            for action, number in activity.items()
        ),
        elsewhere=(
            Link("Links that do not answer", urls.desk("links")),
            Link("Records that people find thin or misleading", urls.desk("thin")),
            Link("Duplicates", urls.desk("duplicates")),
            Link("Gap map", urls.gaps()),
        ),
    )
    return render(request, "desk_upkeep", context)


def _gap(row: SearchGap, labels: Labels) -> GapLine:
    chosen = [
        labels.facet_value(name, code) for name, codes in row.filters.items() for code in codes
    ]
    params = [("q", row.text), *((n, code) for n, codes in row.filters.items() for code in codes)]
    return GapLine(row.id or 0, row.text, row.times, ", ".join(chosen), urls.search_again(params))


@router.post("/desk/upkeep/contacts/{record_id}/{position}")
def ask(request: Request, record_id: str, position: RowNumber) -> Response:
    """Mails a contact."""
    account = need(request, "edit").account
    assert account is not None
    with session_scope(write=True) as session:
        contact_checks.ask(session, record_id, position, actor=account_owner(account.id))
    jobs.wake_worker()
    return see_other(request, urls.desk("upkeep"), "contact-asked")


@router.post("/desk/upkeep/contacts/{record_id}/{position}/confirm")
def confirm(request: Request, record_id: str, position: RowNumber) -> Response:
    """Notes that a contact was looked up and is still right."""
    account = need(request, "edit").account
    assert account is not None
    with session_scope(write=True) as session:
        contact_checks.confirm(session, record_id, position, actor=account_owner(account.id))
    jobs.wake_worker()
    return see_other(request, urls.desk("upkeep"), "contact-confirmed")


@router.post("/desk/upkeep/records/{record_id}")
def checked(request: Request, record_id: str) -> Response:
    """Notes that a record was looked at and is still right."""
    account = need(request, "edit").account
    assert account is not None
    with session_scope(write=True) as session:
        upkeep.note_checked(session, record_id, actor=account_owner(account.id))
    return see_other(request, urls.desk("upkeep"), "record-checked")


@router.post("/desk/upkeep/gaps")
def settle(request: Request, form: Form) -> Response:
    """Takes a search in vain off the list."""
    need(request, "edit")
    with session_scope(write=True) as session:
        if not gaps.settle(session, row_number(form.text("gap"))):
            raise PageNotFound("That is not on the list any more.")
    return see_other(request, urls.desk("upkeep"), "gap-settled")
