"""Crawls that run by themselves: what is due is queued once, long jobs hold nothing up."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from crawlers import schedule
from kb import jobs
from kb.database import session_scope
from kb.directory.models import Source, SourceRun
from kb.settings import settings


@pytest.fixture
def contact(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_CRAWLER_CONTACT", "crawl@example.org")
    settings.cache_clear()


def queued() -> list[str]:
    with session_scope() as session:
        found = session.exec(select(jobs.Job).where(jobs.Job.name == schedule.JOB))
        return sorted(job.payload["source"] for job in found)


def only(source_id: str, **entry: Any) -> None:
    """Leave one source with a frequency."""
    with session_scope(write=True) as session:
        for row in session.exec(select(Source)):
            changes = entry if row.id == source_id else {"every_days": None}
            row.entry = {**row.entry, **changes}
            session.add(row)


def ran(source_id: str, days_ago: float) -> None:
    with session_scope(write=True) as session:
        moment = datetime.now(UTC) - timedelta(days=days_ago)
        session.add(SourceRun(source_id=source_id, started_at=moment, outcome="done"))


def test_a_source_that_was_never_read_is_due_and_is_queued_once(contact: None) -> None:
    only("howard-league-community-awards", every_days=30)
    jobs.ask_schedules()
    jobs.ask_schedules()
    assert queued() == ["howard-league-community-awards"]


@pytest.mark.parametrize(("days_ago", "due"), [(31, True), (29, False)])
def test_a_source_is_due_by_its_own_frequency(contact: None, days_ago: int, due: bool) -> None:
    only("howard-league-community-awards", every_days=30)
    ran("howard-league-community-awards", days_ago)
    schedule.queue_due()
    assert bool(queued()) is due


def test_what_is_read_from_files_or_has_no_frequency_is_not_queued(contact: None) -> None:
    only("pop-datasets", every_days=1)
    schedule.queue_due()
    assert queued() == []


def test_nothing_is_queued_before_it_is_said_who_crawls(store: Path) -> None:
    schedule.queue_due()
    assert queued() == []


@pytest.fixture
def lanes(store: Path) -> Iterator[Callable[[], list[str]]]:
    done: list[str] = []
    known = jobs.handlers()
    known[schedule.JOB], before = lambda _: done.append("long"), known[schedule.JOB]
    known["test.short"] = lambda _: done.append("short")
    yield lambda: done
    known[schedule.JOB] = before
    del known["test.short"]


def test_long_jobs_do_not_hold_up_short_ones(lanes: Callable[[], list[str]]) -> None:
    with session_scope(write=True) as session:
        jobs.enqueue(session, schedule.JOB, {"source": "x"})
        jobs.enqueue(session, "test.short")
    assert jobs.settle() == []
    assert lanes() == ["short"]
    assert jobs.run_due(long=True) == 1
    assert lanes() == ["short", "long"]
