"""One run of a source: pages to findings, findings to the store, and a report of what happened.

Each record is saved in a transaction of its own, together with the job that brings the index up
to date, so a run that is killed loses nothing: the next one finds what is there and goes on.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from filelock import FileLock, Timeout
from sqlmodel import Session, col, select

from crawlers.errors import LayoutChanged, PageUnreadable, RunInProgress, SourceUnknown
from crawlers.page import Page
from crawlers.run_report import Problem, RunReport
from crawlers.source import Broken, Doubt, Finding, Source
from crawlers.walk import Missed
from kb import jobs
from kb.curation import source_changes
from kb.database import now, session_scope
from kb.directory import service as directory
from kb.directory.models import RecordSource, SourceRun
from kb.errors import KbError
from kb.exports.gate import storable
from kb.records import PracticeIn, Saved, service
from kb.records.errors import EditConflict, RecordInvalid
from kb.records.models import Record
from kb.records.rules import is_empty
from kb.settings import settings

MOST_UNREADABLE = 0.2
"""The share of its pages that a run may fail to read; more, and the site has changed."""
MOST_PROBLEMS = 1000  # kept with a run; the counts still count all

_COUNTED_AS = {"created": "new", "changed": "changed", "joined": "joined", "same": "same"}


def run(
    source: Source,
    pages: Iterable[Page],
    *,
    how: str = "file",
    whole: bool = True,
    missed: Callable[[], Iterable[Missed]] = tuple,
    dry_run: bool = False,
    progress: bool = False,
) -> RunReport:
    """Save everything that a source reads from some pages, and keep the report as a SourceRun.

    `how` says where the pages come from (live, archive, file or kept), `whole` whether they are all
    of the source (if not, few records are no failure), and `missed`, asked when they have all been
    read, which could not be had. An item that several pages tell is taken from the first.

    A trusted source's new records are published unverified, another's are submitted for review. A
    change to what people edited, or to a published record of an untrusted source, waits at the
    desk.
    With `dry_run` all is done in one transaction that is taken back. Raises SourceUnknown when the
    directory has no entry for the source, RunInProgress when another process runs it.
    """
    report = RunReport(source.id, dry_run, now(), how=how)
    with _only_one(source.id):
        state, licence = _terms_of(source.id)
        run_id = None if dry_run else _begin(report)
        counter = _Expectations(source, whole=whole)
        try:
            with _transaction(dry_run) as shared:
                for page in pages:
                    report.pages += 1
                    for finding in _shown(_findings(source, page, report), progress, source.id):
                        if _repeated(finding, report):
                            continue
                        counter.add(finding)
                        kept = _within(licence, finding)
                        _take(kept, report, source=source, state=state, shared=shared)
        except KbError as error:
            report.failures.append(str(error))
            if run_id is not None:
                _finish(run_id, report)
            raise
        report.problems += [
            Problem("missed", item.url, f"{item.kind}: {item.reason}") for item in missed()
        ]
        report.failures += counter.failures()
        report.failures += _unreadable(report)
        # A file handed over for a source of the web may hold any part of it.
        if whole and not report.failures and (how != "file" or source.kind == "file"):
            _note_absent(report)
        if run_id is not None:
            _finish(run_id, report)
    return report


def _note_absent(report: RunReport) -> None:
    """Tell which items of earlier runs were not met by this one.

    Only a run that read everything can tell. Their records stay: nothing dies with its source.
    """
    if report.unnamed or any(item.kind in ("page", "missed", "broken") for item in report.problems):
        return
    with session_scope() as session:
        gone = [
            (row.external_id, title)
            for row, title in session.exec(
                select(RecordSource, Record.title)
                .join(Record, col(Record.id) == col(RecordSource.record_id))
                .where(RecordSource.source_id == report.source_id)
                .order_by(col(Record.title), col(RecordSource.external_id))
            )
            if row.external_id not in report.taken
        ]
    report.counts["absent"] = len(gone)
    report.problems += [
        Problem("absent", title, f"'{item}' was told by an earlier run, and not any more")
        for item, title in gone
    ]


def _unreadable(report: RunReport) -> list[str]:
    """Why pages that could not be read make it a failed run; an odd one among many does not."""
    reasons = [f"{item.name}: {item.reason}" for item in report.problems if item.kind == "page"]
    return reasons if len(reasons) > MOST_UNREADABLE * report.pages else []


@contextmanager
def _only_one(source_id: str) -> Iterator[None]:
    settings().home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings().home / f"crawl-{source_id}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunInProgress(source_id) from None
    try:
        yield
    finally:
        lock.release()


def _terms_of(source_id: str) -> tuple[str, str]:
    """The state that new records of a source come in with, and the licence it declares."""
    with session_scope() as session:
        row = directory.source(session, source_id)
        if row is None:
            raise SourceUnknown(source_id, [item.id for item in directory.sources(session)])
        return "published-unverified" if row.trusted else "submitted", row.licence


class _TakenBack(Exception):
    """Ends a dry run's transaction so that nothing of it stays."""


@contextmanager
def _transaction(dry_run: bool) -> Iterator[Session | None]:
    """The one transaction of a dry run; none for a real run, which has one for each record."""
    if not dry_run:
        yield None
        return
    try:
        with session_scope(write=True) as session:
            yield session
            raise _TakenBack
    except _TakenBack:
        pass


def _findings(source: Source, page: Page, report: RunReport) -> list[Finding]:
    try:
        return list(source.records(page))
    except (PageUnreadable, LayoutChanged) as error:
        report.problems.append(Problem("page", page.url, str(error)))
        return []


def _within(licence: str, finding: Finding) -> Finding:
    """The finding with only what the licence of its source, and its own, allow to be kept."""
    if isinstance(finding, PracticeIn):
        return storable(finding, licence, finding.licence or licence)
    return finding


def _repeated(finding: Finding, report: RunReport) -> bool:
    """Whether this run has met the item before; it is counted as met."""
    if not isinstance(finding, PracticeIn) or not finding.provenance:
        return False
    item = finding.provenance[0].external_id
    report.unnamed = report.unnamed or not item
    if item in report.taken:
        report.counts["repeated"] += 1
        return True
    if item:
        report.taken.add(item)
    return False


def _shown(findings: list[Finding], progress: bool, label: str) -> Iterator[Finding]:
    if not progress:
        yield from findings
        return
    with click.progressbar(findings, label=label, file=sys.stderr) as bar:
        yield from bar


def _take(
    finding: Finding, report: RunReport, *, source: Source, state: str, shared: Session | None
) -> None:
    """Save one finding, or note why it cannot be."""
    if isinstance(finding, Doubt):
        report.counts["doubts"] += 1
        report.problems.append(Problem("doubt", finding.name, finding.reason))
        return
    if isinstance(finding, PracticeIn):
        report.counts["found"] += 1
        try:
            saved = _save(finding, source=source, state=state, shared=shared)
        except (RecordInvalid, EditConflict) as error:
            finding = Broken(finding.title or "item without a title", str(error))
        else:
            _count(finding, saved, report)
            return
    report.counts["broken"] += 1
    report.problems.append(Problem("broken", finding.name, finding.reason))


def _save(content: PracticeIn, *, source: Source, state: str, shared: Session | None) -> Saved:
    if shared is not None:
        with shared.begin_nested():
            return _save_in(shared, content, source=source, state=state)
    with session_scope(write=True) as session:
        return _save_in(session, content, source=source, state=state)


def _save_in(session: Session, content: PracticeIn, *, source: Source, state: str) -> Saved:
    saved = service.save(
        session, content, door="harvest", actor=f"crawler:{source.id}", state=state
    )
    if saved.proposed is not None:
        source_changes.propose(session, saved.id, saved.proposed, actor=f"crawler:{source.id}")
    if saved.outcome != "same":
        jobs.enqueue(session, "index.sync", key="index.sync")
    return saved


def _count(content: PracticeIn, saved: Saved, report: RunReport) -> None:
    report.counts["kept" if saved.kept_edits else _COUNTED_AS[saved.outcome]] += 1
    if saved.outcome == "joined":
        report.joined.append((content.title, saved.id))


def _begin(report: RunReport) -> int:
    """Note that a run began. One that never ended was killed: only one runs at a time."""
    with session_scope(write=True) as session:
        unfinished = session.exec(
            select(SourceRun).where(
                SourceRun.source_id == report.source_id, col(SourceRun.finished_at).is_(None)
            )
        )
        for row in unfinished:
            row.outcome, row.finished_at = "interrupted", report.started_at
            session.add(row)
        begun = SourceRun(source_id=report.source_id, started_at=report.started_at, how=report.how)
        session.add(begun)
        session.flush()
        assert begun.id is not None
        return begun.id


def _finish(run_id: int, report: RunReport) -> None:
    with session_scope(write=True) as session:
        row = session.get(SourceRun, run_id)
        assert row is not None, "made at the start of this run"
        row.outcome, row.finished_at, row.counts = report.outcome, now(), report.counts
        problems = [*(Problem("run", "", reason) for reason in report.failures), *report.problems]
        row.problems = [
            {"kind": item.kind, "name": item.name, "reason": item.reason}
            for item in problems[:MOST_PROBLEMS]
        ]
        session.add(row)


class _Expectations:
    """Counts what a source found against what it says a run should find."""

    def __init__(self, source: Source, *, whole: bool) -> None:
        self._source = source
        self._fewest = source.fewest if whole else 0
        self._found = 0
        self._filled = dict.fromkeys(source.fill_rates, 0)

    def add(self, finding: Finding) -> None:
        """Count one finding; only records count."""
        if isinstance(finding, PracticeIn):
            self._found += 1
            for path in self._filled:
                self._filled[path] += filled(finding, path)

    def failures(self) -> list[str]:
        """Why this is a failed run, each reason a sentence; none when it is not."""
        source, found = self._source, self._found
        reasons = []
        if not self._fewest <= found <= source.most:
            reasons.append(
                f"{found} records found; a run should find {source.fewest} to {source.most}. "
                "Has the source changed?"
            )
        reasons += [
            f"'{path}' is filled in {self._filled[path] / found:.0%} of the records; "
            f"at least {rate:.0%} is expected. Look at the parser of this source."
            for path, rate in source.fill_rates.items()
            if found and self._filled[path] / found < rate
        ]
        return reasons


def filled(content: PracticeIn, path: str) -> bool:
    """Whether a field, or a column of a row such as `place.country`, says something."""
    name, _, column = path.partition(".")
    value: Any = getattr(content, name)
    if not column:
        return not is_empty(value)
    rows = value if isinstance(value, list) else [value]
    return any(row is not None and not is_empty(getattr(row, column)) for row in rows)
