"""From events to the state of a trail: pure, and on plain JSON values only.

The state is a fold over the events, so it can be thrown away and made again. Kinds that this
version does not know are passed over, so that an older version can read a newer log. Objects lose
the order of their names in some databases; whatever has an order carries the `seq` of its event.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.records import identity

State = dict[str, Any]
Payload = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One event as the fold sees it; `at` is ISO text in UTC."""

    sequence: int
    at: str
    actor: str
    kind: str
    payload: Payload


def empty() -> State:
    """The state of a trail in which nothing happened yet."""
    return {
        "title": "",
        "status": "open",
        "sequence": 0,
        "opened_at": "",
        "forked_from": "",
        "brief": {},
        "talks": {},
        "rounds": [],
        "sources": {},
        "queries": {},
        "records": {},
        "results": {},
        "dead_ends": {},
        "comparisons": {},
        "updates": [],
        "closing": {},
        "closed_at": "",
    }


def fold(events: Iterable[Event]) -> State:
    """The state after all events, in the order of their sequence."""
    state = empty()
    for event in sorted(events, key=lambda item: item.sequence):
        apply(state, event)
    return state


def apply(state: State, event: Event) -> None:
    """Bring the state one event further, in place."""
    change = _CHANGES.get(event.kind)
    if change is not None:
        change(state, deepcopy(event.payload), event)
    state["sequence"] = event.sequence
    state["opened_at"] = state["opened_at"] or event.at


def query_key(params: Iterable[tuple[str, str]], excluded: Iterable[str]) -> str:
    """What makes two searches the same: parameters in any order but the page, and what is left out.

    The page is none of it: turning over is no new search.
    """
    kept = sorted(pair for pair in params if pair[0] not in ("page", "trail"))
    return identity.fingerprint([kept, sorted(excluded)])[:16]


def _opened(state: State, payload: Payload, event: Event) -> None:
    state["title"] = payload.get("title", "")


def _renamed(state: State, payload: Payload, event: Event) -> None:
    state["title"] = payload["title"]


def _brief(state: State, payload: Payload, event: Event) -> None:
    state["brief"].update(payload)


def _put(group: str) -> Callable[[State, Payload, Event], None]:
    """A change that adds an entry under its id, or changes the fields that the payload names."""

    def change(state: State, payload: Payload, event: Event) -> None:
        entry_id = payload.pop("id")
        entry = state[group].setdefault(
            entry_id, {"seq": event.sequence, "at": event.at, "actor": event.actor}
        )
        entry.update(payload)
        entry["changed_at"] = event.at

    return change


def _take(group: str) -> Callable[[State, Payload, Event], None]:
    def change(state: State, payload: Payload, event: Event) -> None:
        state[group].pop(payload["id"], None)

    return change


def _talk(state: State, payload: Payload, event: Event) -> None:
    entry_id = payload["id"]
    _put("talks")(state, payload, event)
    talk = state["talks"][entry_id]
    if talk.get("lead"):
        talk.setdefault("task", "todo")  # a lead is something to do


def _talk_task(state: State, payload: Payload, event: Event) -> None:
    talk = state["talks"].get(payload["id"])
    if talk is not None:
        talk["task"] = payload["task"]
        talk["task_note"] = payload.get("note", talk.get("task_note", ""))


def _running(state: State) -> Payload | None:
    return next((item for item in state["rounds"] if not item["stopped"]), None)


def _halt(item: Payload, at: str) -> None:
    """Stop the clock of a broad search, keeping the time it has run."""
    if item["since"]:
        item["spent"] += max(0.0, seconds_between(item["since"], at))
        item["since"] = ""


def seconds_between(start: str, end: str) -> float:
    """Seconds from one ISO moment to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def _broad_started(state: State, payload: Payload, event: Event) -> None:
    _broad_stopped(state, {}, event)
    state["rounds"].append(
        {
            **payload,
            "seq": event.sequence,
            "started": event.at,
            "stopped": "",
            "since": event.at if state["status"] == "open" else "",
            "spent": 0.0,
        }
    )


def _broad_stopped(state: State, payload: Payload, event: Event) -> None:
    item = _running(state)
    if item is not None:
        _halt(item, event.at)
        item["stopped"] = event.at


def _source(state: State, event: Event, source_id: str) -> Payload:
    entry: Payload = state["sources"].setdefault(
        source_id, {"seq": event.sequence, "at": event.at, "state": "todo", "visits": 0}
    )
    entry["changed_at"] = event.at
    return entry


def _source_set(state: State, payload: Payload, event: Event) -> None:
    _source(state, event, payload.pop("source")).update(payload)


def _source_visited(state: State, payload: Payload, event: Event) -> None:
    entry = _source(state, event, payload["source"])
    entry["visits"] += 1
    entry["visited_at"] = event.at
    if entry["state"] == "todo":
        entry["state"] = "doing"


def _query_run(state: State, payload: Payload, event: Event) -> None:
    params = [(row["name"], row["value"]) for row in payload["params"]]
    entry = state["queries"].setdefault(
        query_key(params, payload["excluded"]),
        {
            "seq": event.sequence,
            "params": payload["params"],
            "excluded": payload["excluded"],
            "times": 0,
            "first_at": event.at,
            "first_total": payload["total"],
        },
    )
    entry["times"] += 1
    _found_now(entry, payload, event)


def _found_now(entry: Payload, payload: Payload, event: Event) -> None:
    """What was found last; which records they were stays in the event, for it is much."""
    entry["last_at"] = event.at
    entry["seen"] = event.sequence
    for name in ("total", "complete", "fingerprint"):
        entry[name] = payload[name]


def _rerun(state: State, payload: Payload, event: Event) -> None:
    counts = {"new": 0, "changed": 0, "gone": 0}
    for found in payload["queries"]:
        entry = state["queries"].get(found["key"])
        if entry is not None:
            _found_now(entry, found, event)
        for name in counts:
            counts[name] += found[name]
    state["updates"].append(
        {"seq": event.sequence, "at": event.at, "queries": len(payload["queries"]), **counts}
    )


def _record_opened(state: State, payload: Payload, event: Event) -> None:
    entry = state["records"].setdefault(
        payload["record"],
        {"seq": event.sequence, "first_at": event.at, "times": 0, "via": ""},
    )
    entry["times"] += 1
    entry["last_at"] = event.at
    entry["title"] = payload.get("title", "")
    entry["via"] = entry["via"] or payload.get("via", "")


def _dead_end(state: State, payload: Payload, event: Event) -> None:
    """Dead ends that tell of the same attempt are one, with how often it was made."""
    words = (payload["what"], payload["where"])
    key = identity.fingerprint([identity.name_key(text) or text for text in words])[:16]
    entry = state["dead_ends"].setdefault(
        key, {"seq": event.sequence, "at": event.at, "times": 0, "trails": [], "why": ""}
    )
    origin = payload.pop("trail", "")
    times = payload.pop("times", 1)
    if origin and origin in entry["trails"]:
        return  # brought over before
    if origin:
        entry["trails"].append(origin)
    reasons = [line for line in (entry["why"], payload.pop("why", "")) if line]
    entry.update(payload)
    entry["why"] = "\n".join(dict.fromkeys("\n".join(reasons).split("\n")))
    entry["times"] += times


def _paused(state: State, payload: Payload, event: Event) -> None:
    state["status"] = "paused"
    item = _running(state)
    if item is not None:
        _halt(item, event.at)


def _resumed(state: State, payload: Payload, event: Event) -> None:
    state["status"] = "open"
    item = _running(state)
    if item is not None and not item["since"]:
        item["since"] = event.at


def _closed(state: State, payload: Payload, event: Event) -> None:
    _broad_stopped(state, {}, event)
    state["status"] = "closed"
    state["closed_at"] = event.at
    state["closing"].update(payload)


def _reopened(state: State, payload: Payload, event: Event) -> None:
    state["status"] = "open"
    state["closed_at"] = ""


def _forked(state: State, payload: Payload, event: Event) -> None:
    _broad_stopped(state, {}, event)
    state["forked_from"] = payload["trail"]
    state["status"] = "open"
    state["closed_at"] = ""
    state["title"] = payload["title"]


_CHANGES: dict[str, Callable[[State, Payload, Event], None]] = {
    "opened": _opened,
    "renamed": _renamed,
    "brief_set": _brief,
    "talk_set": _talk,
    "talk_removed": _take("talks"),
    "talk_task": _talk_task,
    "broad_started": _broad_started,
    "broad_stopped": _broad_stopped,
    "source_set": _source_set,
    "source_visited": _source_visited,
    "query_run": _query_run,
    "queries_rerun": _rerun,
    "record_opened": _record_opened,
    "result_set": _put("results"),
    "result_removed": _take("results"),
    "dead_end": _dead_end,
    "comparison_set": _put("comparisons"),
    "comparison_removed": _take("comparisons"),
    "paused": _paused,
    "resumed": _resumed,
    "closed": _closed,
    "reopened": _reopened,
    "forked": _forked,
}
KINDS = frozenset(_CHANGES)
"""The kinds of event that change a state; `claimed` and the like only stand in the log."""
