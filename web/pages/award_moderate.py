"""Moderation: marks side by side, level and feedback of each entry, and the results."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.accounts.models import Account
from kb.awards import contests, entering, moderating
from kb.awards.contests import Contest
from kb.awards.errors import AwardStepRefused
from kb.awards.moderating import Line
from kb.database import session_scope
from kb.records.errors import FieldError, RecordInvalid
from web import urls
from web.award_pages import (
    AwardPage,
    Block,
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
from web.forms import FieldView, Form, Option, RowNumber, row_number
from web.labels import award_level

router = APIRouter()


@router.get("/awards/{scheme_id}/{year:int}/moderate")
def table(request: Request, scheme_id: str, year: RowNumber) -> Response:
    """Every entry sent in, the best first."""
    return _table(request, signed_in(request, "awards"), scheme_id, year)


def _table(
    request: Request,
    account: Account,
    scheme_id: str,
    year: int,
    *,
    problem: str = "",
    unsure: str = "",
    status: int = 400,
) -> Response:
    with session_scope() as session:
        contest = contests.get(session, scheme_id, year)
        lines = moderating.table(session, account, contest)
    here = urls.awards(scheme_id, year, "moderate")
    state = contest.row.state
    lead = {
        "open": "Entries are still coming in. Marks are shown once judging is over.",
        "judging": "Judges are at work. Their marks are shown once judging is over.",
        "moderation": "Give each entry a level, a final mark with its reason, and feedback.",
        "published": "The results are published.",
    }[state]
    forms: tuple[WorkForm, ...] = ()
    if state == "moderation":
        agreed = sum(1 for one in lines if one.row.state == "entered" and one.row.consent)
        forms = (
            WorkForm(
                f"{here}/publish",
                "Publish the results",
                "Publish",
                f"{agreed} of {len(lines)} entries will be shown to everybody; the others did not "
                "agree to it or are not eligible. Every entrant gets to see their own result and "
                "feedback.",
                (sure("Yes, publish the results", unsure),),
            ),
        )
    page = AwardPage(
        title=f"Entries and moderation: {contest.title}",
        robots="noindex",
        crumbs=crumbs(contest, Link("Run", urls.awards(scheme_id, year, "run")), Link("Entries")),
        lead=(lead,),
        blocks=(
            entries_table(
                ("Entry", "State", "Judges' mean", "Apart", "Final", "Level", "Feedback"),
                (_row(one, here, decided=state in ("moderation", "published")) for one in lines),
                "None was sent in yet.",
            ),
        ),
        forms=forms,
        problem=problem,
    )
    return show(request, page, status)


def _row(one: Line, here: str, *, decided: bool) -> tuple[Link, ...]:
    row = one.row
    feedback = "written" if row.feedback else "missing"
    return (
        Link(f"{row.id}: {one.title}", f"{here}/{row.id}"),
        Link(entering.STATES[row.state]),
        Link("" if one.mean is None else f"{one.mean:.1f} ({len(one.marks)})"),
        Link(f"{one.spread:.1f}" if one.marks else "", note="far apart" if one.wide else ""),
        Link("" if row.final is None else f"{row.final:g}"),
        Link(award_level(row.level) if row.level else ""),
        Link(feedback if decided else ""),
    )


@router.get("/awards/{scheme_id}/{year:int}/moderate/{number:int}")
def look(request: Request, scheme_id: str, year: RowNumber, number: RowNumber) -> Response:
    """One entry with all its marks."""
    return _page(request, signed_in(request, "awards"), (scheme_id, year, number))


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
        one = moderating.line(session, account, contest, number)
        names = people.display_names(session, {f"account:{who}" for who, *_ in one.marks})
    row, state = one.row, contest.row.state
    here = urls.awards(scheme_id, year, "moderate", str(number))
    wrong, given = (error.errors if error else ()), typed or {}
    heads = [criterion.title for criterion in contest.rules.criteria]
    marks = tuple(
        (
            Link(names.get(f"account:{who}", "")),
            Link(f"{mark:.1f}"),
            *(Link(f"{each[head]:g}") for head in heads),
            Link(comment),
        )
        for who, mark, each, comment in one.marks
    )
    standing = [f"{entering.STATES[row.state]}.", f"Category: {row.category or 'none'}."]
    standing.append("May be published." if row.consent else "Must not be published.")
    if row.endorser:
        standing.append(f"Endorsed by {row.endorser}.")
    if one.wide:
        standing.append(f"The judges are {one.spread:.1f} apart: let them talk before you decide.")
    blocks = [
        Block(
            "Where it stands",
            tuple(standing),
            (Link("The record", urls.record(row.record_id)),),
        )
    ]
    if marks:
        blocks.append(Block("Marks", header=("Judge", "Weighted", *heads, "Comment"), rows=marks))
    blocks += texts(row.texts.items())
    forms = [] if state == "published" else _forms(here, contest, one, wrong, given)
    parent = Link("Entries", urls.awards(scheme_id, year, "moderate"))
    page = entry_page(contest, number, one.title, parent, blocks, forms)
    return show(request, page)


def _forms(
    here: str,
    contest: Contest,
    one: Line,
    wrong: Sequence[FieldError],
    given: Mapping[str, str],
) -> list[WorkForm]:
    """What can be done with the entry now: decide on it, or rule it out before."""
    row = one.row
    feedback = FieldView(
        name="feedback",
        label="Feedback for the entrant",
        kind="area",
        hint="Every entrant gets some. They read it word for word.",
        value=row.feedback,
    )
    if contest.row.state == "moderation":
        fields = [feedback]
        if row.state == "entered":
            fields = [*_result_fields(one, contest.rules.public_vote), feedback]
        return [
            WorkForm(
                here,
                "Save the decision",
                "Decide",
                fields=told(fields, wrong, given),
                hidden=(("version", str(row.version)),),
            )
        ]
    if row.state != "entered":
        return []
    return [
        WorkForm(
            f"{here}/rule-out",
            "Rule it out",
            "Not eligible?",
            fields=told([feedback], wrong, given),
            quiet=True,
        )
    ]


def _result_fields(one: Line, public_vote: bool) -> list[FieldView]:
    row = one.row
    final = row.final if row.final is not None else one.mean
    fields = [
        FieldView(
            name="level",
            label="Level",
            kind="select",
            options=tuple(
                Option(term.code, term.label, chosen=term.code == row.level)
                for term in moderating.levels()
            ),
        ),
        FieldView(
            name="final",
            label="Final mark",
            kind="number",
            hint="From 0 to 10; filled in with the judges' mean.",
            value="" if final is None else f"{final:.2f}".rstrip("0").rstrip("."),
        ),
        FieldView(
            name="reason",
            label="Reason",
            kind="area",
            hint="Why this level and mark; kept with the round and not shown to the entrant.",
            value=row.reason,
        ),
    ]
    if public_vote:
        votes = "" if row.votes is None else str(row.votes)
        fields.append(FieldView(name="votes", label="Public votes", kind="number", value=votes))
    return fields


@router.post("/awards/{scheme_id}/{year:int}/moderate/{number:int}")
def decide(
    request: Request, scheme_id: str, year: RowNumber, number: RowNumber, form: Form
) -> Response:
    """Keeps the decision."""
    account, typed = signed_in(request, "awards"), plain(form.pairs)
    try:
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            version = row_number(typed.get("version", ""))
            moderating.decide(session, account, contest, number, typed, version)
    except RecordInvalid as error:
        return _page(request, account, (scheme_id, year, number), error, typed)
    return see_other(request, urls.awards(scheme_id, year, "moderate"), "saved")


@router.post("/awards/{scheme_id}/{year:int}/moderate/{number:int}/rule-out")
def rule_out(
    request: Request, scheme_id: str, year: RowNumber, number: RowNumber, form: Form
) -> Response:
    """Says that it is not eligible."""
    account, typed = signed_in(request, "awards"), plain(form.pairs)
    try:
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            moderating.rule_out(session, account, contest, number, typed.get("feedback", ""))
    except RecordInvalid as error:
        return _page(request, account, (scheme_id, year, number), error, typed)
    jobs.wake_worker()
    return see_other(request, urls.awards(scheme_id, year, "moderate"), "saved")


@router.post("/awards/{scheme_id}/{year:int}/moderate/publish")
def publish(request: Request, scheme_id: str, year: RowNumber, form: Form) -> Response:
    """Publishes the results."""
    account = signed_in(request, "awards")
    try:
        asked(form)
        with session_scope(write=True) as session:
            contest = contests.get(session, scheme_id, year)
            moderating.publish(session, account, contest)
    except RecordInvalid as error:
        return _table(request, account, scheme_id, year, unsure=error.errors[0].rule)
    except AwardStepRefused as error:
        return _table(request, account, scheme_id, year, problem=str(error), status=409)
    jobs.wake_worker()
    return see_other(request, urls.awards(scheme_id, year), "results-published")
