"""What the pages of a trail share: its steps, who may change it, and edits made side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.records.errors import FieldError
from kb.trails import log, service
from kb.trails.access import Viewer
from kb.trails.entries import SOURCE_STATES
from kb.trails.fold import fold
from kb.trails.service import TrailView
from kb.trails.state import TrailState
from web import urls
from web.context import BaseContext, Link, render
from web.filters import counted
from web.forms import row_number
from web.visitor import visitor_of

STEPS = (
    ("clarify", "Clarify", "What exactly do you need to find out?"),
    ("talk", "Talk", "Who might know? Ask them first."),
    ("broad", "Broad search", "A quick look round, against the clock."),
    ("targeted", "Targeted search", "Source by source, without going in circles."),
    ("results", "Results", "What you found, and how useful it is."),
)
"""The five steps: address, name, what it is for."""


@dataclass(frozen=True, kw_only=True)
class TrailContext(BaseContext):
    """What every page of a trail is given. `open` says whether its forms are shown."""

    trail: TrailView
    state: TrailState
    step: str = ""
    open: bool = False


def frame(trail: TrailView, step: str = "", title: str = "") -> dict[str, Any]:
    """Title, crumbs and what else each page of a trail has in common."""
    name = trail.state.title or "Untitled search"
    told = title or next((label for code, label, _ in STEPS if code == step), "")
    crumbs = [Link("Home", urls.home()), Link("Search trails", urls.trails())]
    crumbs.append(Link(name, urls.trail(trail.id)) if told else Link(name))
    if told:
        crumbs.append(Link(told))
    return {
        "title": f"{told}: {name}" if told else name,
        "robots": "noindex",
        "crumbs": tuple(crumbs),
        "trail": trail,
        "state": trail.state,
        "step": step,
        "open": trail.may_write and trail.state.status != "closed",
    }


def seen_by(request: Request, session: Session, trail_id: str) -> TrailView:
    """The trail as this visitor may see it. Raises TrailNotFound."""
    return service.view(session, trail_id, visitor_of(request).viewer)


def show(
    request: Request, name: str, context: TrailContext, errors: Sequence[object] = ()
) -> HTMLResponse:
    """The page; 400 when what was sent has errors."""
    answer = render(request, name, context, status=400 if errors else 200)
    # Also for somebody whose only key is the link of a share.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def progress(state: TrailState) -> dict[str, str]:
    """How far each step is, in words; empty for one not begun."""
    kinds = [f"{len(state.talks)} asked"] if state.talks else []
    if state.tasks:
        kinds.append(counted(len(state.tasks), "lead") + " to follow")
    at = dict.fromkeys(SOURCE_STATES, 0)
    for source in state.sources.values():
        at[source.state] = at.get(source.state, 0) + 1
    looked = [f"{at[code]} {SOURCE_STATES[code].lower()}" for code in SOURCE_STATES if at[code]]
    if state.queries:
        looked.append(counted(len(state.queries), "search", "searches") + " here")
    noted = [counted(len(state.results), "result")] if state.results else []
    if state.dead_ends:
        noted.append(counted(len(state.dead_ends), "dead end"))
    spent = sum(item.spent for item in state.rounds)
    broad = f"{counted(len(state.rounds), 'round')}, {counted(int(spent // 60), 'minute')}"
    return {
        "clarify": "begun" if any(vars(state.brief).values()) else "",
        "talk": ", ".join(kinds),
        "broad": (broad + (", the clock runs" if state.running else "")) if state.rounds else "",
        "targeted": ", ".join(looked),
        "results": ", ".join(noted),
    }


def edited(
    session: Session,
    trail_id: str,
    viewer: Viewer,
    since: str,
    place: Sequence[str],
    posted: Mapping[str, Any],
) -> tuple[dict[str, Any], list[FieldError]]:
    """What somebody really changed in a form, and where a colleague changed the same meanwhile.

    The form named the event (`since`) that it was made after; the log tells how things stood then.
    A field left as it was is not written again, so it cannot undo what somebody else wrote.
    Raises TrailNotFound.
    """
    service.readable(session, trail_id, viewer)
    made_after = row_number(since)
    if not made_after:
        return dict(posted), []
    rows = log.events(session, trail_id)
    before = _at(fold(log.as_event(row) for row in rows if row.sequence <= made_after), place)
    after = _at(fold(log.as_event(row) for row in rows), place)
    changes, clashes = {}, []
    for name, value in posted.items():
        old, new = _plain(before.get(name)), _plain(after.get(name))
        if _plain(value) == old:
            continue
        changes[name] = value
        if new not in (old, _plain(value)):
            told = ", ".join(new) if isinstance(new, list) else str(new)
            rule = f"somebody changed this meanwhile to “{told[:300]}”; save again to keep yours"
            clashes.append(FieldError(name, name, rule, ""))
    return changes, clashes


def _at(state: Mapping[str, Any], place: Sequence[str]) -> Mapping[str, Any]:
    found: Any = state
    for step in place:
        found = found.get(step, {})
    return found if isinstance(found, Mapping) else {}


def _plain(value: Any) -> Any:
    """Empty values are all the same; line ends are as the store keeps them."""
    if isinstance(value, str):
        return "\n".join(value.splitlines()).strip()
    return value or ""
