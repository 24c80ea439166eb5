from collections.abc import Callable, Sequence

from index.document import Document
from index.engine import Engine
from index.errors import ModelUnavailable
from index.related import other_problems, other_responses, related
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


def test_a_similar_problem_with_another_response(index_of: Build) -> None:
    (found,) = other_responses("x", engine=index_of(TERMS))
    assert found.id == "lights"
    assert "Burglary of homes" in found.why
    assert len(found.differs) == 1


def test_the_same_response_to_another_problem(index_of: Build) -> None:
    engine = index_of(TERMS)
    (found,) = other_problems("x", engine=engine)
    assert found.id == "noise"
    assert found.differs == ("Noise",)
    assert other_problems("untold", engine=engine) == []
    assert other_responses("nobody", engine=engine) == []
