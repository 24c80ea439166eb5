"""An entry as its reviewer sees it: what changed, checks, comments, and the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.accounts.models import Account
from kb.audit import Asked, entries
from kb.curation import access, attachments, comments, service, source_changes
from kb.curation.comments import Thread
from kb.curation.content import changed_fields
from kb.curation.errors import EntryClash, NotTheirs, StepRefused
from kb.curation.models import Attachment, Entry
from kb.curation.workflow import State
from kb.database import session_scope
from kb.records import service as records
from kb.records.errors import FieldError, RecordInvalid
from kb.records.practice import FIELD
from web import entry_view, urls
from web.context import BaseContext, Link, render, see_other
from web.entry_view import AnswerGroup, Coach, Twin, told
from web.forms import FieldView, Form, Option
from web.typed import plain_date
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class Change:
    """One field that differs from what was last reviewed."""

    name: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One thing that happened to the entry."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Everything the review page shows."""

    entry: Entry
    state: State
    author: str
    from_source: bool
    """Whether it is what changed at the source of a record."""
    decisions: tuple[tuple[str, str, str], ...]
    """What can be decided: code, label and what it leads to."""
    claimer: str
    against: str
    changes: tuple[Change, ...]
    groups: tuple[AnswerGroup, ...]
    coach: Coach
    files: tuple[Attachment, ...]
    threads: tuple[Thread, ...]
    fields: tuple[Option, ...]
    events: tuple[Event, ...]
    may: set[str]
    wrong: tuple[FieldView, ...]
    problem: str
    typed: dict[str, str]
    record: str
    twins: tuple[Twin, ...]


@router.get("/desk/reviews/{entry_id}")
def review(request: Request, entry_id: str, about: str = "") -> Response:
    """The review page; `about` is the field that the next comment is about."""
    account = need(request, "review").account
    assert account is not None
    return _page(request, account, entry_id, typed={"field": about})


def _page(
    request: Request,
    account: Account,
    entry_id: str,
    *,
    errors: Sequence[FieldError] = (),
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 400,
) -> Response:
    with session_scope() as session:
        entry = access.seen(session, account, entry_id)
        names = people.display_names(
            session, {who for who in (entry.owner, entry.claimed_by) if who}
        )
        asked = entry_view.form_sections(account, entry)
        context = Context(
            title=entry.title,
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link(entry.title)),
            entry=entry,
            state=entry_view.state_of(entry),
            author=names.get(entry.owner, "") if entry.owner else "",
            from_source=entry.started_from == source_changes.STARTED_FROM,
            decisions=_decisions(entry),
            claimer=names.get(entry.claimed_by, ""),
            against=_against(entry),
            changes=_changes(entry),
            groups=entry_view.answers(account, entry, errors),
            coach=entry_view.coach(session, entry, "publish"),
            files=tuple(attachments.of_entry(session, entry)),
            threads=tuple(comments.threads(session, entry)),
            fields=tuple(Option(s.name, s.title) for one in asked for s in one.fields),
            events=_events(session, entry),
            may=entry_view.actions(session, account, entry),
            wrong=tuple(
                FieldView(name=f"answer-{e.field.partition('.')[0]}", label=e.title, error=e.rule)
                for e in errors
            ),
            problem=problem,
            typed=typed or {},
            record=_shown(session, entry),
            twins=entry_view.twins(session, entry, for_desk=True),
        )
    return render(request, "desk_review", context, status if errors or problem else 200)


def _shown(session: Session, entry: Entry) -> str:
    """The id of the record that it changes, where everybody can read that; "" otherwise."""
    if not entry.record_id:
        return ""
    return entry.record_id if records.get(session, entry.record_id).visible else ""


def _decisions(entry: Entry) -> tuple[tuple[str, str, str], ...]:
    if entry.started_from == source_changes.STARTED_FROM:
        return (
            ("publish", "Take the change over", "The record says so from now on."),
            ("decline", "Leave the record as it is", "What its source says now is not taken over."),
        )
    if not entry.owner:
        return (
            ("publish", "Publish it", "Everybody can read it."),
            ("decline", "Decline it", "Nobody sees it. It is kept as withdrawn."),
        )
    return (
        ("publish", "Publish it", "Everybody can read it."),
        ("ask", "Ask for changes", "It goes back to its author with what you write below."),
        ("decline", "Decline it", "Its author is told why, and may appeal to another librarian."),
    )


def _against(entry: Entry) -> str:
    if not entry.reviewed:
        return ""
    first_look = entry.round <= 1 and entry.record_id and entry.state != "changes-asked"
    return "the record as it was" if first_look else "what was last reviewed"


def _changes(entry: Entry) -> tuple[Change, ...]:
    if not entry.reviewed:
        return ()
    return tuple(
        Change(
            name,
            FIELD[name].title,
            told(FIELD[name], entry.reviewed),
            told(FIELD[name], entry.content),
        )
        for name in changed_fields(entry.reviewed, entry.content)
    )


_WORDS = {
    "begun": "began it",
    "submit": "sent it in",
    "claim": "claimed it",
    "claim-appeal": "claimed the appeal",
    "release": "gave it back",
    "release-appeal": "gave the appeal back",
    "taken over": "took it over",
    "ask": "asked for changes",
    "publish": "published it",
    "decline": "declined it",
    "appeal": "appealed",
    "take-back": "took it back",
    "reopen": "opened it again",
    "changed": "changed it",
    "clash settled": "settled a clash",
}


def _who(actor: str, names: dict[str, str]) -> str:
    return "A crawl" if actor.startswith("crawler:") else names[actor]


def _events(session: Session, entry: Entry) -> tuple[Event, ...]:
    rows = entries(session, Asked(kinds=["entry"], subject_id=entry.id))
    names = people.display_names(session, {row.actor for row in rows})
    return tuple(
        Event(row.at, _who(row.actor, names), _WORDS[what])
        for row in rows
        if (what := row.action.removeprefix("entry.")) in _WORDS
    )


@router.post("/desk/reviews/{entry_id}/claim")
def claim(request: Request, entry_id: str, form: Form) -> Response:
    """Claims it, takes it over, or gives it back."""
    account = need(request, "review").account
    assert account is not None
    what = form.text("what")
    try:
        with session_scope(write=True) as session:
            if what == "release":
                service.release(session, account, entry_id)
            else:
                service.claim(session, account, entry_id, take_over=what == "take-over")
    except (NotTheirs, StepRefused) as error:
        return _too_late(request, account, entry_id, error)
    done = "entry-released" if what == "release" else "entry-claimed"
    return see_other(request, urls.review(entry_id), done)


@router.post("/desk/reviews/{entry_id}/comment")
def comment(request: Request, entry_id: str, form: Form) -> Response:
    """Says something about a field or about the whole."""
    account = need(request, "review").account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            comments.say(session, account, entry_id, form.text("text"), field=form.text("field"))
    except RecordInvalid:
        return see_other(request, f"{urls.review(entry_id)}#talk", "comment-empty")
    jobs.wake_worker()
    return see_other(request, f"{urls.review(entry_id)}#talk", "comment-sent")


@router.post("/desk/reviews/{entry_id}/due")
def due(request: Request, entry_id: str, form: Form) -> Response:
    """Sets the day by which it should be decided."""
    account = need(request, "review").account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            service.set_due(session, account, entry_id, plain_date(form.text("due")))
    except RecordInvalid as error:
        return _page(request, account, entry_id, problem=f"Due: {error.errors[0].rule}")
    return see_other(request, urls.review(entry_id), "saved")


@router.post("/desk/reviews/{entry_id}/decide")
def decide(request: Request, entry_id: str, form: Form) -> Response:
    """Publishes it, sends it back, or declines it."""
    account = need(request, "review").account
    assert account is not None
    what = form.text("decision")
    typed = {"reason": form.text("reason"), "decision": what}
    try:
        with session_scope(write=True) as session:
            if what == "publish":
                service.publish(session, account, entry_id, form.text("reason"))
            elif what == "ask":
                service.ask_for_changes(session, account, entry_id, form.text("reason"))
            elif what == "decline":
                service.decline(session, account, entry_id, form.text("reason"))
            else:
                return _page(request, account, entry_id, problem="Choose a decision.", typed=typed)
    except RecordInvalid as error:
        return _refused(request, account, entry_id, error, typed)
    except (NotTheirs, StepRefused) as error:
        return _too_late(request, account, entry_id, error, typed)
    except EntryClash:
        return see_other(request, urls.entry(entry_id, "both"))
    jobs.wake_worker()
    done = {"publish": "entry-published", "ask": "entry-asked"}.get(what, "entry-declined")
    return see_other(request, urls.desk(), done)


def _too_late(
    request: Request,
    account: Account,
    entry_id: str,
    error: NotTheirs | StepRefused,
    typed: dict[str, str] | None = None,
) -> Response:
    """The entry as it stands now, often because a colleague was quicker; nothing typed is lost."""
    status = 403 if isinstance(error, NotTheirs) else 409
    return _page(request, account, entry_id, problem=str(error), typed=typed, status=status)


def _refused(
    request: Request, account: Account, entry_id: str, error: RecordInvalid, typed: dict[str, str]
) -> Response:
    first = error.errors[0]
    if first.field == "reason":
        problem = f"{first.title}: {first.rule}"
        return _page(request, account, entry_id, problem=problem, typed=typed)
    return _page(request, account, entry_id, errors=error.errors, typed=typed)
