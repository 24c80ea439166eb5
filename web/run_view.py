"""Runs of a source in words: what was brought in, and what went wrong, as a librarian reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kb.directory.models import SourceRun
from web.filters import partial_date

_OUTCOMES = {
    "done": "Done",
    "failed": "Failed",
    "interrupted": "Was cut off; the next run went on",
    "running": "Still running",
}
_HOW = {"live": "its site", "archive": "web archives", "file": "a file", "kept": "kept pages"}
_KINDS = {
    "run": "Why the run failed",
    "robots": "Refused by robots.txt",
    "blocked": "Blocked by the site",
    "layout": "Layout changed",
    "missed": "Pages that could not be had",
    "page": "Pages that could not be read",
    "broken": "Items that could not be read",
    "absent": "Items that it does not list any more; their records stay as they are",
    "doubt": "Likely mistakes at the source, taken as they stand",
}
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Trouble:
    """Problems of one kind: how many, and the first of them in words."""

    label: str
    count: int
    first: tuple[str, ...]


@dataclass(frozen=True)
class RunView:
    """One run: a row of the table, and its problems by kind."""

    started_at: datetime
    how: str
    outcome: str
    failed: bool
    found: int
    new: int
    changed: int
    same: int
    waiting: int
    """How many of the changed wait at the desk."""
    problems: tuple[str, ...]
    """How many problems of each kind, in words."""
    why: tuple[str, ...]
    troubles: tuple[Trouble, ...]


def run_views(runs: Sequence[SourceRun]) -> tuple[RunView, ...]:
    """Runs as they are shown."""
    return tuple(map(_view, runs))


def _view(run: SourceRun) -> RunView:
    by_kind: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for problem in run.problems:
        text = ": ".join(filter(None, (problem["name"], problem["reason"])))
        by_kind[_kind(problem["kind"], problem["reason"])].append(text)
    counts = run.counts
    since = partial_date(run.reached.get("since", "")[:10])
    number = {kind: len(found) for kind, found in by_kind.items()}
    told = {
        "refused by robots.txt": max(counts.get("refused", 0), number["robots"]),
        "blocked": max(counts.get("blocked", 0), number["blocked"]),
        "layout changed": max(counts.get("layout", 0), number["layout"]),
        "no longer there": counts.get("absent", 0) + counts.get("gone", 0),
        "other": number["missed"] + number["page"] + max(counts.get("broken", 0), number["broken"]),
    }
    return RunView(
        started_at=run.started_at,
        how=_HOW.get(run.how, run.how) + (f", what changed since {since}" if since else ""),
        outcome=_OUTCOMES.get(run.outcome, run.outcome),
        failed=run.outcome == "failed",
        found=counts.get("found", 0),
        new=counts.get("new", 0),
        changed=counts.get("changed", 0) + counts.get("kept", 0),
        same=counts.get("same", 0) + counts.get("joined", 0),
        waiting=counts.get("kept", 0),
        problems=tuple(f"{count:,} {words}" for words, count in told.items() if count),
        why=tuple(by_kind["run"]),
        troubles=tuple(
            Trouble(_KINDS[kind], len(found), tuple(found[:_MOST_SHOWN]))
            for kind, found in by_kind.items()
            if found and kind != "run"
        ),
    )


def _kind(kind: str, reason: str) -> str:
    """The kind of a problem, told apart further by how its reason begins."""
    if kind == "missed":
        for start, narrower in (
            ("refused by robots", "robots"),
            ("blocked", "blocked"),
            ("asked to wait", "blocked"),
            ("layout changed", "layout"),
        ):
            if reason.startswith(start):
                return narrower
    if kind == "page" and "has changed:" in reason:
        return "layout"
    return kind if kind in _KINDS else "missed"
