"""Which cases of the starter collection are full SARA studies, and what the others lack."""

from dataclasses import asdict, dataclass
from typing import Any

from kb.records import CASE_TYPES, PracticeIn
from kb.records.rules import is_empty

# What each section of a full SARA study must at least tell.
_TELLS = (
    "problem_statement",
    "analysis_findings",
    "response_summary",
    "assessment_summary",
    "results",
)
# Works that can tell a whole case; a news item or a listing cannot.
_WHOLE = ("evaluation", "report", "article", "book")

HOW_TO_FILL = """\
A case counts when its study was read from end to end. That was not possible so far: what was at
hand were summaries, excerpts and first pages. With access to a library, or to the archive named:
  1. read the study; put what the record lacks or has wrong into its file under seeds/records;
  2. set `read: full` and `read_on` at that reference, and list each new figure under `facts`;
  3. set `read: full` for the record (just above `references`) and run `kb seed --report` again."""


@dataclass(frozen=True)
class Unread:
    """A case that is no full study yet: what was read of it, what it lacks, where the study is."""

    id: str
    read: str
    lacks: tuple[str, ...]
    address: str

    def as_dict(self) -> dict[str, Any]:
        """For printing as JSON."""
        return asdict(self)


def is_full(record: PracticeIn) -> bool:
    """Whether it is a case that tells all four stages, from a study that was read in full."""
    return (
        record.record_type in CASE_TYPES
        and record.read == "full"
        and any(one.read == "full" and one.kind in _WHOLE for one in record.references)
        and not _lacks(record)
    )


def nearest(records: list[PracticeIn]) -> list[Unread]:
    """Cases that are no full studies, nearest first: nothing missing, one document to read."""
    found = [
        Unread(record.id, record.read or "", _lacks(record), _address(record))
        for record in records
        if record.record_type in CASE_TYPES and not is_full(record)
    ]
    whole = {record.id for record in records if _entry(record)}
    return sorted(found, key=lambda one: (len(one.lacks), one.id not in whole, one.id))


def _lacks(record: PracticeIn) -> tuple[str, ...]:
    return tuple(name for name in _TELLS if is_empty(getattr(record, name)))


def _entry(record: PracticeIn) -> str:
    """Where an award entry lies: one document that tells the whole case."""
    return next((award.entry_url for award in record.awards if award.entry_url), "")


def _address(record: PracticeIn) -> str:
    works = [one for one in record.references if one.kind in _WHOLE and (one.url or one.doi)]
    first = works or record.references
    return _entry(record) or next((one.url or f"https://doi.org/{one.doi}" for one in first), "")
