"""Signing in, with a code where there is a second factor; signing out; typing it again."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import outside, profile, service, sessions
from kb.accounts.service import SecondFactorNeeded
from kb.accounts.sessions import SignedIn
from kb.database import session_scope
from web import urls
from web.account_forms import REFUSALS, code_field, email_field, password_field, refused
from web.context import FormPage, Link, render, see_other
from web.forms import Form
from web.visitor import need, visitor_of

router = APIRouter()


def sign_in_page(next_page: str, email: str = "") -> FormPage:
    """The page that asks for address and password."""
    return FormPage(
        title="Sign in",
        robots="noindex",
        lead=(
            (
                "An account keeps your search trails, saved searches and reading lists. Searching "
                "and reading need none."
            ),
        ),
        fields=(email_field(email), password_field()),
        hidden=(("next", next_page),),
        button="Sign in",
        instead=_elsewhere(next_page),
        links=(
            Link("Make an account", urls.account("sign-up")),
            Link("I forgot my password", urls.account("forgot")),
        ),
    )


def _elsewhere(next_page: str) -> tuple[Link, ...]:
    name = outside.offered()
    return (Link(f"Sign in with {name}", urls.account("outside", next=next_page)),) if name else ()


@router.get("/account/sign-in")
def sign_in_form(request: Request, next: str = "") -> Response:
    """Asks for address and password; somebody signed in is sent on."""
    back = urls.local(next, urls.account())
    if visitor_of(request).account is not None:
        return see_other(request, back)
    return render(request, "form", sign_in_page(back))


@router.post("/account/sign-in")
def sign_in(request: Request, form: Form) -> Response:
    """Signs in, or asks for the code."""
    visitor = visitor_of(request)
    back = urls.local(form.text("next"), urls.account())
    try:
        found = service.sign_in(
            form.text("email"),
            form.text("password"),
            address=visitor.address,
            replacing=visitor.token,
        )
    except REFUSALS as error:
        return refused(request, sign_in_page(back, form.text("email")[:320]), error)
    return first_step_done(request, found, back)


def first_step_done(request: Request, found: SignedIn | SecondFactorNeeded, back: str) -> Response:
    """In and on to where they wanted to go, or to the page that asks for the code."""
    jobs.wake_worker()
    if isinstance(found, SecondFactorNeeded):
        return render(request, "form", _code_page(found.token, back))
    visitor_of(request).sign_in(found)
    return see_other(request, back, "signed-in")


def _code_page(token: str, back: str) -> FormPage:
    return FormPage(
        title="Type the code",
        robots="noindex",
        lead=("Open your authenticator app and type the code it shows now.",),
        fields=(code_field("Six digits, or one of your recovery codes."),),
        hidden=(("token", token), ("next", back)),
        action=urls.account("sign-in", "code"),
        button="Go on",
        links=(Link("Start again", urls.account("sign-in")),),
    )


@router.post("/account/sign-in/code")
def sign_in_code(request: Request, form: Form) -> Response:
    """The second step."""
    visitor = visitor_of(request)
    back = urls.local(form.text("next"), urls.account())
    try:
        found = service.sign_in_code(
            form.text("token"),
            form.text("code"),
            address=visitor.address,
            replacing=visitor.token,
        )
    except REFUSALS as error:
        return refused(request, _code_page(form.text("token"), back), error)
    return first_step_done(request, found, back)


@router.post("/account/sign-out")
def sign_out(request: Request) -> Response:
    """Ends this session."""
    visitor = visitor_of(request)
    with session_scope(write=True) as session:
        sessions.sign_out(session, visitor.token)
    visitor.forget()
    return see_other(request, urls.home(), "signed-out")


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(request: Request, form: Form) -> Response:
    """Ends all sessions, or all others with `but_here`."""
    visitor = need(request)
    but_here = bool(form.text("but_here"))
    with session_scope(write=True) as session:
        profile.sign_out_everywhere(session, visitor.token, but_here=but_here)
    if but_here:
        return see_other(request, urls.account(), "others-signed-out")
    visitor.forget()
    return see_other(request, urls.home(), "signed-out-everywhere")


def _prove_page(back: str) -> FormPage:
    return FormPage(
        title="Type your password again",
        robots="noindex",
        lead=("Before something that matters we make sure that it is you.",),
        fields=(password_field(),),
        hidden=(("next", back),),
        button="Go on",
        links=(
            Link("Back to your account", urls.account()),
            Link(
                "I have no password, because I sign in through another service: choose one",
                urls.account("forgot"),
            ),
        ),
    )


@router.get("/account/prove")
def prove_form(request: Request, next: str = "") -> Response:
    """Asks for the password before a risky change."""
    need(request)
    return render(request, "form", _prove_page(urls.local(next, urls.account())))


@router.post("/account/prove")
def prove(request: Request, form: Form) -> Response:
    """Checks the password; the session goes on under a new token."""
    visitor = need(request)
    back = urls.local(form.text("next"), urls.account())
    try:
        visitor.hold(profile.prove(visitor.token, form.text("password"), address=visitor.address))
    except REFUSALS as error:
        return refused(request, _prove_page(back), error)
    return see_other(request, back, "proved")
