"""The append-only log of a trail, and its stored fold."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from sqlmodel import Session, col, select

from kb.database import now
from kb.trails.access import Viewer
from kb.trails.fold import Event, State, apply, empty, fold
from kb.trails.models import Trail, TrailEvent

# Parts of a payload that nobody typed or read: not what a person would search for.
_UNSAID = {"id", "key", "name", "trail", "top", "fingerprint", "queries", "via"}


def start(session: Session, owner: str) -> Trail:
    """A new trail with an empty log. Its id is random, so that it cannot be guessed."""
    moment = now()
    trail = Trail(
        id=secrets.token_hex(8), owner=owner, state=empty(), created_at=moment, updated_at=moment
    )
    session.add(trail)
    session.flush()
    return trail


def locked(session: Session, trail_id: str) -> Trail | None:
    """The trail as it is now, held until the transaction ends, so that writers take turns."""
    return session.exec(
        select(Trail)
        .where(Trail.id == trail_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def append(
    session: Session, trail: Trail, viewer: Viewer, kind: str, payload: Mapping[str, Any]
) -> TrailEvent:
    """Add an event and bring the stored fold one step further. The trail must be locked."""
    event = TrailEvent(
        trail_id=trail.id,
        sequence=trail.sequence + 1,
        at=now(),
        actor=viewer.actor,
        kind=kind,
        payload=dict(payload),
        words=_folded(payload),
    )
    session.add(event)
    state = deepcopy(trail.state)
    apply(state, as_event(event))
    trail.state = state
    trail.sequence = event.sequence
    trail.updated_at = event.at
    session.add(trail)
    session.flush()
    return event


def copy_events(session: Session, origin: Trail, target: Trail) -> None:
    """Give a new trail the whole log of another, up to now."""
    for event in events(session, origin.id):
        session.add(TrailEvent(**{**event.model_dump(), "trail_id": target.id}))
    target.sequence = origin.sequence
    target.state = deepcopy(origin.state)
    session.add(target)
    session.flush()


def events(session: Session, trail_id: str) -> list[TrailEvent]:
    """Everything that happened, first to last."""
    return list(
        session.exec(
            select(TrailEvent)
            .where(TrailEvent.trail_id == trail_id)
            .order_by(col(TrailEvent.sequence))
        )
    )


def as_event(row: TrailEvent) -> Event:
    """A row of the log as the fold sees it."""
    return Event(row.sequence, row.at.isoformat(), row.actor, row.kind, row.payload)


def refold(session: Session, trail_id: str) -> State:
    """The state made again from the log alone."""
    return fold(as_event(row) for row in events(session, trail_id))


def rebuild(session: Session, trail_ids: Iterable[str]) -> list[str]:
    """Make stored folds again from their logs; returns the ids of those that differed."""
    differed = []
    for trail_id in trail_ids:
        trail = locked(session, trail_id)
        if trail is None:
            continue
        state = refold(session, trail_id)
        if state != trail.state or state["sequence"] != trail.sequence:
            trail.state, trail.sequence = state, state["sequence"]
            session.add(trail)
            differed.append(trail_id)
    session.flush()
    return differed


def fold_words(text: str) -> str:
    """Text as one's own trails are searched: case and line ends do not matter."""
    return " ".join(text.casefold().split())


def _folded(payload: Mapping[str, Any]) -> str:
    return fold_words(" ".join(_strings(payload)))[:50_000]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if name not in _UNSAID:
                yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
