"""What a trail writes by itself, and what is found again in it."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from kb.records import service as records
from kb.trails import recorder, rerun, service, steps
from kb.trails.errors import TrailClosed
from kb.trails.find import find
from kb.trails.rerun import Found
from kb.trails.seen import seen
from kb.trails.shown import HIDDEN
from tests.kb.trails.viewers import ANN, BOB, fold_agrees, row_of, run_search, save_record, state_of


def test_an_open_trail_writes_itself(session: Session) -> None:
    trail = service.open_trail(session, ANN, brief={"not_wanted": ["CCTV"]})
    assert run_search(session, trail, "gates", ["gates", "hidden"], filters=[("problem", "x")])
    assert run_search(session, trail, "gates", ["gates"], filters=[("problem", "x")])
    assert not run_search(session, trail, "gates", ["gates"], filters=[("page", "2")])
    assert recorder.note_opened(session, trail, ANN, "gates")
    assert not recorder.note_opened(session, trail, ANN, "hidden")
    assert recorder.note_verdict(session, trail, ANN, "gates", {"useful": "useful", "why": []})
    state = state_of(session, trail)
    (query,) = state.queries
    assert (query.text, query.as_run, query.times) == ("gates", "gates -CCTV", 2)
    assert query.filters == [("problem", "x")]
    assert list(seen(session, row_of(session, trail))[query.key]) == ["gates"]
    assert (state.records[0].title, state.records[0].via) == (
        "Alley gates in Marsh Lane",
        query.key,
    )
    assert state.results[0].useful == "useful"
    assert fold_agrees(session, trail)


def test_a_paused_or_closed_trail_writes_nothing(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    notes: list[Callable[[], bool]] = [
        lambda: run_search(session, trail, "gates", ["gates"]),
        lambda: recorder.note_opened(session, trail, ANN, "gates"),
        lambda: recorder.note_source_visit(session, trail, ANN, "trip"),
        lambda: recorder.note_verdict(session, trail, ANN, "gates", {"useful": "key"}),
    ]
    for stop in (
        lambda: service.pause(session, trail, ANN),
        lambda: service.close(session, trail, ANN, {"answer": "Gates"}),
    ):
        stop()
        before = state_of(session, trail).sequence
        assert [note() for note in notes] == [False] * 4
        assert state_of(session, trail).sequence == before
    with pytest.raises(TrailClosed):
        steps.set_brief(session, trail, ANN, {"place": "x"})
    service.reopen(session, trail, ANN)
    assert [note() for note in notes] == [True] * 4
    service.pause(session, trail, ANN)
    service.pause(session, trail, ANN)
    service.resume(session, trail, ANN)
    assert state_of(session, trail).status == "open"
    assert not recorder.note_opened(session, "gone", ANN, "gates")


def test_rerunning_tells_only_what_changed_and_only_once(session: Session) -> None:
    trail = service.open_trail(session, ANN, brief={"not_wanted": ["CCTV"]})
    run_search(session, trail, "gates", ["gates", "lamps"])
    run_search(session, trail, "quiet", ["wardens"])
    save_record(session, "gates", "Alley gates in Marsh Lane, with keys")
    records.set_state(session, "lamps", "withdrawn", actor="a")
    save_record(session, "fences", "Fences round the allotments")
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
    assert [update.new for update in state_of(session, trail).updates] == [1, 0]
    assert fold_agrees(session, trail)


def test_more_results_than_are_kept_make_nothing_old_look_new(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    run_search(session, trail, "all", ["gates"], total=60)
    assert rerun.rerun(session, trail, ANN, lambda _: Found(["gates", "lamps"])) == []
    run_search(session, trail, "all", ["gates"], total=60)
    save_record(session, "fences", "Fences round the allotments")
    (change,) = rerun.rerun(session, trail, ANN, lambda _: Found(["fences", "gates", "lamps"]))
    assert [record.id for record in change.new] == ["fences"]
    assert not change.complete


def test_where_did_i_see_that(session: Session) -> None:
    trail = service.open_trail(session, ANN, "Bikes", {"problem": "Off-road bikes on the heath"})
    steps.set_talk(session, trail, ANN, {"who": "Sam", "said": "Try 100%_sure in Leeds"})
    run_search(session, trail, "noisy motorbikes", ["gates"])
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
