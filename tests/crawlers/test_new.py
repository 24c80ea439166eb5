"""A scaffolded source works at once: its example pages have what is expected of them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers import new, sources
from crawlers.errors import SourceExists
from crawlers.source import known_sources
from crawlers.source_commands import disagreements
from kb import seeding
from kb.database import session_scope
from kb.directory.standing import standings
from kb.errors import InputInvalid
from kb.settings import PROJECT, settings
from tests.crawlers.test_pages import check_example


@pytest.fixture
def project(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of sources and one of example pages that are not the project's own."""
    folder = tmp_path / "sources"
    folder.mkdir()
    monkeypatch.setattr(sources, "__path__", [str(folder), *sources.__path__])
    monkeypatch.setattr(new, "PROJECT", tmp_path)
    seeds = tmp_path / "seeds"
    shutil.copytree(settings().seeds_dir / "sources", seeds / "sources")
    for name in ("vocabularies", "thesaurus", "awards"):
        (seeds / name).symlink_to(settings().seeds_dir / name)
    monkeypatch.setenv("KB_SEEDS_DIR", str(seeds))
    settings.cache_clear()
    yield tmp_path
    sys.modules.pop("crawlers.sources.made_up_awards", None)


def test_a_new_source_is_found_and_passes_its_own_pages(project: Path) -> None:
    written = new.scaffold("made-up-awards")
    assert all(path.exists() for path in written)
    rules = ["--config", PROJECT / "pyproject.toml"]
    subprocess.run([sys.executable, "-m", "ruff", "check", *rules, written[0]], check=True)
    source = known_sources()["made-up-awards"]()
    pages = sorted((project / "tests" / "crawlers" / "pages" / "made-up-awards").glob("*.html"))
    assert len(pages) == 2
    for page in pages:
        check_example(source, page)
    found = new.found_on_example(source, project / pages[1])["findings"]
    assert found[0]["record"]["title"] == "A first project"
    assert found[0]["record"]["provenance"][0]["original_url"] == "https://example.org/projects/1"


def test_nothing_is_overwritten(project: Path) -> None:
    written = new.scaffold("made-up-awards")
    before = written[0].read_text()
    with pytest.raises(SourceExists, match="nothing was written"):
        new.scaffold("made-up-awards")
    assert written[0].read_text() == before


@pytest.mark.parametrize("name", ["", "Caps", "under_score", "-x", "../up", "a--b", "1st"])
def test_a_name_that_cannot_be_an_id_is_refused(project: Path, name: str) -> None:
    with pytest.raises(InputInvalid, match="cannot be the id of a source"):
        new.scaffold(name)


def test_its_entry_goes_into_the_directory_and_agrees_with_it(project: Path) -> None:
    new.scaffold("made-up-awards")
    with session_scope(write=True) as session:
        seeding.seed_directory(session, seeding.SeedReport())
    assert disagreements() == []
    with session_scope() as session:
        assert standings(session)["made-up-awards"].code == "built"


def test_an_entry_that_is_there_is_left_alone(project: Path) -> None:
    entry = settings().seeds_dir / "sources" / "made-up-awards.yaml"
    entry.write_text("id: made-up-awards\n")
    assert entry not in new.scaffold("made-up-awards")
    assert entry.read_text() == "id: made-up-awards\n"
