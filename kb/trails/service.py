"""The life of a trail: open, read, pause, resume, close, fork, claim, delete."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from kb.audit import note_change
from kb.trails import access, log
from kb.trails.access import Viewer
from kb.trails.entries import Brief, Closing, Title, checked, given
from kb.trails.errors import TrailClosed, TrailNotFound, TrailReadOnly
from kb.trails.models import Annotation, ReadingList, Trail
from kb.trails.personal import erase, personal_data
from kb.trails.state import TrailState, typed

__all__ = [
    "TrailSummary",
    "TrailView",
    "claim",
    "close",
    "delete_stale_visits",
    "delete_trail",
    "erase",
    "fork",
    "mine",
    "open_trail",
    "pause",
    "personal_data",
    "readable",
    "rename",
    "reopen",
    "resume",
    "view",
    "writable",
]


@dataclass(frozen=True)
class TrailView:
    """A trail as one person sees it."""

    id: str
    state: TrailState
    created_at: datetime
    updated_at: datetime
    mine: bool
    may_write: bool


@dataclass(frozen=True)
class TrailSummary:
    """A trail in a list of trails."""

    id: str
    title: str
    status: str
    problem: str
    queries: int
    results: int
    updated_at: datetime
    mine: bool


def open_trail(
    session: Session, viewer: Viewer, title: str = "", brief: dict[str, Any] | None = None
) -> str:
    """Begin a trail, which from now on writes itself; returns its id. Raises EntryInvalid.

    Raises TrailReadOnly when the viewer has neither an account nor a session to keep it under.
    """
    trail = _begun(session, viewer)
    name = checked(Title, {"title": title}).title
    log.append(session, trail, viewer, "opened", {"title": name})
    if brief:
        log.append(session, trail, viewer, "brief_set", given(checked(Brief, brief), brief))
    _audit(session, trail.id, viewer, "trail.opened")
    return trail.id


def _begun(session: Session, viewer: Viewer) -> Trail:
    if not viewer.owner:
        raise TrailReadOnly("Allow cookies or sign in, so that the trail can be kept for you.")
    return log.start(session, viewer.owner)


def _audit(session: Session, trail_id: str, viewer: Viewer, action: str, **detail: Any) -> None:
    # Only that it was done: what is in a trail is private and must not outlive it.
    note_change(
        session,
        actor=viewer.actor,
        action=action,
        subject_type="trail",
        subject_id=trail_id,
        **detail,
    )


def readable(session: Session, trail_id: str, viewer: Viewer) -> Trail:
    """The row of a trail that this person may read. Raises TrailNotFound."""
    trail = session.get(Trail, trail_id)
    if trail is None:
        raise TrailNotFound("trail", trail_id)
    access.need_read(session, "trail", trail, viewer)
    return trail


def writable(
    session: Session, trail_id: str, viewer: Viewer, *, even_closed: bool = False
) -> Trail:
    """The row, locked, of a trail that this person may write to.

    Raises TrailNotFound, TrailReadOnly, TrailClosed.
    """
    trail = log.locked(session, trail_id)
    if trail is None:
        raise TrailNotFound("trail", trail_id)
    access.need_write(session, "trail", trail, viewer)
    if trail.state["status"] == "closed" and not even_closed:
        raise TrailClosed("This trail is closed. Reopen it to add to it.")
    return trail


def view(session: Session, trail_id: str, viewer: Viewer) -> TrailView:
    """A trail with all it holds. Raises TrailNotFound."""
    trail = readable(session, trail_id, viewer)
    return TrailView(
        id=trail.id,
        state=typed(trail.state),
        created_at=trail.created_at,
        updated_at=trail.updated_at,
        mine=access.is_owner(trail, viewer),
        may_write=access.can_write(session, "trail", trail, viewer),
    )


def mine(session: Session, viewer: Viewer) -> list[TrailSummary]:
    """One's own trails and those shared by name, the one last written to first."""
    if not viewer.owner:
        return []
    shared = access.shared_with(session, "trail", viewer)
    rows = session.exec(
        select(Trail)
        .where(or_(col(Trail.owner) == viewer.owner, col(Trail.id).in_(shared)))
        .order_by(col(Trail.updated_at).desc(), col(Trail.id))
    )
    return [_summary(trail, viewer) for trail in rows]


def _summary(trail: Trail, viewer: Viewer) -> TrailSummary:
    state = trail.state
    return TrailSummary(
        id=trail.id,
        title=state["title"],
        status=state["status"],
        problem=state["brief"].get("problem", ""),
        queries=len(state["queries"]),
        results=len(state["results"]),
        updated_at=trail.updated_at,
        mine=access.is_owner(trail, viewer),
    )


def rename(session: Session, trail_id: str, viewer: Viewer, title: str) -> None:
    """Give a trail another name."""
    trail = writable(session, trail_id, viewer, even_closed=True)
    name = checked(Title, {"title": title}).title
    log.append(session, trail, viewer, "renamed", {"title": name})


def pause(session: Session, trail_id: str, viewer: Viewer) -> None:
    """Stop a trail from writing itself, until it is resumed."""
    _turn(session, trail_id, viewer, "paused", wanted="open")


def resume(session: Session, trail_id: str, viewer: Viewer) -> None:
    """Let a paused trail write itself again."""
    _turn(session, trail_id, viewer, "resumed", wanted="paused")


def _turn(session: Session, trail_id: str, viewer: Viewer, kind: str, *, wanted: str) -> None:
    trail = writable(session, trail_id, viewer)
    if trail.state["status"] == wanted:
        log.append(session, trail, viewer, kind, {})


def close(session: Session, trail_id: str, viewer: Viewer, closing: dict[str, Any]) -> None:
    """End a trail with answer, gaps, decision and next steps. Closing again changes these."""
    trail = writable(session, trail_id, viewer, even_closed=True)
    values = given(checked(Closing, closing), closing)
    log.append(session, trail, viewer, "closed", values)
    _audit(session, trail_id, viewer, "trail.closed")


def reopen(session: Session, trail_id: str, viewer: Viewer) -> None:
    """Go on with a closed trail."""
    trail = writable(session, trail_id, viewer, even_closed=True)
    if trail.state["status"] == "closed":
        log.append(session, trail, viewer, "reopened", {})
        _audit(session, trail_id, viewer, "trail.reopened")


def fork(session: Session, trail_id: str, viewer: Viewer, title: str = "") -> str:
    """A copy of a trail one may read, with its whole log, to go on with alone; returns its id."""
    readable(session, trail_id, viewer)
    origin = log.locked(session, trail_id)
    assert origin is not None, "it was just read"
    name = checked(Title, {"title": title or f"{origin.state['title']} (copy)"[:200]}).title
    target = _begun(session, viewer)
    log.copy_events(session, origin, target)
    log.append(session, target, viewer, "forked", {"trail": trail_id, "title": name})
    _audit(session, target.id, viewer, "trail.forked", origin=trail_id)
    return target.id


def claim(session: Session, session_key: str, account_id: object) -> list[str]:
    """At sign-in: what the browser session kept becomes the account's. Returns the trails' ids."""
    before, after = access.session_owner(session_key), access.account_owner(account_id)
    viewer = Viewer(account=str(account_id))
    claimed = []
    for trail_id in session.exec(select(Trail.id).where(Trail.owner == before)).all():
        trail = log.locked(session, trail_id)
        if trail is None or trail.owner != before:
            continue
        trail.owner = after
        log.append(session, trail, viewer, "claimed", {})
        _audit(session, trail_id, viewer, "trail.claimed")
        claimed.append(trail_id)
    for model in (ReadingList, Annotation):
        for row in session.exec(select(model).where(model.owner == before)):
            row.owner = after
            session.add(row)
    session.flush()
    return claimed


def delete_trail(session: Session, trail_id: str, viewer: Viewer) -> None:
    """Delete a trail with its whole log and its shares; for its owner only."""
    trail = readable(session, trail_id, viewer)
    access.need_owner(session, "trail", trail, viewer)
    access.drop_shares(session, trail_id)
    session.delete(trail)
    session.flush()
    _audit(session, trail_id, viewer, "trail.deleted")


def delete_stale_visits(session: Session, before: datetime) -> int:
    """Delete visitors' trails that nobody wrote to since `before`; returns how many there were."""
    stale = session.exec(
        select(Trail).where(
            col(Trail.owner).startswith(access.SESSION), col(Trail.updated_at) < before
        )
    ).all()
    for trail in stale:
        access.drop_shares(session, trail.id)
        session.delete(trail)
    session.flush()
    return len(stale)
