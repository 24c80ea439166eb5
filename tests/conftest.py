"""Fixtures that every part shares: a set-up store of its own, and the shared data folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from kb import jobs, migrations, seeding
from kb.database import engine_for, session_scope
from kb.settings import PROJECT, settings

# Property tests say what holds, never how fast: a busy machine must not fail them.
hypothesis.settings.register_profile("kb", deadline=None)
hypothesis.settings.load_profile("kb")

IN_CI = os.environ.get("CI") == "true"


def need(present: bool, reason: str) -> None:
    """Skip with a reason when something outside the project is missing; fail in CI."""
    if present:
        return
    if IN_CI:
        pytest.fail(f"CI must have it: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture
def data_dir() -> Callable[[str], Path]:
    """Path of a folder or file of the shared real data; the test is skipped when it is absent."""

    def find(name: str) -> Path:
        base = Path(os.environ.get("KB_DATA") or PROJECT.parent / "shared" / "data")
        path = base / name
        need(path.exists(), f"real data '{name}' not found (set KB_DATA to its folder)")
        return path

    return find


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh KB_HOME for one test."""
    for name in [name for name in os.environ if name.startswith("KB_") and name != "KB_DATA"]:
        monkeypatch.delenv(name)
    folder = tmp_path / "var"
    monkeypatch.setenv("KB_HOME", str(folder))
    _forget()
    yield folder
    engine_for(settings().store_url).dispose()
    _forget()


def _forget() -> None:
    settings.cache_clear()
    engine_for.cache_clear()
    jobs.queue.cache_clear()
    jobs._wake_task.cache_clear()
    jobs._tick_task.cache_clear()


@pytest.fixture(scope="session")
def _store_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store with sources and schemes, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template") / "var"
    before = os.environ.get("KB_HOME")
    os.environ["KB_HOME"] = str(folder)
    _forget()
    try:
        migrations.upgrade()
        with session_scope(write=True) as session:
            seeding.seed_directory(session, seeding.SeedReport())
        engine_for(settings().store_url).dispose()
    finally:
        if before is None:
            del os.environ["KB_HOME"]
        else:
            os.environ["KB_HOME"] = before
        _forget()
    return folder


@pytest.fixture
def store(home: Path, _store_template: Path) -> Path:
    """A migrated store with sources and award schemes but no records, in its own KB_HOME."""
    shutil.copytree(_store_template, home)
    return home


@pytest.fixture
def run_kb(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the real `kb` command on this test's KB_HOME."""

    def run(
        *words: str, env_changes: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).parent / "kb"), *words],
            check=False,
            env={**os.environ, "KB_HOME": str(home), **(env_changes or {})},
            text=True,
            capture_output=True,
            timeout=180,
        )

    return run
