"""Where did I see that? Searching one's own trails."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from kb.trails import access, log
from kb.trails.access import Viewer
from kb.trails.models import Trail, TrailEvent
from kb.trails.shown import HIDDEN, shown_records

# What an event is called where it is listed, and which part of its payload tells what it was.
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "opened": ("Trail begun", ("title",)),
    "renamed": ("Trail renamed", ("title",)),
    "brief_set": ("Brief", ("question", "problem")),
    "talk_set": ("Talk", ("who", "said", "lead")),
    "talk_task": ("Task", ("note",)),
    "broad_started": ("Broad search", ("query", "engine")),
    "source_set": ("Source", ("source", "note")),
    "source_visited": ("Source visited", ("source",)),
    "query_run": ("Search", ()),
    "record_opened": ("Record opened", ("title",)),
    "result_set": ("Result", ("title", "url", "note")),
    "dead_end": ("Dead end", ("what", "why")),
    "comparison_set": ("Comparison", ("title", "note")),
    "closed": ("Conclusion", ("answer", "decision")),
}


@dataclass(frozen=True)
class Sighting:
    """One event of one's trails in which the words stand."""

    trail_id: str
    trail_title: str
    sequence: int
    at: datetime
    kind: str
    text: str
    record: str
    url: str


def find(session: Session, viewer: Viewer, text: str, limit: int = 50) -> list[Sighting]:
    """Events of one's own trails, and of those shared by name, that hold all words; newest first.

    A phrase in quotation marks stands as it is. Nothing is found for no words.
    """
    words = _words(text)
    if not words or not viewer.owner:
        return []
    shared = access.shared_with(session, "trail", viewer)
    query = (
        select(TrailEvent, Trail)
        .join(Trail, col(Trail.id) == col(TrailEvent.trail_id))
        .where(
            or_(col(Trail.owner) == viewer.owner, col(Trail.id).in_(shared)),
            col(TrailEvent.kind).in_(_KINDS),
        )
        .order_by(col(TrailEvent.at).desc(), col(TrailEvent.sequence).desc())
        .limit(limit)
    )
    for word in words:
        query = query.where(col(TrailEvent.words).contains(word, autoescape=True))
    found = list(session.exec(query))
    seen = {event.payload.get("record", "") for event, _ in found} - {""}
    hidden = seen - set(shown_records(session, seen))
    return [_sighting(event, trail, hidden) for event, trail in found]


def _words(text: str) -> list[str]:
    pieces = log.fold_words(text[:500]).split('"')
    # Every second piece stood between quotation marks.
    found = [
        word
        for number, piece in enumerate(pieces)
        for word in ([piece.strip()] if number % 2 else piece.split())
    ]
    return list(dict.fromkeys(word for word in found if word))[:20]


def _sighting(event: TrailEvent, trail: Trail, hidden: set[str]) -> Sighting:
    label, names = _KINDS[event.kind]
    payload = event.payload
    record = payload.get("record", "")
    return Sighting(
        trail_id=trail.id,
        trail_title=trail.state["title"],
        sequence=event.sequence,
        at=event.at,
        kind=label,
        text=HIDDEN if record in hidden else _told(payload, names),
        record="" if record in hidden else record,
        url=payload.get("url", ""),
    )


def _told(payload: dict[str, Any], names: tuple[str, ...]) -> str:
    if "params" in payload:
        return ", ".join(row["value"] for row in payload["params"])[:300]
    return next((str(payload[name]) for name in names if payload.get(name)), "")[:300]
