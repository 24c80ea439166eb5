"""Sharing a trail or a reading list: by a link, with colleagues, with a team."""

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb.accounts import attempts, people
from kb.accounts.errors import EmailInvalid, TooManyAttempts
from kb.accounts.identity import attempt_key, checked_email
from kb.database import session_scope
from kb.errors import KbError
from kb.trails import access, lists, service, teams
from kb.trails.access import Owned, Subject
from kb.trails.models import Share
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import answer_to
from web.forms import Form, row_number
from web.visitor import need, visitor_of

router = APIRouter()
Kind = Literal["trails", "lists"]


@dataclass(frozen=True)
class Way:
    """One way in which others may look."""

    share: Share
    who: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Who may look, and the link that was just made, which is shown once."""

    kind: Kind
    subject_id: str
    name: str
    ways: tuple[Way, ...]
    link: str
    problem: str
    email: str
    teams: tuple[tuple[int, str], ...]


def _kind(request: Request) -> Kind:
    return "trails" if request.url.path.startswith("/trails/") else "lists"


def _subject(request: Request, session: Session, subject_id: str) -> tuple[Subject, Owned, str]:
    """What is shared, and its name. Raises TrailNotFound; TrailReadOnly for all but the owner."""
    viewer = visitor_of(request).viewer
    kind: Subject
    found: Owned
    if _kind(request) == "trails":
        trail = service.readable(session, subject_id, viewer)
        kind, found, name = "trail", trail, trail.state["title"] or "Untitled search"
    else:
        one = lists.readable(session, subject_id, viewer)
        kind, found, name = "reading_list", one, one.name
    access.need_owner(session, kind, found, viewer)
    return kind, found, name


def _address(request: Request, subject_id: str, *steps: str, **params: str) -> str:
    if _kind(request) == "trails":
        return urls.trail(subject_id, *steps, **params)
    return urls.lists(subject_id, *steps, **params)


@router.get("/trails/{subject_id}/share")
@router.get("/lists/{subject_id}/share")
def ways(request: Request, subject_id: str) -> Response:
    """Who may look."""
    return _page(request, subject_id)


def _page(
    request: Request,
    subject_id: str,
    *,
    link: str = "",
    email: str = "",
    problem: KbError | None = None,
) -> Response:
    visitor = visitor_of(request)
    with session_scope() as session:
        kind, found, name = _subject(request, session, subject_id)
        shares = access.shares(session, kind, found, visitor.viewer)
        names = people.display_names(
            session, [access.account_owner(share.account) for share in shares if share.account]
        )
        mine = teams.of(session, visitor.account.id) if visitor.account else []
    context = Context(
        title=f"Share “{name}”",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link(name, _address(request, subject_id)),
            Link("Share"),
        ),
        kind=_kind(request),
        subject_id=subject_id,
        name=name,
        ways=tuple(
            Way(
                share,
                names[access.account_owner(share.account)]
                if share.account
                else "Whoever has the link",
            )
            for share in shares
        ),
        link=link,
        problem=str(problem) if problem else "",
        email=email,
        teams=tuple((team.id or 0, team.name) for team, state in mine if state == "member"),
    )
    return render(request, "share", context, status=answer_to(problem).status if problem else 200)


@router.post("/trails/{subject_id}/share/link")
@router.post("/lists/{subject_id}/share/link")
def by_link(request: Request, subject_id: str) -> Response:
    """Makes a link that lets whoever has it read. It is shown this once."""
    with session_scope(write=True) as session:
        kind, found, _ = _subject(request, session, subject_id)
        token = access.share_by_link(session, kind, found, visitor_of(request).viewer)
    address = _address(request, subject_id, "shared", key=token)
    return _page(request, subject_id, link=urls.absolute(request, address))


@router.post("/trails/{subject_id}/share/person")
@router.post("/lists/{subject_id}/share/person")
def with_person(request: Request, subject_id: str, form: Form) -> Response:
    """Lets a colleague look, or write too.

    Asking for addresses is limited as mails are, so that nobody finds out in bulk who is here.
    """
    visitor = need(request, "trail")
    typed = form.text("email")
    try:
        email = checked_email(typed)
        attempts.reserve("mail", attempt_key(email), visitor.address)
        with session_scope(write=True) as session:
            kind, found, _ = _subject(request, session, subject_id)
            account = people.by_email(session, email)
            if account is None or account.state != "active":
                raise EmailInvalid(
                    "Nobody uses that address here. Check it, or send your colleague a link."
                )
            access.share_with(
                session,
                kind,
                found,
                visitor.viewer,
                account.id,
                may_write=form.text("may_write") == "1",
            )
    except (EmailInvalid, TooManyAttempts) as error:
        return _page(request, subject_id, email=typed[:320], problem=error)
    return see_other(request, _address(request, subject_id, "share"), "shared")


@router.post("/trails/{subject_id}/share/team")
@router.post("/lists/{subject_id}/share/team")
def with_team(request: Request, subject_id: str, form: Form) -> Response:
    """Lets everybody who is in a team now look, or write too."""
    visitor = need(request, "trail")
    assert visitor.account is not None
    number = row_number(form.text("team"))
    with session_scope(write=True) as session:
        kind, found, _ = _subject(request, session, subject_id)
        for member in teams.members(session, number, visitor.account.id):
            if member.state == "member" and member.account != visitor.account.id:
                access.share_with(
                    session,
                    kind,
                    found,
                    visitor.viewer,
                    member.account,
                    may_write=form.text("may_write") == "1",
                )
    return see_other(request, _address(request, subject_id, "share"), "shared")


@router.post("/trails/{subject_id}/share/end")
@router.post("/lists/{subject_id}/share/end")
def end(request: Request, subject_id: str, form: Form) -> Response:
    """Takes a share back."""
    number = row_number(form.text("share"))
    with session_scope(write=True) as session:
        kind, found, _ = _subject(request, session, subject_id)
        access.revoke(session, kind, found, visitor_of(request).viewer, number)
    return see_other(request, _address(request, subject_id, "share"), "share-ended")
