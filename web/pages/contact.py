"""Writing to a contact through the site, and what a contact answers to the site's own question."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kb import jobs
from kb.accounts import attempts
from kb.accounts.errors import EmailInvalid, TooManyAttempts
from kb.accounts.identity import attempt_key, checked_email
from kb.database import session_scope
from kb.directory import contact_checks, contacts
from kb.errors import InputInvalid
from kb.records.models import Record
from kb.trails.access import account_owner
from web import urls
from web.context import FormPage, Link, MessagePage, render, see_other
from web.forms import FieldView, Form, Option, RowNumber
from web.visitor import need

router = APIRouter()

_ANSWERS = (
    ("still-right", "Yes, that is still right"),
    ("moved-on", "No, somebody else answers now, or nobody"),
    ("not-listed", "Please do not list us"),
)


@router.get("/records/{record_id}/contact/{position}")
def write(request: Request, record_id: str, position: RowNumber) -> Response:
    """The form; it needs an account, so that the contact can answer somebody."""
    need(request)
    return _form(request, record_id, position)


def _form(
    request: Request,
    record_id: str,
    position: int,
    text: str = "",
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    account = need(request).account
    assert account is not None
    with session_scope() as session:
        row = contacts.reachable(session, record_id, position)
        record = session.get(Record, record_id)
    assert record is not None
    who = ", ".join(filter(None, (row.role, row.organisation))) or "the contact"
    page = FormPage(
        title=f"Write to {who}",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link(record.title, urls.record(record_id)),
            Link("Write to a contact"),
        ),
        lead=(
            (
                f"Your message goes to them with your name ({account.display_name}) and your "
                f"address ({account.email}), so that they can answer you directly."
            ),
            "You do not see their address unless they answer. The message is not kept here.",
        ),
        fields=(
            FieldView(
                name="text",
                label="Your message",
                kind="area",
                value=text,
                error=problem,
                hint=f"Say who you are and what you would like to know. Up to "
                f"{contacts.MOST_LETTERS:,} characters.",
            ),
        ),
        button="Send it",
        action=urls.contact(record_id, position),
        links=(Link("Back to the record", urls.record(record_id)),),
    )
    return render(request, "form", page, status=status)


@router.post("/records/{record_id}/contact/{position}")
def send(request: Request, record_id: str, position: RowNumber, form: Form) -> Response:
    """Passes the message on."""
    visitor = need(request)
    account = visitor.account
    assert account is not None
    text = form.text("text")
    try:
        attempts.reserve("relay", attempt_key(account.email), visitor.address)
        with session_scope(write=True) as session:
            contacts.relay(
                session,
                record_id,
                position,
                sender=account.display_name,
                reply_to=account.email,
                text=text,
                actor=account_owner(account.id),
            )
    except InputInvalid as error:
        return _form(request, record_id, position, text, str(error), 400)
    except TooManyAttempts as error:
        return _form(request, record_id, position, text, str(error), 429)
    jobs.wake_worker()
    return see_other(request, urls.record(record_id), "message-passed-on")


@router.get("/contacts/{token}")
def question(request: Request, token: str) -> Response:
    """What the mail's link asks."""
    return _question(request, token)


def _question(
    request: Request,
    token: str,
    said: str = "",
    problem: str = "",
    *,
    role: str = "",
    mailbox: str = "",
    mailbox_error: str = "",
) -> Response:
    with session_scope() as session:
        asked = contact_checks.asked(session, token)
    page = FormPage(
        title="Can you still be asked?",
        robots="noindex",
        lead=(
            (
                f"The record “{asked.record_title}” names "
                f"{', '.join(filter(None, (asked.role, asked.organisation)))} as somebody who can "
                "be asked. Readers write through this site; your address is not shown."
            ),
        ),
        problem=problem,
        fields=(
            FieldView(
                name="said",
                label="Is that still right?",
                kind="radios",
                options=tuple(Option(code, label, chosen=code == said) for code, label in _ANSWERS),
            ),
            FieldView(
                name="role",
                label="If somebody else answers now: their role",
                kind="text",
                value=role,
            ),
            FieldView(
                name="mailbox",
                label="Their team mailbox",
                hint="A shared address that outlives people. Leave it empty if nobody does.",
                kind="email",
                value=mailbox,
                error=mailbox_error,
            ),
        ),
        button="Tell the site",
        action=f"/contacts/{token}",
        links=(Link("Look at the record", urls.record(asked.record_id)),),
    )
    return render(request, "form", page, status=400 if problem or mailbox_error else 200)


@router.post("/contacts/{token}")
def answered(request: Request, token: str, form: Form) -> Response:
    """Keeps the answer; the link is used up."""
    said, role, typed = form.text("said"), form.text("role"), form.text("mailbox").strip()
    if said not in dict(_ANSWERS):
        problem = "Choose one of the three answers."
        return _question(request, token, said, problem, role=role, mailbox=typed)
    try:
        mailbox = checked_email(typed) if typed and said == "moved-on" else ""
    except EmailInvalid as error:
        return _question(request, token, said, role=role, mailbox=typed, mailbox_error=str(error))
    with session_scope(write=True) as session:
        contact_checks.answer(session, token, said, role=role, mailbox=mailbox)  # type: ignore[arg-type]  # one of _ANSWERS
    jobs.wake_worker()
    page = MessagePage(
        title="Thank you",
        robots="noindex",
        lead=("The record says so from now on.",),
        links=(Link("To the first page", urls.home()),),
    )
    return render(request, "message", page)
