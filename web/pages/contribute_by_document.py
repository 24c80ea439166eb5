"""Begin from a document: handed in, read by the worker, shown, and only then made an entry."""

import io
import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts.models import Account
from kb.curation import service
from kb.curation.prefill import from_document
from kb.database import session_scope
from kb.errors import FileUnreadable
from kb.file_kinds import accepted, taken
from kb.files import document_kind_of, most_bytes, most_megabytes
from kb.imports import uploads
from kb.records import FIELD
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.forms import Form, Posted
from web.visitor import need

router = APIRouter()
_CRUMBS = (Link("Home", urls.home()), Link("Contribute", urls.contribute()))
_SECONDS = 3
_SOURCE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)  # of a web page


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The form that takes a document or its text."""

    taken: str
    accept: str
    megabytes: str
    kept_days: int
    most_bytes: int
    error: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FoundContext(BaseContext):
    """What became of the document: still waiting, refused, or read."""

    upload: uploads.Upload
    name: str
    nothing: bool
    pasted: str
    filled: tuple[str, ...]
    warnings: tuple[str, ...]
    personal: tuple[str, ...]
    named: tuple[str, ...]
    refresh: int


@router.get("/contribute/document")
def document(request: Request) -> Response:
    """Asks for it."""
    need(request, "submit")
    return _page(request)


def _page(request: Request, error: str = "", text: str = "") -> Response:
    context = Context(
        title="Start from a document",
        robots="noindex",
        crumbs=(*_CRUMBS, Link("From a document")),
        taken=taken(to_read=True),
        accept=accepted(to_read=True),
        megabytes=most_megabytes(),
        kept_days=uploads.KEPT_DAYS,
        most_bytes=most_bytes(),
        error=error,
        text=text,
    )
    return render(request, "contribute_by_document", context, status=400 if error else 200)


@router.post("/contribute/document")
def hand_in(request: Request, form: Form) -> Response:
    """Hands it to the worker; nothing of it is read here."""
    account = need(request, "submit").account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            upload_id = _handed_in(session, account, form)
    except FileUnreadable as error:
        return _page(request, str(error), form.text("text"))
    jobs.wake_worker()
    return see_other(request, urls.contribute("document", upload_id))


def _handed_in(session: Session, account: Account, form: Posted) -> str:
    sent = form.files("file")
    text = form.text("text").strip()
    if sent and text:
        raise FileUnreadable(
            "You chose a file and pasted text too. Only one can be read: take the text out and "
            "choose the file again, or send the text without a file."
        )
    if sent:
        document_kind_of(sent[0].path, sent[0].name)
        with sent[0].path.open("rb") as stream:
            return uploads.hand_in(session, owner=account.id, file_name=sent[0].name, stream=stream)
    if not text:
        raise FileUnreadable("Choose a file, or paste some text.")
    return uploads.hand_in(
        session,
        owner=account.id,
        file_name="pasted.html" if _SOURCE.match(text) else "pasted.txt",
        stream=io.BytesIO(text.encode("utf-8", "replace")),
        pasted=text,
    )


@router.get("/contribute/document/{upload_id}")
def found(request: Request, upload_id: str) -> Response:
    """How far the reading is, and what was found."""
    account = need(request, "submit").account
    assert account is not None
    with session_scope() as session:
        upload = _mine(session, account, upload_id)
    if upload.entry_id:
        return see_other(request, urls.entry(upload.entry_id))
    told: dict[str, Any] = upload.found if upload.state == "read" else {}
    content, _ = from_document(told)
    waiting = upload.state == "waiting"
    nothing = bool(told.get("tells_nothing"))
    headings = {
        "waiting": "Your document is being read",
        "read": "Nothing of a project could be read" if nothing else "Your document was read",
    }
    context = FoundContext(
        title=headings.get(upload.state, "Your document could not be read"),
        robots="noindex",
        crumbs=(*_CRUMBS, Link("From a document", urls.contribute("document")), Link("Found")),
        upload=upload,
        name="what you pasted" if "pasted" in upload.found else upload.file_name,
        nothing=nothing,
        pasted=str(upload.found.get("pasted", "")),
        filled=tuple(FIELD[name].title for name in FIELD if name in content),
        warnings=tuple(str(one) for one in told.get("warnings", [])),
        personal=_personal(told),
        named=tuple(map(str, told.get("people", []))),
        refresh=_SECONDS if waiting else 0,
    )
    answer = render(request, "contribute_found", context)
    if waiting:
        # Works without scripts; it stops by itself once the document has been read.
        answer.headers["Refresh"] = str(_SECONDS)
    return answer


def _personal(told: dict[str, Any]) -> tuple[str, ...]:
    """What in the document may belong to one person and was left out: addresses, numbers, names
    that stand in no text which was taken over."""
    facts = told.get("facts", {})
    named = [str(one.get("name", "")) for one in facts.get("people", [])]
    named += [
        person
        for one in facts.get("role_contacts", [])
        if (person := str(one.get("person", ""))) and not any(person in name for name in named)
    ]
    found = [
        *(str(one.get("value", "")) for one in told.get("contacts", []) if one.get("personal")),
        *(name for name in named if name not in told.get("people", [])),
    ]
    return tuple(dict.fromkeys(found))


def _mine(session: Session, account: Account, upload_id: str) -> uploads.Upload:
    upload = uploads.get(session, upload_id, owner=account.id)
    if upload is None:
        raise PageNotFound("There is no such document of yours. Send it in again.")
    return upload


@router.post("/contribute/document/{upload_id}")
def begin(request: Request, upload_id: str, form: Form) -> Response:
    """Makes a draft of what was found; of the document only its text is then kept."""
    account = need(request, "submit").account
    assert account is not None
    with session_scope(write=True) as session:
        upload = _mine(session, account, upload_id)
        if upload.state != "read":
            raise PageNotFound("That document has not been read yet. Go back and look again.")
        if upload.entry_id:  # begun already, and gone back to
            return see_other(request, urls.entry(upload.entry_id))
        content, passages = from_document(upload.found)
        content.setdefault("contributor_organisation", account.organisation)
        entry = service.begin(session, account, content, started_from="document", passages=passages)
        uploads.keep_text(session, upload, entry.id)
    return see_other(request, urls.entry(entry.id))
