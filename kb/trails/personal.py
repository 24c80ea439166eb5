"""Everything this folder keeps of one person: handing it out, and erasing it."""

import secrets
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, or_, select

from kb.trails import access, log, teams
from kb.trails.access import account_owner
from kb.trails.models import (
    AdoptionProposal,
    Annotation,
    ReadingList,
    ReadingListItem,
    SavedSearch,
    Share,
    Trail,
    TrailEvent,
)

_SECRET = {"token_hash", "unsubscribe_token", "owner", "words", "state", "seen"}


def personal_data(session: Session, account_id: object) -> dict[str, Any]:
    """All that is kept of an account here, as plain JSON values."""
    owner = account_owner(account_id)
    trails = session.exec(
        select(Trail).where(Trail.owner == owner).order_by(col(Trail.created_at))
    ).all()
    lists = session.exec(
        select(ReadingList).where(ReadingList.owner == owner).order_by(col(ReadingList.created_at))
    ).all()
    verdicts = session.exec(
        select(Annotation).where(Annotation.owner == owner).order_by(col(Annotation.id))
    )
    proposals = session.exec(
        select(AdoptionProposal)
        .where(AdoptionProposal.proposer == owner)
        .order_by(col(AdoptionProposal.id))
    )
    searches = session.exec(
        select(SavedSearch).where(SavedSearch.owner == owner).order_by(col(SavedSearch.id))
    )
    mine = [trail.id for trail in trails] + [item.id for item in lists]
    shares = session.exec(
        select(Share)
        .where(or_(col(Share.account) == str(account_id), col(Share.subject_id).in_(mine)))
        .order_by(col(Share.id))
    )
    return {
        "trails": [_trail(session, trail) for trail in trails],
        "written_in_trails_of_others": [
            _plain(event)
            for event in session.exec(
                select(TrailEvent)
                .where(TrailEvent.actor == owner, col(TrailEvent.trail_id).not_in(mine))
                .order_by(col(TrailEvent.trail_id), col(TrailEvent.sequence))
            )
        ],
        "verdicts": [_plain(row) for row in verdicts],
        "adoptions_proposed": [_plain(row) for row in proposals],
        "saved_searches": [_plain(row) for row in searches],
        "reading_lists": [_list(session, row) for row in lists],
        "shares": [_plain(row) for row in shares],
        "teams": [
            {"team": team.name, "state": state} for team, state in teams.of(session, account_id)
        ],
    }


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=_SECRET)


def _trail(session: Session, trail: Trail) -> dict[str, Any]:
    return {
        **_plain(trail),
        "events": [_plain(event) for event in log.events(session, trail.id)],
    }


def _list(session: Session, row: ReadingList) -> dict[str, Any]:
    items = session.exec(
        select(ReadingListItem)
        .where(ReadingListItem.list_id == row.id)
        .order_by(col(ReadingListItem.added_at))
    )
    return {**_plain(row), "items": [_plain(item) for item in items]}


def erase(session: Session, account_id: object) -> None:
    """Erase what is private, and take the person out of what they gave to all.

    Trails, lists, saved searches, shares and private notes go. Verdicts with a note for everybody
    and accepted adoptions stay under a placeholder, as does what they wrote into the trails of
    others. It cannot be undone.
    """
    owner, placeholder = account_owner(account_id), f"erased:{secrets.token_hex(6)}"
    subjects: list[Trail | ReadingList] = [
        *session.exec(select(Trail).where(Trail.owner == owner)),
        *session.exec(select(ReadingList).where(ReadingList.owner == owner)),
    ]
    for subject in subjects:
        access.drop_shares(session, subject.id)
        session.delete(subject)
    session.exec(delete(Share).where(col(Share.account) == str(account_id)))
    session.exec(delete(SavedSearch).where(col(SavedSearch.owner) == owner))
    session.flush()
    _erase_said(session, owner, placeholder)
    _leave_logs(session, owner, placeholder)
    for team, _ in teams.of(session, account_id):
        assert team.id is not None
        teams.leave(session, team.id, account_id)


def _erase_said(session: Session, owner: str, placeholder: str) -> None:
    """Verdicts and proposals: those for all stay without a name, the others go."""
    session.exec(
        delete(Annotation).where(
            col(Annotation.owner) == owner,
            or_(col(Annotation.visibility) != "all", col(Annotation.useful).is_(None)),
        )
    )
    for verdict in session.exec(select(Annotation).where(Annotation.owner == owner)):
        verdict.owner, verdict.query, verdict.trail_id = placeholder, "", None
        session.add(verdict)
    session.exec(
        delete(AdoptionProposal).where(
            col(AdoptionProposal.proposer) == owner, col(AdoptionProposal.state) != "accepted"
        )
    )
    for proposal in session.exec(
        select(AdoptionProposal).where(AdoptionProposal.proposer == owner)
    ):
        proposal.proposer = placeholder
        session.add(proposal)
    session.flush()


def _leave_logs(session: Session, owner: str, placeholder: str) -> None:
    """In trails of others, shared or forked, what they wrote stays without their name."""
    touched = set()
    for event in session.exec(select(TrailEvent).where(TrailEvent.actor == owner)):
        event.actor = placeholder
        session.add(event)
        touched.add(event.trail_id)
    session.flush()
    log.rebuild(session, sorted(touched))
