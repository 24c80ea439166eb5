"""One's own account: what is kept, and changing it."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import profile, sessions
from kb.accounts.models import Account, AccountSession
from kb.accounts.roles import PERMISSIONS, ROLES, may
from kb.accounts.second_factor import recovery_codes_left
from kb.database import session_scope
from web import urls
from web.account_forms import (
    ACCOUNT_CRUMBS,
    REFUSALS,
    email_field,
    name_field,
    new_password_field,
    organisation_field,
    refused,
)
from web.context import BaseContext, FormPage, Link, MessagePage, render, see_other
from web.forms import Form
from web.visitor import Visitor, need

router = APIRouter()


@dataclass(frozen=True)
class Device:
    """A session as its owner sees it."""

    here: bool
    since: AccountSession


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """What the account holds."""

    account: Account
    roles: tuple[str, ...]
    allowed: tuple[str, ...]
    devices: tuple[Device, ...]
    codes_left: int
    work: tuple[Link, ...]


@router.get("/account")
def account(request: Request) -> Response:
    """The account at a glance."""
    visitor = need(request)
    found = visitor.account
    assert found is not None
    with session_scope() as session:
        devices = sessions.of_account(session, found.id)
        left = recovery_codes_left(session, found.id)
    here = visitor.current.session_id if visitor.current else ""
    return render(
        request,
        "account",
        Context(
            title="Your account",
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Your account")),
            account=found,
            roles=tuple(role for role in ROLES if role in found.roles),
            allowed=tuple(text for name, text in PERMISSIONS.items() if may(found, name)),
            devices=tuple(Device(row.id == here, row) for row in devices),
            codes_left=left,
            work=_work(visitor),
        ),
    )


def _work(visitor: Visitor) -> tuple[Link, ...]:
    links = [
        Link("Search trails", urls.trails(), "what you looked for, found and noted"),
        Link("News", urls.account("news"), "what happened that concerns you"),
        Link("Saved searches and leads", urls.searches(), "be told what is new, and when"),
        Link("Reading lists", urls.lists(), "records you put aside, with your notes"),
        Link("Teams", urls.account("teams"), "people who see each other's notes"),
    ]
    if visitor.may("accounts"):
        links.append(Link("People and roles", urls.account("people"), "for administrators"))
    return tuple(links)


def _fresh(request: Request) -> Visitor:
    """The visitor, who typed the password lately. Raises SignInNeeded, ProveAgain."""
    visitor = need(request)
    with session_scope() as session:
        sessions.require(session, visitor.token, proved=True)
    return visitor


def _name_page(account: Account) -> FormPage:
    return FormPage(
        title="Change your name",
        crumbs=(*ACCOUNT_CRUMBS, Link("Name")),
        robots="noindex",
        fields=(name_field(account.display_name), organisation_field(account.organisation)),
        button="Save",
    )


@router.get("/account/name")
def name_form(request: Request) -> Response:
    """Asks for another name."""
    found = need(request).account
    assert found is not None
    return render(request, "form", _name_page(found))


@router.post("/account/name")
def change_name(request: Request, form: Form) -> Response:
    """Changes what others see."""
    visitor = need(request)
    assert visitor.account is not None
    try:
        with session_scope(write=True) as session:
            profile.change_name(
                session, visitor.token, form.text("name"), form.text("organisation")
            )
    except REFUSALS as error:
        return refused(request, _name_page(visitor.account), error)
    return see_other(request, urls.account(), "name-changed")


_PASSWORD = FormPage(
    title="Change your password",
    robots="noindex",
    crumbs=(*ACCOUNT_CRUMBS, Link("Password")),
    lead=("Other devices are signed out when you change it.",),
    fields=(new_password_field(),),
    button="Change it",
)


@router.get("/account/password")
def password_form(request: Request) -> Response:
    """Asks for a new password."""
    _fresh(request)
    return render(request, "form", _PASSWORD)


@router.post("/account/password")
def change_password(request: Request, form: Form) -> Response:
    """Changes the password."""
    visitor = need(request)
    try:
        visitor.hold(profile.change_password(visitor.token, form.text("password")))
    except REFUSALS as error:
        return refused(request, _PASSWORD, error)
    jobs.wake_worker()
    return see_other(request, urls.account(), "password-changed")


def _email_page(email: str = "") -> FormPage:
    return FormPage(
        title="Change your e-mail address",
        robots="noindex",
        crumbs=(*ACCOUNT_CRUMBS, Link("E-mail address")),
        lead=("We send a link to the new address. Until it is opened the old one stays.",),
        fields=(email_field(email, "New e-mail address"),),
        button="Send the link",
    )


@router.get("/account/change-email")
def email_form(request: Request) -> Response:
    """Asks for the new address."""
    _fresh(request)
    return render(request, "form", _email_page())


@router.post("/account/change-email")
def change_email(request: Request, form: Form) -> Response:
    """Sends the link; what is said is the same when the address is another's."""
    visitor = need(request)
    email = form.text("email")
    try:
        profile.request_email_change(visitor.token, email, address=visitor.address)
    except REFUSALS as error:
        return refused(request, _email_page(email[:320]), error)
    jobs.wake_worker()
    return render(
        request,
        "message",
        MessagePage(
            title="Look in the new mailbox",
            robots="noindex",
            lead=("If that address can be used, a mail with a link is on its way to it.",),
            links=(Link("Back to your account", urls.account()),),
        ),
    )
