"""Two records made one: by picks, with all that hangs on them, and taken back exactly."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from kb.audit import AuditEntry
from kb.database import now, session_scope
from kb.duplicates import merging
from kb.duplicates import service as pairs
from kb.duplicates.merging import MergeRefused
from kb.records import service
from kb.records.sameness import compare
from kb.trails.models import Annotation, ReadingList, ReadingListItem
from tests.factories import entry, practice
from tests.kb.test_bulk import everything, save


@pytest.fixture
def two(store: Path) -> tuple[str, str]:
    kept = save(practice(id="kept", keywords=["gates"], summary=""), state="draft")
    with session_scope(write=True) as session:
        service.set_state(session, kept, "draft", actor="t", restricted=False)
    gone = save(
        entry(title="Gates of Marsh Lane", keywords=["alleys"], summary="Gates were put up."),
        "harvest",
        "published-unverified",
    )
    with session_scope(write=True) as session:
        session.add(Annotation(owner="a", record_id=gone, at=now(), useful=3, note="Mine"))
        for name in ("one", "two"):
            session.add(
                ReadingList(id=name, owner="a", name=name, created_at=now(), updated_at=now())
            )
        session.flush()
        session.add(ReadingListItem(list_id="one", record_id=gone, added_at=now()))
        session.add(ReadingListItem(list_id="two", record_id=gone, added_at=now()))
        session.add(ReadingListItem(list_id="two", record_id=kept, added_at=now()))
        found = compare(practice(), practice())
        assert found is not None
        pairs.keep_found(session, [pairs.FoundPair(kept, gone, found)])
    return kept, gone


def make_one(session: Session, kept: str, gone: str, **picks: str) -> int:
    versions = (service.get(session, kept).version, service.get(session, gone).version)
    row = merging.merge(session, kept, gone, picks=picks, versions=versions, actor="desk")
    assert row.id is not None
    return row.id


def test_the_picks_decide_and_all_follows_and_comes_back(two: tuple[str, str]) -> None:
    kept, gone = two
    before = everything()
    with session_scope(write=True) as session:
        number = make_one(session, kept, gone, title="gone", keywords="both", partners="kept")
    with session_scope() as session:
        now_one, away = service.get(session, kept), service.get(session, gone)
        assert now_one.content.title == "Gates of Marsh Lane"
        assert now_one.content.keywords == ["gates", "alleys"]
        assert now_one.content.summary == "Gates were put up."
        assert "Alley gates against burglary in Marsh Lane" in now_one.content.other_names
        assert (away.state, away.superseded_by) == ("withdrawn", kept)
        assert merging.merged_into(session, gone) == kept
        assert merging.merged_from(session, kept) == [gone]
        assert session.exec(select(Annotation.record_id)).all() == [kept]
        lists = session.exec(select(ReadingListItem.list_id, ReadingListItem.record_id)).all()
        assert sorted(lists) == [("one", kept), ("two", gone), ("two", kept)]
        assert pairs.pairs(session) == []
    # What is crawled again finds the record that stayed.
    again = save(entry(title="Gates of Marsh Lane", keywords=["x"]), "harvest", "submitted")
    assert again == kept
    with session_scope(write=True) as session, pytest.raises(MergeRefused, match="withdrawn"):
        make_one(session, kept, gone)
    _undo_and_compare(number, before)
    with session_scope() as session:
        actions = session.exec(select(AuditEntry.action)).all()
    assert {"records.merged", "records.merge_undone"} <= set(actions)


def _undo_and_compare(number: int, before: dict[str, Any]) -> None:
    with session_scope(write=True) as session:
        merging.undo(session, number, actor="desk")
    after = everything()
    for rows in (before, after):
        rows.pop("record_merge"), rows.pop("record_source")
        rows["duplicate_pair"] = [row[:6] for row in rows["duplicate_pair"]]
    assert after == before
    with session_scope(write=True) as session, pytest.raises(MergeRefused, match="no such merge"):
        merging.undo(session, number, actor="desk")


def test_what_changed_meanwhile_stops_it(two: tuple[str, str]) -> None:
    kept, gone = two
    with session_scope(write=True) as session, pytest.raises(MergeRefused, match="look again"):
        merging.merge(session, kept, gone, picks={}, versions=(1, 9), actor="desk")
    with session_scope(write=True) as session, pytest.raises(MergeRefused, match="itself"):
        merging.merge(session, kept, kept, picks={}, versions=(1, 1), actor="desk")
    with session_scope(write=True) as session:
        number = make_one(session, kept, gone)
    with session_scope(write=True) as session:
        content = service.get(session, kept).content.model_copy(update={"summary": "Other."})
        service.save(session, content, door="form", actor="ann", state="draft")
    before = everything()
    with session_scope(write=True) as session, pytest.raises(MergeRefused, match="changed since"):
        merging.undo(session, number, actor="desk")
    assert everything() == before


def test_every_record_can_be_merged_with_every_other(store: Path) -> None:
    one, other = practice(), entry(awards=[{"scheme": "goldstein", "year": 1999}])
    for pick in ("kept", "gone", "both", "nonsense"):
        picks = dict.fromkeys(type(one).model_fields, pick)
        made = merging.merged(one, other, picks)
        assert made.title in (one.title, other.title)
    assert (
        merging.merged(one, one, {}).snapshot()
        == one.model_copy(update={"other_names": []}).snapshot()
    )
