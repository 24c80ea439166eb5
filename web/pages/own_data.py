"""A copy of all that is kept of a person, and having it erased."""

import json
from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import personal_data, sessions
from kb.database import now, session_scope
from web import urls
from web.account_forms import ACCOUNT_CRUMBS, REFUSALS, refused
from web.context import FormPage, Link, MessagePage, render
from web.forms import FieldView, Form
from web.visitor import need

router = APIRouter()
WORD = "erase"
_DATA = FormPage(
    title="What is kept of you",
    robots="noindex",
    crumbs=(*ACCOUNT_CRUMBS, Link("What is kept of you")),
    lead=(
        (
            "The copy is one JSON file: your account, trails, verdicts, saved searches, "
            "reading lists, teams, what you sent in and when you changed what."
        ),
    ),
    button="Get the copy",
    action=urls.account("data"),
    links=(
        Link("Erase my account", urls.account("erase"), "cannot be undone"),
        Link("Back to your account", urls.account()),
    ),
)
_ERASE = FormPage(
    title="Erase your account?",
    robots="noindex",
    crumbs=(*ACCOUNT_CRUMBS, Link("Erase")),
    lead=(
        (
            "Trails, reading lists, saved searches and notes that only you or your team could see "
            "are deleted. Case studies you sent in and notes for everybody stay, under “Former "
            "member”."
        ),
        "It cannot be undone. You may want a copy first.",
    ),
    fields=(FieldView(name="word", label=f"Type the word {WORD} to go on"),),
    button="Erase my account",
    danger=True,
    links=(Link("Get a copy first", urls.account("data")), Link("Keep it", urls.account())),
)


@router.get("/account/data")
def data_form(request: Request) -> Response:
    """Offers the copy."""
    _fresh(request)
    return render(request, "form", _DATA)


def _fresh(request: Request) -> str:
    """The account's id. Raises SignInNeeded, ProveAgain."""
    visitor = need(request)
    with session_scope() as session:
        return sessions.require(session, visitor.token, proved=True).account.id


@router.post("/account/data")
def data(request: Request) -> Response:
    """The copy as a file."""
    account_id = _fresh(request)
    with session_scope(write=True) as session:
        found = personal_data.export(session, account_id)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return Response(
        text,
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="my-data-{now():%Y-%m-%d}.json"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/account/erase")
def erase_form(request: Request) -> Response:
    """Asks whether all is to be erased."""
    _fresh(request)
    return render(request, "form", _ERASE)


@router.post("/account/erase")
def erase(request: Request, form: Form) -> Response:
    """Erases the account."""
    visitor = need(request)
    if form.text("word").strip().lower().strip("“”\"'") != WORD:
        return _not_yet(request)
    try:
        personal_data.erase_own(visitor.token)
    except REFUSALS as error:
        return refused(request, _ERASE, error)
    jobs.wake_worker()
    visitor.forget()
    return render(
        request,
        "message",
        MessagePage(
            title="Your account was erased",
            robots="noindex",
            lead=("A last mail says so. You can go on searching and reading without an account.",),
            links=(Link("To the first page", urls.home()),),
        ),
    )


def _not_yet(request: Request) -> Response:
    field = replace(_ERASE.fields[0], error=f"type {WORD}; nothing was erased")
    return render(request, "form", replace(_ERASE, fields=(field,)), status=400)
