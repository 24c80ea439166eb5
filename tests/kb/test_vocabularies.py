"""Vocabularies, thesaurus, standards and directories under seeds/: every file can be used."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.doctor import check_vocabularies
from kb.errors import TermUnknown, VocabularyInvalid
from kb.settings import PROJECT, settings
from kb.vocabularies import vocabularies, vocabulary
from kb.vocabularies.desk import open_vocabularies
from kb.vocabularies.service import read_vocabulary

SEEDS = PROJECT / "seeds"
NUMBERED = {
    "V1",
    "V2",
    "V3",
    "V4a",
    "V4b",
    "V4c",
    "V4d",
    "V4e",
    "V5",
    "V6",
    "V7",
    "V8",
    "V8b",
    "V9",
    "V10",
}


def _files(folder: str) -> list[Path]:
    return sorted((SEEDS / folder).glob("*.yaml"))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_every_numbered_vocabulary_is_there() -> None:
    assert {v.number for v in vocabularies().values()} >= NUMBERED


@pytest.mark.parametrize("vocabulary_id", [path.stem for path in _files("vocabularies")])
def test_a_term_is_found_by_code_label_and_alternative(vocabulary_id: str) -> None:
    terms = vocabulary(vocabulary_id)
    for term in terms:
        assert terms.resolve(term.code) == term.code
        assert terms.resolve(term.label.upper()) == term.code
        for alt in term.alt:
            assert terms.resolve(alt) in terms


def test_ancestors_and_children() -> None:
    problems = vocabulary("problem_types")
    assert problems.ancestors("burglary-dwelling") == ("burglary", "crime")
    assert "burglary-dwelling" in [t.code for t in problems.children("burglary")]
    assert problems.ancestors("no-such") == ()


def test_a_name_that_lists_a_part_is_no_name_to_find_the_whole_by() -> None:
    countries = vocabulary("countries")
    official = "United Kingdom of Great Britain and Northern Ireland"
    assert countries.resolve(official) == "gb"
    assert official not in countries.other_names("gb")
    assert "Britain" in countries.other_names("gb")
    assert countries.other_names("ag") == countries.term("ag").alt
    assert countries.other_names("nowhere") == ()


def test_an_unknown_term_offers_near_ones() -> None:
    with pytest.raises(TermUnknown, match="burglary"):
        vocabulary("problem_types").resolve("burglery of homes")
    with pytest.raises(TermUnknown, match="its terms are prevention, early-resolution, "):
        vocabulary("intervention_levels").resolve("zzz")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"terms": [{"code": "a", "label": "A", "definition": "A."}] * 2}, "twice"),
        (
            {"terms": [{"code": "a", "label": "A", "definition": "A.", "broader": "b"}]},
            "not a code",
        ),
        ({"terms": [{"code": "a", "label": "A", "definition": "A.", "broader": "a"}]}, "broader"),
        ({"terms": [{"code": "A b", "label": "A", "definition": "A."}]}, "pattern"),
        ({"colour": "blue"}, "colour"),
        ({"id": "other"}, "must agree"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    good = {
        "id": "sample",
        "title": "Sample",
        "definition": "A sample.",
        "origin": "Tests.",
        "terms": [{"code": "a", "label": "A", "definition": "A."}],
    }
    path = tmp_path / "sample.yaml"
    path.write_text(yaml.safe_dump({**good, **change}))
    with pytest.raises(VocabularyInvalid, match=words) as raised:
        read_vocabulary(path)
    assert "sample.yaml" in str(raised.value)


@pytest.fixture
def a_broken_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Seeds with one vocabulary that cannot be read."""
    shutil.copytree(SEEDS / "vocabularies", tmp_path / "vocabularies")
    shutil.copytree(SEEDS / "standards", tmp_path / "standards")
    broken = tmp_path / "vocabularies" / "stages.yaml"
    broken.write_text("id: stages\ntitle: Stages\nterms: [one\ndefinition: what\n")
    monkeypatch.setenv("KB_SEEDS_DIR", str(tmp_path))
    settings.cache_clear()
    yield broken
    settings.cache_clear()


def test_a_broken_file_stops_only_what_needs_it(a_broken_one: Path) -> None:
    assert vocabulary("aspects").label("what") == "What to do"
    assert "stages" in vocabularies()
    for ask in (lambda: vocabulary("stages"), check_vocabularies, open_vocabularies):
        with pytest.raises(VocabularyInvalid, match="line 4") as raised:
            ask()
        assert str(a_broken_one) in str(raised.value)
    with pytest.raises(VocabularyInvalid, match="kb vocabularies list"):
        vocabulary("no_such")


def test_the_thesaurus_points_only_to_codes_that_exist_and_names_nothing_twice() -> None:
    seen: dict[str, str] = {}
    count = 0
    for path in _files("thesaurus"):
        for item in _read(path)["entries"]:
            count += 1
            term = str(item["term"])
            assert item["means"], term
            where = seen.setdefault(term.casefold(), path.name)
            assert where == path.name or item.get("ambiguous"), f"{term} in {where} and {path.name}"
            for reference in item.get("codes", []):
                vocabulary_id, _, code = reference.partition(":")
                assert code in vocabulary(vocabulary_id), f"{path.name}: {term}: {reference}"
    assert count >= 250


def test_what_some_call_people_is_understood_but_never_another_word_for_them() -> None:
    entries = [item for path in _files("thesaurus") for item in _read(path)["entries"]]
    means = {str(text).casefold() for item in entries for text in item["means"]}
    labels = {term.label.casefold() for held in vocabularies().values() for term in held}
    called = [item for item in entries if item.get("derogatory")]
    assert len(called) >= 40
    for item in called:
        assert item.get("direction") == "one-way", item["term"]
        assert str(item["term"]).casefold() not in means | labels, item["term"]


def test_every_source_of_the_2009_paper_has_its_entry() -> None:
    entries = {path.stem: _read(path) for path in _files("sources")}
    assert {e["number"] for e in entries.values() if e.get("number")} == set(range(1, 39))
    for name, item in entries.items():
        assert item["id"] == name
        assert item["state"] in vocabulary("source_states"), name
        assert item["licence"] in vocabulary("licences"), name
        assert item["access"] in vocabulary("source_access"), name
        assert set(item["aspects"]) <= {t.code for t in vocabulary("aspects")}, name
        assert set(item.get("successors", [])) <= set(entries), name
        if item.get("search_template"):
            assert "{query}" in item["search_template"], name
        if item["harvest"] == "directory-only":
            assert item.get("what_to_ask"), name


def test_award_schemes_point_to_sources() -> None:
    sources = {path.stem for path in _files("sources")}
    for path in _files("awards"):
        item = _read(path)
        assert item["id"] == path.stem
        assert item["source"] in sources, path.name
        weights = [c["weight"] for c in item["criteria"] if "weight" in c]
        assert not weights or abs(sum(weights) - 100) < 0.1, path.name


def test_standards_hold_the_codes_as_printed() -> None:
    codes = {
        path.stem: [c["code"] for c in _read(path)["criteria"]] for path in _files("standards")
    }
    assert [c for c in codes["ba9"] if c[0] == "P"] == [f"P{n}" for n in range(1, 25)]
    assert [c for c in codes["ba9"] if c[0] == "K"] == [f"K{n}" for n in range(1, 18)]
    assert {f"P{n}" for n in range(1, 32)} <= set(codes["ba12"])
    assert {f"K{n}" for n in range(1, 25)} <= set(codes["ba12"])
    assert {f"P{n}" for n in range(1, 30)} <= set(codes["ba13"])
    missing = {
        c["code"]
        for c in _read(SEEDS / "standards" / "ba13.yaml")["criteria"]
        if c.get("state") == "missing"
    }
    assert missing == {"K14"}


def test_a_record_can_say_which_criterion_it_serves() -> None:
    criteria = vocabulary("standards")
    assert criteria.resolve("BA12 P3") == "ba12-p3"
    assert criteria.resolve("BA12 K6.1") == "ba12-k6-1"
    assert criteria.ancestors("ba12-p3") == ("ba12",)
    assert "ba13-k14" not in criteria
