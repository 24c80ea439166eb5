"""Running a round: its rules and dates, its judges, and the step from one state to the next."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.accounts.models import Account
from kb.awards import contests, moderating
from kb.database import session_scope
from kb.records.errors import RecordInvalid
from web import urls
from web.award_pages import (
    AwardPage,
    Block,
    WorkForm,
    crumbs,
    date_fields,
    plain,
    rule_fields,
    show,
    told,
)
from web.context import Link, see_other
from web.forms import FieldView, Form, Option, RowNumber
from web.visitor import need

router = APIRouter()


def _runner(request: Request) -> Account:
    account = need(request, "awards").account
    assert account is not None
    return account


@router.get("/awards/{scheme_id}/{year:int}/run")
def run(request: Request, scheme_id: str, year: RowNumber) -> Response:
    """Where the round stands and what can be done next."""
    _runner(request)
    return _page(request, scheme_id, year)


def _page(
    request: Request,
    scheme_id: str,
    year: int,
    error: RecordInvalid | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    with session_scope() as session:
        contest = contests.get(session, scheme_id, year)
        appointed = contests.judges(session, contest)
        names = people.display_names(session, {f"account:{one.account_id}" for one in appointed})
        entered = len(moderating.sent(session, contest))
        lacking = len(contests.unscored(session, contest))
    state = contest.row.state
    here = urls.awards(scheme_id, year, "run")
    wrong, given = (error.errors if error else ()), typed or {}
    standing = [f"{contests.STATES[state]}.", f"Entries sent in: {entered}."]
    if state == "judging":
        standing.append(
            f"Entries that still need marks: {lacking}."
            if lacking
            else "Every entry has its marks."
        )
    links = [Link("The round's public page", urls.awards(scheme_id, year))]
    links.append(Link("Entries and moderation", urls.awards(scheme_id, year, "moderate")))
    judged = tuple(
        (Link(names.get(f"account:{one.account_id}", "")), Link(str(len(one.interests))))
        for one in appointed
    )
    forms = []
    if state in ("open", "judging"):
        step = "Close for entries and begin judging" if state == "open" else "End judging"
        what = "judging" if state == "open" else "moderation"
        forms.append(WorkForm(f"{here}/move", step, "Next step", hidden=(("to", what),)))
        email = FieldView(
            name="email",
            label="E-mail address of a judge",
            kind="email",
            hint="Of an account with the role awards.",
        )
        forms.append(
            WorkForm(
                f"{here}/judges",
                "Appoint",
                "Appoint a judge",
                fields=told([email], wrong, given),
                quiet=True,
            )
        )
        if appointed:
            who = FieldView(
                name="judge",
                label="Judge",
                kind="select",
                options=tuple(
                    Option(one.account_id, names.get(f"account:{one.account_id}", ""))
                    for one in appointed
                ),
            )
            forms.append(
                WorkForm(f"{here}/judges", "Dismiss", "Dismiss a judge", fields=(who,), quiet=True)
            )
    if state == "open":
        fields = told((*date_fields(contest), *rule_fields(contest.rules)), wrong, given)
        forms.append(
            WorkForm(
                f"{here}/rules", "Save the rules", "Dates and rules", fields=fields, quiet=True
            )
        )
    page = AwardPage(
        title=f"Run {contest.title}",
        robots="noindex",
        crumbs=crumbs(contest, Link("Run")),
        blocks=(
            Block("Where it stands", tuple(standing), tuple(links)),
            Block(
                "Judges",
                () if judged else ("None yet. Two are needed for every entry.",),
                header=("Judge", "Entries with an interest"),
                rows=judged,
            ),
        ),
        forms=tuple(forms),
    )
    shown = {view.name for form in page.forms for view in form.fields if view.error}
    unseen = [one for one in wrong if one.field not in shown]
    if unseen:
        page = replace(page, problem=f"{unseen[0].title}: {unseen[0].rule}")
    return show(request, page)


@router.post("/awards/{scheme_id}/{year:int}/run/rules")
def rules(request: Request, scheme_id: str, year: RowNumber, form: Form) -> Response:
    """Changes dates and rules."""
    account, typed = _runner(request), plain(form.pairs)
    try:
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            contests.change_rules(session, account, contest, typed)
    except RecordInvalid as error:
        return _page(request, scheme_id, year, error, typed)
    return see_other(request, urls.awards(scheme_id, year, "run"), "saved")


@router.post("/awards/{scheme_id}/{year:int}/run/judges")
def judges(request: Request, scheme_id: str, year: RowNumber, form: Form) -> Response:
    """Appoints or dismisses a judge."""
    account, typed = _runner(request), plain(form.pairs)
    try:
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            if typed.get("judge"):
                contests.dismiss(session, account, contest, typed["judge"])
            else:
                contests.appoint(session, account, contest, typed.get("email", ""))
    except RecordInvalid as error:
        return _page(request, scheme_id, year, error, typed)
    jobs.wake_worker()
    return see_other(request, urls.awards(scheme_id, year, "run"), "saved")


@router.post("/awards/{scheme_id}/{year:int}/run/move")
def move(request: Request, scheme_id: str, year: RowNumber, form: Form) -> Response:
    """Moves the round on."""
    account = _runner(request)
    steps = {"judging": contests.begin_judging, "moderation": contests.begin_moderation}
    with session_scope(write=True) as session:
        contest = contests.get(session, scheme_id, year)
        step = steps.get(form.text("to"))
        if step is not None:
            step(session, account, contest)
    jobs.wake_worker()
    return see_other(request, urls.awards(scheme_id, year, "run"), "round-moved")
