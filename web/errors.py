"""What a visitor sees when something goes wrong: one table from error to status and page."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from index.errors import IndexProblem
from kb.errors import InputInvalid, KbError, StoreUnavailable
from kb.records.errors import RecordNotFound
from web.context import BaseContext, render
from web.disclosure import RecordWithdrawn
from web.security import add_headers

log = logging.getLogger(__name__)


class PageNotFound(KbError):
    """There is no such page; the message says what was looked for."""


@dataclass(frozen=True)
class Answer:
    """How an error is told: its status, heading, and whether its own words may be shown."""

    status: int
    heading: str
    text: str
    own_words: bool = False


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
# The first entry that fits is used, so the particular stands before the general.
ANSWERS: tuple[tuple[type[Exception], Answer], ...] = (
    (
        RecordWithdrawn,
        Answer(404, "This record was withdrawn", "It was taken down and is no longer shown."),
    ),
    (RecordNotFound, Answer(404, "Record not found", "There is no record at this address.")),
    (PageNotFound, Answer(404, "Page not found", "", own_words=True)),
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
    (InputInvalid, Answer(400, "That could not be understood", "", own_words=True)),
    (KbError, FAILED),
)
_HEADINGS = {400: "That could not be understood", 405: "That is not possible here"}


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """An error page: its heading and what to do next."""

    status: int
    text: str


def answer_to(error: Exception) -> Answer:
    """The entry of the table for an error; unknown ones are our fault."""
    return next((answer for kind, answer in ANSWERS if isinstance(error, kind)), FAILED)


def respond(request: Request, status: int, heading: str, text: str) -> Response:
    """An error as a page, or as JSON for the API."""
    if request.url.path.startswith("/api/"):
        return JSONResponse(
            {"error": {"status": status, "title": heading, "detail": text}}, status_code=status
        )
    return render(
        request,
        "error",
        Context(title=heading, robots="noindex", status=status, text=text),
        status=status,
    )


def _known(request: Request, error: Exception) -> Response:
    answer = answer_to(error)
    if answer.status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    return respond(
        request, answer.status, answer.heading, str(error) if answer.own_words else answer.text
    )


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
