"""A problem like mine: matched where problems are described, with terms to correct."""

from collections.abc import Callable, Sequence

import pytest

from index.document import Document, Passage
from index.engine import Engine
from index.errors import ModelUnavailable
from index.problem import MOST_TEXT, problems_like
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]
DOCS = [
    doc(
        "seaside",
        "Bikes by the sea",
        passages=[
            Passage("scanning", "Young men ride off-road motorcycles on the seaside estate."),
            Passage("analysis", "Most riders come from two schools and ride after dark."),
            Passage("response", "Wardens closed the gates."),
        ],
        facets={"problem": ("off-road-bikes",)},
    ),
    doc(
        "response-only",
        "Another place",
        passages=[Passage("response", "Riders of off-road motorcycles on the seaside estate.")],
    ),
    doc("listing", "Motorcycles", passages=[Passage("summary", "Off-road motorcycles on estate.")]),
    *(doc(f"other{n}", f"Record {n}", f"Shops and theft number {n}") for n in range(20)),
]
PASTED = """We have had complaints since spring. Groups of young men ride off-road bikes and
motorcycles across the seaside estate in the evening. Residents are afraid to walk there."""


@pytest.fixture
def engine(index_of: Build) -> Engine:
    return index_of(DOCS)


def test_a_description_without_a_known_word_is_said_to_match_nothing(engine: Engine) -> None:
    match = problems_like("asdfq qwerz " * 50, engine=engine)
    assert match.notes == ("None of these words is known here or in English.",)
    assert (match.found, match.like) == ((), False)
    fits = problems_like(PASTED, engine=engine)
    assert fits.notes == ()
    assert fits.like


def test_what_tells_of_no_problem_is_like_none(engine: Engine) -> None:
    small = problems_like("what do we do about it when they are there again", engine=engine)
    assert small.notes == ("No word of this tells of a problem.",)
    assert (small.found, small.like) == ((), False)
    spam = problems_like("buy cheap pills online with the best bonus after dark", engine=engine)
    assert spam.found, "what is nearest is still given"
    assert not spam.like
    assert problems_like("buy cheap pills", {"problem": ["off-road-bikes"]}, engine=engine).like


def test_of_terms_that_are_as_sure_those_named_most_often_are_suggested(engine: Engine) -> None:
    listed = "Burglary, robbery, graffiti, shoplifting and arson were told of. "
    match = problems_like(listed + "Cuckooing came back, and cuckooing again.", engine=engine)
    assert match.suggested["problem"][0].code == "cuckooing"


def test_names_of_places_and_people_suggest_nothing(engine: Engine) -> None:
    text = "Mr Church says burglars came by Park Street, Church Street and Station Road."
    suggested = problems_like(text, engine=engine).suggested
    assert [one.code for one in suggested["problem"]] == ["burglary"]
    assert suggested["setting"] == ()


def test_the_description_is_matched_to_scanning_and_analysis(engine: Engine) -> None:
    match = problems_like(PASTED, engine=engine)
    ids = [one.id for one in match.found]
    assert ids[0] == "seaside"
    assert "listing" in ids
    assert "response-only" not in ids
    settings = [one.code for one in match.suggested["setting"]]
    assert settings == ["social-housing"], "the road of off-road is no street"
    best = match.found[0]
    assert best.section == "scanning"
    assert "motorcycles" in [text for text, lit in best.snippet if lit]
    assert best.shared == ("Off-road bikes",)


def test_suggested_terms_can_be_corrected(engine: Engine) -> None:
    match = problems_like(PASTED, engine=engine)
    assert "off-road-bikes" in [one.code for one in match.suggested["problem"]]
    assert all(one.because for found in match.suggested.values() for one in found)
    corrected = problems_like(PASTED, {"problem": [], "nonsense": ["x"]}, engine=engine)
    assert corrected.found[0].score < match.found[0].score
    assert corrected.found[0].shared == ()


def test_words_that_only_join_others_tell_nothing(engine: Engine) -> None:
    match = problems_like("After two months most riders come again", engine=engine)
    lit = {text for text, lit in match.found[0].snippet if lit}
    assert lit == {"riders"}


def test_the_text_is_not_kept(engine: Engine) -> None:
    problems_like(PASTED, engine=engine)
    assert not engine._vectors


@pytest.mark.parametrize("text", ["", " ", "\x00", "zzzz", "the of and", "((( AND", "😀" * 50])
def test_any_text_is_answered(engine: Engine, text: str) -> None:
    match = problems_like(text, engine=engine)
    assert match.found or match.notes


def test_a_long_text_is_cut_with_a_note(engine: Engine) -> None:
    match = problems_like(PASTED + " word" * MOST_TEXT, engine=engine)
    (note,) = match.notes
    assert note.startswith("The text is long: it was compared up to “… word word")
    assert match.found[0].id == "seaside"
    short_words = PASTED + " of" * 1300 + " fish"
    assert len(short_words) < MOST_TEXT
    (note,) = problems_like(short_words, engine=engine).notes
    assert "up to “… of of" in note


def test_without_a_model_words_are_compared_and_said_so(engine: Engine) -> None:
    def broken() -> object:
        raise ModelUnavailable("gone")

    engine.embedder = broken  # type: ignore[assignment]
    match = problems_like(PASTED, engine=engine)
    assert match.found[0].id == "seaside"
    assert "meaning" in match.notes[0]


def test_nothing_is_found_in_an_empty_index(index_of: Build) -> None:
    assert problems_like(PASTED, engine=index_of([])).found == ()
