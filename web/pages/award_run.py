"""Running a round: its rules and dates, its judges, and the step from one state to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.awards import contests, moderating
from kb.awards.errors import AwardStepRefused
from kb.database import session_scope
from kb.records.errors import FieldError, RecordInvalid
from web import urls
from web.award_pages import (
    AwardPage,
    Block,
    WorkForm,
    asked,
    crumbs,
    date_fields,
    plain,
    rule_fields,
    show,
    signed_in,
    sure,
    told,
)
from web.context import Link, see_other
from web.forms import FieldView, Form, Option, RowNumber

router = APIRouter()
_DISMISS = "sure-dismiss"


@router.get("/awards/{scheme_id}/{year:int}/run")
def run(request: Request, scheme_id: str, year: RowNumber) -> Response:
    """Where the round stands and what can be done next."""
    signed_in(request, "awards")
    return _page(request, scheme_id, year)


def _page(
    request: Request,
    scheme_id: str,
    year: int,
    error: RecordInvalid | None = None,
    typed: dict[str, str] | None = None,
    problem: str = "",
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
    named = {one.account_id: names.get(f"account:{one.account_id}", "") for one in appointed}
    judged = tuple(
        (Link(named[one.account_id]), Link(str(len(one.interests)))) for one in appointed
    )
    forms = []
    if state in ("open", "judging"):
        forms = [_move_form(here, state, wrong), _appoint_form(here, wrong, given)]
        if named:
            forms.append(_dismiss_form(here, named, wrong, given))
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
                header=("Judge", "Closed entries"),
                rows=judged,
            ),
        ),
        forms=tuple(forms),
    )
    shown = {view.name for form in page.forms for view in form.fields if view.error}
    unseen = [f"{one.title}: {one.rule}" for one in wrong if one.field not in shown]
    if problem or unseen:
        page = replace(page, problem=problem or unseen[0])
    return show(request, page, 409 if problem else 400)


def _move_form(here: str, state: str, wrong: Sequence[FieldError]) -> WorkForm:
    if state == "open":
        step, to = "Close for entries and begin judging", "judging"
        words = "no entry can be made or changed"
    else:
        step, to, words = "End judging", "moderation", "no mark can be given"
    tick = told([sure(f"Yes, {words} from then on")], wrong)
    return WorkForm(f"{here}/move", step, "Next step", fields=tick, hidden=(("to", to),))


def _appoint_form(here: str, wrong: Sequence[FieldError], given: Mapping[str, str]) -> WorkForm:
    email = FieldView(
        name="email",
        label="E-mail address of a judge",
        kind="email",
        hint="Of an account with the role awards.",
    )
    fields = told([email], wrong, given)
    return WorkForm(f"{here}/judges", "Appoint", "Appoint a judge", fields=fields, quiet=True)


def _dismiss_form(
    here: str, named: Mapping[str, str], wrong: Sequence[FieldError], given: Mapping[str, str]
) -> WorkForm:
    who = FieldView(
        name="judge",
        label="Judge",
        kind="select",
        options=tuple(Option(account_id, name) for account_id, name in named.items()),
    )
    certain = sure(
        "Yes, take this judge off the round",
        name=_DISMISS,
        hint="Interests that they declared go with them.",
    )
    fields = told((who, certain), wrong, given)
    return WorkForm(f"{here}/judges", "Dismiss", "Dismiss a judge", fields=fields, quiet=True)


@router.post("/awards/{scheme_id}/{year:int}/run/rules")
def rules(request: Request, scheme_id: str, year: RowNumber, form: Form) -> Response:
    """Changes dates and rules."""
    account, typed = signed_in(request, "awards"), plain(form.pairs)
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
    account, typed = signed_in(request, "awards"), plain(form.pairs)
    try:
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            if typed.get("judge"):
                asked(form, _DISMISS)
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
    account = signed_in(request, "awards")
    steps = {"judging": contests.begin_judging, "moderation": contests.begin_moderation}
    try:
        asked(form)
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            step = steps.get(form.text("to"))
            if step is not None:
                step(session, account, contest)
    except RecordInvalid as error:
        return _page(request, scheme_id, year, error)
    except AwardStepRefused as refused:
        return _page(request, scheme_id, year, problem=str(refused))
    jobs.wake_worker()
    return see_other(request, urls.awards(scheme_id, year, "run"), "round-moved")
