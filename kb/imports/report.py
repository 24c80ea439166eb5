"""What an import did, row by row."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kb.records.errors import RecordInvalid

Outcome = Literal["created", "changed", "joined", "same", "failed"]

DRAFT_HINT = "a row with the state 'draft' may leave this for later"
_KEPT_FAILED = 2000
_KEPT_OTHERS = 200
_SHOWN = 20  # failed rows listed in the text; the JSON has all


def told(error: Exception) -> str:
    """What is wrong with a row; of a long list of missing fields only their titles."""
    if not isinstance(error, RecordInvalid):
        return str(error)
    missing = [one.title for one in error.errors if one.rule == "required"]
    wrong = [str(one) for one in error.errors if one.rule != "required"]
    return "; ".join([*wrong, *([f"needed: {', '.join(missing)}"] if missing else [])])


@dataclass(frozen=True)
class RowReport:
    """One row: what became of it, which record it is, and what there is to say."""

    number: int
    outcome: Outcome
    id: str = ""
    title: str = ""
    message: str = ""
    warning: str = ""
    state: str = ""
    """The workflow state the record is in afterwards."""


@dataclass
class ImportReport:
    """What one file brought in. `kept` is False for a dry run and when bad rows stopped it."""

    file: str
    format: str
    dry_run: bool
    kept: bool = False
    import_id: str = ""
    """What `kb import --undo` takes; empty when nothing was changed."""
    rows: list[RowReport] = field(default_factory=list)

    @property
    def failed(self) -> list[RowReport]:
        """The rows that could not be saved, each with field, rule and value in its message."""
        return [row for row in self.rows if row.outcome == "failed"]

    @property
    def drafts(self) -> list[RowReport]:
        """The rows whose records are drafts now."""
        return [row for row in self.rows if row.state == "draft"]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows had each outcome."""
        return dict(Counter(row.outcome for row in self.rows))

    def as_dict(self) -> dict[str, Any]:
        """The whole report as plain values."""
        return {
            "file": self.file,
            "format": self.format,
            "dry_run": self.dry_run,
            "kept": self.kept,
            "import_id": self.import_id,
            "counts": self.counts,
            "rows": [asdict(row) for row in self.rows],
        }

    def to_keep(self) -> dict[str, Any]:
        """What is kept of it: every failed row up to a limit, and the first of the others."""
        failed, others = self.failed, [row for row in self.rows if row.outcome != "failed"]
        return {
            "format": self.format,
            "counts": self.counts,
            "failed": [asdict(row) for row in failed[:_KEPT_FAILED]],
            "others": [asdict(row) for row in others[:_KEPT_OTHERS]],
        }

    def as_text(self) -> str:
        """The report for a terminal: one line, then what needs attention."""
        words = {
            "created": "new",
            "changed": "changed",
            "joined": "joined to a record",
            "same": "unchanged",
            "failed": "failed",
        }
        counts = self.counts
        summary = ", ".join(
            f"{counts[name]} {word}" for name, word in words.items() if counts.get(name)
        )
        if self.drafts:
            some = "a draft" if len(self.rows) == 1 else f"{len(self.drafts)} of all are drafts"
            summary += f"; {some}"
        if len(self.rows) == 1 and self.rows[0].id:
            summary += f" ({self.rows[0].id})"
        prefix = "Dry run, nothing kept: " if self.dry_run else ""
        lines = [f"{self.file}: {prefix}{summary}."]
        lines += [f"  row {row.number}: {row.message}" for row in self.failed[:_SHOWN]]
        if len(self.failed) > _SHOWN:
            lines.append(f"  … and {len(self.failed) - _SHOWN} more; --json lists all.")
        noted = [row for row in self.rows if row.outcome != "failed"]
        notes = dict.fromkeys(text for row in noted for text in (row.warning, row.message) if text)
        lines += [f"  note: {text}" for text in list(notes)[:_SHOWN]]
        if self.import_id:
            lines.append(f"  To take it back: kb import --undo {self.import_id}")
        if self.failed and not self.kept and not self.dry_run:
            others = ", or add --skip-bad to keep the others" if noted else ""
            unfinished = any(DRAFT_HINT in row.message for row in self.failed)
            later = ", or add --drafts to complete rows later at the desk" if unfinished else ""
            lines.append(f"  Nothing was kept: correct what is wrong{others}{later}.")
        return "\n".join(lines)
