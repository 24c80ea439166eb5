"""What an open trail writes by itself: searches, records opened, sources visited, verdicts.

None of these ever stands in the way of what the person is doing: on a trail that is paused, closed,
gone or not theirs to write to they do nothing and return False.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session

from kb.directory import service as directory
from kb.trails import access, log
from kb.trails.access import Viewer
from kb.trails.entries import Finding, QueryRun, checked, given
from kb.trails.models import Trail
from kb.trails.seen import seen
from kb.trails.shown import shown_records

MAX_TOP = 50
"""How many of the records found are kept with each search, to tell later what is new."""
MAX_EVENTS = 20_000
"""A trail this long is a program's, not a person's; it goes on only by hand."""
_LOOKED_BACK = 20
"""Among so many of the latest searches the one that led to a record is sought."""
_NOT_PART = ("page", "trail")


def note_query(
    session: Session,
    trail_id: str,
    viewer: Viewer,
    *,
    params: Iterable[tuple[str, str]],
    total: int,
    top: Sequence[str],
    fingerprint: str = "",
) -> bool:
    """A search that was run: its parameters as typed, how many it found and the first ids.

    The trail's own excluded terms, which the caller applies to every search, are noted beside it.
    Turning a page is no new search.
    """
    pairs = [(name, value) for name, value in params if value]
    if any(name == "page" and value != "1" for name, value in pairs):
        return False
    trail = _recording(session, trail_id, viewer)
    if trail is None:
        return False
    run = checked(
        QueryRun,
        {
            "params": [
                {"name": name[:100], "value": value[:5000]}
                for name, value in pairs[:500]
                if name not in _NOT_PART
            ],
            "total": total,
            "fingerprint": fingerprint[:200],
            "excluded": excluded_terms(trail),
        },
    )
    kept = shown_records(session, top[:MAX_TOP])
    payload = {
        **run.model_dump(mode="json"),
        "top": [[item, kept[item].stamp] for item in top[:MAX_TOP] if item in kept],
        "complete": total <= len(top[:MAX_TOP]),
    }
    log.append(session, trail, viewer, "query_run", payload)
    return True


def excluded_terms(trail: Trail) -> list[str]:
    """What the trail's brief says is not wanted."""
    terms: list[str] = trail.state["brief"].get("not_wanted", [])
    return terms


def note_opened(session: Session, trail_id: str, viewer: Viewer, record_id: str) -> bool:
    """A record that was opened."""
    trail = _recording(session, trail_id, viewer)
    shown = shown_records(session, [record_id]).get(record_id)
    if trail is None or shown is None:
        return False
    latest = seen(session, trail, newest=_LOOKED_BACK)
    via = next((key for key, records in latest.items() if record_id in records), "")
    payload = {"record": record_id, "title": shown.title, "via": via}
    log.append(session, trail, viewer, "record_opened", payload)
    return True


def note_source_visit(session: Session, trail_id: str, viewer: Viewer, source_id: str) -> bool:
    """A source whose link was followed; one that was still to do is now being done."""
    trail = _recording(session, trail_id, viewer)
    if trail is None or directory.source(session, source_id) is None:
        return False
    log.append(session, trail, viewer, "source_visited", {"source": source_id})
    return True


def note_verdict(
    session: Session,
    trail_id: str,
    viewer: Viewer,
    record_id: str,
    verdict: Mapping[str, object],
) -> bool:
    """A verdict on a record (useful, why, used_for, note), which makes it a result of the trail."""
    trail = _recording(session, trail_id, viewer)
    shown = shown_records(session, [record_id]).get(record_id)
    if trail is None or shown is None:
        return False
    data = {**verdict, "record": record_id, "title": shown.title[:500]}
    values = given(checked(Finding, data), data)
    log.append(session, trail, viewer, "result_set", {**values, "id": f"record:{record_id}"})
    return True


def _recording(session: Session, trail_id: str, viewer: Viewer) -> Trail | None:
    """The trail, locked, if it is open and theirs to write to."""
    trail = log.locked(session, trail_id)
    if trail is None or trail.state["status"] != "open" or trail.sequence >= MAX_EVENTS:
        return None
    return trail if access.can_write(session, "trail", trail, viewer) else None
