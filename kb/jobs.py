"""Work to be done later, and the worker that does it.

The `job` row, written in the transaction of the change that calls for it, is the truth. The queue
library (huey) only wakes the worker: it forgets a task before running it, so a kill would lose it.
Rows that are not done are run again at the worker's start, so jobs must bear being run twice.
"""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout
from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, col, select

from kb.database import Json, UtcDateTime, now, session_scope
from kb.errors import JobUnknown
from kb.folders import folders
from kb.settings import settings

if TYPE_CHECKING:
    from huey import Huey

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
_SETTLED = 5.0
"""Seconds from its start after which a worker gets ready for what may come."""
Handler = Callable[[dict[str, Any]], None]


class Job(SQLModel, table=True):
    """One piece of work. `state` is queued, done or failed; what it was given is in `payload`."""

    __tablename__ = "job"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    key: str = Field(index=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    state: str = Field(default="queued", index=True)
    attempts: int = 0
    error: str = ""
    queued_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    not_before: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


def enqueue(
    session: Session, name: str, payload: dict[str, Any] | None = None, *, key: str | None = None
) -> Job:
    """Queue a job in the session's transaction. With a `key`, a waiting one is not queued twice."""
    if key is not None:
        waiting = session.exec(
            select(Job).where(Job.name == name, Job.key == key, Job.state == "queued")
        ).first()
        if waiting is not None:
            return waiting
    moment = now()
    job = Job(name=name, key=key or "", payload=payload or {}, queued_at=moment, not_before=moment)
    session.add(job)
    session.flush()
    return job


def index_soon(session: Session) -> None:
    """Queue, in the session's transaction, that the index takes in what was changed in it."""
    enqueue(session, "index.sync", key="index.sync")


def index_waits() -> bool:
    """Whether changes of the store still wait to be taken into the index."""
    with session_scope() as session:
        queued = select(Job.id).where(Job.name == "index.sync", Job.state == "queued")
        return session.exec(queued.limit(1)).first() is not None


@lru_cache(maxsize=1)
def handlers() -> dict[str, Handler]:
    """What can be run, by name: each folder's `commands.py` lists its own under JOBS."""
    return {
        name: run
        for folder in folders()
        for name, run in (*folder.jobs.items(), *folder.long_jobs.items())
    }


@lru_cache(maxsize=1)
def long_names() -> frozenset[str]:
    """Names of the jobs that may take hours."""
    return frozenset(name for folder in folders() for name in folder.long_jobs)


def run_job(job_id: int) -> None:
    """Run one queued job and record how it ended; failures are tried again, later and later."""
    with session_scope() as session:
        job = session.get(Job, job_id)
    if job is None or job.state != "queued":
        return
    try:
        handler = handlers().get(job.name)
        if handler is None:
            raise JobUnknown(f"Nothing here can run '{job.name}'. Is a folder missing?")
        handler(job.payload)
    except Exception as error:
        logger.warning("job %s (%s) failed: %s", job.id, job.name, error)
        logger.debug("how job %s failed", job.id, exc_info=True)
        attempts = job.attempts + 1
        _finish(
            job_id,
            state="failed" if attempts >= MAX_ATTEMPTS else "queued",
            attempts=attempts,
            error=f"{type(error).__name__}: {error}"[:2000],
            not_before=now() + timedelta(seconds=2**attempts),
        )
    else:
        _finish(job_id, state="done", finished_at=now())


def _finish(job_id: int, **changes: Any) -> None:
    with session_scope(write=True) as session:
        job = session.get(Job, job_id)
        if job is not None:
            for name, value in changes.items():
                setattr(job, name, value)
            session.add(job)


def due_jobs(*, long: bool = False) -> list[int]:
    """Ids of the jobs that may run now, oldest first: the short ones, or the long."""
    of_lane = col(Job.name).in_(long_names())
    with session_scope() as session:
        found = session.exec(
            select(Job.id)
            .where(Job.state == "queued", col(Job.not_before) <= now())
            .where(of_lane if long else ~of_lane)
            .order_by(col(Job.id))
        ).all()
    return [job_id for job_id in found if job_id is not None]


def failed() -> list[Job]:
    """Jobs that were given up, newest first."""
    with session_scope() as session:
        return list(
            session.exec(select(Job).where(Job.state == "failed").order_by(col(Job.id).desc()))
        )


def run_due(*, long: bool = False) -> int:
    """Run everything of one lane that is due, here and now; returns how many jobs ran."""
    ran = 0
    for job_id in due_jobs(long=long):
        run_job(job_id)
        ran += 1
    return ran


@lru_cache(maxsize=1)
def queue() -> "Huey":
    """The queue that wakes the worker."""
    from huey import RedisHuey, SqliteHuey  # here, so that most commands start without it

    url = settings().queue_url
    if url:
        return RedisHuey("kb", url=url)
    settings().home.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("kb", filename=str(settings().home / "queue.sqlite"))


@lru_cache(maxsize=1)
def _wake_task() -> Callable[[], Any]:
    @queue().task()  # type: ignore[untyped-decorator]
    def wake() -> None:
        run_due()

    task: Callable[[], Any] = wake
    return task


@lru_cache(maxsize=1)
def _tick_task() -> Callable[[], Any]:
    from huey import crontab

    @queue().periodic_task(crontab(minute="*/5"))  # type: ignore[untyped-decorator]
    def tick() -> None:
        ask_schedules()

    task: Callable[[], Any] = tick
    return task


def ask_schedules() -> None:
    """Have every folder queue what has become due; one that fails does not stop the others."""
    for folder in folders():
        for schedule in folder.schedules:
            try:
                schedule()
            except Exception:
                logger.exception("a schedule of %s failed", folder.name)


def _run_long(stopped: threading.Event) -> None:
    """Run long jobs one after the other, beside the short ones, until told to stop."""
    while not stopped.wait(timeout=2):
        try:
            for job_id in due_jobs(long=True):
                if stopped.is_set():
                    return
                run_job(job_id)
        except Exception:
            logger.exception("the lane of long jobs failed; it goes on")


def _get_ready(stopped: threading.Event) -> None:
    """Load what jobs need, once the worker has done what waited; no failure of it matters."""
    if stopped.wait(timeout=_SETTLED):
        return
    for folder in folders():
        for ready in folder.readied:
            try:
                ready()
            except Exception:
                logger.exception("the first job of %s will be slow", folder.name)


def wake_worker() -> None:
    """Tell a running worker that there is something to do; call it after the commit."""
    _wake_task()()


def _worker_lock() -> FileLock:
    return FileLock(settings().home / "worker.lock")


def worker_runs() -> bool:
    """Whether a worker of this KB_HOME is alive."""
    settings().home.mkdir(parents=True, exist_ok=True)
    lock = _worker_lock()
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def settle() -> list[str]:
    """After a command changed something: wake the worker, or do its work here if none runs.

    Returns a message for each job that failed here; it stays queued and is tried again.
    """
    if worker_runs():
        wake_worker()
        return []
    due = due_jobs()
    for job_id in due:
        run_job(job_id)
    with session_scope() as session:
        jobs = session.exec(select(Job).where(col(Job.id).in_(due), Job.state != "done")).all()
    return [f"{job.name}: {job.error}" for job in jobs]


def work() -> None:
    """Run jobs until SIGTERM or SIGINT: the body of `kb worker`.

    Rows left over from before come first. Raises filelock.Timeout when another worker runs.
    """
    settings().home.mkdir(parents=True, exist_ok=True)
    with _worker_lock().acquire(timeout=0):
        _wake_task()
        _tick_task()
        run_due()
        ask_schedules()
        stopped = threading.Event()
        consumer = queue().create_consumer(
            workers=1, initial_delay=0.05, max_delay=0.2, backoff=1.15, periodic=True
        )
        consumer.start()
        # A long job that is cut off by the end of the process is run again at the next start.
        threading.Thread(target=_run_long, args=(stopped,), daemon=True).start()
        threading.Thread(target=_get_ready, args=(stopped,), daemon=True).start()
        # After the start, because the consumer sets handlers of its own, which would not end us.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        try:
            # Retries come due without a wake-up, and a wake-up may be lost in a kill.
            while not stopped.wait(timeout=5):
                if due_jobs():
                    wake_worker()
        finally:
            consumer.stop(graceful=True)
