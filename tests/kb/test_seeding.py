"""The starter collection: every file loads, rests on sources, and seeding twice changes nothing."""

import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import urlsplit

import pytest
import yaml
from click.testing import CliRunner

from crawlers.facts.body_names import says_which
from kb import full_studies, seed_targets, seeding
from kb.database import session_scope
from kb.records import PracticeIn, service
from kb.records.identity import identity_keys, name_key
from kb.records.rules import check
from kb.settings import PROJECT, settings
from kb.store_commands import seed
from kb.vocabularies import vocabulary
from tests.factories import practice

Run = Callable[..., CompletedProcess[str]]

STILL_SHORT = {
    # Nearly all of what could be read were summaries, openings and first pages.
    "Full SARA case studies, read in full",
}
"""Targets not reached yet; whoever reaches one takes it out, so that it cannot be lost again."""

RECORDS = sorted((PROJECT / "seeds" / "records").glob("*.yaml"))


@cache
def _content(path: Path) -> PracticeIn:
    return service.parse(yaml.safe_load(path.read_text("utf-8")))


def _nulls(value: object, at: str) -> list[str]:
    """Where a value is empty: in YAML mostly the rest of a text cut off at an unquoted comma."""
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in _nulls(inner, f"{at}.{key}")]
    if isinstance(value, list):
        return [found for n, inner in enumerate(value, 1) for found in _nulls(inner, f"{at}.{n}")]
    return [at] if value is None else []


def _address_fault(address: str) -> str | None:
    """What a reader would stumble over: not the web, odd letters, a site under construction."""
    if not address:
        return None
    parts = urlsplit(address)
    host = parts.netloc
    if parts.scheme not in ("http", "https") or "." not in host or re.search(r"\s", address):
        return "no address on the web"
    if host != host.lower() or host.endswith(".") or ":" in host:
        return "a host that is written oddly"
    if {"staging", "preprod", "production", "prod", "dev", "localhost"} & set(host.split(".")[:-1]):
        return "a site that is not the public one"
    return None


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://www.gov.uk/guidance/a-b", None),
        ("ftp://example.org/a", "no address on the web"),
        ("https://example.org/a b", "no address on the web"),
        ("https://Example.org./a", "a host that is written oddly"),
        ("https://staging.example.org/a", "a site that is not the public one"),
    ],
)
def test_a_faulty_address_is_told_from_a_good_one(address: str, fault: str | None) -> None:
    assert _address_fault(address) == fault


# Short forms a reader from outside the field knows, and one never written out (British Standards).
KNOWN_SHORT = set(re.findall("[A-Z]+", "UK US USA UN EU TV AIDS BBC LGBT NHS YMCA BS"))
CARD = """
    title summary problem_statement response_summary stage_reason works_best_if fails_if
    aspect_what aspect_how aspect_who aspect_when mechanism learning_do
"""


def _hard_to_read(content: PracticeIn) -> list[str]:
    """What stops a reader with a minute: a long summary or sentence, letters not spelt out."""
    faults = []
    if (words := len(content.summary.split())) > 100:
        faults.append(f"{words} words in the summary")
    for sentence in re.split(r"(?<=[.!?])\s+", content.summary):
        if (words := len(sentence.split())) > 38:
            faults.append(f"{words} words in one sentence: {sentence}")
    own = " ".join([content.title, *content.other_names])
    for field in re.findall(r"\w+", CARD):
        short = set(re.findall(r"\b[A-Z]{2,}(?=s?\b)", getattr(content, field) or ""))
        if field == "title" and content.record_type == "organisation":
            continue  # a body's own name
        told = own if field != "title" else " ".join([content.summary, *content.other_names])
        for letters in sorted(short - KNOWN_SHORT):
            if not re.search(rf"\b{letters}\b", told):
                faults.append(f"{letters} is not explained in {field}")
    return faults


def test_a_summary_that_is_hard_to_read_is_told() -> None:
    hard = _content(RECORDS[0]).model_copy(
        update={
            "title": "MARAC meetings",
            "other_names": [],
            "record_type": "guide",
            "summary": " ".join(["word"] * 39) + ". " + "Short one here. " * 21,
            "works_best_if": "A PSPO is in force in the UK.",
        }
    )
    faults = " / ".join(_hard_to_read(hard))
    assert "102 words in the summary" in faults
    assert "39 words in one sentence" in faults
    assert "MARAC is not explained in title" in faults
    assert "PSPO is not explained in works_best_if" in faults
    assert "UK is" not in faults


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_starter_record_keeps_every_rule(path: Path) -> None:
    assert _nulls(yaml.safe_load(path.read_text("utf-8")), path.stem) == []
    content = _content(path)
    assert check(content, door="file", step="publish") == []
    assert content.id == path.stem
    assert _hard_to_read(content) == []
    for reference in content.references:
        assert all((reference.citation, reference.read, reference.read_on)), reference.citation
        assert reference.url or reference.doi, reference.citation
        assert _address_fault(reference.url) is None, reference.url
        assert not reference.doi or re.fullmatch(r"10\.[0-9]{4,}/\S+", reference.doi), reference.doi
    assert content.facts
    assert content.read
    for fact in content.facts:
        assert fact.checked_on, fact.statement
        assert fact.reference is not None, fact.statement
        assert 1 <= fact.reference <= len(content.references), fact.statement
        assert fact.passage, fact.statement
    for result in content.results:
        assert all((result.outcome, result.direction)), result.measure
        assert result.confidence_reason or result.direction == "not-measured", result.measure
    if content.stage_of_practice:
        assert content.stage_reason
    # A reader looks for somebody to ask: "City Council" names nobody.
    assert [one.organisation for one in content.partners if not says_which(one.organisation)] == []


def test_the_starter_collection_keeps_its_spread() -> None:
    rows = seed_targets.spread([_content(path) for path in RECORDS], seed_targets.targets())
    assert {row.what for row in rows if not row.met} <= STILL_SHORT


def test_some_starter_records_tell_when_to_begin() -> None:
    contents = [_content(path) for path in RECORDS]
    assert sum(bool(content.triggers) for content in contents) >= 25
    windows = {window for content in contents for window in content.seasonal_windows}
    assert {"halloween", "bonfire-night", "freshers", "summer-holidays", "christmas"} <= windows


def test_the_judged_questions_keep_their_spread() -> None:
    rows = seed_targets.judged_spread(seed_targets.judged_questions(), seed_targets.targets())
    assert [row.what for row in rows if not row.met] == []


def test_a_record_is_judged_once_for_a_question_and_can_be_told_apart() -> None:
    starter = {path.stem for path in RECORDS}
    for row in seed_targets.judged_questions():
        nothing = row.get("nothing", [])
        judged = [*row["grades"], *nothing]
        assert len(judged) == len(set(judged)), row["id"]
        # A record of the listing ends in a short key; any other id must be one of ours.
        strange = {one for one in judged if not re.search("-[0-9a-f]{6}$", one)} - starter
        assert not strange, row["id"]


def test_the_judged_spread_counts_what_it_says() -> None:
    one = {"kinds": ["slang", "way"], "held_back": True, "why": "as asked", "grades": {"a": 3}}
    weak = {"kinds": [], "held_back": False, "why": "as asked", "grades": {"a": 1, "b": 0}}
    rows = seed_targets.judged_spread([one, weak], seed_targets.targets())
    assert [(row.now, row.met) for row in rows] == [
        (2, False),
        (1, False),
        (0, False),
        (1, False),
        (1, True),
        (1, False),
    ]


def test_the_spread_counts_what_it_says() -> None:
    wanted = seed_targets.targets()
    base = practice(id="one", problem_types=["burglary-dwelling"], response_types=["alley-gates"])
    same = base.model_copy(update={"id": "two"})
    other = base.model_copy(
        update={"id": "three", "response_types": ["lighting"], "harmful": True, "started": "1970"}
    )
    now = {row.what: row.now for row in seed_targets.spread([base, same, other], wanted)}
    assert now["Records"] == 3
    assert now["Problem group: Crime"] == 3
    assert now["Different responses to: Burglary"] == 2
    assert now["Different responses to: Robbery"] == 0
    assert now["Failed, faded or did harm"] == 1
    assert now["Started in 1975 or before"] == 1
    assert now["Checked by a second person"] == 0


def test_a_case_is_a_full_study_when_its_study_was_read_and_every_stage_is_told() -> None:
    study = {"citation": "A. Author (2001) The whole case", "kind": "report", "read": "full"}
    told = practice(
        id="told",
        problem_statement="Homes were entered from the back.",
        analysis_findings="Nine in ten came through the alley.",
        response_summary="The alleys were gated.",
        assessment_summary="Burglary fell.",
        results=[{"outcome": "crime-count", "direction": "better"}],
        references=[study],
        read="full",
    )
    entry = {"scheme": "goldstein", "year": 2001, "level": "entrant", "entry_url": "https://x.test"}
    part = practice(**told.model_dump() | {"id": "part", "read": "part"})
    news = practice(**told.model_dump() | {"id": "news", "references": [study | {"kind": "news"}]})
    award = practice(**part.model_dump() | {"id": "won", "awards": [entry]})
    short = practice(**award.model_dump() | {"id": "a", "assessment_summary": ""})
    guide = practice(id="guide", record_type="guide")
    assert full_studies.is_full(told)
    near = full_studies.nearest([guide, short, part, news, told, award])
    assert [(one.id, one.lacks) for one in near] == [
        ("won", ()),
        ("news", ()),
        ("part", ()),
        ("a", ("assessment_summary",)),
    ]
    assert near[0].address == "https://x.test"


def test_the_facts_that_were_wrong_at_first_are_counted() -> None:
    checks = [
        {"checked_on": "2026-01", "facts_checked": 9, "facts_wrong": 2},
        {"checked_on": "2026"},
    ]
    assert seed_targets.second_checks([practice(second_checks=checks), practice()]) == (9, 2)


def test_every_searched_problem_is_a_term() -> None:
    terms = vocabulary("problem_types")
    for name, codes in seed_targets.targets()["searched_problems"].items():
        assert all(code in terms for code in codes), name


def test_the_report_prints_every_target_and_stores_nothing(store: Path) -> None:
    run = CliRunner().invoke
    shown = run(seed, ["--report"])
    data = json.loads(run(seed, ["--report", "--json"]).stdout)
    assert shown.exit_code == 0, shown.stderr
    assert all(row["what"] in shown.stdout for row in data)
    assert "cases are no full SARA study yet" in shown.stdout
    assert {row["met"] for row in data} <= {True, False}
    assert run(seed, ["--json"]).exit_code == 2
    unread = json.loads(run(seed, ["--unread", "--json"]).stdout)
    assert all(one["address"].startswith("http") for one in unread)
    with session_scope() as session:
        assert service.count(session) == 0


def test_no_starter_record_is_another_one_again() -> None:
    titles: dict[str, str] = {}
    keys: dict[tuple[str, str], str] = {}
    for path in RECORDS:
        content = _content(path)
        assert titles.setdefault(name_key(content.title), path.stem) == path.stem
        for key in identity_keys(content):
            assert keys.setdefault(key, path.stem) == path.stem, key


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
