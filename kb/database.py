"""The store's engine and sessions: SQLite by default, PostgreSQL by setting."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from sqlite3 import connect
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from kb.errors import StoreUnavailable
from kb.settings import settings

_COPIES = "rehearsal-"  # how the folders of such copies begin

Json = JSON().with_variant(JSONB(), "postgresql")
"""Column type for what belongs to one row alone."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a time zone, so no local time slips in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """The moment with its time zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def now() -> datetime:
    """This moment in UTC, to the microsecond."""
    return datetime.now(UTC)


@lru_cache(maxsize=4)
def engine_for(url: str) -> Engine:
    """The engine of a database address; one per process and address. Raises StoreUnavailable."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        return create_engine(parsed, pool_pre_ping=True)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise StoreUnavailable(f"KB_DATABASE_URL cannot be used: {error}") from error


def engine() -> Engine:
    """The engine of this process's store, its folder made if need be."""
    settings().home.mkdir(parents=True, exist_ok=True)
    return engine_for(settings().store_url)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would open transactions by itself, too late and only for writing; we open them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what was erased is not to be found in the file
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A reader that turns writer half-way fails at once when another writes; a writer says so first.
    write = connection.get_execution_options().get("kb_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def session_scope(*, write: bool = False) -> Iterator[Session]:
    """A session; with `write`, all of it is committed at the end, or nothing on an error.

    Raises StoreUnavailable when the database cannot be reached or is not set up.
    """
    bound = engine()
    if write:
        bound = bound.execution_options(kb_write=True)
    with _session(bound, keep=write) as session:
        yield session


@contextmanager
def rehearsal() -> Iterator[Session]:
    """A session in which everything can be written and nothing is kept.

    In SQLite one writer makes all others wait, and they give up after a while. So a rehearsal,
    which may take minutes, works on a copy of the store that goes at the end. Raises
    StoreUnavailable.
    """
    if engine().dialect.name != "sqlite":
        with _session(engine(), keep=False) as session:
            yield session
        return
    _sweep_copies()
    with TemporaryDirectory(prefix=_COPIES, dir=settings().home) as folder:
        file = Path(folder) / "store"
        copy = engine_for.__wrapped__(f"sqlite:///{file}")
        try:
            with closing(engine().raw_connection()) as store, closing(connect(file)) as target:
                store.driver_connection.backup(target)  # type: ignore[union-attr]
            with _session(copy.execution_options(kb_write=True), keep=False) as session:
                yield session
        finally:
            copy.dispose()


def _sweep_copies() -> None:
    """Take away copies whose process was killed."""
    for left in settings().home.glob(f"{_COPIES}*"):
        if left.stat().st_mtime < time.time() - 24 * 3600:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _session(bound: Engine, *, keep: bool) -> Iterator[Session]:
    session = Session(bound, expire_on_commit=False)
    try:
        yield session
        if keep:
            session.commit()
    except DBAPIError as error:
        session.rollback()
        text = str(error.orig)
        if "no such table" in text or "UndefinedTable" in type(error.orig).__name__:
            raise StoreUnavailable("The store is not set up yet: run `kb init`.") from error
        if error.connection_invalidated or "unable to open" in text or "connect" in text:
            raise StoreUnavailable(f"The store cannot be reached: {text}") from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
