"""Making an account, and choosing a new password when the old one is forgotten."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people, profile, service, tokens
from kb.accounts.tokens import LIFETIMES
from kb.database import session_scope
from web import urls
from web.account_forms import (
    REFUSALS,
    email_field,
    name_field,
    new_password_field,
    organisation_field,
    refused,
)
from web.context import FormPage, Link, MessagePage, render, see_other
from web.forms import Form
from web.visitor import visitor_of

router = APIRouter()


def _page(email: str = "", name: str = "", organisation: str = "") -> FormPage:
    return FormPage(
        title="Make an account",
        robots="noindex",
        lead=("We send you a link. When you open it you choose a password.",),
        fields=(email_field(email), name_field(name), organisation_field(organisation)),
        button="Send me the link",
        links=(
            Link("I have an account", urls.account("sign-in")),
            Link("What is kept about you", urls.page("privacy")),
        ),
    )


@router.get("/account/sign-up")
def sign_up_form(request: Request) -> Response:
    """Asks who it is."""
    return render(request, "form", _page())


@router.post("/account/sign-up")
def sign_up(request: Request, form: Form) -> Response:
    """Sends the link; what is said is the same whether or not the address has an account."""
    email, name, body = form.text("email"), form.text("name"), form.text("organisation")
    try:
        service.sign_up(email, name, body, address=visitor_of(request).address)
    except REFUSALS as error:
        return refused(request, _page(email[:320], name[:200], body[:200]), error)
    jobs.wake_worker()
    return _look_in_mail(request, "confirm")


def _look_in_mail(request: Request, purpose: tokens.Purpose) -> Response:
    hours = int(LIFETIMES[purpose].total_seconds() // 3600)
    return render(
        request,
        "message",
        MessagePage(
            title="Look in your mail",
            robots="noindex",
            lead=(
                (
                    "If that address can be used, a mail with a link is on its way. The link works "
                    f"once, for {hours} hour{'s' if hours > 1 else ''}."
                ),
                "Nothing after some minutes? Look among unwanted mail, then try again.",
            ),
            links=(Link("Go on searching", urls.search()),),
        ),
    )


def _confirm_page(token: str, name: str) -> FormPage:
    return FormPage(
        title="Choose a password",
        robots="noindex",
        fields=(name_field(name), new_password_field()),
        hidden=(("token", token),),
        action=urls.account("confirm"),
        button="Take the account into use",
    )


@router.get("/account/confirm")
def confirm_form(request: Request, token: str = "") -> Response:
    """What the link of a sign-up leads to. Looking does not use it up."""
    return render(request, "form", _confirm_page(token, _whose("confirm", token)))


def _whose(purpose: tokens.Purpose, token: str) -> str:
    """The name of whoever the link was sent to. Raises TokenUnusable."""
    with session_scope() as session:
        return people.get(session, tokens.peek(session, purpose, token).account_id).display_name


@router.post("/account/confirm")
def confirm(request: Request, form: Form) -> Response:
    """Takes the account into use and signs in."""
    visitor = visitor_of(request)
    token = form.text("token")
    try:
        signed_in = service.confirm(
            token, form.text("password"), form.text("name"), replacing=visitor.token
        )
    except REFUSALS as error:
        return refused(request, _confirm_page(token, form.text("name")[:200]), error)
    visitor.sign_in(signed_in)
    return see_other(request, urls.account(), "account-ready")


def _forgot_page(email: str = "") -> FormPage:
    return FormPage(
        title="Choose a new password",
        robots="noindex",
        lead=("We send you a link with which you choose a new password.",),
        fields=(email_field(email),),
        button="Send me the link",
        links=(Link("Back to signing in", urls.account("sign-in")),),
    )


@router.get("/account/forgot")
def forgot_form(request: Request) -> Response:
    """Asks for the address of somebody who forgot the password."""
    return render(request, "form", _forgot_page())


@router.post("/account/forgot")
def forgot(request: Request, form: Form) -> Response:
    """Sends a link if the address has an account; what is said is the same."""
    email = form.text("email")
    try:
        service.request_reset(email, address=visitor_of(request).address)
    except REFUSALS as error:
        return refused(request, _forgot_page(email[:320]), error)
    jobs.wake_worker()
    return _look_in_mail(request, "reset")


def _reset_page(token: str) -> FormPage:
    return FormPage(
        title="Choose a new password",
        robots="noindex",
        fields=(new_password_field(),),
        hidden=(("token", token),),
        action=urls.account("reset"),
        button="Use this password",
    )


@router.get("/account/reset")
def reset_form(request: Request, token: str = "") -> Response:
    """What the link of a reset leads to."""
    _whose("reset", token)
    return render(request, "form", _reset_page(token))


@router.post("/account/reset")
def reset(request: Request, form: Form) -> Response:
    """Sets the new password; signing in with it comes after."""
    token = form.text("token")
    try:
        service.reset(token, form.text("password"))
    except REFUSALS as error:
        return refused(request, _reset_page(token), error)
    jobs.wake_worker()
    visitor_of(request).forget()
    return see_other(request, urls.account("sign-in"), "password-reset")


def _email_page(token: str) -> FormPage:
    return FormPage(
        title="Use this e-mail address",
        robots="noindex",
        lead=("From now on mails to you go to the address that this link was sent to.",),
        hidden=(("token", token),),
        action=urls.account("email"),
        button="Use the new address",
    )


@router.get("/account/email")
def new_email_form(request: Request, token: str = "") -> Response:
    """What the link in a mail to a new address leads to."""
    _whose("email", token)
    return render(request, "form", _email_page(token))


@router.post("/account/email")
def new_email(request: Request, form: Form) -> Response:
    """Takes the new address into use."""
    profile.confirm_email(form.text("token"))
    jobs.wake_worker()
    return see_other(request, urls.account(), "email-changed")
