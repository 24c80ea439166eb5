"""The five steps of a trail, as a person fills them in. Every change is a new event.

All raise TrailNotFound, TrailReadOnly, TrailClosed and EntryInvalid.
"""

import secrets
from typing import Any

from sqlmodel import Session

from kb.directory import service as directory
from kb.records import identity
from kb.trails import log
from kb.trails.access import Viewer
from kb.trails.entries import (
    SOURCE_STATES,
    TALK_STATES,
    Brief,
    BroadSearch,
    Comparison,
    DeadEnd,
    Finding,
    SourceStep,
    Talk,
    Task,
    checked,
    given,
    invalid,
)
from kb.trails.models import Trail
from kb.trails.service import readable, writable
from kb.trails.shown import shown_records

_NOUN = {"talks": "talk", "results": "result", "comparisons": "comparison"}


def set_brief(session: Session, trail_id: str, viewer: Viewer, brief: dict[str, Any]) -> None:
    """Step 1: set or correct the fields given; the others stay as they are."""
    values = given(checked(Brief, brief), brief)
    trail = writable(session, trail_id, viewer)
    log.append(session, trail, viewer, "brief_set", values)


def set_talk(
    session: Session, trail_id: str, viewer: Viewer, talk: dict[str, Any], talk_id: str = ""
) -> str:
    """Step 2: note a talk, or change one; returns its id. A lead becomes a task."""
    values = given(checked(Talk, talk), talk)
    trail = writable(session, trail_id, viewer)
    if not any(values.get(name) for name in ("who", "said", "lead")) and not talk_id:
        raise invalid("who", "Who?", "say who it was, what they said or where it leads")
    return _put(session, trail, viewer, "talks", values, entry_id=talk_id)


def remove_talk(session: Session, trail_id: str, viewer: Viewer, talk_id: str) -> None:
    """Take a talk out of the trail; the log keeps it."""
    _take(session, trail_id, viewer, "talks", talk_id)


def set_task(
    session: Session, trail_id: str, viewer: Viewer, talk_id: str, task: str, *, note: str = ""
) -> None:
    """How the lead of a talk stands: todo, doing, done or dropped."""
    if task not in TALK_STATES:
        raise invalid("task", "Task", f"give one of {', '.join(TALK_STATES)}", repr(task)[:120])
    noted = checked(Task, {"note": note}).note
    trail = writable(session, trail_id, viewer)
    _known(trail, "talks", talk_id)
    log.append(session, trail, viewer, "talk_task", {"id": talk_id, "task": task, "note": noted})


def start_broad(session: Session, trail_id: str, viewer: Viewer, search: dict[str, Any]) -> None:
    """Step 3: start the clock of a broad search; one that still runs is stopped."""
    values = checked(BroadSearch, search).model_dump(mode="json")
    trail = writable(session, trail_id, viewer)
    log.append(session, trail, viewer, "broad_started", values)


def stop_broad(session: Session, trail_id: str, viewer: Viewer) -> None:
    """Stop the clock, if it runs."""
    trail = writable(session, trail_id, viewer)
    if any(not item["stopped"] for item in trail.state["rounds"]):
        log.append(session, trail, viewer, "broad_stopped", {})


def set_source(
    session: Session,
    trail_id: str,
    viewer: Viewer,
    source_id: str,
    state: str,
    *,
    step: dict[str, Any] | None = None,
) -> None:
    """Step 4: how things stand at a source: todo, doing, done or nothing; and what was done."""
    if state not in SOURCE_STATES:
        raise invalid("state", "State", f"give one of {', '.join(SOURCE_STATES)}", repr(state)[:99])
    if directory.source(session, source_id) is None:
        raise invalid("source", "Source", "is not in the directory", repr(source_id)[:120])
    values = given(checked(SourceStep, step or {}), step or {})
    trail = writable(session, trail_id, viewer)
    log.append(
        session, trail, viewer, "source_set", {**values, "source": source_id, "state": state}
    )


def set_result(
    session: Session, trail_id: str, viewer: Viewer, finding: dict[str, Any], result_id: str = ""
) -> str:
    """Step 5: note a result, or change one; returns its id.

    The same record or address noted again is the same result. A record's title is filled in.
    """
    found = checked(Finding, finding)
    values = given(found, finding)
    if found.record:
        shown = shown_records(session, [found.record]).get(found.record)
        if shown is None:
            raise invalid("record", "Record", "there is no such record", repr(found.record)[:120])
        values["title"] = shown.title
    if not (result_id or found.record or found.url or found.title):
        raise invalid("title", "Title", "give a record, an address or a title")
    trail = writable(session, trail_id, viewer)
    if result_id:
        return _put(session, trail, viewer, "results", values, entry_id=result_id)
    key = _result_key(found)
    return _put(session, trail, viewer, "results", values, entry_id=key, new_too=True)


def _result_key(found: Finding) -> str:
    if found.record:
        return f"record:{found.record}"
    if found.url:
        return f"url:{identity.canonical_url(found.url)}"
    return f"hand:{secrets.token_hex(6)}"


def remove_result(session: Session, trail_id: str, viewer: Viewer, result_id: str) -> None:
    """Take a result out of the trail; the log keeps it."""
    _take(session, trail_id, viewer, "results", result_id)


def note_dead_end(session: Session, trail_id: str, viewer: Viewer, end: dict[str, Any]) -> None:
    """Keep something that led nowhere; the same one again only counts up."""
    values = checked(DeadEnd, end).model_dump(mode="json")
    if not values["what"]:
        raise invalid("what", "What was tried", "say what was tried")
    trail = writable(session, trail_id, viewer)
    log.append(session, trail, viewer, "dead_end", values)


def bring_dead_ends(session: Session, trail_id: str, viewer: Viewer, other_id: str) -> int:
    """Take over the dead ends of another trail one may read; returns how many there were.

    Equal ones are merged, and the same trail can be brought again without counting twice.
    """
    other = readable(session, other_id, viewer)
    trail = writable(session, trail_id, viewer)
    ends = sorted(other.state["dead_ends"].values(), key=lambda end: int(end["seq"]))
    for end in ends:
        values = {name: end[name] for name in ("what", "where", "why", "times")}
        log.append(session, trail, viewer, "dead_end", {**values, "trail": other_id})
    return len(ends)


def set_comparison(
    session: Session,
    trail_id: str,
    viewer: Viewer,
    comparison: dict[str, Any],
    comparison_id: str = "",
) -> str:
    """Keep two to four records laid side by side; returns the comparison's id."""
    values = given(checked(Comparison, comparison), comparison)
    if "records" in values or not comparison_id:
        records = list(dict.fromkeys(values.get("records", [])))
        if not 2 <= len(records) <= 4:
            raise invalid("records", "Records", "choose two to four", str(len(records)))
        missing = set(records) - set(shown_records(session, records))
        if missing:
            raise invalid("records", "Records", "there is no such record", min(missing)[:120])
        values["records"] = records
    trail = writable(session, trail_id, viewer)
    return _put(session, trail, viewer, "comparisons", values, entry_id=comparison_id)


def remove_comparison(session: Session, trail_id: str, viewer: Viewer, comparison_id: str) -> None:
    """Take a comparison out of the trail; the log keeps it."""
    _take(session, trail_id, viewer, "comparisons", comparison_id)


def _put(
    session: Session,
    trail: Trail,
    viewer: Viewer,
    group: str,
    values: dict[str, Any],
    *,
    entry_id: str,
    new_too: bool = False,
) -> str:
    if entry_id and not new_too:
        _known(trail, group, entry_id)
    entry_id = entry_id or secrets.token_hex(6)
    entry = trail.state[group].get(entry_id)
    if entry is None or any(entry.get(name) != value for name, value in values.items()):
        # Saving the same twice, as a double click does, is no second event.
        log.append(session, trail, viewer, f"{_NOUN[group]}_set", {**values, "id": entry_id})
    return entry_id


def _take(session: Session, trail_id: str, viewer: Viewer, group: str, entry_id: str) -> None:
    trail = writable(session, trail_id, viewer)
    if entry_id in trail.state[group]:
        log.append(session, trail, viewer, f"{_NOUN[group]}_removed", {"id": entry_id})


def _known(trail: Trail, group: str, entry_id: str) -> None:
    if entry_id not in trail.state[group]:
        raise invalid("id", "Entry", "is not in this trail", repr(entry_id)[:120])
