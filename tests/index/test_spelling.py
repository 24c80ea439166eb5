"""Misspelt words: what was meant comes first, right words are left alone, nothing is rewritten."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.document import Document
from index.engine import Engine
from index.query import Query
from index.search import found_ids, search
from index.spelling import Speller, one_spelling, speller
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]

DOCS = [
    doc("gates", "Alley gates", "Burglary fell in the neighbourhood when alleys were closed."),
    doc("bikes", "Off-road bikes", "Motorcycles were a nuisance to residents."),
    doc("colors", "Colors of gangs", "Neighborhood patrols."),
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("neighbourhood", "neighborhood"),
        ("behaviours", "behaviors"),
        ("organisation", "organization"),
        ("analysed", "analyzed"),
        ("centre", "center"),
        ("programmes", "programs"),
        ("licence", "license"),
        ("defence", "defense"),
        ("travelled", "traveled"),
        ("paedophile", "pedophile"),
    ],
)
def test_british_and_american_spellings_are_one_word(one: str, other: str) -> None:
    assert one_spelling(one) == one_spelling(other)


def test_different_words_stay_apart() -> None:
    assert one_spelling("four") == "four"
    assert one_spelling("failled") == "failled"
    assert one_spelling("differense") != one_spelling("difference")


def test_a_correction_is_searched_for_too_and_shown(index_of: Build) -> None:
    engine = index_of(DOCS)
    results = search(Query(text="burglery", mode="keyword"), engine)
    assert [hit.id for hit in results.hits] == ["gates"]
    assert [(one.typed, one.means) for one in results.corrections] == [("burglery", ("burglary",))]
    assert results.query.text == "burglery"
    off = search(Query(text="burglery", mode="keyword", correct=False), engine)
    assert (off.total, off.corrections) == (0, ())
    assert search(Query(text="burglery", exact=True), engine).total == 0


def test_what_was_typed_counts_for_more_than_its_correction(index_of: Build) -> None:
    many = [doc(f"r{n}", f"Burglary {n}", "burglary of homes") for n in range(30)]
    engine = index_of([*many, doc("slip", "Report", "burglery of homes")])
    assert found_ids(Query(text="burglery", mode="keyword"), engine=engine)[0] == "slip"
    assert len(found_ids(Query(text="burglery", mode="keyword"), engine=engine)) == 31


def test_both_national_spellings_are_offered(index_of: Build) -> None:
    results = search(Query(text="nieghbourhood", mode="keyword"), index_of(DOCS))
    assert {hit.id for hit in results.hits} == {"gates", "colors"}


@pytest.mark.parametrize(
    "text",
    [
        "elephant",  # right, though no record holds it
        "color",
        "colour",
        "ASBO",
        "cctv",
        "burgled",
        "Burgess Leeds burglary",
        "neighbourhood2",
        "the",
        "nuisances",
        "qqqqqqq",
    ],
)
def test_right_words_are_left_alone(index_of: Build, text: str) -> None:
    assert search(Query(text=text), index_of(DOCS)).corrections == ()


def test_names_may_differ_by_little(index_of: Build) -> None:
    engine = index_of([*DOCS, doc("kahan", "Kahan method", "Kahan wrote it.")])
    assert search(Query(text="method of Khachian"), engine).corrections == ()


def test_a_word_that_left_the_collection_is_not_offered(index_of: Build) -> None:
    engine = index_of(DOCS)
    engine.speller()
    stale = Speller({"gangsters": 9, **engine.speller().counts}, ())
    assert stale.meant("gangstres") == ("gangsters",)
    engine._derived = {make: (of, stale, None) for make, (of, _, _) in engine._derived.items()}
    assert search(Query(text="gangstres"), engine).corrections == ()


@pytest.mark.data
def test_the_right_word_comes_first_for_real_misspellings(data_dir: Callable[[str], Path]) -> None:
    table = data_dir("spelling/domain-misspellings.tsv")
    rows = [line.split("\t")[:2] for line in table.read_text("utf-8").splitlines()]
    right = sorted({word for _, word in rows})
    held = speller(dict.fromkeys(right, 20))
    found = [
        one_spelling((held.meant(typed) or ("",))[0]) == one_spelling(word)
        for typed, word in rows
        if not held.is_right(typed)
    ]
    assert sum(found) / len(rows) > 0.93
    unaided = Speller({}, ())
    assert [word for word in right if not unaided.is_right(word)] == [
        "dataset",
        "datasets",
        "habeas",
    ]


def test_the_word_list_is_where_it_is_looked_for() -> None:
    assert Speller({}, ()).is_right("burglary")
    assert not Speller({}, ()).is_right("burglery")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("qqqzzz", False),
        ("qqqzzz burglary", True),
        ("burglery", True),
        ("quantum", True),
        ("", False),
    ],
)
def test_a_text_can_be_read_when_any_word_is_one_or_nearly_one(
    index_of: Build, text: str, read: bool
) -> None:
    assert index_of(DOCS).speller(wait=True).can_read(text) is read
