"""Autocomplete: what it offers, in which order, and that it never shows what is hidden."""

import gc
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.document import NAMES, ORGANISATIONS, Document
from index.engine import Engine
from index.generation import Builder, open_current
from index.search import search
from index.suggest import Suggester, suggest
from index.thesaurus import Thesaurus
from index.warm import warm_up
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]

DOCS = [
    doc(
        "gates",
        "Alley gates in Marsh Lane",
        "Back alleys were closed.",
        facets={
            "problem": ("burglary-dwelling",),
            "place": ("Kirklees",),
            "award": ("tilley:winner",),
            "year": ("2004",),
        },
        named={"author": "Safer Kirklees Partnership"},
        listed={NAMES: ("Operation Marshal",), ORGANISATIONS: ("Safer Kirklees Partnership",)},
    ),
    doc("pastors", "Street pastors", "Volunteers walk.", facets={"problem": ("noise",)}),
    doc("cafe", "Café for carers", "A place to meet."),
    doc("lane", "Lane watch", "Neighbours."),
]


@pytest.fixture
def engine(index_of: Build) -> Engine:
    return index_of(DOCS)


def texts(engine: Engine, typed: str) -> list[str]:
    return [one.text for one in suggest(typed, engine=engine)]


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("alley g", "Alley gates in Marsh Lane", "title"),
        ("GATES", "Alley gates in Marsh Lane", "title"),
        ("marsh lane", "Alley gates in Marsh Lane", "title"),
        ("operation m", "Operation Marshal", "title"),
        ("cafe", "Café for carers", "title"),
        ("kirk", "Kirklees", "place"),
        ("safer", "Safer Kirklees Partnership", "organisation"),
        ("tilley", "Tilley Awards", "award"),
        ("tilley win", "Tilley Awards: winner", "award"),
        ("house burg", "house burglary", "term"),
    ],
)
def test_names_are_found_by_the_beginnings_of_their_words(
    engine: Engine, typed: str, text: str, kind: str
) -> None:
    assert (text, kind) in [(one.text, one.kind) for one in suggest(typed, engine=engine)]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("burglery", "Burglary"),  # a wrong letter
        ("burglry", "Burglary"),  # one left out
        ("burgllary", "Burglary"),  # one too many
        ("bruglary", "Burglary"),  # two that changed places
        ("vurglary", "Burglary"),  # the first one
        ("burglerý", "Burglary"),
        ("alley gtaes", "Alley gates in Marsh Lane"),
        ("operatoin mar", "Operation Marshal"),
        ("kirklese", "Kirklees"),
    ],
)
def test_one_slip_in_a_word_still_offers_what_was_meant(
    engine: Engine, typed: str, text: str
) -> None:
    assert text in texts(engine, typed)


def test_slips_are_looked_for_only_where_nothing_is_spelt_so(index_of: Build) -> None:
    engine = index_of([doc("a", "Marsh walks"), doc("b", "March walks"), doc("c", "Harsh winters")])
    assert texts(engine, "marsh") == ["Marsh walks"]
    assert texts(engine, "mars") == ["Marsh walks"]
    assert texts(engine, "marrsh") == ["Marsh walks"], "a first letter is hardly ever wrong"
    assert texts(engine, "mxr") == [], "too short"
    assert texts(engine, "mxrzh") == [], "two slips"


def test_each_suggestion_is_a_search_that_finds_something(engine: Engine) -> None:
    offered = [one for typed in "abcdefghijklmnopqrstuvw" for one in suggest(typed, engine=engine)]
    assert {one.kind for one in offered} == {"title", "term", "place", "organisation", "award"}
    for one in offered:
        assert search(one.query, engine).total >= one.count > 0
        if one.record:
            assert search(one.query, engine).hits[0].id == one.record


def test_what_begins_with_the_text_comes_before_what_holds_it(engine: Engine) -> None:
    titles = [one.text for one in suggest("lane", engine=engine) if one.kind == "title"]
    assert titles == ["Lane watch", "Alley gates in Marsh Lane"]


def test_a_term_is_offered_by_its_own_name_where_that_fits(engine: Engine) -> None:
    def terms(typed: str) -> list[str]:
        return [one.text for one in suggest(typed, engine=engine) if one.kind == "term"]

    assert terms("burg")[0] == "Burglary"
    assert terms("house bu") == ["house burglary"]
    assert terms("home")[0] == "Burglary of homes", "no other name of it, though one begins so"


def test_terms_without_records_years_and_nonsense_are_not_offered(engine: Engine) -> None:
    assert texts(engine, "robbery") == []
    assert texts(engine, "2004") == []
    for typed in ("", "  ", "\x00", '"(', "zzz", "a" * 5000, "😀"):
        assert suggest(typed, engine=engine) == []


def test_what_some_call_people_is_not_offered(index_of: Build) -> None:
    engine = index_of([doc("a", "Night shelter", facets={"problem": ("rough-sleeping",)})])
    assert texts(engine, "rough sl")[0] == "Rough sleeping"
    assert texts(engine, "vagran") == ["vagrancy"]
    engine.thesaurus = lambda: Thesaurus([{"term": "vagrancy", "means": [], "derogatory": True}])
    assert texts(engine, "vagran") == ["vagrants"], "another name for it"


def test_what_leaves_the_index_is_offered_no_more(engine: Engine) -> None:
    assert texts(engine, "alley g") == ["Alley gates in Marsh Lane"]
    start = open_current(engine.home)
    builder = Builder(engine.home, start, start.manifest.made_layout(), engine.embedder())
    builder.change([doc("new", "Zebra crossing", "Paint.")], ["gates"], {})
    builder.finish("test")
    for typed in ("alley", "operation", "kirk", "safer", "tilley", "burgl"):
        assert texts(engine, typed) == []
    engine.derived(Suggester, wait=True)
    assert texts(engine, "zeb") == ["Zebra crossing"]


def test_a_kind_does_not_fill_the_list(index_of: Build) -> None:
    many = [doc(f"r{n}", f"Kirk street {n}", facets={"place": ("Kirklees",)}) for n in range(20)]
    kinds = [one.kind for one in suggest("kirk", engine=index_of(many))]
    assert kinds.count("title") == 5
    assert "place" in kinds


def test_warming_up_bears_a_missing_index(home: Path) -> None:
    warm_up()
    gc.unfreeze()


def test_a_body_that_is_a_place_too_is_offered_once_as_what_has_more(index_of: Build) -> None:
    force = "Kent Police"
    records = [doc(f"p{n}", f"Record {n}", facets={"place": (force,)}) for n in range(2)]
    records += [
        doc("o1", "One", named={"author": force}, listed={ORGANISATIONS: (force,)}),
        doc(
            "o2", "Two", named={"author": "Kent Council"}, listed={ORGANISATIONS: ("Kent Council",)}
        ),
        doc("title", force),
    ]
    offered = [(one.text, one.kind, one.count) for one in suggest("kent", engine=index_of(records))]
    assert offered == [
        (force, "title", 1),
        (force, "place", 2),
        ("Kent Council", "organisation", 1),
    ]
