"""What a visitor sees when something goes wrong: one table from error to status and page."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from index.errors import IndexProblem
from kb.accounts.errors import (
    AccountExists,
    AccountNotFound,
    CodeRefused,
    LastAdmin,
    NotSignedIn,
    OutsideFailed,
    ProveAgain,
    SignInRefused,
    TokenUnusable,
    TooManyAttempts,
)
from kb.awards.errors import AwardChanged, AwardNotFound, AwardNotTheirs, AwardStepRefused
from kb.curation.errors import (
    EntryClash,
    EntryNotFound,
    NothingChanged,
    NotTheirs,
    StepRefused,
)
from kb.directory.contact_checks import CheckUnusable
from kb.directory.contacts import ContactUnusable
from kb.duplicates.merging import MergeRefused
from kb.errors import InputInvalid, KbError, StoreUnavailable
from kb.imports.history import ImportUnknown, UndoRefused
from kb.records.errors import RecordNotFound
from kb.trails.errors import (
    ProposalDecided,
    TeamNotFound,
    TrailClosed,
    TrailNotFound,
    TrailReadOnly,
)
from web import urls
from web.context import BaseContext, FormPage, Link, render, see_other, visitor_or_none
from web.disclosure import RecordMoved, RecordWithdrawn
from web.forms import FormRefused, FormStale, FormTooLarge
from web.search_limit import TooManySearches
from web.security import add_headers
from web.uploads import UploadTooLarge
from web.visitor import NotAllowed, SignInNeeded

log = logging.getLogger(__name__)


class PageNotFound(KbError):
    """There is no such page; the message says what was looked for."""


@dataclass(frozen=True)
class Answer:
    """How an error is told: status, heading, whether its own words may be shown, what helps."""

    status: int
    heading: str
    text: str
    own_words: bool = False
    links: tuple[Link, ...] = ()


NOT_FOUND = Answer(
    404,
    "Page not found",
    "The address may have been mistyped, or what stood here may have moved.",
)
FAILED = Answer(
    500,
    "Something went wrong",
    "The fault is ours and has been written to the log. Please try again in a few minutes.",
)
_SIGN_IN = Link("Sign in", urls.account("sign-in"))
_NEW_LINK = (
    Link("Ask for a new link to choose a password", urls.account("forgot")),
    Link("Make an account", urls.account("sign-up")),
    _SIGN_IN,
)
# The first entry that fits is used, so the particular stands before the general.
ANSWERS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Answer], ...] = (
    (
        RecordWithdrawn,
        Answer(404, "This record was withdrawn", "It was taken down and is no longer shown."),
    ),
    (RecordNotFound, Answer(404, "Record not found", "There is no record at this address.")),
    (PageNotFound, Answer(404, "Page not found", "", own_words=True)),
    (MergeRefused, Answer(409, "That cannot be merged", "", own_words=True)),
    (ImportUnknown, Answer(404, "There is no such import", "It may have been given up.")),
    (UndoRefused, Answer(409, "That cannot be taken back", "", own_words=True)),
    (
        StoreUnavailable,
        Answer(503, "The collection cannot be reached", "Please try again in a few minutes."),
    ),
    (
        IndexProblem,
        Answer(
            503,
            "Search is not available now",
            "The search index is being made or has a fault. Records, sources and awards can "
            "still be read.",
        ),
    ),
    (TooManySearches, Answer(429, "Too many searches", "", own_words=True)),
    (TooManyAttempts, Answer(429, "Too many attempts", "", own_words=True)),
    (
        (ContactUnusable, CheckUnusable),
        Answer(410, "That is no longer possible", "", own_words=True),
    ),
    (TokenUnusable, Answer(410, "This link cannot be used", "", own_words=True, links=_NEW_LINK)),
    (OutsideFailed, Answer(502, "You are not signed in", "", own_words=True, links=(_SIGN_IN,))),
    ((SignInRefused, CodeRefused), Answer(400, "That did not work", "", own_words=True)),
    ((FormRefused, NotAllowed), Answer(403, "That is not allowed", "", own_words=True)),
    ((FormTooLarge, UploadTooLarge), Answer(413, "That is too much", "", own_words=True)),
    (
        TrailNotFound,
        Answer(
            404,
            "There is nothing here that you may see",
            "It may be private, or no longer shared. If it is yours, sign in to the account that "
            "it belongs to; if not, ask its owner to share it.",
            links=(_SIGN_IN,),
        ),
    ),
    (
        EntryNotFound,
        Answer(
            404,
            "There is nothing here that you may see",
            "It may have been deleted, or belong to another account. If it is yours, sign in to "
            "that account.",
            links=(_SIGN_IN,),
        ),
    ),
    (AwardNotFound, Answer(404, "There is nothing here that you may see", "", own_words=True)),
    ((NotTheirs, AwardNotTheirs), Answer(403, "That is not yours to do", "", own_words=True)),
    (
        (StepRefused, NothingChanged, EntryClash, AwardStepRefused, AwardChanged),
        Answer(409, "That cannot be done now", "", own_words=True),
    ),
    (TrailReadOnly, Answer(403, "You may read this but not change it", "", own_words=True)),
    (TrailClosed, Answer(409, "This trail is closed", "", own_words=True)),
    (AccountNotFound, Answer(404, "There is no such account", "It may have been erased.")),
    (TeamNotFound, Answer(404, "There is no such team", "", own_words=True)),
    (
        (LastAdmin, AccountExists, ProposalDecided),
        Answer(409, "That cannot be done now", "", own_words=True),
    ),
    (InputInvalid, Answer(400, "That could not be understood", "", own_words=True)),
    (KbError, FAILED),
)
_HEADINGS = {400: "That could not be understood", 405: "That is not possible here"}


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """An error page: its heading and what to do next."""

    status: int
    text: str
    links: tuple[Link, ...] = ()


def answer_to(error: Exception) -> Answer:
    """The entry of the table for an error; unknown ones are our fault."""
    return next((answer for kind, answer in ANSWERS if isinstance(error, kind)), FAILED)


def respond(
    request: Request, status: int, heading: str, text: str, links: tuple[Link, ...] = ()
) -> Response:
    """An error as a page, with links to what helps, or as JSON for the API."""
    if request.url.path.startswith("/api/"):
        return JSONResponse(
            {"error": {"status": status, "title": heading, "detail": text}}, status_code=status
        )
    if back := _came_from(request):
        links = (Link("Back to the page you came from", back), *links)
    return render(
        request,
        "error",
        Context(title=heading, robots="noindex", status=status, text=text, links=links),
        status=status,
        alone=visitor_or_none(request) is None,
    )


def _came_from(request: Request) -> str:
    """The page of ours whose form was refused; empty for what was opened, not sent."""
    before = urlsplit(request.headers.get("referer", ""))
    if request.method in ("GET", "HEAD") or before.netloc != request.url.netloc:
        return ""
    return urls.local(before.path + (f"?{before.query}" if before.query else ""), "")


def _known(request: Request, error: Exception) -> Response:
    if isinstance(error, (SignInNeeded, NotSignedIn, ProveAgain)):
        return _asked(request, "prove" if isinstance(error, ProveAgain) else "sign-in")
    if isinstance(error, FormStale):
        return _once_more(request, error)
    if isinstance(error, RecordMoved):
        return _moved(request, error)
    answer = answer_to(error)
    if answer.status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    text = str(error) if answer.own_words else answer.text
    made = respond(request, answer.status, answer.heading, text, answer.links)
    retry_after(made, error)
    return made


def _moved(request: Request, error: RecordMoved) -> Response:
    """The same address of the record that answers now, its format and question kept."""
    steps = request.url.path.split("/")
    steps = [
        error.new + step.removeprefix(error.old) if step.partition(".")[0] == error.old else step
        for step in steps
    ]
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse("/".join(steps) + query, status_code=301)


def retry_after(answer: Response, error: Exception) -> None:
    """Say on an answer about a reached limit when to try again."""
    if isinstance(error, TooManyAttempts):
        answer.headers["Retry-After"] = str(max(1, int(error.wait.total_seconds())))


def _asked(request: Request, page: str) -> Response:
    """To the sign-in page or the one that asks for the password, and back from there."""
    here = request.url
    back = here.path + (f"?{here.query}" if here.query else "")
    if request.method not in ("GET", "HEAD"):
        back = _came_from(request)
    return see_other(request, urls.account(page, next=urls.local(back, urls.account())))


def _once_more(request: Request, error: FormStale) -> Response:
    """A form of an older page, to be sent again: what was written in it is not lost."""
    page = FormPage(
        title="Send it once more",
        robots="noindex",
        lead=(
            str(error),
            (
                "What you wrote is still here. If this needs your account, sign in in another tab "
                "first. Then send it again."
            ),
        ),
        hidden=tuple(error.posted.shown_again()),
        action=request.url.path,
        button="Send it again",
        links=(Link("Sign in", urls.account("sign-in")),),
    )
    return render(request, "form", page, status=403)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return respond(request, 404, NOT_FOUND.heading, NOT_FOUND.text)
    heading = _HEADINGS.get(error.status_code, FAILED.heading)
    answer = respond(request, error.status_code, heading, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    told = "; ".join(
        f"{'.'.join(str(step) for step in item['loc'][1:])}: {item['msg']}"
        for item in error.errors()
    )
    return respond(request, 400, _HEADINGS[400], told)


def _unknown(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    answer = respond(request, FAILED.status, FAILED.heading, FAILED.text)
    # This answer is made outside the middleware that would add them.
    add_headers(answer.headers, request.url.scheme)
    return answer


Handler = Callable[[Request, Exception], Response | Awaitable[Response]]
HANDLERS: dict[type[Exception], Handler] = {
    KbError: _known,
    HTTPException: _http,
    RequestValidationError: _invalid,
    Exception: _unknown,
}


def install(app: FastAPI) -> None:
    """Make the app answer errors by the table."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
