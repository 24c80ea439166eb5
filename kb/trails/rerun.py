"""Running a trail's searches again to see only what changed since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from kb.trails import access, log
from kb.trails.access import Viewer
from kb.trails.excluded import with_excluded
from kb.trails.recorder import MAX_TOP
from kb.trails.seen import Seen, seen
from kb.trails.service import readable
from kb.trails.shown import ShownRecord, shown_records
from kb.trails.state import QueryEntry, typed


@dataclass(frozen=True)
class Found:
    """What a search finds now: every id, best first, and the state of the index it came from."""

    ids: Sequence[str]
    fingerprint: str = ""


Runner = Callable[[list[tuple[str, str]]], Found]
"""Runs a search given as parameters of the site's address grammar (`q`, `mode`, facets …)."""


@dataclass(frozen=True)
class QueryChange:
    """What is different about one search since it was last run.

    `gone` are ids, for what is gone may no longer be named. `complete` is False when more had been
    found than the trail keeps; then new means new or changed in the store since, and only what was
    kept can be told to be gone.
    """

    query: QueryEntry
    new: list[ShownRecord]
    changed: list[ShownRecord]
    gone: list[str]
    total: int
    complete: bool

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.new or self.changed or self.gone)


def rerun(session: Session, trail_id: str, viewer: Viewer, run: Runner) -> list[QueryChange]:
    """Run each search of the trail once more; returns only those in which something changed.

    For whoever may write, the trail then knows this as last seen, so that the same is not told
    twice; a reader leaves no mark, nor does anything while the trail is paused. Raises
    TrailNotFound, and whatever `run` raises, in which case nothing is noted.
    """
    trail = readable(session, trail_id, viewer)
    if access.can_write(session, "trail", trail, viewer):
        trail = log.locked(session, trail_id) or trail
    changes = []
    noted = []
    before = seen(session, trail)
    for query in typed(trail.state).queries:
        found = run(params_as_run(query))
        shown = shown_records(session, found.ids)
        changes.append(compare(query, before[query.key], found, shown))
        noted.append(_noted(changes[-1], found, shown))
    may_note = trail.state["status"] != "paused" and access.can_write(
        session, "trail", trail, viewer
    )
    if may_note and noted:
        log.append(session, trail, viewer, "queries_rerun", {"queries": noted})
    return [change for change in changes if change.any]


def params_as_run(query: QueryEntry) -> list[tuple[str, str]]:
    """The parameters with the terms that the trail leaves out among the words."""
    words = with_excluded(query.text, query.excluded)
    return ([("q", words)] if words else []) + query.filters


def compare(
    query: QueryEntry, before: Seen, found: Found, shown: dict[str, ShownRecord]
) -> QueryChange:
    """What changed from what the trail kept of a search to what it finds now."""
    ids = [record_id for record_id in found.ids if record_id in shown]
    new = [
        shown[record_id]
        for record_id in ids
        if record_id not in before
        and (query.complete or _touched_since(shown[record_id], query.last_at))
    ]
    changed = [
        shown[record_id]
        for record_id in ids
        if record_id in before and before[record_id] != shown[record_id].stamp
    ]
    return QueryChange(
        query=query,
        new=new,
        changed=changed,
        gone=[record_id for record_id in before if record_id not in set(ids)],
        total=len(ids),
        complete=query.complete,
    )


def _touched_since(record: ShownRecord, moment: datetime) -> bool:
    return record.updated_at > moment


def _noted(change: QueryChange, found: Found, shown: dict[str, ShownRecord]) -> dict[str, object]:
    top = [record_id for record_id in found.ids if record_id in shown][:MAX_TOP]
    return {
        "key": change.query.key,
        "total": change.total,
        "top": [[record_id, shown[record_id].stamp] for record_id in top],
        "complete": change.total <= MAX_TOP,
        "fingerprint": found.fingerprint[:200],
        "new": len(change.new),
        "changed": len(change.changed),
        "gone": len(change.gone),
    }
