"""A small index of made-up records, with an embedder that needs no model."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.document import Document, Passage
from index.embed import HashEmbedder
from index.engine import Engine
from index.facets import FACETS
from index.fields import NAMED_FIELDS
from index.generation import Builder
from index.keyword import Layout
from index.thesaurus import Thesaurus

SECTIONS = ("summary", "scanning", "analysis", "response", "assessment")
NAMED = tuple(named.name for named in NAMED_FIELDS)
THESAURUS = Thesaurus(
    [
        {
            "term": "ASB",
            "means": ["anti-social behaviour"],
            "codes": ["problem_types:asb"],
        },
        {"term": "TEN", "means": ["temporary event notice"], "ambiguous": True},
        {"term": "boy racers", "means": ["car cruising"], "direction": "one-way"},
    ]
)


def doc(id: str, title: str, text: str = "", **changes: object) -> Document:
    """A record as the index holds it; `text` is its summary unless passages are given."""
    passages = changes.pop("passages", None) or (Passage("summary", text),)
    return Document(id=id, title=title, passages=tuple(passages), stamp="1", **changes)  # type: ignore[arg-type]


@pytest.fixture
def index_of(tmp_path: Path) -> Callable[[Sequence[Document]], Engine]:
    """Build a real index of these documents and give the engine that searches it."""

    def build(documents: Sequence[Document]) -> Engine:
        home = tmp_path / "index"
        embedder = HashEmbedder()
        layout = Layout(SECTIONS, [facet.name for facet in FACETS], NAMED)
        (home / "generations").mkdir(parents=True)
        builder = Builder(home, None, layout, embedder)
        builder.change(documents, [], {one.id: 0 for one in documents})
        builder.finish("test")
        return Engine(home, lambda: embedder, lambda: THESAURUS)

    return build
