"""Teams: people who see each other's notes. Nobody is in one who did not accept."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.accounts import attempts, people
from kb.accounts.errors import EmailInvalid, TooManyAttempts
from kb.accounts.identity import attempt_key, checked_email
from kb.database import session_scope
from kb.errors import KbError
from kb.trails import teams
from kb.trails.access import account_owner
from kb.trails.errors import EntryInvalid
from web import urls
from web.account_forms import ACCOUNT_CRUMBS
from web.context import BaseContext, Link, render, see_other
from web.errors import answer_to
from web.forms import Form, RowNumber
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class TeamView:
    """A team as somebody in it, or invited to it, sees it."""

    id: int
    name: str
    member: bool
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """One's teams."""

    teams: tuple[TeamView, ...]
    problem: str


@router.get("/account/teams")
def overview(request: Request) -> Response:
    """One's teams and invitations."""
    return _page(request)


def _page(request: Request, problem: KbError | None = None) -> Response:
    account = need(request, "trail").account
    assert account is not None
    made = []
    with session_scope() as session:
        for team, state in teams.of(session, account.id):
            number, member = team.id or 0, state == "member"
            rows = teams.members(session, number, account.id) if member else []
            names = people.display_names(session, [account_owner(row.account) for row in rows])
            inside = tuple((names[account_owner(row.account)], row.state) for row in rows)
            made.append(TeamView(number, team.name, member, inside))
    return render(
        request,
        "teams",
        Context(
            title="Teams",
            robots="noindex",
            crumbs=(*ACCOUNT_CRUMBS, Link("Teams")),
            teams=tuple(made),
            problem=_told(problem),
        ),
        status=answer_to(problem).status if problem else 200,
    )


def _told(problem: KbError | None) -> str:
    if isinstance(problem, EntryInvalid):
        return "; ".join(f"{one.title}: {one.rule}" for one in problem.errors)
    return str(problem) if problem else ""


@router.post("/account/teams")
def create(request: Request, form: Form) -> Response:
    """Makes a team."""
    account = need(request, "trail").account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            teams.create(session, account.id, form.text("name"))
    except EntryInvalid as error:
        return _page(request, error)
    return see_other(request, urls.account("teams"), "team-made")


@router.post("/account/teams/{team_id}/invite")
def invite(request: Request, team_id: RowNumber, form: Form) -> Response:
    """Asks a colleague to join; asking for addresses is limited as mails are."""
    visitor = need(request, "trail")
    assert visitor.account is not None
    try:
        email = checked_email(form.text("email"))
        attempts.reserve("mail", attempt_key(email), visitor.address)
        with session_scope(write=True) as session:
            found = people.by_email(session, email)
            if found is None or found.state != "active":
                raise EmailInvalid("Nobody uses that address here. Check it, or ask them to join.")
            teams.invite(session, team_id, visitor.account.id, found.id)
    except (EmailInvalid, TooManyAttempts) as error:
        return _page(request, error)
    return see_other(request, urls.account("teams"), "team-invited")


@router.post("/account/teams/{team_id}/accept")
def accept(request: Request, team_id: RowNumber) -> Response:
    """Joins."""
    account = need(request, "trail").account
    assert account is not None
    with session_scope(write=True) as session:
        teams.accept(session, team_id, account.id)
    return see_other(request, urls.account("teams"), "team-joined")


@router.post("/account/teams/{team_id}/leave")
def leave(request: Request, team_id: RowNumber) -> Response:
    """Leaves, or declines to join."""
    account = need(request, "trail").account
    assert account is not None
    with session_scope(write=True) as session:
        teams.leave(session, team_id, account.id)
    return see_other(request, urls.account("teams"), "team-left")
