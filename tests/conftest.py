"""Fixtures that every part shares: a set-up store of its own, and the shared data folder."""

import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import argon2
import hypothesis
import pytest
from click.testing import CliRunner

from index.embed import default_embedder
from kb import jobs, migrations, seeding
from kb.accounts import passwords
from kb.cli import cli
from kb.database import engine_for, session_scope
from kb.settings import PROJECT, settings

# Much is alive all the while: to look through it as often as usual takes a fifth of the time.
gc.set_threshold(50_000, 20, 50)

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


@pytest.fixture(autouse=True, scope="session")
def quick_hashes() -> Iterator[argon2.PasswordHasher]:
    """Passwords are hashed at the least cost; gives what hashes them outside tests."""
    real = passwords._hasher
    passwords._hasher = argon2.PasswordHasher.from_parameters(argon2.profiles.CHEAPEST)
    yield real
    passwords._hasher = real


@pytest.fixture(scope="session")
def _models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the exported forms of models lie: all processes of a test run share them."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "models"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def home(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A fresh KB_HOME for one test; meaning is hashed words, but where the mark `model` is."""
    for name in [name for name in os.environ if name.startswith("KB_") and name != "KB_DATA"]:
        monkeypatch.delenv(name)
    if not request.node.get_closest_marker("model"):
        monkeypatch.setenv("KB_EMBEDDING_MODEL", "hash")
    folder = tmp_path / "var"
    monkeypatch.setenv("KB_HOME", str(folder))
    _forget()
    if request.node.get_closest_marker("model"):
        folder.mkdir()
        (folder / "models").symlink_to(request.getfixturevalue("_models"))
    yield folder
    engine_for(settings().store_url).dispose()
    _forget()


def _forget() -> None:
    settings.cache_clear()
    default_embedder.cache_clear()
    engine_for.cache_clear()
    jobs.queue.cache_clear()
    jobs._wake_task.cache_clear()
    jobs._tick_task.cache_clear()


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Work on this KB_HOME instead of the test's; meaning is hashed words."""
    changes = {"KB_HOME": str(folder), "KB_EMBEDDING_MODEL": "hash"}
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    _forget()
    try:
        yield
        engine_for(settings().store_url).dispose()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        _forget()


@pytest.fixture(scope="session")
def _store_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store with sources and schemes, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template") / "var"
    with at_home(folder):
        migrations.upgrade()
        with session_scope(write=True) as session:
            seeding.seed_directory(session, seeding.SeedReport())
    return folder


@pytest.fixture
def store(home: Path, _store_template: Path) -> Path:
    """A migrated store with sources and award schemes but no records, in its own KB_HOME."""
    shutil.copytree(_store_template, home)
    return home


@pytest.fixture
def run_kb(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call `kb` as its command line does, on this test's KB_HOME.

    In this process, since each new one takes seconds to start; what depends on a process of its
    own (kills, signals, pipes) starts `kb` itself.
    """

    def run(
        *words: str, env_changes: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        if env_changes:
            engine_for(settings().store_url).dispose()
            _forget()
        done = CliRunner().invoke(cli, words, prog_name="kb", env=env_changes)
        if env_changes:
            _forget()
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run
