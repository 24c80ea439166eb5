"""The files of an entry: added, given out, taken out; and those that stand with a record."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.curation import access, attachments
from kb.curation.attachments import ROLES
from kb.curation.models import Attachment, Entry
from kb.database import session_scope
from kb.file_kinds import accepted, taken
from kb.files import FileRefused, most_bytes, most_megabytes
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.disclosure import shown_record
from web.forms import Form
from web.pages.contribute_entry import crumbs
from web.sent_files import give
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The files and the form for one more."""

    entry: Entry
    files: tuple[Attachment, ...]
    roles: dict[str, str]
    taken: str
    accept: str
    megabytes: str
    most_bytes: int
    error: str
    may_add: bool
    may_remove: bool


@router.get("/contribute/{entry_id}/files")
def files(request: Request, entry_id: str) -> Response:
    """The list."""
    account = need(request).account
    assert account is not None
    return _page(request, account, entry_id)


def _page(request: Request, account: Account, entry_id: str, error: str = "") -> Response:
    with session_scope() as session:
        entry = access.seen(session, account, entry_id)
        held = tuple(attachments.of_entry(session, entry))
    writes = access.may_write(account, entry)
    context = Context(
        title="Files",
        robots="noindex",
        crumbs=crumbs(entry, Link("Files")),
        entry=entry,
        files=held,
        roles=ROLES,
        taken=taken(),
        accept=accepted(),
        megabytes=most_megabytes(),
        most_bytes=most_bytes(),
        error=error,
        may_add=writes,
        may_remove=writes or may(account, "edit"),
    )
    return render(request, "contribute_files", context, status=400 if error else 200)


@router.post("/contribute/{entry_id}/files")
def add(request: Request, entry_id: str, form: Form) -> Response:
    """Takes a file in, or says why not; what is refused is gone with the request."""
    account = need(request, "submit").account
    assert account is not None
    sent = form.files("file")
    if not sent:
        return _page(request, account, entry_id, "Choose a file first.")
    try:
        with session_scope(write=True) as session:
            attachments.add(
                session,
                account,
                entry_id,
                sent[0].path,
                sent[0].name,
                title=form.text("title"),
                role=form.text("role"),
            )
    except FileRefused as error:
        return _page(request, account, entry_id, str(error))
    jobs.wake_worker()
    return see_other(request, urls.entry(entry_id, "files"), "file-added")


@router.get("/contribute/{entry_id}/files/{file_id}")
def file(request: Request, entry_id: str, file_id: str) -> Response:
    """A file, for those who may see the entry."""
    account = need(request).account
    assert account is not None
    with session_scope() as session:
        row = attachments.seen(session, account, entry_id, file_id)
    return give(row)


@router.post("/contribute/{entry_id}/files/{file_id}")
def remove(request: Request, entry_id: str, file_id: str, form: Form) -> Response:
    """Deletes a file for good."""
    account = need(request).account
    assert account is not None
    with session_scope(write=True) as session:
        attachments.remove(session, account, entry_id, file_id)
    jobs.wake_worker()
    return see_other(request, urls.entry(entry_id, "files"), "file-removed")


@router.get("/records/{record_id}/files/{file_id}")
def record_file(request: Request, record_id: str, file_id: str) -> Response:
    """A file that stands with a record which everybody may see."""
    with session_scope() as session:
        practice = shown_record(session, record_id)
        row = attachments.shown(session, practice.id, file_id)
    return give(row)
