from collections.abc import Callable, Sequence

from index.document import Document
from index.engine import Engine
from index.errors import ModelUnavailable
from index.related import related
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
