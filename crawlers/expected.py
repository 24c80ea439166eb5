"""What a run of a source should find: how many records, how full, how few pages unread."""

from typing import Any

from crawlers.run_report import RunReport
from crawlers.source import Finding, Source
from kb.records import PracticeIn
from kb.records.rules import is_empty

MOST_UNREADABLE = 0.2
"""The share of its pages that a run may fail to read; more, and the site has changed."""


class Expectations:
    """Counts what a source found against what it says a run should find."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found = 0
        self._filled = dict.fromkeys(source.fill_rates, 0)

    def add(self, finding: Finding) -> None:
        """Count one finding; only records count."""
        if isinstance(finding, PracticeIn):
            self._found += 1
            for path in self._filled:
                self._filled[path] += filled(finding, path)

    def failures(self, report: RunReport, *, whole: bool) -> list[str]:
        """Why this is a failed run, each reason a sentence; none when it is not.

        A run that was not to read the `whole` source may find few, of which shares tell nothing.
        """
        missed = [item.reason for item in report.problems if item.kind == "missed"]
        if whole and missed and not report.pages:
            return [f"No page could be had ({missed[0]})"]
        return [*self._of_records(whole), *_of_pages(report)]

    def _of_records(self, whole: bool) -> list[str]:
        source, found = self._source, self._found
        reasons = []
        if found > source.most or (whole and found < source.fewest):
            reasons.append(
                f"{found} records found; a run should find {source.fewest} to {source.most}. "
                "Has the source changed?"
            )
        reasons += [
            f"'{path}' is filled in {self._filled[path] / found:.0%} of the records; "
            f"at least {rate:.0%} is expected. Look at the parser of this source."
            for path, rate in source.fill_rates.items()
            if found >= (1 if whole else max(1, source.fewest))
            and self._filled[path] / found < rate
        ]
        return reasons


def _of_pages(report: RunReport) -> list[str]:
    """Why pages that could not be read make it a failed run; an odd one among many does not."""
    reasons = [f"{item.name}: {item.reason}" for item in report.problems if item.kind == "page"]
    return reasons if len(reasons) > MOST_UNREADABLE * report.pages else []


def filled(content: PracticeIn, path: str) -> bool:
    """Whether a field, or a column of a row such as `place.country`, says something."""
    name, _, column = path.partition(".")
    value: Any = getattr(content, name)
    if not column:
        return not is_empty(value)
    rows = value if isinstance(value, list) else [value]
    return any(row is not None and not is_empty(getattr(row, column)) for row in rows)
