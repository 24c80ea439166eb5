"""How far a source has come: what has been built for it, and what has been brought in.

Nothing counts as harvested that was not: only a stored report of a run over the web says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from kb.directory.models import Source, SourceRun

LABELS = {
    "run-live": "Run live",
    "built": "Built, never run live",
    "archive": "Archive, never run live",
    "file": "Read from a file",
    "directory": "Directory entry with what to ask",
    "nothing": "No way in",
}
_NOT_YET = {
    "built": "Nothing has been brought in from its site yet.",
    "archive": "Nothing has been brought in from web archives yet.",
    "file": "It is a file that somebody has to hand over.",
}
_HOW = {"live": "on its site", "archive": "in web archives"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a source stands: a code of LABELS, its words, the reason, and since when."""

    code: str
    label: str
    why: str
    day: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        day = self.day.isoformat() if self.day else None
        return {"code": self.code, "label": self.label, "why": self.why, "day": day}


def standings(session: Session) -> dict[str, Standing]:
    """Where every source stands, by id."""
    every = {source.id: source for source in session.exec(select(Source)).all()}
    runs: dict[str, list[SourceRun]] = {}
    for run in session.exec(select(SourceRun).order_by(col(SourceRun.id))):
        runs.setdefault(run.source_id, []).append(run)
    return {source_id: _standing(source, every, runs) for source_id, source in every.items()}


def _standing(
    source: Source, every: Mapping[str, Source], runs: Mapping[str, list[SourceRun]]
) -> Standing:
    adapter = source.entry.get("adapter")
    through = every.get(str(source.entry.get("through", "")))
    if adapter:
        return _of_adapter(adapter, runs.get(source.id, []))
    if through is not None and through.entry.get("adapter"):
        found = _standing(through, every, runs)
        why = f"Read through \u201c{through.title}\u201d. {found.why}"
        return Standing(found.code, found.label, why, found.day)
    asked = str(source.entry.get("what_to_ask", ""))
    if not asked:
        return Standing("nothing", LABELS["nothing"], "Neither a way to read it nor what to ask.")
    if source.ticked_on is not None:
        note = f": {source.ticked_note}" if source.ticked_note else ""
        asked += f" Gone through by hand on {source.ticked_on:%-d %B %Y}{note}"
    return Standing("directory", LABELS["directory"], asked, source.ticked_on)


def _of_adapter(adapter: Mapping[str, Any], runs: list[SourceRun]) -> Standing:
    over_web = [run for run in runs if run.how in _HOW]
    done = next((run for run in reversed(over_web) if run.outcome == "done"), None)
    if done is not None:
        day = done.started_at.date()
        # What a harvest of changes found is not what there is.
        whole = [run for run in over_web if run.outcome == "done" and not run.reached.get("since")]
        return Standing(
            "run-live",
            f"{LABELS['run-live']} on {day:%-d %B %Y}",
            f"{_found((whole or [done])[-1])} {_HOW[done.how]}; the report of the run is kept.",
            day,
        )
    code = {"archive": "archive", "file": "file"}.get(str(adapter["kind"]), "built")
    why = f"{_NOT_YET[code]} The reading rests on this: {adapter['rests_on']}"
    if over_web:
        last = over_web[-1]
        why += f" Last tried on {last.started_at:%-d %B %Y}: {last.outcome}."
        why += " ".join(
            ["", *(item["reason"] for item in last.problems if item["kind"] == "run")][:2]
        )
    from_file = next((run for run in reversed(runs) if run.how == "file"), None)
    if from_file is not None:
        why += f" A file was read on {from_file.started_at:%-d %B %Y}: {_found(from_file)}."
    return Standing(code, LABELS[code], why)


def _found(run: SourceRun) -> str:
    count = run.counts.get("found", 0)
    return f"{count:,} record{'s' * (count != 1)} found"
