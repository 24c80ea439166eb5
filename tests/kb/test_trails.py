"""Search trails: the five steps, the log and its fold, who may see what, and the report."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
import rispy
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from kb import migrations
from kb.audit import AuditEntry
from kb.database import session_scope
from kb.exports.table import rearm
from kb.records import service as records
from kb.settings import settings
from kb.trails import access, excluded, fold, lists, log, recorder, rerun, saved, service, steps
from kb.trails.access import Viewer
from kb.trails.checklist import begin_with, checklist, search_link, search_words
from kb.trails.errors import EntryInvalid, TrailClosed, TrailNotFound, TrailReadOnly
from kb.trails.find import find
from kb.trails.models import Share, Trail, TrailEvent
from kb.trails.report import Report, report
from kb.trails.report_files import FORMATS
from kb.trails.rerun import Found
from kb.trails.seen import seen
from kb.trails.shown import HIDDEN
from kb.trails.state import TrailState
from tests.conftest import need
from tests.factories import practice

ANN, BOB, EVE = Viewer(account="ann"), Viewer(account="bob"), Viewer(account="eve")
GUEST = Viewer(session_key="a browser's key")


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    """A session on a store with three public records and one draft."""
    with session_scope(write=True) as opened:
        for record_id, title in (
            ("gates", "Alley gates in Marsh Lane"),
            ("lamps", "Street lamps in Harbour Road"),
            ("wardens", "Wardens in the Northfield flats"),
        ):
            _save(opened, record_id, title)
        _save(opened, "hidden", "Not to be seen", state="draft")
        yield opened


def _save(session: Session, record_id: str, title: str, state: str = "published") -> None:
    content = practice(id=record_id, title=title)
    records.save(session, content, door="form", actor="a", state=state)


def _state(session: Session, trail_id: str, viewer: Viewer = ANN) -> TrailState:
    return service.view(session, trail_id, viewer).state


def _agrees(session: Session, trail_id: str) -> bool:
    """Whether the stored fold is what the log folds to."""
    session.expire_all()
    trail = session.get(Trail, trail_id)
    assert trail is not None
    return trail.state == log.refold(session, trail_id)


# --- the five steps ---------------------------------------------------------------------------


def test_clarify_keeps_what_is_not_corrected(session: Session) -> None:
    trail = service.open_trail(
        session, ANN, "Burglary in Q3", {"problem": "Sheds broken into", "place": "Reading"}
    )
    steps.set_brief(session, trail, ANN, {"place": "Slough", "not_wanted": ["CCTV", "car park"]})
    brief = _state(session, trail).brief
    assert (brief.problem, brief.place) == ("Sheds broken into", "Slough")
    assert excluded.with_excluded("gates", brief.not_wanted) == 'gates -CCTV -"car park"'
    steps.set_brief(session, trail, ANN, {"not_wanted": ["CCTV, dogs; car park", " ", "vans"]})
    assert _state(session, trail).brief.not_wanted == ["CCTV", "dogs", "car park", "vans"]
    kinds = [event.kind for event in log.events(session, trail)]
    assert kinds == ["opened", "brief_set", "brief_set", "brief_set"]


def test_labels_of_vocabularies_are_understood_and_others_refused(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    steps.set_brief(session, trail, ANN, {"problem_types": ["Burglary of homes"]})
    assert _state(session, trail).brief.problem_types == ["burglary-dwelling"]
    with pytest.raises(EntryInvalid, match="problem_types"):
        steps.set_brief(session, trail, ANN, {"problem_types": ["no such problem"]})
    with pytest.raises(EntryInvalid, match="no such field"):
        steps.set_brief(session, trail, ANN, {"colour": "blue"})


def test_excluded_terms_stay_out_of_every_part_of_the_words() -> None:
    assert excluded.with_excluded("a OR b", ["c"]) == "(a OR b) -c"
    assert excluded.with_excluded("(a OR b) d", ["c"]) == "(a OR b) d -c"
    assert excluded.with_excluded("", ["c"]) == "-c"
    assert excluded.with_excluded("a", ['"', "  "]) == "a"


def test_a_lead_becomes_a_task_that_can_be_ticked_off(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    talk = steps.set_talk(session, trail, ANN, {"who": "Sam", "lead": "Ask Leeds about bikes"})
    later = {"who": "Jo", "lead": "Read the review", "follow_up": "2027-01-05"}
    steps.set_talk(session, trail, ANN, later)
    steps.set_talk(session, trail, ANN, {"who": "Kim", "said": "Nothing new"})
    assert [task.who for task in _state(session, trail).tasks] == ["Jo", "Sam"]
    steps.set_task(session, trail, ANN, talk, "done", note="They sent a plan")
    assert [task.who for task in _state(session, trail).tasks] == ["Jo"]
    assert _state(session, trail).talks[0].task_note == "They sent a plan"
    steps.set_talk(session, trail, ANN, {"said": "Call again"}, talk)
    assert (_state(session, trail).talks[0].who, _state(session, trail).talks[0].task) == (
        "Sam",
        "done",
    )
    steps.remove_talk(session, trail, ANN, talk)
    assert len(_state(session, trail).talks) == 2
    assert any("Leeds" in str(event.payload) for event in log.events(session, trail))
    for bad in ({}, {"when": "31/12/2026"}):
        with pytest.raises(EntryInvalid):
            steps.set_talk(session, trail, ANN, bad)
    with pytest.raises(EntryInvalid, match="todo, doing"):
        steps.set_task(session, trail, ANN, talk, "later")


def test_the_clock_warns_and_stands_still_while_paused() -> None:
    start = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    moments = [start + timedelta(minutes=minutes) for minutes in (0, 0, 10, 60, 66)]
    kinds = ("opened", "broad_started", "paused", "resumed", "broad_stopped")
    search = {"limit_minutes": 20, "engine": "", "query": ""}
    plain = fold.empty()
    seen = []
    for number, (kind, at) in enumerate(zip(kinds, moments, strict=True), 1):
        payload = search if kind == "broad_started" else {"title": ""}
        fold.apply(plain, fold.Event(number, at.isoformat(), "ann", kind, payload))
        if plain["rounds"]:
            seen.append(fold_clock(plain, at))
    assert [clock.spent.total_seconds() / 60 for clock in seen] == [0, 10, 10, 16]
    assert [clock.running for clock in seen] == [True, False, True, False]
    assert [clock.warning[:9] for clock in seen] == ["", "", "", "Nearly up"]
    fold.apply(plain, fold.Event(6, start.isoformat(), "ann", "broad_started", search))
    assert "10 minutes ago" in fold_clock(plain, start + timedelta(minutes=30)).warning
    assert "was up." in fold_clock(plain, start + timedelta(minutes=20)).warning


def fold_clock(plain: dict[str, Any], at: datetime) -> Any:
    from kb.trails.state import typed

    return typed(plain).rounds[-1].clock(at)


def test_a_broad_search_is_timed(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    steps.start_broad(session, trail, ANN, {"limit_minutes": 15, "query": "alley gates"})
    assert _state(session, trail).running is not None
    steps.start_broad(session, trail, ANN, {"query": "gating orders"})
    steps.stop_broad(session, trail, ANN)
    steps.stop_broad(session, trail, ANN)
    state = _state(session, trail)
    assert state.running is None
    assert [item.limit_minutes for item in state.rounds] == [15, 20]
    for minutes, told in ((0, "must be 1 or more"), (9999, "must be 1440 or less"), ("x", "whole")):
        with pytest.raises(EntryInvalid, match=told):
            steps.start_broad(session, trail, ANN, {"limit_minutes": minutes})


def test_what_is_too_long_is_told_in_characters(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    with pytest.raises(EntryInvalid, match="use at most 2000 characters"):
        steps.set_brief(session, trail, ANN, {"question": "a" * 2001})
    with pytest.raises(EntryInvalid, match="use at most 2000 characters"):
        steps.set_result(session, trail, ANN, {"url": "https://example.org/" + "a" * 9000})


def test_the_check_list_knows_every_source_and_where_one_has_been(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    rows = checklist(session, _state(session, trail), "alley gates")
    assert "imported-document" not in [row.id for row in rows], "files are no place to look"
    assert len(rows) > 60
    assert {row.state for row in rows} == {"todo"}
    kinds = list(dict.fromkeys(row.link_kind for row in rows))
    assert kinds == [
        kind for kind in ("search", "site-search", "address", "archive", "") if kind in kinds
    ], "what can be searched now comes first"
    by_id = {row.id: row for row in rows}
    assert by_id["participedia"].link.endswith("query=alley+gates&selectedCategory=case")
    assert by_id["yef-toolkit"].link_kind == "site-search"
    assert "site%3Ayouthendowmentfund.org.uk+alley+gates" in by_id["yef-toolkit"].link
    assert by_id["crimereduction-org-uk"].link
    recorder.note_source_visit(session, trail, ANN, "participedia")
    steps.set_source(session, trail, ANN, "yef-toolkit", "nothing", step={"query": "gates"})
    rows = checklist(session, _state(session, trail))
    by_id = {row.id: row for row in rows}
    assert (by_id["participedia"].state, by_id["yef-toolkit"].state) == ("doing", "nothing")
    assert by_id["participedia"].visited_at is not None
    assert by_id["participedia"].link_kind == "address"  # no words to search for yet
    steps.set_brief(session, trail, ANN, {"aspects": ["who"]})
    first, *_, last = checklist(session, _state(session, trail))
    assert "who" in first.aspects
    assert "who" not in last.aspects
    first, rest = begin_with(checklist(session, _state(session, trail)), also="beacon-scheme")
    assert len(first) == 13, "ten, the two where one has been, and the one asked for"
    assert {"participedia", "yef-toolkit", "beacon-scheme"} <= {row.id for row in first}
    assert len(first) + len(rest) == len(rows)
    for source, state in (("no-such", "done"), ("yef-toolkit", "maybe")):
        with pytest.raises(EntryInvalid):
            steps.set_source(session, trail, ANN, source, state)


def test_the_check_list_begins_with_what_fits_the_problem(session: Session) -> None:
    brief = {"question": "Knives carried\nby children: youth violence"}
    trail = service.open_trail(session, ANN, "Knives", brief)
    rows = checklist(session, _state(session, trail), "knives")
    assert "yef-toolkit" in [row.id for row in rows[:3]], "it holds what is known of youth violence"
    rows = checklist(session, _state(session, trail), "knives", {"public-safety-canada": 20})
    assert rows[0].id == "public-safety-canada"
    assert search_words(_state(session, trail)) == "Knives carried by children: youth violence"


@pytest.mark.parametrize(
    ("entry", "link", "kind"),
    [
        ({"state": "dead", "url_now": ""}, "", ""),
        ({"state": "archived", "memento": "https://a.org/x"}, "https://a.org/x", "archive"),
        ({"state": "live"}, "", ""),
        (
            {"state": "live", "search_template": "https://a.org/?q={query}"},
            "https://a.org/?q=a+%26+b%22%3C",
            "search",
        ),
    ],
)
def test_search_links(entry: dict[str, str], link: str, kind: str) -> None:
    assert search_link(entry, 'a & b"<') == (link, kind)


def test_the_same_result_noted_again_is_one_result(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    record = steps.set_result(session, trail, ANN, {"record": "gates", "useful": "key"})
    steps.set_result(session, trail, ANN, {"record": "gates", "note": "Ask for the keys"})
    page = {"url": "https://www.example.org/a?utm_source=x#top", "title": "A page"}
    first = steps.set_result(session, trail, ANN, page)
    assert first == steps.set_result(session, trail, ANN, {"url": "http://example.org/a"})
    by_hand = steps.set_result(session, trail, ANN, {"title": "A leaflet"})
    state = _state(session, trail)
    assert [result.title for result in state.results] == [
        "Alley gates in Marsh Lane",
        "A page",
        "A leaflet",
    ]
    assert (state.results[0].useful, state.results[0].note) == ("key", "Ask for the keys")
    before = state.sequence
    steps.set_result(session, trail, ANN, {"note": "Ask for the keys"}, record)
    assert _state(session, trail).sequence == before  # a double click is no second event
    steps.remove_result(session, trail, ANN, by_hand)
    steps.remove_result(session, trail, ANN, by_hand)
    assert len(_state(session, trail).results) == 2
    for bad in ({}, {"record": "hidden"}, {"record": "none"}, {"url": "javascript:alert(1)"}):
        with pytest.raises(EntryInvalid):
            steps.set_result(session, trail, ANN, bad)
    with pytest.raises(EntryInvalid, match="not in this trail"):
        steps.set_result(session, trail, ANN, {"note": "x"}, "hand:none")


def test_equal_dead_ends_are_merged_also_from_another_trail(session: Session) -> None:
    mine, other = service.open_trail(session, ANN), service.open_trail(session, ANN)
    for trail in (mine, other):
        steps.note_dead_end(session, trail, ANN, {"what": "The council's site", "why": "empty"})
    steps.note_dead_end(session, other, ANN, {"what": "the Council's  site!", "why": "only press"})
    steps.note_dead_end(session, other, ANN, {"what": "An old forum"})
    assert steps.bring_dead_ends(session, mine, ANN, other) == 2
    assert steps.bring_dead_ends(session, mine, ANN, other) == 2
    ends = _state(session, mine).dead_ends
    assert [(end.what, end.times, end.why) for end in ends] == [
        ("the Council's  site!", 3, "empty\nonly press"),
        ("An old forum", 1, ""),
    ]
    assert _agrees(session, mine)


def test_comparisons_hold_two_to_four_public_records(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    kept = steps.set_comparison(session, trail, ANN, {"records": ["gates", "lamps", "gates"]})
    steps.set_comparison(session, trail, ANN, {"note": "Lamps are cheaper"}, kept)
    (comparison,) = _state(session, trail).comparisons
    assert (comparison.records, comparison.note) == (["gates", "lamps"], "Lamps are cheaper")
    for bad in (["gates"], ["gates", "hidden"], ["a", "b", "c", "d", "e"]):
        with pytest.raises(EntryInvalid):
            steps.set_comparison(session, trail, ANN, {"records": bad})
    steps.remove_comparison(session, trail, ANN, kept)
    assert _state(session, trail).comparisons == []


# --- what writes itself -----------------------------------------------------------------------


def _query(session: Session, trail: str, text: str, ids: list[str], **more: Any) -> bool:
    return recorder.note_query(
        session,
        trail,
        more.pop("viewer", ANN),
        params=[("q", text), *more.pop("filters", [])],
        total=more.pop("total", len(ids)),
        top=ids,
        fingerprint="f1",
    )


def test_an_open_trail_writes_itself(session: Session) -> None:
    trail = service.open_trail(session, ANN, brief={"not_wanted": ["CCTV"]})
    assert _query(session, trail, "gates", ["gates", "hidden"], filters=[("problem", "x")])
    assert _query(session, trail, "gates", ["gates"], filters=[("problem", "x")])
    assert not _query(session, trail, "gates", ["gates"], filters=[("page", "2")])
    assert recorder.note_opened(session, trail, ANN, "gates")
    assert not recorder.note_opened(session, trail, ANN, "hidden")
    assert recorder.note_verdict(session, trail, ANN, "gates", {"useful": "useful", "why": []})
    state = _state(session, trail)
    (query,) = state.queries
    assert (query.text, query.as_run, query.times) == ("gates", "gates -CCTV", 2)
    assert query.filters == [("problem", "x")]
    assert list(seen(session, _row(session, trail))[query.key]) == ["gates"]
    assert (state.records[0].title, state.records[0].via) == (
        "Alley gates in Marsh Lane",
        query.key,
    )
    assert state.results[0].useful == "useful"
    assert _agrees(session, trail)


def test_a_paused_or_closed_trail_writes_nothing(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    notes: list[Callable[[], bool]] = [
        lambda: _query(session, trail, "gates", ["gates"]),
        lambda: recorder.note_opened(session, trail, ANN, "gates"),
        lambda: recorder.note_source_visit(session, trail, ANN, "trip"),
        lambda: recorder.note_verdict(session, trail, ANN, "gates", {"useful": "key"}),
    ]
    for stop in (
        lambda: service.pause(session, trail, ANN),
        lambda: service.close(session, trail, ANN, {"answer": "Gates"}),
    ):
        stop()
        before = _state(session, trail).sequence
        assert [note() for note in notes] == [False] * 4
        assert _state(session, trail).sequence == before
    with pytest.raises(TrailClosed):
        steps.set_brief(session, trail, ANN, {"place": "x"})
    service.reopen(session, trail, ANN)
    assert [note() for note in notes] == [True] * 4
    service.pause(session, trail, ANN)
    service.pause(session, trail, ANN)
    service.resume(session, trail, ANN)
    assert _state(session, trail).status == "open"
    assert not recorder.note_opened(session, "gone", ANN, "gates")


def test_rerunning_tells_only_what_changed_and_only_once(session: Session) -> None:
    trail = service.open_trail(session, ANN, brief={"not_wanted": ["CCTV"]})
    _query(session, trail, "gates", ["gates", "lamps"])
    _query(session, trail, "quiet", ["wardens"])
    _save(session, "gates", "Alley gates in Marsh Lane, with keys")
    records.set_state(session, "lamps", "withdrawn", actor="a")
    _save(session, "fences", "Fences round the allotments")
    asked = []

    def run(params: list[tuple[str, str]]) -> Found:
        asked.append(params)
        ids = ["wardens"] if "quiet" in params[0][1] else ["fences", "gates", "lamps", "hidden"]
        return Found(ids, "f2")

    (change,) = rerun.rerun(session, trail, ANN, run)
    assert asked[0] == [("q", "gates -CCTV")]
    assert [record.id for record in change.new] == ["fences"]
    assert [record.id for record in change.changed] == ["gates"]
    assert (change.gone, change.total) == (["lamps"], 2)
    assert rerun.rerun(session, trail, ANN, run) == []
    assert [update.new for update in _state(session, trail).updates] == [1, 0]
    assert _agrees(session, trail)


def test_more_results_than_are_kept_make_nothing_old_look_new(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    _query(session, trail, "all", ["gates"], total=60)
    assert rerun.rerun(session, trail, ANN, lambda _: Found(["gates", "lamps"])) == []
    _query(session, trail, "all", ["gates"], total=60)
    _save(session, "fences", "Fences round the allotments")
    (change,) = rerun.rerun(session, trail, ANN, lambda _: Found(["fences", "gates", "lamps"]))
    assert [record.id for record in change.new] == ["fences"]
    assert not change.complete


def test_where_did_i_see_that(session: Session) -> None:
    trail = service.open_trail(session, ANN, "Bikes", {"problem": "Off-road bikes on the heath"})
    steps.set_talk(session, trail, ANN, {"who": "Sam", "said": "Try 100%_sure in Leeds"})
    _query(session, trail, "noisy motorbikes", ["gates"])
    recorder.note_opened(session, trail, ANN, "lamps")
    assert [item.kind for item in find(session, ANN, "HEATH bikes")] == ["Brief"]
    assert find(session, ANN, '"off-road bikes"')[0].trail_title == "Bikes"
    assert find(session, ANN, '"bikes off-road"') == []
    assert [item.text for item in find(session, ANN, "100%_sure")] == ["Sam"]
    assert find(session, ANN, "1000sure") == []
    assert find(session, ANN, "noisy")[0].kind == "Search"
    assert find(session, ANN, "harbour")[0].record == "lamps"
    records.set_state(session, "lamps", "withdrawn", actor="a")
    hidden = find(session, ANN, "harbour")[0]
    assert (hidden.text, hidden.record) == (HIDDEN, "")
    assert find(session, BOB, "heath") == find(session, ANN, "") == find(session, ANN, '"') == []


# --- the life of a trail ----------------------------------------------------------------------


def test_a_fork_takes_the_whole_log_and_then_goes_its_own_way(session: Session) -> None:
    trail = service.open_trail(session, ANN, "Bikes", {"place": "Heath"})
    service.close(session, trail, ANN, {"answer": "Gates"})
    token = access.share_by_link(session, "trail", _row(session, trail), ANN)
    copy = service.fork(session, trail, Viewer(account="bob", link_token=token))
    steps.set_brief(session, copy, BOB, {"place": "Park"})
    assert _state(session, trail).brief.place == "Heath"
    state = _state(session, copy, BOB)
    assert (state.brief.place, state.forked_from, state.status) == ("Park", trail, "open")
    assert state.title == "Bikes (copy)"
    assert _agrees(session, copy)
    service.delete_trail(session, trail, ANN)
    assert _state(session, copy, BOB).brief.place == "Park"


def _row(session: Session, trail_id: str) -> Trail:
    row = session.get(Trail, trail_id)
    assert row is not None
    return row


def test_an_anonymous_trail_is_kept_at_sign_in(session: Session) -> None:
    trail = service.open_trail(session, GUEST, "Bikes")
    reading = lists.create(session, GUEST, "For later")
    assert [item.title for item in service.mine(session, GUEST)] == ["Bikes"]
    assert service.claim(session, GUEST.session_key, "ann") == [trail]
    assert service.claim(session, GUEST.session_key, "bob") == []
    assert [item.id for item in service.mine(session, ANN)] == [trail]
    assert lists.view(session, reading, ANN).mine
    for viewer in (GUEST, BOB):
        with pytest.raises(TrailNotFound):
            service.view(session, trail, viewer)
    keys = [item.owner for item in session.exec(select(Trail))]
    assert GUEST.session_key not in " ".join(keys)
    assert _agrees(session, trail)


def test_nobody_without_account_or_session_can_begin(session: Session) -> None:
    with pytest.raises(TrailReadOnly):
        service.open_trail(session, Viewer())
    assert service.mine(session, Viewer()) == []


def test_deleting_and_forgetting_leave_nothing(session: Session) -> None:
    gone, kept = service.open_trail(session, ANN), service.open_trail(session, ANN)
    access.share_by_link(session, "trail", _row(session, gone), ANN)
    service.delete_trail(session, gone, ANN)
    assert session.exec(select(TrailEvent).where(TrailEvent.trail_id == gone)).all() == []
    assert session.exec(select(Share)).all() == []
    visit = service.open_trail(session, GUEST)
    assert service.delete_stale_visits(session, datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert service.delete_stale_visits(session, datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert session.get(Trail, visit) is None
    assert session.get(Trail, kept) is not None


def test_the_audit_tells_that_but_never_what(session: Session) -> None:
    trail = service.open_trail(session, ANN, "Mrs Smith's shed", {"problem": "Mrs Smith"})
    access.share_by_link(session, "trail", _row(session, trail), ANN)
    service.close(session, trail, ANN, {"answer": "Mrs Smith"})
    service.delete_trail(session, trail, ANN)
    entries = [entry for entry in session.exec(select(AuditEntry)) if entry.subject_type == "trail"]
    actions = ["trail.opened", "trail.shared", "trail.closed", "trail.deleted"]
    assert [entry.action for entry in entries] == actions
    assert "Smith" not in str([entry.detail for entry in entries])


# --- the log and its fold ---------------------------------------------------------------------

WORDS = st.text(max_size=40)
CLEAN = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t"), max_size=200
)

# One act of a person or a page on a trail; ids are taken from what is there, so many acts correct
# or remove what others did.
ACTS: list[Callable[[Session, str, TrailState, int, str], object]] = [
    lambda s, t, _, n, w: steps.set_brief(s, t, ANN, {"place": w, "not_wanted": [w] * (n % 3)}),
    lambda s, t, _, n, w: steps.set_talk(s, t, ANN, {"who": w or "x", "lead": w}),
    lambda s, t, state, n, w: [
        steps.set_task(s, t, ANN, talk.id, ("todo", "done")[n % 2], note=w)
        for talk in state.talks[-1:]
    ],
    lambda s, t, state, n, w: [
        steps.remove_talk(s, t, ANN, x.id) for x in state.talks[n % 2 :][:1]
    ],
    lambda s, t, _, n, w: steps.start_broad(s, t, ANN, {"limit_minutes": n + 1, "query": w}),
    lambda s, t, *_: steps.stop_broad(s, t, ANN),
    lambda s, t, _, n, w: steps.set_source(
        s, t, ANN, ("trip", "participedia")[n % 2], ("todo", "nothing")[n % 2], step={"note": w}
    ),
    lambda s, t, *_: recorder.note_source_visit(s, t, ANN, "trip"),
    lambda s, t, _, n, w: _query(s, t, w, ["gates", "lamps"][: n % 3]),
    lambda s, t, _, n, w: recorder.note_opened(s, t, ANN, ("gates", "lamps")[n % 2]),
    lambda s, t, _, n, w: steps.set_result(
        s, t, ANN, {"title": w or "x", "note": w, "useful": ("key", None)[n % 2]}
    ),
    lambda s, t, _, n, w: steps.set_result(s, t, ANN, {"record": "gates", "quote": w}),
    lambda s, t, state, n, w: [
        steps.remove_result(s, t, ANN, x.id) for x in state.results[n % 2 :][:1]
    ],
    lambda s, t, _, n, w: steps.note_dead_end(s, t, ANN, {"what": w.strip() or "x", "why": w}),
    lambda s, t, _, n, w: steps.set_comparison(s, t, ANN, {"records": ["gates", "lamps"]}),
    lambda s, t, *_: rerun.rerun(s, t, ANN, lambda _: Found(["gates", "wardens"])),
    lambda s, t, *_: service.pause(s, t, ANN),
    lambda s, t, *_: service.resume(s, t, ANN),
    lambda s, t, _, n, w: (service.close(s, t, ANN, {"answer": w}), service.reopen(s, t, ANN)),
    lambda s, t, _, n, w: service.rename(s, t, ANN, w),
]


@given(
    acts=st.lists(
        st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 5), WORDS), min_size=1, max_size=25
    )
)
@examples(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_stored_fold_is_what_the_log_folds_to(
    session: Session, acts: list[tuple[int, int, str]]
) -> None:
    trail = service.open_trail(session, ANN)
    for number, choice, words in acts:
        try:
            ACTS[number](session, trail, _state(session, trail), choice, words)
        except EntryInvalid:
            continue  # text of nothing but control characters is empty
    assert _agrees(session, trail)
    events = log.events(session, trail)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    # A state that was stored and read again after every step is no different.
    plain = fold.empty()
    for event in events:
        plain = json.loads(json.dumps(plain, sort_keys=True))
        fold.apply(plain, log.as_event(event))
    assert plain == log.refold(session, trail)
    assert log.rebuild(session, [trail]) == []
    assert service.view(session, trail, ANN).state.sequence == len(events)


def test_a_damaged_fold_is_made_again_from_the_log(session: Session) -> None:
    trail = service.open_trail(session, ANN, "Bikes")
    row = _row(session, trail)
    row.state = fold.empty()
    session.add(row)
    session.flush()
    assert log.rebuild(session, [trail, "gone"]) == [trail]
    assert _state(session, trail).title == "Bikes"


def test_events_of_a_newer_version_are_passed_over() -> None:
    event = fold.Event(1, "2027-01-05T00:00:00+00:00", "ann", "sung", {"song": "x"})
    assert fold.fold([event])["sequence"] == 1


@given(text=CLEAN)
@examples(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_text_comes_back_as_it_was_written(session: Session, text: str) -> None:
    text = text.strip()
    trail = service.open_trail(session, ANN, brief={"problem": text})
    steps.set_result(session, trail, ANN, {"title": f"x{text}"[:500], "note": text})
    closing = {"answer": text}
    service.close(session, trail, ANN, closing)
    state = _state(session, trail)
    assert state.brief.problem == state.results[0].note == state.closing.answer == text
    found = report(session, trail, ANN)
    rows = list(csv.reader(io.StringIO(FORMATS["csv"].write(found).decode("utf-8-sig"))))
    assert rearm(rows[1][rows[0].index("note")]) == text
    told = "\n\n".join(p.text for p in docx.Document(_file(found, "docx")).paragraphs)
    assert " ".join(text.split()) in " ".join(told.split())


def _file(found: Report, name: str) -> io.BytesIO:
    return io.BytesIO(FORMATS[name].write(found))


# --- two writers at once, and a kill ----------------------------------------------------------


def _write_at_once(trail: str) -> None:
    def write(viewer: Viewer) -> None:
        for number in range(15):
            with session_scope(write=True) as opened:
                steps.set_talk(opened, trail, viewer, {"who": f"{viewer.account} {number}"})

    threads = [threading.Thread(target=write, args=(viewer,)) for viewer in (ANN, BOB)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session_scope() as opened:
        events = log.events(opened, trail)
        assert [event.sequence for event in events] == list(range(1, 32))
        assert {event.actor for event in events} == {"account:ann", "account:bob"}
        assert len(_state(opened, trail).talks) == 30
        assert _agrees(opened, trail)


def _shared_trail() -> str:
    with session_scope(write=True) as opened:
        trail = service.open_trail(opened, ANN)
        access.share_with(opened, "trail", _row(opened, trail), ANN, "bob", may_write=True)
    return trail


def test_two_people_write_at_once_and_both_are_kept(empty_store: Engine) -> None:
    migrations.upgrade()
    _write_at_once(_shared_trail())


_WRITER = """
import sys
from kb.database import session_scope
from kb.trails import steps
from kb.trails.access import Viewer
for number in range(100_000):
    with session_scope(write=True) as session:
        steps.set_talk(session, sys.argv[1], Viewer(account="ann"), {"who": f"talk {number}"})
    print(number, flush=True)
"""


def test_a_kill_in_the_middle_loses_nothing_that_was_done(store: Path) -> None:
    trail = _shared_trail()
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, trail],
        env={**os.environ, "KB_HOME": str(store)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    done = [int(writer.stdout.readline()) for _ in range(10)]
    writer.send_signal(signal.SIGKILL)
    done += [int(line) for line in writer.stdout.read().split()]
    writer.stdout.close()
    writer.wait(timeout=30)
    with session_scope() as opened:
        assert _agrees(opened, trail)
        talks = [talk.who for talk in _state(opened, trail).talks]
    assert talks[: len(done)] == [f"talk {number}" for number in done]
    assert len(talks) - len(done) in (0, 1)


# --- who may see what -------------------------------------------------------------------------

READS: dict[str, Callable[[Session, str, Viewer], object]] = {
    "view": service.view,
    "report": report,
    "fork": service.fork,
    "rerun": lambda s, t, v: rerun.rerun(s, t, v, lambda _: Found([])),
    "bring its dead ends": lambda s, t, v: steps.bring_dead_ends(s, service.open_trail(s, v), v, t),
}
WRITES: dict[str, Callable[[Session, str, Viewer], object]] = {
    "brief": lambda s, t, v: steps.set_brief(s, t, v, {"place": "x"}),
    "talk": lambda s, t, v: steps.set_talk(s, t, v, {"who": "x"}),
    "change talk": lambda s, t, v: steps.set_talk(s, t, v, {"who": "y"}, _first_talk(s, t)),
    "task": lambda s, t, v: steps.set_task(s, t, v, _first_talk(s, t), "done"),
    "remove talk": lambda s, t, v: steps.remove_talk(s, t, v, "none"),
    "start": lambda s, t, v: steps.start_broad(s, t, v, {}),
    "stop": steps.stop_broad,
    "source": lambda s, t, v: steps.set_source(s, t, v, "trip", "done"),
    "result": lambda s, t, v: steps.set_result(s, t, v, {"title": "x"}),
    "remove result": lambda s, t, v: steps.remove_result(s, t, v, "none"),
    "dead end": lambda s, t, v: steps.note_dead_end(s, t, v, {"what": "x"}),
    "compare": lambda s, t, v: steps.set_comparison(s, t, v, {"records": ["gates", "lamps"]}),
    "remove comparison": lambda s, t, v: steps.remove_comparison(s, t, v, "none"),
    "rename": lambda s, t, v: service.rename(s, t, v, "x"),
    "pause": service.pause,
    "resume": service.resume,
    "close": lambda s, t, v: service.close(s, t, v, {}),
    "reopen": service.reopen,
}
NOTES: dict[str, Callable[[Session, str, Viewer], bool]] = {
    "query": lambda s, t, v: _query(s, t, "x", [], viewer=v),
    "opened": lambda s, t, v: recorder.note_opened(s, t, v, "gates"),
    "visit": lambda s, t, v: recorder.note_source_visit(s, t, v, "trip"),
    "verdict": lambda s, t, v: recorder.note_verdict(s, t, v, "gates", {"useful": "key"}),
}
OWNS: dict[str, Callable[[Session, str, Viewer], object]] = {
    "link": lambda s, t, v: access.share_by_link(s, "trail", _row(s, t), v),
    "name": lambda s, t, v: access.share_with(s, "trail", _row(s, t), v, "eve"),
    "shares": lambda s, t, v: access.shares(s, "trail", _row(s, t), v),
    "delete": service.delete_trail,
}


def _first_talk(session: Session, trail: str) -> str:
    return sorted(_row(session, trail).state["talks"])[0]


def _viewers(session: Session, trail: str, other: str) -> dict[str, tuple[Viewer, str]]:
    """Everybody who might come, and what they may: nothing, read, write or own."""
    row = _row(session, trail)
    token = access.share_by_link(session, "trail", row, ANN)
    gone = access.share_by_link(session, "trail", row, ANN)
    access.revoke(session, "trail", row, ANN, access.shares(session, "trail", row, ANN)[-1].id or 0)
    access.share_with(session, "trail", row, ANN, "reader")
    access.share_with(session, "trail", row, ANN, "writer", may_write=True)
    former = access.share_with(session, "trail", row, ANN, "former", may_write=True)
    access.revoke(session, "trail", row, ANN, former)
    lowered = access.share_with(session, "trail", row, ANN, "lowered", may_write=True)
    assert access.share_with(session, "trail", row, ANN, "lowered") == lowered
    elsewhere = access.share_by_link(session, "trail", _row(session, other), BOB)
    return {
        "owner": (ANN, "own"),
        "named writer": (Viewer(account="writer"), "write"),
        "named reader": (Viewer(account="reader"), "read"),
        "writer made a reader": (Viewer(account="lowered"), "read"),
        "link": (Viewer(link_token=token, session_key="s1"), "read"),
        "link with an account": (Viewer(account="carol", link_token=token), "read"),
        "nobody": (Viewer(session_key="s2"), ""),
        "another account": (EVE, ""),
        "revoked link": (Viewer(link_token=gone, session_key="s3"), ""),
        "revoked name": (Viewer(account="former"), ""),
        "link to another trail": (Viewer(account="x", link_token=elsewhere), ""),
        "hash as a link": (Viewer(account="x", link_token=access._hashed(token)), ""),
        "trail's id as a link": (Viewer(account="x", link_token=trail), ""),
        "owner's mark as account": (Viewer(account="account:ann"), ""),
        "owner's name as session": (Viewer(session_key="ann"), ""),
        "name as a link": (Viewer(account="x", link_token="reader"), ""),
        "administrator": (Viewer(account="admin"), ""),
    }


def test_nobody_reads_or_writes_a_trail_but_those_it_is_shared_with(session: Session) -> None:
    other = service.open_trail(session, BOB)
    secret = service.open_trail(session, ANN, "Hush", {"problem": "Unspoken"})
    steps.set_talk(session, secret, ANN, {"who": "Sam"})
    for name, (viewer, leave) in _viewers(session, secret, other).items():
        before = _row(session, secret).sequence
        for act, read in READS.items():
            if leave:
                read(session, secret, viewer)
            else:
                _refused(TrailNotFound, read, session, secret, viewer, name, act)
        own_or_named = bool(leave) and "link" not in name
        sightings = [item.trail_id for item in find(session, viewer, "unspoken")]
        assert (secret in sightings) is own_or_named, name
        assert (secret in [item.id for item in service.mine(session, viewer)]) is own_or_named, name
        for act, write in WRITES.items():
            with session.begin_nested() as point:
                if leave in ("own", "write"):
                    write(session, secret, viewer)
                else:
                    error = TrailReadOnly if leave else TrailNotFound
                    _refused(error, write, session, secret, viewer, name, act)
                point.rollback()
            session.expire_all()
        for note in NOTES.values():
            with session.begin_nested() as point:
                assert note(session, secret, viewer) is (leave in ("own", "write")), name
                point.rollback()
            session.expire_all()
        for act, own in OWNS.items():
            with session.begin_nested() as point:
                if leave == "own":
                    own(session, secret, viewer)
                else:
                    error = TrailReadOnly if leave else TrailNotFound
                    _refused(error, own, session, secret, viewer, name, act)
                point.rollback()
            session.expire_all()
        if leave not in ("own", "write"):
            assert _row(session, secret).sequence == before, name


def _refused(
    error: type[Exception],
    act: Callable[[Session, str, Viewer], object],
    session: Session,
    trail: str,
    viewer: Viewer,
    *named: str,
) -> None:
    try:
        act(session, trail, viewer)
    except error as refusal:
        assert "Hush" not in str(refusal)
        assert "Unspoken" not in str(refusal)
    else:
        pytest.fail(f"not refused: {named}")


def test_what_is_not_there_and_what_is_not_theirs_look_the_same(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    said = []
    for trail_id in (trail, "0" * 16):
        with pytest.raises(TrailNotFound) as refusal:
            service.view(session, trail_id, EVE)
        said.append(str(refusal.value).replace(trail_id, "…"))
    assert said[0] == said[1]


def test_a_share_is_taken_back_only_from_its_own_trail(session: Session) -> None:
    mine, other = service.open_trail(session, ANN), service.open_trail(session, BOB)
    share = access.share_with(session, "trail", _row(session, other), BOB, "eve")
    with pytest.raises(TrailNotFound):
        access.revoke(session, "trail", _row(session, mine), ANN, share)
    assert [item.id for item in service.mine(session, EVE)] == [other]


def test_a_token_is_not_kept_as_it_is(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    token = access.share_by_link(session, "trail", _row(session, trail), ANN)
    assert token not in str([share.model_dump() for share in session.exec(select(Share))])
    assert token not in str([entry.detail for entry in session.exec(select(AuditEntry))])


# --- reading lists ----------------------------------------------------------------------------


def test_a_reading_list_keeps_records_with_own_notes_and_is_private(session: Session) -> None:
    kept = lists.create(session, ANN, "Gates", "For the bid")
    lists.put(session, kept, ANN, "gates", "Read the costs")
    lists.put(session, kept, ANN, "lamps")
    lists.put(session, kept, ANN, "gates")
    found = lists.view(session, kept, ANN)
    assert [(item.record_id, item.note) for item in found.items] == [
        ("gates", "Read the costs"),
        ("lamps", ""),
    ]
    for record in ("hidden", "none"):
        with pytest.raises(EntryInvalid):
            lists.put(session, kept, ANN, record)
    records.set_state(session, "lamps", "withdrawn", actor="a")
    assert lists.view(session, kept, ANN).items[1].record is None
    row = lists.readable(session, kept, ANN)
    link = Viewer(link_token=access.share_by_link(session, "reading_list", row, ANN))
    assert lists.view(session, kept, link).name == "Gates"
    for act in (
        lambda: lists.put(session, kept, link, "wardens"),
        lambda: lists.take_off(session, kept, link, "gates"),
        lambda: lists.rename(session, kept, link, "x", ""),
        lambda: lists.delete_list(session, kept, link),
    ):
        with pytest.raises(TrailReadOnly):
            act()
    with pytest.raises(TrailNotFound):
        lists.view(session, kept, EVE)
    lists.take_off(session, kept, ANN, "gates")
    lists.rename(session, kept, ANN, "Lamps", "")
    assert [item.name for item in lists.mine(session, ANN)] == ["Lamps"]
    lists.delete_list(session, kept, ANN)
    with pytest.raises(TrailNotFound):
        lists.view(session, kept, ANN)


# --- the report -------------------------------------------------------------------------------


@pytest.fixture
def told(session: Session) -> str:
    """A trail that went through all five steps."""
    brief = {
        "question": "What stops burglary through back alleys?",
        "problem_types": ["burglary-dwelling"],
        "not_wanted": ["CCTV"],
    }
    trail = service.open_trail(session, ANN, "Back alleys", brief)
    talk = {"who": "Sam of Leeds", "contact": "sam@example.org", "lead": "Visit Leeds"}
    steps.set_talk(session, trail, ANN, talk)
    steps.start_broad(session, trail, ANN, {"engine": "A search engine", "query": "alley gates"})
    steps.set_source(session, trail, ANN, "trip", "nothing", step={"query": "gating"})
    step = {"query": "alley gating", "hits_seen": 1204}
    steps.set_source(session, trail, ANN, "participedia", "done", step=step)
    _query(session, trail, "gates", ["gates", "lamps"], filters=[("stage", "evaluated-locally")])
    _query(session, trail, "gates keys", ["gates"])
    _query(session, trail, "moats", [])
    recorder.note_opened(session, trail, ANN, "gates")
    finding = {"record": "gates", "useful": "key", "why": ["same-problem"], "note": "=cmd|' /C'!A0"}
    steps.set_result(session, trail, ANN, finding)
    page = {"url": "https://example.org/a;b", "title": "Gating guide", "useful": "background"}
    steps.set_result(session, trail, ANN, page)
    poor = {"record": "lamps", "useful": "not-useful", "why": ["wrong-context"], "note": "Rural"}
    steps.set_result(session, trail, ANN, poor)
    steps.set_comparison(session, trail, ANN, {"records": ["gates", "lamps"], "title": "Which?"})
    steps.note_dead_end(session, trail, ANN, {"what": "The old forum", "why": "closed"})
    rerun.rerun(session, trail, ANN, lambda _: Found(["gates", "lamps", "wardens"]))
    closing = {"answer": "Gates with keys", "gaps": "No costs found", "decision": "Pilot"}
    service.close(session, trail, ANN, closing)
    return trail


def test_the_report_tells_question_method_findings_and_gaps(session: Session, told: str) -> None:
    found = report(session, told, ANN)
    assert [title for title, _ in found.sections] == [
        "Question",
        "Conclusion",
        "Method, step by step",
        "How the searching was done (PRISMA-S items)",
        "What was found",
        "What was rejected and why",
        "Comparisons",
        "Contacts",
        "Gaps",
        "References",
    ]
    items = {item.title: item for _, group in found.sections for item in group}
    numbered = [title.split(":")[0] for title in items if title.startswith("Item ")]
    assert numbered == [f"Item {number}" for number in (1, 8, 9, 12, 13, 15, 16)]
    assert f"{settings().site_name}: gates -CCTV [stage: evaluated-locally]" in (
        items["Item 8: searches as run"].lines
    )
    assert "CCTV" in items["Item 9: limits"].text
    assert "3 searches run again, 6 new" in items["Item 12: updates"].text
    assert "Participedia: 1,204" in items["Item 15: total records"].lines
    assert "9 results, which are 3 records" in items["Item 16: deduplication"].text
    assert "How useful: Key" in items["Alley gates in Marsh Lane"].lines
    assert items["Looked at and put aside"].rows == [
        ["Street lamps in Harbour Road", "Wrong context", "Rural"]
    ]
    assert items["What is still missing"].text == "No costs found"
    assert items["Leads not yet followed"].lines == ["Visit Leeds"]
    assert ["Sam of Leeds", "sam@example.org", "Asked in this search"] in (
        items["Who can help"].rows
    )
    ends = [row[0] for row in items["Dead ends"].rows]
    assert ends[:2] == ["The old forum", "gating"]
    assert "Not reported" in str(items["Which?"].rows)
    assert len(items["Sources of what was found"].lines) == 2


def test_an_empty_trail_has_a_report_too(session: Session) -> None:
    found = report(session, service.open_trail(session, ANN), ANN)
    assert found.title == "Search for good practice"
    for made in FORMATS.values():
        assert isinstance(made.write(found), bytes)


def test_the_report_names_no_record_that_is_not_public(session: Session, told: str) -> None:
    records.set_state(session, "gates", "withdrawn", actor="a")
    records.set_state(session, "lamps", "published", actor="a", restricted=True)
    found = report(session, told, ANN)
    assert HIDDEN in FORMATS["markdown"].write(found).decode()
    for name, made in FORMATS.items():
        data = made.write(found)
        if name == "docx":
            paragraphs = docx.Document(io.BytesIO(data)).element.xpath("//w:t")
            data = " ".join(node.text for node in paragraphs).encode()
        for secret in (b"Marsh Lane", b"Harbour Road", b"record:gates"):
            assert secret not in data, name


def test_files_of_a_report_read_back(session: Session, told: str) -> None:
    found = report(session, told, ANN)
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(found).decode("utf-8-sig"))))
    assert [row["useful"] for row in rows] == ["Key", "Background", "Not useful"]
    assert rows[0]["note"] == "'=cmd|' /C'!A0"  # no spreadsheet program runs it
    entries = rispy.loads(FORMATS["ris"].write(found).decode())
    assert [entry["type_of_reference"] for entry in entries] == ["RPRT", "ELEC"]
    assert entries[1]["urls"] == ["https://example.org/a%3Bb"]
    data = json.loads(FORMATS["json"].write(found))
    assert data["title"] == "Back alleys"
    text = FORMATS["markdown"].write(found).decode()
    assert "# Back alleys" in text
    assert r"=cmd\|" in text


def test_the_word_file_has_headings_and_marked_tables(session: Session, told: str) -> None:
    document = docx.Document(_file(report(session, told, ANN), "docx"))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings[0] == "Back alleys"
    assert "What was rejected and why" in headings
    assert document.tables
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    assert document.core_properties.title == "Back alleys"


def test_the_word_file_opens_in_libreoffice(session: Session, told: str, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    need(office is not None, "LibreOffice is not installed (package libreoffice-writer)")
    assert office is not None
    path = tmp_path / "report.docx"
    path.write_bytes(FORMATS["docx"].write(report(session, told, ANN)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    converted = tmp_path / "report.txt"
    assert converted.exists(), done.stderr
    text = converted.read_text("utf-8-sig")
    for wanted in ("Back alleys", "Gates with keys", "Item 16: deduplication", "Gating guide"):
        assert wanted in text


def test_the_command_shows_and_exports(
    store: Path, run_kb: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    with session_scope(write=True) as opened:
        trail = service.open_trail(opened, GUEST, "Bikes")
    assert "# Bikes" in run_kb("trail", "show", trail).stdout
    assert json.loads(run_kb("trail", "show", trail, "--json").stdout)[0]["kind"] == "opened"
    out = tmp_path / "bikes.docx"
    assert run_kb("trail", "export", trail, "--out", str(out)).returncode == 0
    assert docx.Document(str(out)).paragraphs[0].text == "Bikes"
    assert "record" in run_kb("trail", "export", trail, "--format", "csv").stdout
    missing = run_kb("trail", "show", "none")
    assert (missing.returncode, "no trail" in missing.stderr) == (1, True)
    assert run_kb("trail", "export", trail, "--format", "odt").returncode == 2


# --- personal data ----------------------------------------------------------------------------


def test_everything_of_a_person_is_handed_out_and_can_be_erased(session: Session) -> None:
    mine = service.open_trail(session, ANN, "Mine", {"problem": "Private"})
    theirs = service.open_trail(session, BOB, "Theirs")
    access.share_with(session, "trail", _row(session, theirs), BOB, "ann", may_write=True)
    steps.set_talk(session, theirs, ANN, {"who": "Sam"})
    lists.put(session, lists.create(session, ANN, "A list"), ANN, "gates", "My note")
    saved.save_search(session, ANN, "Gates", [("q", "gates")], found=Found(["gates"]))
    token = access.share_by_link(session, "trail", _row(session, mine), ANN)
    data = json.dumps(service.personal_data(session, "ann"))
    for part in ("Private", "Sam", "My note", "q=gates"):
        assert part in data
    assert access._hashed(token) not in data
    service.erase(session, "ann")
    again = service.personal_data(session, "ann")
    assert {name: value for name, value in again.items() if value} == {}
    assert session.get(Trail, mine) is None
    assert [talk.who for talk in _state(session, theirs, BOB).talks] == ["Sam"]
    actors = {event.actor for event in log.events(session, theirs)}
    assert any(actor.startswith("erased:") for actor in actors)
    assert "account:ann" not in actors
    assert _agrees(session, theirs)
