"""For administrators: who has an account, their roles, and shutting one out."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import administration, people, sessions
from kb.accounts.models import Account
from kb.accounts.roles import PERMISSIONS, ROLES
from kb.database import session_scope
from web import urls
from web.account_forms import ACCOUNT_CRUMBS, REFUSALS, refused
from web.context import BaseContext, FormPage, Link, render, see_other
from web.errors import PageNotFound
from web.forms import FieldView, Form, Option
from web.visitor import Visitor, need

router = APIRouter()
CRUMBS = (*ACCOUNT_CRUMBS, Link("People and roles", urls.account("people")))
MOST = 200


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Accounts that fit what was asked."""

    found: tuple[Account, ...]
    total: int
    asked: str
    role: str
    roles: tuple[str, ...]


def _fresh(request: Request) -> Visitor:
    visitor = need(request, "accounts")
    with session_scope() as session:
        sessions.require(session, visitor.token, proved=True)
    return visitor


@router.get("/account/people")
def listing(request: Request, q: str = "", role: str = "") -> Response:
    """Everybody, or those whose name or address holds `q`."""
    need(request, "accounts")
    with session_scope() as session:
        found = people.listing(session, role=role if role in ROLES else "")
    asked = q.strip().casefold()
    fit = [row for row in found if asked in f"{row.display_name} {row.email}".casefold()]
    return render(
        request,
        "accounts",
        Context(
            title="People and roles",
            robots="noindex",
            crumbs=(*ACCOUNT_CRUMBS, Link("People and roles")),
            found=tuple(fit[:MOST]),
            total=len(fit),
            asked=q,
            role=role,
            roles=tuple(name for name in ROLES if name != "visitor"),
        ),
    )


def _page(account: Account) -> FormPage:
    return FormPage(
        title=account.display_name,
        robots="noindex",
        crumbs=(*CRUMBS, Link(account.display_name)),
        lead=(
            (
                f"{account.email}. State: {account.state}. Second factor: "
                f"{'on' if account.second_factor else 'off'}."
            ),
            "Changing roles ends the sessions of this account.",
        ),
        fields=(
            FieldView(
                name="roles",
                label="Roles",
                kind="checks",
                options=tuple(
                    Option(
                        name,
                        f"{name.capitalize()}: "
                        + "; ".join(PERMISSIONS[one] for one in PERMISSIONS if one in allowed),
                        chosen=name in account.roles,
                    )
                    for name, allowed in ROLES.items()
                    if name != "visitor"
                ),
            ),
        ),
        button="Save the roles",
        links=_acts(account),
    )


def _acts(account: Account) -> tuple[Link, ...]:
    act = "enable" if account.state == "disabled" else "disable"
    links = [Link(f"{act.capitalize()} this account", urls.account("people", account.id, act))]
    if account.second_factor:
        links.append(
            Link(
                "Take the second factor off",
                urls.account("people", account.id, "remove-factor"),
                "for somebody who lost app and recovery codes",
            )
        )
    return tuple(links)


@router.get("/account/people/{account_id}")
def one(request: Request, account_id: str) -> Response:
    """One account and its roles."""
    _fresh(request)
    with session_scope() as session:
        return render(request, "form", _page(people.get(session, account_id)))


@router.post("/account/people/{account_id}")
def set_roles(request: Request, account_id: str, form: Form) -> Response:
    """Gives the account the ticked roles and no others."""
    visitor = _fresh(request)
    assert visitor.account is not None
    try:
        with session_scope(write=True) as session:
            administration.set_roles(
                session, account_id, form.many("roles"), actor=visitor.account.actor
            )
    except REFUSALS as error:
        with session_scope() as session:
            return refused(request, _page(people.get(session, account_id)), error)
    return see_other(request, urls.account("people"), "roles-changed")


# What is asked before, what the button says, and the function that does it.
_ACTS = {
    "disable": (
        "Keep this account from being used?",
        "Disable it",
        administration.disable,
        "disabled",
    ),
    "enable": ("Let this account be used again?", "Enable it", administration.enable, "enabled"),
    "remove-factor": (
        "Take the second factor off?",
        "Take it off",
        administration.remove_second_factor,
        "factor-removed",
    ),
}


@router.get("/account/people/{account_id}/{act}")
def act_form(request: Request, account_id: str, act: str) -> Response:
    """Asks before something is done to an account."""
    _fresh(request)
    with session_scope() as session:
        account = people.get(session, account_id)
    return render(request, "form", _act_page(account, act))


def _act_page(account: Account, act: str) -> FormPage:
    if act not in _ACTS:
        raise PageNotFound("There is no such thing to do to an account.")
    title, button, _, _ = _ACTS[act]
    return FormPage(
        title=title,
        robots="noindex",
        crumbs=(*CRUMBS, Link(account.display_name, urls.account("people", account.id))),
        lead=(f"{account.display_name}, {account.email}.",),
        button=button,
        danger=act != "enable",
        links=(Link("Leave it as it is", urls.account("people", account.id)),),
    )


@router.post("/account/people/{account_id}/{act}")
def do(request: Request, account_id: str, act: str) -> Response:
    """Does it."""
    visitor = _fresh(request)
    assert visitor.account is not None
    with session_scope() as session:
        page = _act_page(people.get(session, account_id), act)
    try:
        with session_scope(write=True) as session:
            _ACTS[act][2](session, account_id, actor=visitor.account.actor)
    except REFUSALS as error:
        return refused(request, page, error)
    jobs.wake_worker()
    return see_other(request, urls.account("people"), _ACTS[act][3])
