from collections.abc import Callable, Sequence

from index.document import Document
from index.engine import Engine
from index.errors import ModelUnavailable
from index.related import Kin, kin, related
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]

DOCS = [
    doc("a", "Alley gates", "gates closed alleys", facets={"problem": ("burglary-dwelling",)}),
    doc("b", "More alley gates", "gates closed alleys", facets={"problem": ("burglary-dwelling",)}),
    doc("c", "Alley gates abroad", "gates alleys elsewhere", facets={"problem": ("noise",)}),
    doc("d", "Choir", "singing on sundays"),
]


def test_like_records_come_best_first_with_what_they_share(index_of: Build) -> None:
    found = related("a", engine=index_of(DOCS))
    assert [one.id for one in found][:2] == ["b", "c"]
    assert "Burglary of homes" in found[0].why
    assert "a" not in [one.id for one in found]


def test_that_both_are_crime_says_nothing_but_for_a_record_that_is_of_crime(
    index_of: Build,
) -> None:
    robbery = doc("r", "Gates", "gates closed alleys", facets={"problem": ("robbery",)})
    crime = doc("k", "Gates in all", "gates closed alleys", facets={"problem": ("crime",)})
    found = {one.id: one.why for one in related("a", engine=index_of([DOCS[0], robbery, crime]))}
    assert found == {"r": (), "k": ("Crime",)}


def test_an_unknown_record_has_none(index_of: Build) -> None:
    assert related("nobody", engine=index_of(DOCS)) == []


def test_without_a_model_shared_terms_are_left(index_of: Build) -> None:
    def broken() -> object:
        raise ModelUnavailable("gone")

    engine = index_of(DOCS)
    engine.embedder = broken  # type: ignore[assignment]
    assert related("a", engine=engine) == []


TERMS = [
    doc(
        "x",
        "Gates",
        "gates",
        facets={"problem": ("burglary-dwelling",), "response": ("alley-gates",)},
    ),
    doc(
        "lights",
        "Lights",
        "lamps",
        facets={"problem": ("burglary-dwelling",), "response": ("lighting",)},
    ),
    doc("noise", "Quiet", "gates", facets={"problem": ("noise",), "response": ("alley-gates",)}),
    doc(
        "same",
        "Gates too",
        "gates",
        facets={"problem": ("burglary-dwelling",), "response": ("alley-gates",)},
    ),
    doc("untold", "Untold", "gates", facets={"problem": ("burglary-dwelling",)}),
]


def test_a_similar_problem_with_another_response_and_the_reverse(index_of: Build) -> None:
    engine = index_of(TERMS)
    found = kin("x", engine=engine)
    assert [one.id for one in found.other_responses] == ["lights"]
    assert found.other_responses[0].why == ("Burglary of homes",)
    assert len(found.other_responses[0].differs) == 1
    assert [(one.id, one.differs) for one in found.other_problems] == [("noise", ("Noise",))]
    assert [one.id for one in found.like] == ["same", "untold"]


def test_a_broader_name_for_the_same_is_not_another(index_of: Build) -> None:
    wide = doc(
        "wide", "Gates", "gates", facets={"problem": ("burglary",), "response": ("alley-gates",)}
    )
    found = kin("x", engine=index_of([*TERMS, wide]))
    assert [one.id for one in found.other_problems] == ["noise"]


def test_what_is_not_told_is_no_other_response(index_of: Build) -> None:
    engine = index_of(TERMS)
    assert "untold" not in [one.id for one in kin("x", engine=engine).other_responses]
    assert kin("untold", engine=engine).other_problems == ()
    assert kin("nobody", engine=engine) == Kin()


def test_no_record_stands_in_two_lists_and_none_is_too_long(index_of: Build) -> None:
    engine = index_of(TERMS)
    for one in TERMS:
        found = kin(one.id, limit=1, engine=engine)
        lists = (found.like, found.other_responses, found.other_problems)
        named = [like.id for listed in lists for like in listed]
        assert len(named) == len(set(named))
        assert all(len(listed) <= 1 for listed in lists)
        assert one.id not in named
