"""How well texts are structured, on the labelled texts: floors that a change must not go below."""

import json
import subprocess
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers.errors import JudgedInvalid
from crawlers.judged import as_text, measured, report
from crawlers.judged_facts import FACT_FIELDS, fact_figures, labels_of
from crawlers.labelled import Reading, agreed, read_judged, share
from crawlers.stages import STAGES
from crawlers.tags import TAG_FIELDS
from index.term_cues import cues_of
from kb.settings import settings
from kb.vocabularies import vocabulary

NOTHING: dict[str, list[str]] = {field: [] for field in FACT_FIELDS}


@pytest.fixture(scope="module")
def entries() -> dict[str, list[dict[str, Any]]]:
    """What is labelled, by file."""
    folder = settings().seeds_dir / "judged" / "structure"
    return {
        name: yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))["texts"]
        for name in ("own", "listing", "again", "learnt", "learnt-own")
    }


def test_the_labels_are_terms_of_their_vocabularies(
    home: Path, entries: dict[str, list[dict[str, Any]]]
) -> None:
    assert len(entries["own"]) + len(entries["listing"]) >= 60
    known = {
        field: {term.code for term in vocabulary(TAG_FIELDS[field][0])} for field in TAG_FIELDS
    }
    for entry in chain.from_iterable(entries.values()):
        for reading in (*entry.get("readings", ()), entry.get("labels", {})):
            for field, codes in reading.items():
                assert {code.removesuffix("*") for code in codes} <= known[field], entry


def test_no_text_of_the_listing_stands_in_the_project_and_none_is_learnt_from(
    home: Path, entries: dict[str, list[dict[str, Any]]]
) -> None:
    listed, learnt = entries["listing"], entries["learnt"]
    assert all(set(entry) - {"facts"} == {"id", "document", "lines", "labels"} for entry in listed)
    assert all(set(entry) == {"id", "document", "readings"} for entry in learnt)
    assert not {entry["id"] for entry in listed} & {entry["id"] for entry in learnt}
    names = [entry["id"] for entry in entries["own"]]
    names += [f"{entry['id']} {entry['document']}" for entry in listed]
    assert [entry["name"] for entry in entries["again"]] == names
    assert not set(names) & {entry["id"] for entry in entries["learnt-own"]}


def test_a_term_counts_when_most_of_the_readers_who_looked_for_it_were_sure() -> None:
    def ticked(**fields: tuple[set[str], set[str]]) -> Reading:
        return Reading(
            {field: frozenset(sure) for field, (sure, _) in fields.items()},
            {field: frozenset(doubtful) for field, (_, doubtful) in fields.items()},
        )

    readings = [
        ticked(settings=({"home", "street"}, set()), stages=({"idea"}, set())),
        ticked(settings=({"home"}, {"street"})),
        ticked(settings=({"park"}, {"home"})),
    ]
    assert agreed(readings) == {"settings": {"home"}, "stages": {"idea"}}
    assert share(readings, "settings", "home") == pytest.approx(2.5 / 3)
    assert share(readings, "settings", "street") == pytest.approx(1.5 / 3)
    assert share(readings, "stages", "idea") == 1
    assert share(readings, "stages", "replicated") == 0
    assert share(readings, "outcomes", "calls") == 0


@pytest.mark.parametrize("field", [name for name in TAG_FIELDS if cues_of(name).codes])
def test_every_cue_is_of_a_term(home: Path, field: str) -> None:
    assert cues_of(field).codes <= {term.code for term in vocabulary(TAG_FIELDS[field][0])}


def test_our_own_texts_are_structured_as_well_as_before(home: Path) -> None:
    judged = read_judged(None)
    assert {one.held_back for one in judged} == {True, False}
    figures = measured(judged)
    assert figures["sections"]["macro_f1"] >= 0.75
    assert figures["margin"] >= 0.4
    assert figures["ticked"]["precision"] >= 0.92
    assert figures["ticked"]["coverage"] >= 0.55


@pytest.mark.data
def test_all_labelled_texts_are_structured_as_well_as_before(
    home: Path, data_dir: Callable[[str], Path]
) -> None:
    figures = report(data_dir("pop").parent)
    assert figures["all"]["texts"] >= 60
    assert figures["all"]["texts"] == figures["tuned_on"]["texts"] + figures["held_back"]["texts"]
    assert figures["all"]["sections"]["macro_f1"] >= 0.63
    assert figures["all"]["margin"] >= 0.35
    assert figures["all"]["ticked"]["precision"] >= 0.9
    assert figures["all"]["ticked"]["coverage"] >= 0.5
    assert figures["held_back"]["ticked"]["precision"] >= 0.86
    assert figures["held_back"]["ticked"]["coverage"] >= 0.44
    assert figures["all"]["facts"]["texts"] >= 30
    assert figures["all"]["facts"]["macro_f1"] >= 0.75
    shown = as_text(figures)
    assert "Held back" in shown
    assert "problem_types" in shown
    assert "role_contacts" in shown


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {**NOTHING, "costs": ["twenty pounds"]},
    ],
)
def test_facts_that_cannot_be_read_are_named(home: Path, facts: dict[str, object]) -> None:
    with pytest.raises(JudgedInvalid, match="cost"):
        labels_of({"id": "x", "facts": facts})


def test_facts_are_counted_once(home: Path) -> None:
    wanted = labels_of(
        {
            "id": "x",
            "facts": {
                **NOTHING,
                "places": ["Camden = London Borough of Camden", "Leeds"],
            },
        }
    )
    assert wanted is not None
    found = {**NOTHING, "places": ["camden", "london borough of camden"]}
    figures = fact_figures([(wanted, found)])
    assert (figures["places"]["right"], figures["places"]["given"]) == (1, 2)
    assert (figures["places"]["precision"], figures["places"]["recall"]) == (0.5, 0.5)
    assert figures["costs"]["f1"] is None


def test_labels_that_cannot_be_used_are_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "seeds" / "judged" / "structure"
    folder.mkdir(parents=True)
    monkeypatch.setenv("KB_SEEDS_DIR", str(tmp_path / "seeds"))
    settings.cache_clear()
    for name in ("again", "own"):
        with pytest.raises(JudgedInvalid, match=rf"{name}\.yaml"):
            read_judged(None)
        (folder / f"{name}.yaml").write_text("texts: []")
    (folder / "own.yaml").write_text("texts: [{id: x, title: T, text: 'No mark', labels: {}}]")
    with pytest.raises(JudgedInvalid, match="'x'"):
        read_judged(None)


def test_the_command_prints_figures(
    run_kb: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = run_kb("evaluate-structure", "--json", env_changes={"KB_DATA": ""})
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["all"]["sections"]) == {*STAGES, "macro_f1"}
