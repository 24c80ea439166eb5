"""The report of one run of a source: what came in, what went wrong, and whether it failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

COUNTS = (
    "found",
    "new",
    "changed",
    "joined",
    "same",
    "kept",
    "repeated",
    "broken",
    "gone",
    "absent",
    "refused",
    "blocked",
    "layout",
    "doubts",
)
_COUNT_LABELS = {
    "kept": "changed at the source; a librarian vouches for the record, so it waits at the desk",
    "joined": "joined to a record that tells the same",
    "repeated": "told by another page of this run already",
    "gone": "taken back by the source; their records stay as they are",
    "absent": "listed by an earlier run, and not any more",
    "refused": "pages that robots.txt forbids",
    "blocked": "pages that the site blocks",
    "layout": "pages whose layout has changed",
    "broken": "that could not be read",
}
_MISSED_AS = {
    "refused by robots": "refused",
    "blocked": "blocked",
    "asked to wait": "blocked",
    "layout changed": "layout",
}
"""Of pages that could not be had, what they count as by their kind."""


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Counts of a kept run in one line, those that are none left out."""
    return ", ".join(
        f"{counts[name]} {_COUNT_LABELS.get(name, name)}" for name in COUNTS if counts.get(name)
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to look at: `kind` is page, missed, broken, doubt or run."""

    kind: str
    name: str
    reason: str


@dataclass
class RunReport:
    """What one run did. `failures` says why it is a failed run; empty when it is not."""

    source_id: str
    dry_run: bool
    started_at: datetime
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    problems: list[Problem] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    how: str = "file"
    """live, archive, file or kept: where its pages came from."""
    taken: set[str] = field(default_factory=set)
    """Ids of the items that were taken, as the source gives them."""
    unnamed: bool = False
    """Whether an item has no id of its own, so that absence cannot be told."""
    pages: int = 0
    """How many pages were read."""
    joined: list[tuple[str, str]] = field(default_factory=list)
    """Title of each joined item, and the record that it went into."""
    since: str = ""
    """The date from which on changes were asked for; "" when everything was."""
    reached: Mapping[str, str] = field(default_factory=dict)
    """How far a harvest came, for the next one."""
    review: bool = False
    """Whether new records wait for a librarian, since the source is not a trusted one."""

    def note_missed(self, kind: str, url: str, reason: str) -> None:
        """Note a page that could not be had."""
        self.problems.append(Problem("missed", url, f"{kind}: {reason}"))
        if kind in _MISSED_AS:
            self.counts[_MISSED_AS[kind]] += 1

    @property
    def outcome(self) -> str:
        """done or failed."""
        return "failed" if self.failures else "done"

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "source": self.source_id,
            "outcome": self.outcome,
            "how": self.how,
            "since": self.since,
            "dry_run": self.dry_run,
            "counts": self.counts,
            "failures": self.failures,
            "joined": [{"title": title, "record": record} for title, record in self.joined],
            "problems": [
                {"kind": item.kind, "name": item.name, "reason": item.reason}
                for item in self.problems
            ],
        }

    def as_text(self) -> str:
        """The report as a person reads it."""
        counts = self.counts
        asked = f" among what changed since {self.since}" if self.since else ""
        lines = [f"{self.source_id}: {counts['found']} records found{asked}."]
        if self.dry_run:
            lines[0] += " Nothing was kept (dry run)."
        lines += [
            f"  {counts[name]:5d} {_COUNT_LABELS.get(name, name)}"
            for name in COUNTS[1:-1]
            if counts[name] or name in ("new", "changed", "joined", "same")
        ]
        for kind, heading in (
            ("page", "Pages that could not be read"),
            ("missed", "Pages that could not be had"),
            ("broken", "Items that could not be read"),
            ("absent", "Items that are not listed any more; their records stay as they are"),
            ("doubt", "Likely mistakes at the source, taken as they stand"),
        ):
            named = [item for item in self.problems if item.kind == kind]
            if named:
                lines.append(f"{heading} ({len(named)}):")
                lines += [f"  {item.name}: {item.reason}" for item in named]
        if self.review and counts["new"] and not self.dry_run:
            lines.append("What is new is shown to nobody before a librarian has looked: see /desk.")
        if self.joined:
            lines.append(f"Joined ({len(self.joined)}):")
            lines += [f"  {title} → {record}" for title, record in self.joined]
        lines += [f"Failed run: {reason}" for reason in self.failures]
        return "\n".join(lines)
