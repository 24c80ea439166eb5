"""A judge's room: nameless entries, what must not be judged, and a mark for each criterion."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.accounts.models import Account
from kb.awards import contests, judging
from kb.awards.rules import TOP_MARK
from kb.database import session_scope
from kb.records.errors import RecordInvalid
from web import urls
from web.award_pages import (
    AwardPage,
    WorkForm,
    asked,
    crumbs,
    entries_table,
    entry_page,
    plain,
    show,
    signed_in,
    sure,
    texts,
    told,
)
from web.context import Link, see_other
from web.forms import FieldView, Form, RowNumber

router = APIRouter()


@router.get("/awards/{scheme_id}/{year:int}/judge")
def room(request: Request, scheme_id: str, year: RowNumber) -> Response:
    """The entries to judge and how far one is."""
    account = signed_in(request, "judge")
    with session_scope() as session:
        contest = contests.get(session, scheme_id, year)
        judge = judging.judge_of(session, account, contest)
        found = judging.entries(session, account, contest)
    here = urls.awards(scheme_id, year, "judge")
    rows = tuple(
        (
            Link(
                f"Entry {one.number}: {one.title}",
                "" if one.barred else f"{here}/{one.number}",
            ),
            Link(one.category),
            Link(
                f"Closed to you: {one.barred}"
                if one.barred
                else f"Your mark: {contest.rules.mark(one.score.marks):.1f}"
                if one.score
                else "Not marked yet"
            ),
        )
        for one in found
    )
    known = FieldView(
        name="knows",
        label="Organisations and places that you have an interest in",
        kind="lines",
        hint="Those you work for, or worked with. Entries that name them are closed to you.",
        value="\n".join(judge.knows),
    )
    page = AwardPage(
        title=f"Judge {contest.title}",
        robots="noindex",
        crumbs=crumbs(contest, Link("Judge")),
        lead=(
            f"{contests.STATES[contest.row.state]}.",
            "Names of people, organisations and places are hidden; so are other judges' marks.",
        ),
        blocks=(
            entries_table(
                ("Entry", "Category", "You"),
                rows,
                "Nothing can be read yet: judging has not begun.",
            ),
        ),
        forms=(WorkForm(here, "Declare", "Your interests", fields=(known,), quiet=True),),
    )
    return show(request, page)


@router.post("/awards/{scheme_id}/{year:int}/judge")
def know(request: Request, scheme_id: str, year: RowNumber, form: Form) -> Response:
    """Declares organisations and places."""
    account = signed_in(request, "judge")
    with session_scope(write=True) as session:
        contest = contests.get(session, scheme_id, year)
        judging.know(session, account, contest, form.text("knows"))
    return see_other(request, urls.awards(scheme_id, year, "judge"), "saved")


@router.get("/awards/{scheme_id}/{year:int}/judge/{number:int}")
def read(request: Request, scheme_id: str, year: RowNumber, number: RowNumber) -> Response:
    """One entry with its score form."""
    return _page(request, signed_in(request, "judge"), (scheme_id, year, number))


def _page(
    request: Request,
    account: Account,
    at: tuple[str, int, int],
    error: RecordInvalid | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    scheme_id, year, number = at
    with session_scope() as session:
        contest = contests.get(session, scheme_id, year)
        one = judging.opened(session, account, contest, number)
    here = urls.awards(scheme_id, year, "judge", str(number))
    shares = contest.rules.shares()
    held = one.score
    fields = [
        FieldView(
            name=f"mark-{place}",
            label=f"{criterion.title} (counts {shares[criterion.title]:.0%})",
            kind="number",
            hint=f"From 0 to {TOP_MARK}.",
            value=f"{held.marks[criterion.title]:g}" if held else "",
        )
        for place, criterion in enumerate(contest.rules.criteria)
    ]
    fields.append(
        FieldView(
            name="comment",
            label="Why",
            kind="area",
            hint="The moderator reads it, and makes the entrant's feedback from it.",
            value=held.comment if held else "",
        )
    )
    forms: tuple[WorkForm, ...] = ()
    if contest.row.state == "judging":
        reason = FieldView(name="reason", label="What the interest is", hint="In a few words.")
        tick = sure("Yes, close this entry to me")
        forms = (
            WorkForm(
                here,
                "Save the marks",
                "Your marks",
                fields=told(fields, error.errors if error else (), typed or {}),
            ),
            WorkForm(
                f"{here}/interest",
                "I have an interest in this entry",
                "Not yours to judge?",
                "It is then closed to you, and marks you gave it are taken out.",
                told((reason, tick), error.errors if error else (), typed or {}),
                quiet=True,
            ),
        )
    parent = Link("Judge", urls.awards(scheme_id, year, "judge"))
    page = entry_page(contest, number, one.title, parent, texts(one.texts), forms)
    return show(request, page)


@router.post("/awards/{scheme_id}/{year:int}/judge/{number:int}")
def score(
    request: Request, scheme_id: str, year: RowNumber, number: RowNumber, form: Form
) -> Response:
    """Keeps the marks."""
    account, typed = signed_in(request, "judge"), plain(form.pairs)
    try:
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            judging.score(session, account, contest, number, typed)
    except RecordInvalid as error:
        return _page(request, account, (scheme_id, year, number), error, typed)
    return see_other(request, urls.awards(scheme_id, year, "judge"), "marks-saved")


@router.post("/awards/{scheme_id}/{year:int}/judge/{number:int}/interest")
def declare(
    request: Request, scheme_id: str, year: RowNumber, number: RowNumber, form: Form
) -> Response:
    """Declares an interest in it."""
    account, typed = signed_in(request, "judge"), plain(form.pairs)
    try:
        asked(form)
    except RecordInvalid as error:
        return _page(request, account, (scheme_id, year, number), error, typed)
    with session_scope(write=True) as session:
        contest = contests.get(session, scheme_id, year)
        judging.declare(session, account, contest, number, form.text("reason"))
    return see_other(request, urls.awards(scheme_id, year, "judge"), "interest-declared")
