"""The five steps of a trail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from kb.trails import excluded, fold, log, recorder, service, steps
from kb.trails.checklist import begin_with, checklist, search_link, search_words
from kb.trails.errors import EntryInvalid
from tests.kb.trails.viewers import ANN, fold_agrees, state_of


def test_clarify_keeps_what_is_not_corrected(session: Session) -> None:
    trail = service.open_trail(
        session, ANN, "Burglary in Q3", {"problem": "Sheds broken into", "place": "Reading"}
    )
    steps.set_brief(session, trail, ANN, {"place": "Slough", "not_wanted": ["CCTV", "car park"]})
    brief = state_of(session, trail).brief
    assert (brief.problem, brief.place) == ("Sheds broken into", "Slough")
    assert excluded.with_excluded("gates", brief.not_wanted) == 'gates -CCTV -"car park"'
    steps.set_brief(session, trail, ANN, {"not_wanted": ["CCTV, dogs; car park", " ", "vans"]})
    assert state_of(session, trail).brief.not_wanted == ["CCTV", "dogs", "car park", "vans"]
    kinds = [event.kind for event in log.events(session, trail)]
    assert kinds == ["opened", "brief_set", "brief_set", "brief_set"]


def test_labels_of_vocabularies_are_understood_and_others_refused(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    steps.set_brief(session, trail, ANN, {"problem_types": ["Burglary of homes"]})
    assert state_of(session, trail).brief.problem_types == ["burglary-dwelling"]
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
    assert [task.who for task in state_of(session, trail).tasks] == ["Jo", "Sam"]
    steps.set_task(session, trail, ANN, talk, "done", note="They sent a plan")
    assert [task.who for task in state_of(session, trail).tasks] == ["Jo"]
    assert state_of(session, trail).talks[0].task_note == "They sent a plan"
    steps.set_talk(session, trail, ANN, {"said": "Call again"}, talk)
    assert (state_of(session, trail).talks[0].who, state_of(session, trail).talks[0].task) == (
        "Sam",
        "done",
    )
    steps.remove_talk(session, trail, ANN, talk)
    assert len(state_of(session, trail).talks) == 2
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
    assert state_of(session, trail).running is not None
    steps.start_broad(session, trail, ANN, {"query": "gating orders"})
    steps.stop_broad(session, trail, ANN)
    steps.stop_broad(session, trail, ANN)
    state = state_of(session, trail)
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
    rows = checklist(session, state_of(session, trail), "alley gates")
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
    rows = checklist(session, state_of(session, trail))
    by_id = {row.id: row for row in rows}
    assert (by_id["participedia"].state, by_id["yef-toolkit"].state) == ("doing", "nothing")
    assert by_id["participedia"].visited_at is not None
    assert by_id["participedia"].link_kind == "address"  # no words to search for yet
    steps.set_brief(session, trail, ANN, {"aspects": ["who"]})
    first, *_, last = checklist(session, state_of(session, trail))
    assert "who" in first.aspects
    assert "who" not in last.aspects
    first, rest = begin_with(checklist(session, state_of(session, trail)), also="beacon-scheme")
    assert len(first) == 13, "ten, the two where one has been, and the one asked for"
    assert {"participedia", "yef-toolkit", "beacon-scheme"} <= {row.id for row in first}
    assert len(first) + len(rest) == len(rows)
    for source, state in (("no-such", "done"), ("yef-toolkit", "maybe")):
        with pytest.raises(EntryInvalid):
            steps.set_source(session, trail, ANN, source, state)


def test_the_check_list_begins_with_what_fits_the_problem(session: Session) -> None:
    brief = {"question": "Knives carried\nby children: youth violence"}
    trail = service.open_trail(session, ANN, "Knives", brief)
    rows = checklist(session, state_of(session, trail), "knives")
    assert "yef-toolkit" in [row.id for row in rows[:3]], "it holds what is known of youth violence"
    rows = checklist(session, state_of(session, trail), "knives", {"public-safety-canada": 20})
    assert rows[0].id == "public-safety-canada"
    assert search_words(state_of(session, trail)) == "Knives carried by children: youth violence"


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
    state = state_of(session, trail)
    assert [result.title for result in state.results] == [
        "Alley gates in Marsh Lane",
        "A page",
        "A leaflet",
    ]
    assert (state.results[0].useful, state.results[0].note) == ("key", "Ask for the keys")
    before = state.sequence
    steps.set_result(session, trail, ANN, {"note": "Ask for the keys"}, record)
    assert state_of(session, trail).sequence == before  # a double click is no second event
    steps.remove_result(session, trail, ANN, by_hand)
    steps.remove_result(session, trail, ANN, by_hand)
    assert len(state_of(session, trail).results) == 2
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
    ends = state_of(session, mine).dead_ends
    assert [(end.what, end.times, end.why) for end in ends] == [
        ("the Council's  site!", 3, "empty\nonly press"),
        ("An old forum", 1, ""),
    ]
    assert fold_agrees(session, mine)


def test_comparisons_hold_two_to_four_public_records(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    kept = steps.set_comparison(session, trail, ANN, {"records": ["gates", "lamps", "gates"]})
    steps.set_comparison(session, trail, ANN, {"note": "Lamps are cheaper"}, kept)
    (comparison,) = state_of(session, trail).comparisons
    assert (comparison.records, comparison.note) == (["gates", "lamps"], "Lamps are cheaper")
    for bad in (["gates"], ["gates", "hidden"], ["a", "b", "c", "d", "e"]):
        with pytest.raises(EntryInvalid):
            steps.set_comparison(session, trail, ANN, {"records": bad})
    steps.remove_comparison(session, trail, ANN, kept)
    assert state_of(session, trail).comparisons == []
