"""Teams: people who show each other their notes. Nobody is put into a team without accepting."""

from sqlmodel import Session, col, delete, select

from kb.alerts import news
from kb.audit import note_change
from kb.database import now
from kb.trails.access import account_owner
from kb.trails.entries import invalid
from kb.trails.errors import TeamNotFound
from kb.trails.models import Team, TeamMember


def create(session: Session, account_id: object, name: str) -> int:
    """A new team with one member; returns its id. Raises EntryInvalid."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100:
        raise invalid("name", "Name of the team", "give a name of at most 100 characters")
    team = Team(name=name, created_at=now())
    session.add(team)
    session.flush()
    assert team.id is not None
    session.add(TeamMember(team_id=team.id, account=str(account_id), state="member"))
    _audit(session, team.id, account_id, "team.created")
    return team.id


def invite(session: Session, team_id: int, by: object, account_id: object) -> None:
    """Ask somebody to join; any member may. Raises TeamNotFound."""
    _place(session, team_id, by, "member")
    if _find(session, team_id, account_id) is None:
        session.add(TeamMember(team_id=team_id, account=str(account_id)))
        news.tell(session, account_id, "team-invited", "/account/teams", by=by)
        _audit(session, team_id, by, "team.invited", account=str(account_id))


def accept(session: Session, team_id: int, account_id: object) -> None:
    """Join a team one was invited to. Raises TeamNotFound."""
    place = _place(session, team_id, account_id)
    if place.state != "member":
        place.state = "member"
        session.add(place)
        _audit(session, team_id, account_id, "team.joined")


def leave(session: Session, team_id: int, account_id: object) -> None:
    """Leave a team or decline to join; a team that nobody is in any more is deleted."""
    session.delete(_place(session, team_id, account_id))
    session.flush()
    _audit(session, team_id, account_id, "team.left")
    delete_empty(session, [team_id])


def delete_empty(session: Session, team_ids: list[int]) -> None:
    """Delete those of these teams that have no member left, with their open invitations."""
    for team_id in team_ids:
        left = session.exec(
            select(TeamMember.id).where(TeamMember.team_id == team_id, TeamMember.state == "member")
        ).first()
        if left is None:
            session.exec(delete(TeamMember).where(col(TeamMember.team_id) == team_id))
            session.exec(delete(Team).where(col(Team.id) == team_id))
    session.flush()


def of(session: Session, account_id: object) -> list[tuple[Team, str]]:
    """The teams an account is in or invited to, with which of the two."""
    rows = session.exec(
        select(Team, TeamMember.state)
        .join(TeamMember, col(TeamMember.team_id) == col(Team.id))
        .where(TeamMember.account == str(account_id))
        .order_by(col(Team.id))
    )
    return [(team, state) for team, state in rows]


def members(session: Session, team_id: int, account_id: object) -> list[TeamMember]:
    """Who is in a team or invited; for its members only. Raises TeamNotFound."""
    _place(session, team_id, account_id, "member")
    return list(
        session.exec(
            select(TeamMember).where(TeamMember.team_id == team_id).order_by(col(TeamMember.id))
        )
    )


def teammates(session: Session, account_id: object) -> set[str]:
    """Accounts that are in a team together with this one, itself among them."""
    mine = select(TeamMember.team_id).where(
        TeamMember.account == str(account_id), TeamMember.state == "member"
    )
    found = session.exec(
        select(TeamMember.account).where(
            col(TeamMember.team_id).in_(mine), TeamMember.state == "member"
        )
    )
    return {*found, str(account_id)}


def _find(session: Session, team_id: int, account_id: object) -> TeamMember | None:
    return session.exec(
        select(TeamMember).where(
            TeamMember.team_id == team_id, TeamMember.account == str(account_id)
        )
    ).first()


def _place(session: Session, team_id: int, account_id: object, state: str = "") -> TeamMember:
    place = _find(session, team_id, account_id)
    if place is None or (state and place.state != state):
        raise TeamNotFound(f"You are not in team {team_id}. Ask a member to invite you.")
    return place


def _audit(session: Session, team_id: int, by: object, action: str, **detail: str) -> None:
    note_change(
        session,
        actor=account_owner(by),
        action=action,
        subject_type="team",
        subject_id=str(team_id),
        **detail,
    )
