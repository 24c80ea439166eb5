"""The vocabulary desk: proposals to decide, words searched in vain, and every list of terms."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.accounts.models import Account
from kb.database import session_scope
from kb.directory import gaps
from kb.errors import KbError
from kb.trails.access import account_owner
from kb.vocabularies import desk, vocabulary
from kb.vocabularies.changes import TermChange
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import Form
from web.visitor import need

router = APIRouter()

KINDS = {
    "propose": "New term",
    "rename": "Another label",
    "merge": "To be merged",
    "deprecate": "To be offered no more",
    "import": "From another system",
}
MOST = 100


@dataclass(frozen=True)
class ChangeLine:
    """A proposal, or an accepted change, in words; `told` says what it would do."""

    id: int
    kind: str
    where: str
    told: str
    reason: str
    who: str
    at: datetime
    records: tuple[Link, ...]
    searches: int


@dataclass(frozen=True)
class GapLine:
    """A search that found nothing."""

    id: int
    text: str
    times: int


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """What waits, what was done, what people search for in vain, and the lists."""

    waiting: tuple[ChangeLine, ...]
    done_changes: tuple[ChangeLine, ...]
    wanted: tuple[GapLine, ...]
    lists: tuple[Link, ...]
    problem: str


def librarian(request: Request) -> Account:
    """The account, which may change vocabularies."""
    account = need(request, "vocabularies").account
    assert account is not None
    return account


@router.get("/desk/vocabularies")
def overview(request: Request) -> Response:
    """The desk."""
    librarian(request)
    return _page(request)


def _page(request: Request, problem: KbError | None = None) -> Response:
    with session_scope() as session:
        waiting = desk.changes(session, "proposed")[:MOST]
        accepted = desk.changes(session, "accepted")[:MOST]
        names = people.display_names(session, {row.proposed_by for row in [*waiting, *accepted]})
        lines = tuple(_line(session, row, names[row.proposed_by]) for row in waiting)
        done = tuple(_line(session, row, names[row.proposed_by]) for row in accepted)
        wanted = tuple(
            GapLine(gap.id or 0, gap.text, gap.times) for gap in gaps.gaps(session, MOST)
        )
    return render(
        request,
        "desk_vocabularies",
        Context(
            title="Vocabularies",
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link("Vocabularies")),
            waiting=lines,
            done_changes=done,
            wanted=wanted,
            lists=tuple(
                Link(held.title, urls.desk("vocabularies", held.id), f"{len(held.terms)} terms")
                for held in desk.open_vocabularies()
            ),
            problem=str(problem) if problem else "",
        ),
        status=400 if problem else 200,
    )


def _line(session: Session, row: TermChange, who: str) -> ChangeLine:
    in_thesaurus = row.vocabulary == desk.THESAURUS
    held = None if in_thesaurus else vocabulary(row.vocabulary)
    before = held.label(row.code) if held is not None else ""
    told = {
        "rename": f"“{before}” becomes “{row.data.get('label')}”",
        "merge": f"“{before}” will stand for “{held.label(row.data.get('replaced_by', ''))}”"
        if held is not None
        else "",
        "deprecate": f"“{before}” is offered no more",
    }.get(row.kind, f"“{row.data.get('label')}”: {row.data.get('definition', '')}")
    if in_thesaurus:
        told = f"“{row.data['term']}” also searches {', '.join(row.data['means'])}"
    touched = None if held is None else desk.touched(session, row.vocabulary, row.code)
    return ChangeLine(
        row.id or 0,
        "Synonym" if in_thesaurus else KINDS[row.kind],
        "thesaurus" if held is None else held.title,
        told,
        row.reason,
        who,
        row.proposed_at,
        tuple(Link(title, urls.record(one)) for one, title in touched.records) if touched else (),
        touched.searches if touched else 0,
    )


@router.post("/desk/vocabularies/decide")
def decide(request: Request, form: Form) -> Response:
    """Accepts, declines or takes back one change."""
    actor = account_owner(librarian(request).id)
    what, change = form.text("do"), _number(form.text("change"))
    try:
        with session_scope(write=True) as session:
            if what == "take-back":
                desk.take_back(session, change, actor=actor)
            else:
                desk.decide(session, change, accept=what == "accept", actor=actor)
            desk.queue_index(session)
    except KbError as problem:
        return _page(request, problem)
    desk.publish()
    jobs.wake_worker()
    return see_other(request, urls.desk("vocabularies"), "term-decided")


@router.post("/desk/vocabularies/synonym")
def synonym(request: Request, form: Form) -> Response:
    """Proposes what a word means that is searched in vain, or sets the word aside."""
    actor = account_owner(librarian(request).id)
    gap = _number(form.text("gap"))
    try:
        with session_scope(write=True) as session:
            if form.text("do") != "aside":
                means = form.text("means").split(";")
                desk.propose_synonym(session, form.text("term"), means, actor=actor)
            if gap:
                gaps.settle(session, gap)
    except desk.TermRefused as problem:
        return _page(request, problem)
    return see_other(request, urls.desk("vocabularies"), "term-proposed")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
