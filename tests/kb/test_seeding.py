"""The starter collection: every file loads, rests on sources, and seeding twice changes nothing."""

import shutil
from pathlib import Path

import pytest
import yaml

from kb import seeding
from kb.database import session_scope
from kb.records import PracticeIn, service
from kb.records.rules import check
from kb.settings import PROJECT, settings

RECORDS = sorted((PROJECT / "seeds" / "records").glob("*.yaml"))


def _content(path: Path) -> PracticeIn:
    return service.parse(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_starter_record_keeps_every_rule(path: Path) -> None:
    content = _content(path)
    assert check(content, door="file", step="publish") == []
    assert content.id == path.stem
    assert all(reference.citation and reference.read for reference in content.references)
    for fact in content.facts:
        assert fact.reference is not None, fact.statement
        assert 1 <= fact.reference <= len(content.references), fact.statement


def test_the_starter_collection_is_large_enough_and_keeps_failures() -> None:
    found = [_content(path) for path in RECORDS]
    assert len(found) >= 30
    failed = [
        c
        for c in found
        if c.harmful or any(r.direction in ("worse", "no-change") for r in c.results)
    ]
    assert len(failed) >= 4
    assert len({c.place.country for c in found if c.place}) >= 5
    assert {level for c in found for level in c.intervention_levels} == {
        "prevention",
        "early-resolution",
        "partnership-problem-solving",
        "high-risk",
    }


def test_no_two_starter_records_share_a_title() -> None:
    titles = [_content(path).title.casefold() for path in RECORDS]
    assert len(titles) == len(set(titles))


@pytest.fixture
def few_seeds(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seeds folder with two records, so that files may be changed."""
    folder = tmp_path / "seeds"
    for name in ("vocabularies", "sources", "awards", "thesaurus", "standards"):
        shutil.copytree(PROJECT / "seeds" / name, folder / name)
    (folder / "records").mkdir()
    for path in RECORDS[:2]:
        shutil.copy(path, folder / "records")
    monkeypatch.setenv("KB_SEEDS_DIR", str(folder))
    settings.cache_clear()
    return folder


def test_seeding_twice_changes_nothing(few_seeds: Path) -> None:
    assert seeding.seed().created == 2
    again = seeding.seed()
    assert (again.created, again.changed, again.same, again.problems) == (0, 0, 2, [])


def test_an_edited_record_is_left_alone(few_seeds: Path) -> None:
    seeding.seed()
    record_id = RECORDS[0].stem
    with session_scope(write=True) as session:
        content = service.get(session, record_id).content.model_copy(
            update={"keywords": ["edited here"]}
        )
        service.save(session, content, door="file", actor="librarian", state="published")
    assert seeding.seed().kept == 1
    with session_scope() as session:
        assert service.get(session, record_id).content.keywords == ["edited here"]


def test_a_broken_file_is_named_and_the_rest_is_loaded(few_seeds: Path) -> None:
    (few_seeds / "records" / "broken.yaml").write_text("title: [unclosed")
    (few_seeds / "records" / "wrong.yaml").write_text("title: A\ncolour: blue\n")
    report = seeding.seed()
    assert report.created == 2
    assert [problem.split(":")[0] for problem in report.problems] == ["broken.yaml", "wrong.yaml"]
