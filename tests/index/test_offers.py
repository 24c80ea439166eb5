"""Narrower searches that are offered: results a question asks for, and places it names."""

from collections.abc import Callable, Sequence

import pytest

from index.document import Document
from index.engine import Engine
from index.places import PlaceNames
from index.query import Query
from index.results import Results
from index.search import search
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]

DOCS = [
    doc(
        "lights",
        "Street lights in Leeds",
        "Lights by night, in Leeds.",
        facets={"result": ("no-change",), "place": ("Leeds",), "country": ("gb-eng", "gb")},
    ),
    doc(
        "visits",
        "Prison visits",
        "More crime by night than before.",
        facets={
            "result": ("worse", "mixed"),
            "place": (
                "Lancashire Constabulary",
                "Leeds City Council",
                "Bath and North East Somerset Council",
                "Reading Borough Council",
                "Tyne and Wear",
            ),
            "country": ("gb-wls", "gb"),
        },
    ),
    doc(
        "gates",
        "Alley gates",
        "Fewer burglaries by night.",
        facets={"result": ("better",), "place": ("City of York", "Bath"), "country": ("ca",)},
    ),
]


@pytest.fixture
def engine(index_of: Build) -> Engine:
    return index_of(DOCS)


def asked(engine: Engine, text: str, **changes: object) -> Results:
    return search(Query(text=text, mode="keyword", **changes), engine)  # type: ignore[arg-type]


def labels(results: Results) -> list[tuple[str, int | None]]:
    return [(offer.label, offer.count) for offer in results.offers]


@pytest.mark.parametrize(
    ("text", "label", "leaves"),
    [
        ("what does not work", "Result: No change or Worse", {"lights", "visits"}),
        ("it didn't work", "Result: No change or Worse", {"lights", "visits"}),
        ("failed projects", "Result: No change or Worse", {"lights", "visits"}),
        ("things that made it worse", "Result: Worse", {"visits"}),
        ("no effect", "Result: No change", {"lights"}),
        ("projects that worked", "Result: Better or Probably better", {"gates"}),
    ],
)
def test_results_asked_for_alone_are_offered_and_filter_nothing_by_themselves(
    engine: Engine, text: str, label: str, leaves: set[str]
) -> None:
    results = asked(engine, text)
    assert results.opening is not None
    assert results.opening.text == text
    assert results.whole
    assert results.total == 3
    assert labels(results) == [(label, len(leaves))]
    narrowed = search(results.offers[0].query, engine)
    assert {hit.id for hit in narrowed.hits} == leaves
    assert narrowed.offers == (), "what is chosen is not offered again"


def test_a_subject_beside_results_is_searched_for(engine: Engine) -> None:
    results = asked(engine, "street lights had no effect")
    assert not results.whole
    assert [hit.id for hit in results.hits] == ["lights"]
    assert labels(results) == [("Result: No change", 1)]
    none = asked(engine, "what did not work for alley gates")
    assert [hit.id for hit in none.hits] == ["gates"]
    assert none.offers == ()
    assert none.notes[-1] == "None of these records tells of the result “No change or Worse”."
    assert asked(engine, "what did not work", expand=False).opening is None
    without = search(Query(text="what did not work -lights"), engine)
    assert {hit.id for hit in without.hits} == {"visits", "gates"}
    assert labels(without) == [("Result: No change or Worse", 1)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Wales", ["gb-wls"]),
        ("burglary in lancashire", ["Lancashire Constabulary"]),
        ("Lancashire Police", ["Lancashire Constabulary"]),
        ("leeds council", ["Leeds", "Leeds City Council"]),
        ("york", ["City of York"]),
        ("the uk or Canada", ["gb", "ca"]),
        ("can anybody help", []),
        ("CAN", ["ca"]),
        ("yorkers bathing", []),
        # A part of a joined name.
        ("night in Tyneside", []),
        ("night tyne", ["Tyne and Wear"]),
        ("City", []),
        # Names that are words too: with a capital, or alone.
        ("Bath", ["Bath and North East Somerset Council", "Bath"]),
        ("bath", ["Bath and North East Somerset Council", "Bath"]),
        ("burglary in Bath", ["Bath and North East Somerset Council", "Bath"]),
        ("bath salts", []),
        ("reading council", ["Reading Borough Council"]),
        ("reading lessons", []),
        ("bath and north east somerset", ["Bath and North East Somerset Council"]),
        ("wear masks", []),
        ("", []),
    ],
)
def test_places_are_known_by_what_people_call_them(
    engine: Engine, text: str, named: list[str]
) -> None:
    found = engine.derived(PlaceNames, wait=True).of(text.split())
    assert [code for _, code in found] == named


@pytest.mark.parametrize(
    ("text", "place_only"),
    [
        ("Leeds", True),
        ("Gwynedd", True),  # where no record lies
        ("leeds city council", True),
        ("the Vale of Glamorgan", True),
        ("burglary leeds", False),
        ("police", False),
        ("burglary", False),
        ("", False),
    ],
)
def test_a_place_by_itself_is_told_from_a_subject(
    engine: Engine, text: str, place_only: bool
) -> None:
    found = engine.derived(PlaceNames, wait=True)
    assert found.are_all(text.split()) is place_only


def test_a_place_that_is_named_is_offered_where_records_found_lie_there(engine: Engine) -> None:
    results = asked(engine, "night wales")
    assert labels(results) == [("Country: Wales", 1)]
    assert [hit.id for hit in search(results.offers[0].query, engine).hits] == ["visits"]
    assert labels(asked(engine, "alley gates wales", filters={"result": ("better",)})) == []
    assert labels(asked(engine, "night wales", filters={"country": ("gb",)})) == []
    misspelt = asked(engine, "nihgt in leeds")
    assert misspelt.corrections
    assert labels(misspelt) == [("Place: Leeds", 1), ("Place: Leeds City Council", 1)]
    both = asked(engine, "night in Leeds")
    assert labels(both) == [("Place: Leeds", 1), ("Place: Leeds City Council", 1)]


def test_other_words_that_were_all_typed_are_not_shown_as_searched_for_too(engine: Engine) -> None:
    (shown,) = asked(engine, "boy racers car cruising").expansions
    assert shown.typed == "boy racers"
    assert shown.means == ()
    assert asked(engine, "boy racers").expansions[0].means == ("car cruising",)
