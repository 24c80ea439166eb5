"""What a trail's searches last showed: kept in the log, for it is too much for the state."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from kb.trails.models import Trail, TrailEvent

Seen = dict[str, str]
"""Record ids, best first, each with the stamp of the version that was found."""


def seen(session: Session, trail: Trail, newest: int | None = None) -> dict[str, Seen]:
    """What each search of a trail last showed, by its key, the newest first.

    With `newest`, only that many searches are looked at.
    """
    queries: Mapping[str, Mapping[str, Any]] = trail.state["queries"]
    ordered = sorted(queries, key=lambda key: (-queries[key]["seen"], queries[key]["seq"]))[:newest]
    wanted = {queries[key]["seen"] for key in ordered}
    rows = session.exec(
        select(TrailEvent).where(
            TrailEvent.trail_id == trail.id, col(TrailEvent.sequence).in_(wanted)
        )
    )
    payloads = {row.sequence: row.payload for row in rows}
    return {key: _shown(payloads[queries[key]["seen"]], key) for key in ordered}


def _shown(payload: Mapping[str, Any], key: str) -> Seen:
    """The records in an event: a search that was run, or one of those run again."""
    runs = payload.get("queries")
    run = payload if runs is None else next(run for run in runs if run["key"] == key)
    return dict(run["top"])
