"""The vocabulary desk: proposals to decide, words searched in vain, lists of terms, SKOS in."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.accounts.models import Account
from kb.database import session_scope
from kb.directory import gaps
from kb.errors import InputInvalid, KbError
from kb.trails.access import account_owner
from kb.vocabularies import decided, desk, vocabulary
from kb.vocabularies.changes import TermChange
from kb.vocabularies.errors import TermRefused
from kb.vocabularies.uses import Uses, uses
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import Form, Option, row_number
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
    more: int
    done_changes: tuple[ChangeLine, ...]
    wanted: tuple[GapLine, ...]
    lists: tuple[Link, ...]
    imported: tuple[Option, ...]
    into: tuple[Option, ...]
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
        proposed = decided.changes(session, "proposed")
        waiting = proposed[:MOST]
        accepted = decided.changes(session, "accepted")[:MOST]
        names = people.display_names(session, {row.proposed_by for row in [*waiting, *accepted]})
        using = uses(session, [(row.vocabulary, row.code) for row in waiting])
        lines = tuple(
            _line(row, names[row.proposed_by], using[row.vocabulary, row.code]) for row in waiting
        )
        done = tuple(_line(row, names[row.proposed_by], Uses()) for row in accepted)
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
            more=len(proposed) - len(waiting),
            imported=_imported(proposed),
            into=tuple(Option(held.id, held.title) for held in desk.open_vocabularies()),
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


def _imported(proposed: list[TermChange]) -> tuple[Option, ...]:
    """The lists that terms from elsewhere wait for, with how many."""
    counts = Counter(row.vocabulary for row in proposed if row.kind == "import")
    return tuple(
        Option(name, f"{number} for {vocabulary(name).title}") for name, number in counts.items()
    )


def _line(row: TermChange, who: str, using: Uses) -> ChangeLine:
    in_thesaurus = row.vocabulary == decided.THESAURUS
    held = None if in_thesaurus else vocabulary(row.vocabulary)
    # A new label leaves the one before it first among the other names.
    names = [*row.data.get("alt", []), ""] if row.kind == "rename" else [row.data.get("label", "")]
    before = names[0]
    told = {
        "rename": f"“{before}” becomes “{row.data.get('label')}”",
        "merge": f"“{before}” will stand for “{held.label(row.data.get('replaced_by', ''))}”"
        if held is not None
        else "",
        "deprecate": f"“{before}” is offered no more",
    }.get(row.kind, f"“{row.data.get('label')}”: {row.data.get('definition', '')}")
    if in_thesaurus:
        told = f"“{row.data['term']}” also searches {', '.join(row.data['means'])}"
    return ChangeLine(
        row.id or 0,
        "Synonym" if in_thesaurus else KINDS[row.kind],
        "thesaurus" if held is None else held.title,
        told,
        row.reason,
        who,
        row.proposed_at,
        tuple(Link(title, urls.record(one)) for one, title in using.records),
        using.searches,
    )


@router.post("/desk/vocabularies/decide")
def decide(request: Request, form: Form) -> Response:
    """Accepts, declines or takes back one change."""
    actor = account_owner(librarian(request).id)
    what, change = form.text("do"), row_number(form.text("change"))
    try:
        with session_scope(write=True) as session:
            if what == "take-back":
                desk.take_back(session, change, actor=actor)
            elif what == "accept-imported":
                desk.accept_imported(session, form.text("list"), actor=actor)
            else:
                accept, why = what == "accept", form.text("why")
                desk.decide(session, change, accept=accept, reason=why, actor=actor)
            decided.queue_index(session)
    except KbError as problem:
        return _page(request, problem)
    decided.publish()
    jobs.wake_worker()
    return see_other(request, urls.desk("vocabularies"), "term-decided")


@router.post("/desk/vocabularies/synonym")
def synonym(request: Request, form: Form) -> Response:
    """Proposes what a word means that is searched in vain, or sets the word aside."""
    actor = account_owner(librarian(request).id)
    gap = row_number(form.text("gap"))
    try:
        with session_scope(write=True) as session:
            if form.text("do") != "aside":
                means = form.text("means").split(";")
                desk.propose_synonym(session, form.text("term"), means, actor=actor)
            if gap:
                gaps.settle(session, gap)
    except TermRefused as problem:
        return _page(request, problem)
    return see_other(request, urls.desk("vocabularies"), "term-proposed")


@router.post("/desk/vocabularies/import")
def bring_in(request: Request, form: Form) -> Response:
    """Proposes what is new or differs in a SKOS file of another system."""
    from kb.vocabularies import skos  # here, for it is seldom asked for and large

    actor = account_owner(librarian(request).id)
    files = form.files("file")
    if not files or not files[0].size:
        return _page(request, InputInvalid("Choose a file that is not empty."))
    try:
        terms = skos.read(files[0].path.read_bytes(), skos.format_of(files[0].name))
        with session_scope(write=True) as session:
            made = desk.bring_in(session, form.text("into"), terms, actor=actor)
    except KbError as problem:
        return _page(request, problem)
    done = "terms-proposed" if made else "terms-known"
    return see_other(request, urls.desk("vocabularies"), done)
