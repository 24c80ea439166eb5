"""Jobs: queued with the change, run once, tried again, never lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from kb import jobs
from kb.database import session_scope


@pytest.fixture
def ran(store: Path) -> Iterator[list[dict[str, Any]]]:
    """Adds two jobs to those that can be run: one that works, one that fails."""
    done: list[dict[str, Any]] = []

    def fail(payload: dict[str, Any]) -> None:
        raise ValueError("the page had no title")

    known = jobs.handlers()
    known["test.work"], known["test.fail"] = done.append, fail
    yield done
    del known["test.work"], known["test.fail"]


def _jobs() -> list[jobs.Job]:
    with session_scope() as session:
        return list(session.exec(select(jobs.Job)).all())


def test_a_job_runs_once(ran: list[dict[str, Any]]) -> None:
    with session_scope(write=True) as session:
        jobs.enqueue(session, "test.work", {"record": "a"})
    assert jobs.settle() == []
    assert jobs.settle() == []
    assert ran == [{"record": "a"}]
    assert [job.state for job in _jobs()] == ["done"]


def test_a_job_is_not_queued_when_its_change_is_not_kept(ran: list[dict[str, Any]]) -> None:
    with pytest.raises(RuntimeError), session_scope(write=True) as session:
        jobs.enqueue(session, "test.work")
        raise RuntimeError
    assert _jobs() == []


def test_a_waiting_job_with_the_same_key_is_not_queued_twice(ran: list[dict[str, Any]]) -> None:
    for _ in range(3):
        with session_scope(write=True) as session:
            jobs.enqueue(session, "test.work", key="catch up")
    jobs.settle()
    assert len(ran) == 1


def test_a_failing_job_says_why_and_is_given_up_in_the_end(ran: list[dict[str, Any]]) -> None:
    with session_scope(write=True) as session:
        queued = jobs.enqueue(session, "test.fail").id
    assert queued is not None
    assert jobs.settle() == ["test.fail: ValueError: the page had no title"]
    assert jobs.due_jobs() == []  # waits before the next attempt
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run_job(queued)
    assert [job.name for job in jobs.failed()] == ["test.fail"]


def test_a_job_nobody_can_run_says_so(store: Path) -> None:
    with session_scope(write=True) as session:
        jobs.enqueue(session, "no.such")
    assert "no.such" in jobs.settle()[0]


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 240
    while not condition():
        assert time.monotonic() < until, "gave up waiting"
        time.sleep(0.1)


def test_the_worker_does_what_was_left_and_what_comes(store: Path) -> None:
    with session_scope(write=True) as session:
        jobs.enqueue(session, "index.sync", key="before")
    worker = subprocess.Popen(
        [str(Path(sys.executable).parent / "kb"), "worker"],
        env={**os.environ, "KB_HOME": str(store)},
    )
    try:
        _wait_for(jobs.worker_runs)
        _wait_for(lambda: [job.state for job in _jobs()] == ["done"])
        with session_scope(write=True) as session:
            jobs.enqueue(session, "index.sync", key="after")
        assert jobs.settle() == []
        _wait_for(lambda: [job.state for job in _jobs()] == ["done", "done"])
        second = subprocess.run(
            [str(Path(sys.executable).parent / "kb"), "worker"],
            check=False,
            env={**os.environ, "KB_HOME": str(store)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert second.returncode == 1
        assert "already runs" in second.stderr
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
    assert not jobs.worker_runs()
