"""When little is found: what is left out is said, and never without being asked."""

from collections.abc import Callable, Sequence

import pytest

from index.document import Document
from index.engine import Engine
from index.errors import ModelUnavailable
from index.grammar import without_each_part
from index.loosen import looser, near_problems
from index.query import Query
from index.search import search
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]
DOCS = [
    doc("gates", "Alley gates", "Burglary fell.", facets={"problem": ("burglary-dwelling",)}),
    doc("lights", "Street lighting", "Burglary fell.", facets={"problem": ("fear-crime",)}),
    doc("bikes", "Off-road bikes", "Noise on the common.", facets={"problem": ("noise",)}),
]


@pytest.fixture
def engine(index_of: Build) -> Engine:
    return index_of(DOCS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("alley gates", []),
        ('"alley gates" burglary', [('"alley gates"', "burglary")]),
        ("burglary AND fear", [("burglary", "fear"), ("fear", "burglary")]),
        (
            "(noise OR fear) AND bikes AND NOT x",
            [
                ("( noise OR fear )", "bikes AND NOT x"),
                ("bikes", "( noise OR fear ) AND NOT x"),
            ],
        ),
        ("noise OR fear", []),
        ("year:2004 title:gates", [("year:2004", "title:gates"), ("title:gates", "year:2004")]),
        ("gates -noise", []),
        ("AND OR ((", []),
        ("", []),
    ],
)
def test_parts_that_must_hold(text: str, parts: list[tuple[str, str]]) -> None:
    assert without_each_part(text, {"title"}) == parts


def test_exact_words_are_parts_too() -> None:
    found = without_each_part("alley gates", (), words=True)
    assert found == [("alley", "gates"), ("gates", "alley")]


def test_one_demand_is_left_out_and_named(engine: Engine) -> None:
    query = Query(text='burglary "closed roads"', mode="keyword")
    assert search(query, engine).total == 0
    found = looser(query, engine)
    assert [(one.left_out, one.total) for one in found] == [('"closed roads"', 2)]
    assert {hit.id for hit in found[0].hits} == {"gates", "lights"}
    assert search(query, engine).total == 0


def test_filters_and_exactness_can_be_loosened(engine: Engine) -> None:
    chosen = Query(text="burglary", mode="keyword", filters={"problem": ("noise",)})
    found = looser(chosen, engine)
    assert [(one.left_out, one.total) for one in found] == [("Problem: Noise", 2)]
    exact = looser(Query(text="burglaries gates", exact=True), engine)
    assert {one.left_out for one in exact} == {"burglaries", "exact words only"}


def test_two_demands_are_left_out_when_one_is_not_enough(engine: Engine) -> None:
    query = Query(text="title:zebra AND title:giraffe AND noise", mode="keyword")
    found = looser(query, engine)
    assert found[0].left_out in ("title:zebra, title:giraffe", "title:giraffe, title:zebra")
    assert [hit.id for hit in found[0].hits] == ["bikes"]


def test_nothing_is_offered_when_nothing_would_help(engine: Engine) -> None:
    assert looser(Query(text="burglary", mode="keyword"), engine) == ()
    assert looser(Query(text="zebra giraffe", mode="keyword"), engine) == ()
    assert looser(Query(text="title:zebra AND title:giraffe", mode="keyword"), engine) == ()


def test_near_problems_are_those_named_and_those_of_like_records(engine: Engine) -> None:
    found = near_problems("noisy off-road bikes on the common", engine=engine)
    assert "noise" in [one.code for one in found]
    assert all(one.count and one.label for one in found)
    assert near_problems("", engine=engine) == []
    assert near_problems("problem:zzqq", engine=engine) == []


def test_near_problems_do_without_a_model(engine: Engine) -> None:
    def broken() -> object:
        raise ModelUnavailable("gone")

    engine.embedder = broken  # type: ignore[assignment]
    assert [one.code for one in near_problems("noise", engine=engine)] == ["noise"]
