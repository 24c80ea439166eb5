"""One's own entry in a round: written under the scheme's headings, sent in, taken back."""

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.awards import contests, entering
from kb.awards.contests import Contest
from kb.awards.models import AwardSubmission
from kb.awards.rules import counted_words, gaps
from kb.database import now, session_scope
from kb.records import service as records
from kb.records.errors import RecordInvalid
from web import urls
from web.award_pages import (
    AwardPage,
    Block,
    WorkForm,
    asked,
    crumbs,
    plain,
    show,
    signed_in,
    sure,
    texts,
    told,
    yes,
)
from web.context import Link, see_other
from web.forms import FieldView, Form, Option, RowNumber, row_number
from web.labels import award_level

router = APIRouter()


@router.get("/awards/{scheme_id}/{year:int}/entries/{number:int}")
def entry(request: Request, scheme_id: str, year: RowNumber, number: RowNumber) -> Response:
    """The entry: its form while it is a draft, its state and answer afterwards."""
    account = signed_in(request, "submit")
    with session_scope() as session:
        contest = contests.get(session, scheme_id, year)
        row = entering.own(session, account, contest, number)
        return _page(request, session, contest, row)


def _page(
    request: Request,
    session: Session,
    contest: Contest,
    row: AwardSubmission,
    error: RecordInvalid | None = None,
) -> Response:
    content = records.get(session, row.record_id).content
    rules, out = contest.rules, contest.row.state == "published"
    state = [f"{entering.STATES[row.state]}."]
    if contest.row.closes and row.state == "draft":
        state.append(f"Entries are taken until {contest.row.closes}.")
    if out and row.state == "entered":
        state.append(f"Result: {award_level(row.level)}. Final mark {row.final:g} of 10.")
    if row.state == "ineligible" or out:
        state.append(f"Feedback: {row.feedback}" if row.feedback else "")
    links = [Link("The record", urls.record(row.record_id))]
    if out and row.state == "entered":
        links.append(Link("Certificate to print", _here(contest, "certificates", row)))
    blocks = [Block("Where it stands", tuple(filter(None, state)), tuple(links))]
    if row.state == "draft" and rules.criteria:
        lines = tuple(gaps(content, rules))
        blocks.append(Block("What the record says of what is judged", gaps=lines))
    here = _here(contest, "entries", row)
    forms: tuple[WorkForm, ...]
    if row.state == "draft" and contest.row.state == "open":
        in_all = counted_words(rules, row.texts)
        limit = f"Headings without a limit of their own share {rules.total_words} words; "
        forms = (
            WorkForm(
                here,
                "Save",
                "Your entry",
                (limit + f"{in_all} are used. " if rules.total_words else "")
                + "Judges see neither your name nor that of your organisation or place: names that "
                "the record holds are hidden, so leave others out.",
                told(_fields(contest, row), error.errors if error else ()),
                (("version", str(row.version)),),
                second="Save and enter",
            ),
        )
    else:
        blocks += texts(row.texts.items())
        forms = ()
    if row.state != "withdrawn" and not out:
        tick = told([sure("Yes, take it out of this round")], error.errors if error else ())
        forms = (
            *forms,
            WorkForm(f"{here}/withdraw", "Withdraw the entry", "Withdraw", fields=tick, quiet=True),
        )
    page = AwardPage(
        title=f"Your entry: {content.title}",
        robots="noindex",
        crumbs=crumbs(contest, Link("Your entry")),
        blocks=tuple(blocks),
        forms=forms,
    )
    return show(request, page)


def _here(contest: Contest, page: str, row: AwardSubmission) -> str:
    return urls.awards(contest.scheme.id, contest.year, page, str(row.id))


def _fields(contest: Contest, row: AwardSubmission) -> list[FieldView]:
    rules = contest.rules
    fields = [
        FieldView(
            name=f"text-{number}",
            label=one.title,
            kind="area",
            rows=10,
            words=one.words or rules.total_words,
            value=row.texts.get(one.title, ""),
        )
        for number, one in enumerate(rules.form)
    ]
    if rules.categories:
        options = tuple(
            Option(name, name, chosen=name == row.category) for name in rules.categories
        )
        fields.append(FieldView(name="category", label="Category", kind="radios", options=options))
    if rules.gates:
        options = tuple(Option(gate, gate, chosen=gate in row.gates) for gate in rules.gates)
        fields.append(
            FieldView(
                name="gates",
                label="Conditions",
                kind="checks",
                hint="Tick each that the entry meets. All must be met.",
                options=options,
            )
        )
    hint = "Needed in this round." if rules.endorser else "If somebody does."
    fields.append(FieldView(name="endorser", label="Endorsed by", hint=hint, value=row.endorser))
    if rules.months:
        fields.append(
            FieldView(
                name="months",
                label="Months of data",
                kind="number",
                hint=f"At least {rules.months}.",
                value=str(row.months or ""),
            )
        )
    fields.append(
        yes(
            "consent",
            "May the result be published?",
            on=row.consent,
            hint="If not, only you learn of it.",
        )
    )
    return fields


@router.post("/awards/{scheme_id}/{year:int}/entries/{number:int}")
def write(
    request: Request, scheme_id: str, year: RowNumber, number: RowNumber, form: Form
) -> Response:
    """Saves the draft, and sends it in when that was asked for; either way nothing is lost."""
    account, typed = signed_in(request, "submit"), plain(form.pairs)
    with session_scope(write=True) as session:
        contest = contests.get(session, scheme_id, year)
        row = entering.own(session, account, contest, number)
        version = row_number(typed.get("version", ""))
        entering.write(session, account, contest, row, typed, form.many("gates"), version)
    here = urls.awards(scheme_id, year, "entries", str(number))
    if typed.get("then") != "second":
        return see_other(request, here, "saved")
    try:
        with session_scope(write=True) as session:
            row = entering.own(session, account, contest, number)
            entering.enter(session, account, contest, row, now().date())
    except RecordInvalid as error:
        with session_scope() as session:
            return _page(
                request, session, contest, entering.own(session, account, contest, number), error
            )
    jobs.wake_worker()
    return see_other(request, here, "award-entered")


@router.post("/awards/{scheme_id}/{year:int}/entries/{number:int}/withdraw")
def withdraw(
    request: Request, scheme_id: str, year: RowNumber, number: RowNumber, form: Form
) -> Response:
    """Takes the entry back."""
    account = signed_in(request, "submit")
    with session_scope(write=True) as session:
        contest = contests.get(session, scheme_id, year)
        row = entering.own(session, account, contest, number)
        try:
            asked(form)
        except RecordInvalid as error:
            return _page(request, session, contest, row, error)
        entering.withdraw(session, account, contest, row)
    return see_other(
        request, urls.awards(scheme_id, year, "entries", str(number)), "award-withdrawn"
    )
