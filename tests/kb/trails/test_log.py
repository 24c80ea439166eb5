"""The log of a trail and its fold: whatever was done, they agree."""

import csv
import io
import json
from collections.abc import Callable

import docx
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlmodel import Session

from kb.exports.table import rearm
from kb.trails import fold, log, recorder, rerun, service, steps
from kb.trails.errors import EntryInvalid
from kb.trails.report import report
from kb.trails.report_files import FORMATS
from kb.trails.rerun import Found
from kb.trails.state import TrailState
from tests.kb.trails.viewers import ANN, file_of, fold_agrees, row_of, run_search, state_of

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
    lambda s, t, _, n, w: run_search(s, t, w, ["gates", "lamps"][: n % 3]),
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
            ACTS[number](session, trail, state_of(session, trail), choice, words)
        except EntryInvalid:
            continue  # text of nothing but control characters is empty
    assert fold_agrees(session, trail)
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
    row = row_of(session, trail)
    row.state = fold.empty()
    session.add(row)
    session.flush()
    assert log.rebuild(session, [trail, "gone"]) == [trail]
    assert state_of(session, trail).title == "Bikes"


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
    state = state_of(session, trail)
    assert state.brief.problem == state.results[0].note == state.closing.answer == text
    found = report(session, trail, ANN)
    rows = list(csv.reader(io.StringIO(FORMATS["csv"].write(found).decode("utf-8-sig"))))
    assert rearm(rows[1][rows[0].index("note")]) == text
    told = "\n\n".join(p.text for p in docx.Document(file_of(found, "docx")).paragraphs)
    assert " ".join(text.split()) in " ".join(told.split())
