"""The log of runs: each is kept as a SourceRun, and only one at a time runs a source."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlmodel import col, select

from crawlers.errors import RunInProgress
from crawlers.run_report import Problem, RunReport
from kb.database import now, session_scope
from kb.directory.models import SourceRun
from kb.errors import KbError
from kb.settings import settings

MOST_PROBLEMS = 1000  # kept with a run; the counts still count all


@contextmanager
def logged(report: RunReport) -> Iterator[None]:
    """Keep what a report says when the block ends, with the error that ended it if one did.

    Of a dry run nothing is kept. Raises RunInProgress when another process runs the source.
    """
    with _only_one(report.source_id):
        run_id = None if report.dry_run else _begin(report)
        try:
            yield
        except KbError as error:
            report.failures.append(str(error))
            _finish(run_id, report)
            raise
        _finish(run_id, report)


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


def _finish(run_id: int | None, report: RunReport) -> None:
    if run_id is None:
        return
    with session_scope(write=True) as session:
        row = session.get(SourceRun, run_id)
        assert row is not None, "made at the start of this run"
        row.outcome, row.finished_at, row.counts = report.outcome, now(), report.counts
        row.reached = dict(report.reached)
        problems = [*(Problem("run", "", reason) for reason in report.failures), *report.problems]
        row.problems = [
            {"kind": item.kind, "name": item.name, "reason": item.reason}
            for item in problems[:MOST_PROBLEMS]
        ]
        session.add(row)
