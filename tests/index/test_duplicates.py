"""Duplicates in the store: found, kept, judged, and never named to who may not read them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import select

from index.duplicate_commands import duplicates
from index.duplicates import duplicates_in_store, duplicates_of
from index.matching import read_lines
from kb.audit import AuditEntry
from kb.database import session_scope
from kb.duplicates import service as pairs
from kb.errors import FileUnreadable
from kb.records import PracticeIn, service
from kb.records.sameness import compare
from tests.factories import entry, practice

Kb = Callable[..., subprocess.CompletedProcess[str]]


def save(id: str, state: str = "published", **changes: object) -> str:
    with session_scope(write=True) as session:
        content = practice(id=id, **changes)
        return service.save(session, content, door="form", actor="test", state=state).id


def test_pairs_of_the_store_are_found_kept_and_remembered_when_judged(store: Path) -> None:
    save("one")
    save("two", title="Alley-gates against burglary, Marsh Lane", started="2005")
    save("three", title="Quiet buses for school children in Ely", place={"name": "Ely"})
    with session_scope(write=True) as session:
        found = duplicates_in_store(session)
        assert [(pair.one_id, pair.other_id) for pair in found] == [("one", "two")]
        assert found[0].sameness.level == "likely"
        assert "same agency" in found[0].sameness.reasons
        assert pairs.keep_found(session, found) == 1
        assert pairs.keep_found(session, found) == 0
        assert [row.other_id for row in pairs.pairs(session)] == ["two"]
    with session_scope(write=True) as session:
        with pytest.raises(pairs.ReasonMissing):
            pairs.mark_different(session, "two", "one", reason=" ", actor="desk")
        pairs.mark_different(session, "two", "one", reason="Other estate", actor="desk")
    with session_scope(write=True) as session:
        assert duplicates_in_store(session) == []
        pairs.keep_found(session, [])
        kept = pairs.pairs(session, "different")
        assert [(row.note, row.decided_by) for row in kept] == [("Other estate", "desk")]
        actions = session.exec(select(AuditEntry.action)).all()
        assert "duplicates.different" in actions
        pairs.reopen(session, "one", "two", actor="desk")
        assert len(duplicates_in_store(session)) == 1


def test_a_draft_is_told_only_of_records_its_author_may_read(store: Path) -> None:
    save("open", title="Alley gates in Marsh Lane against burglary")
    save("hidden", state="draft")
    with session_scope() as session:
        named = duplicates_of(session, practice())
        assert [one.id for one in named] == ["open"]
        assert named[0].level == "likely"
        both = duplicates_of(session, practice(), see_hidden=True)
        assert {one.id for one in both} == {"open", "hidden"}
        alone = duplicates_of(session, practice(), record_id="hidden", see_hidden=True)
        assert [one.id for one in alone] == ["open"]


def test_the_rule_needs_more_than_an_address_or_a_title() -> None:
    assert (found := compare(entry(), entry(title="Quiet nights on Harbour St"))) is not None
    assert found.level == "same"
    other = entry(title="Bicycle theft at the station", partners=[{"organisation": "Other Police"}])
    assert (doubt := compare(entry(), other)) is not None
    assert doubt.level == "possible"
    elsewhere = entry(
        partners=[{"organisation": "Other Police"}],
        awards=[{"scheme": "goldstein", "year": 2012}],
        provenance=[],
    )
    assert compare(entry(provenance=[]), elsewhere) is None


def test_one_document_of_one_agency_for_one_award_is_one_entry_whatever_its_title() -> None:
    lead = {"organisation": "Harbour Police Department", "roles": ["lead"]}
    told = entry(title="Bus shelters moved and lit", partners=[lead, {"organisation": "School"}])
    assert (found := compare(told, entry())) is not None
    assert found.level == "same"
    for other in (
        {"awards": [{"scheme": "goldstein", "year": 2001}]},
        {"partners": [{"organisation": "Hill Police", "roles": ["lead"]}]},
    ):
        assert (doubt := compare(told, entry(**other))) is not None
        assert doubt.level == "possible"


def test_a_guide_is_known_by_title_first_author_and_year(store: Path) -> None:
    def guide(title: str, author: str, year: str, at_source: str = "") -> PracticeIn:
        origin = {"source": "pop-guides", "title": at_source or title, "external_id": title}
        return PracticeIn.model_validate(
            {
                "record_type": "guide",
                "title": title,
                "summary": "How to keep goods safe.",
                "aspects": ["how"],
                "references": [{"citation": "The guide itself"}],
                "authors": [author],
                "published_on": year,
                "provenance": [origin],
            }
        )

    ours = guide(
        "Shop theft, problem guide no. 11", "Clarke, R. V.", "2013-04", "Shoplifting, 2nd Edition"
    )
    listed = guide("Shoplifting, 2nd Ed.", "Ronald V. Clarke", "2012")
    with session_scope(write=True) as session:
        one = service.save(session, ours, door="file", actor="test", state="published").id
    with session_scope() as session:
        assert (same := service.same_record(session, listed)) is not None
        assert same.id == one
        for other in (
            guide("Shoplifting", "Ronald V. Clarke", "2002"),
            guide("Shoplifting, 2nd Ed.", "Anna Clarke", "2012"),
            guide("Shoplifting and robbery", "Ronald V. Clarke", "2012"),
        ):
            assert service.same_record(session, other) is None


def test_a_part_of_a_country_is_no_other_country() -> None:
    nation = entry(provenance=[], place={"name": "", "country": "gb"})
    part = entry(provenance=[], place={"name": "Ely", "country": "gb-eng"})
    abroad = entry(provenance=[], place={"name": "", "country": "us"})
    titled = {"title": "Quiet Nights on the Harbour Street"}
    assert "other countries" not in compare(nation, part.model_copy(update=titled)).reasons  # type: ignore[union-attr]
    assert "other countries" in compare(part, abroad.model_copy(update=titled)).reasons  # type: ignore[union-attr]


def test_one_doi_in_two_ways_of_writing_is_one(store: Path) -> None:
    address = "https://doi.org/10.1000/ABC"
    first = entry(provenance=[{"source": "s", "external_id": "1", "original_url": address}])
    other = address.replace("https://doi", "http://dx.doi").lower()
    second = entry(
        title="Quiet nights on Harbour Street",
        partners=[{"organisation": "Somebody else"}],
        provenance=[{"source": "s", "external_id": "2", "original_url": other}],
    )
    with session_scope(write=True) as session:
        one = service.save(session, first, door="harvest", actor="t", state="published-unverified")
        two = service.save(session, second, door="harvest", actor="t", state="published-unverified")
    assert (two.outcome, two.id) == ("joined", one.id)


def test_the_command_over_a_file_and_over_the_store(
    store: Path, run_kb: Kb, tmp_path: Path
) -> None:
    rows = [
        {"id": n, "set": "ab"[n % 2], "name": f"Lamp {n // 2} of Mill Street"} for n in range(60)
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run_kb("duplicates", "--records", str(file), "--json")
    found = json.loads(done.stdout)
    assert {(pair["a"], pair["b"]) for pair in found} >= {(str(n), str(n + 1)) for n in (20, 40)}
    assert {"score", "reason", "set_a", "set_b"} <= set(found[0])
    with pytest.raises(FileUnreadable, match="Line 1"):
        file.write_text("nonsense", encoding="utf-8")
        list(read_lines(file))
    save("one")
    save("two")
    told = CliRunner().invoke(duplicates, ["--json"])
    assert [(pair["a"], pair["b"]) for pair in json.loads(told.stdout)] == [("one", "two")]
    with session_scope() as session:
        assert len(pairs.pairs(session)) == 1
