"""What every source must state, and that sources are found by listing their folder."""

from pathlib import Path

import pytest
import yaml

from crawlers import sources
from crawlers.addresses import check_address
from crawlers.declared import declared_sources
from crawlers.errors import SourceUnknown
from crawlers.source import ATTRIBUTES, HARVEST_KINDS, known_sources, source_file, source_named
from crawlers.source_commands import disagreements
from kb.settings import settings
from kb.vocabularies import vocabulary


@pytest.mark.parametrize("source_id", known_sources())
def test_a_source_states_all_it_must(source_id: str) -> None:
    source = known_sources()[source_id]
    assert [name for name in ATTRIBUTES if not hasattr(source, name)] == []
    assert source.licence in vocabulary("licences")
    assert source.country in vocabulary("countries")
    assert source.home.startswith(("https://", "http://"))
    assert source.kind in ("live", "archive", "file")
    assert source.kind != "archive" or source.starts or source.prefixes
    for address in (*source.starts, *source.prefixes):
        assert check_address(address)
    assert 0 < source.fewest <= source.most
    assert all(0 < rate <= 1 for rate in source.fill_rates.values())


@pytest.mark.parametrize("source_id", known_sources())
def test_the_file_and_the_directory_entry_carry_the_id(source_id: str) -> None:
    assert source_file(source_id).exists() or source_id in declared_sources()
    entry = settings().seeds_dir / "sources" / f"{source_id}.yaml"
    stated = yaml.safe_load(entry.read_text("utf-8"))
    assert stated["id"] == source_id
    assert stated["harvest"] == HARVEST_KINDS[known_sources()[source_id].kind]
    assert stated["licence"] == known_sources()[source_id].licence or source_id == "pop-datasets"


def test_a_new_file_in_the_folder_is_a_new_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "from_nowhere.py").write_text(
        "from crawlers.source import Source\n\n"
        "class FromNowhere(Source):\n    id = 'from-nowhere'\n"
    )
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    assert "from-nowhere" in known_sources()


def test_an_unknown_source_names_the_known_ones() -> None:
    with pytest.raises(SourceUnknown, match=r"no source 'no-such'. Known: .*pop-datasets"):
        source_named("no-such")


@pytest.mark.usefixtures("store")
def test_entries_and_what_is_built_agree() -> None:
    assert disagreements() == []
