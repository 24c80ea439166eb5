"""Plain words are taken strictly first, and loosened by one word at a time, which is said."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest

from index.by_words import ENOUGH, lowered
from index.document import Document
from index.embed import HashEmbedder
from index.engine import Engine
from index.query import Query
from index.ranking import MOST_LIKE_NAME
from index.results import Results
from index.search import search
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]


@pytest.fixture
def engine(index_of: Build) -> Engine:
    texts = {
        "all": ("gates noise parks", 3),
        "two": ("gates noise", ENOUGH - 3),
        "joined": ("shoplifting", 2),
        "one": ("gates", 40),
        "parted": ("shops and lifting", ENOUGH),
        "none": ("choirs", 5),
    }
    return index_of(
        [
            doc(f"{name}{number}", f"Record {number}", text)
            for name, (text, many) in texts.items()
            for number in range(many)
        ]
    )


def found(engine: Engine, text: str, **changes: object) -> Results:
    return search(Query(text=text, mode="keyword", per_page=100, **changes), engine)  # type: ignore[arg-type]


def kinds(results: Results) -> set[str]:
    return {hit.id.rstrip("0123456789") for hit in results.hits}


def test_enough_records_have_every_word(engine: Engine) -> None:
    results = found(engine, "noise gates")
    assert kinds(results) == {"all", "two"}
    assert results.total == ENOUGH
    assert results.notes == ()
    assert results.strictness is not None
    assert (results.strictness.every, results.strictness.some) == (ENOUGH, ENOUGH + 40)


def test_what_is_said_in_other_words_or_by_a_tag_only_is_told_apart(index_of: Build) -> None:
    said = [doc(f"s{n}", f"Record {n}", "arson at night") for n in range(3)]
    tagged = [doc(f"t{n}", f"Item {n}", "at night", labels={"problem": "Arson"}) for n in range(2)]
    rest = [doc("rest", "Other", "night")]
    one = found(index_of([*said, tagged[0], *rest]), "arson night")
    said_of_it = "3 records have both words; 1 more has them in other words or as tags. "
    assert one.notes == (f"{said_of_it}Records with any of them are shown too.",)
    assert one.strictness is not None
    assert (one.strictness.every, one.strictness.like) == (4, 1)


def test_nothing_is_said_of_others_where_every_record_found_has_all_words(index_of: Build) -> None:
    said = [doc(f"s{n}", f"Record {n}", "arson at night") for n in range(3)]
    tagged = doc("t", "Item", "at night", labels={"problem": "Arson"})
    engine = index_of([*said, tagged, doc("no", "Other", "choirs")])
    assert found(engine, "record night").notes == (
        "3 records have both words, so records with any of them are shown too.",
    )
    assert found(engine, "arson night").notes == (
        "3 records have both words; 1 more has them in other words or as tags.",
    )
    assert found(engine, "other choirs").notes == ()


def test_one_word_fewer_where_too_few_have_all_and_it_is_said(engine: Engine) -> None:
    results = found(engine, "noise parks gates")
    assert kinds(results) == {"all", "two"}
    assert results.hits[0].id.startswith("all")
    assert results.notes == (
        "3 records have all 3 words, so records with at least 2 of them are shown too.",
    )
    none = found(engine, "noise parks gates zebras")
    assert kinds(none) == {"all", "two"}
    unsaid = "No record says “zebras”, so records with at least 2 of the other words are shown."
    assert none.notes == (unsaid,)
    assert found(engine, "zebras quaggas").notes == ("No record has any of these words.",)


@pytest.mark.parametrize("text", ["?", "~~~", "😀"])
def test_what_holds_no_word_finds_everything_and_it_is_said(engine: Engine, text: str) -> None:
    everything = found(engine, "")
    results = found(engine, text)
    assert results.total == everything.total
    assert results.notes == ("There is no word in this to search for.",)
    assert results.whole
    assert everything.notes == ()


def test_a_record_counts_less_for_each_word_that_it_lacks() -> None:
    scores = lowered(np.ones(3, np.float32), np.array([3, 2, 1], np.float32), 3)
    assert scores[0] == 1
    assert scores[0] > scores[1] > scores[2] > 0.5


def test_one_word_of_a_known_term_is_little(index_of: Build) -> None:
    whole = doc("whole", "Evenings on the bypass", "Car cruising drew crowds to the bypass.")
    part = doc("part", "Swimming", "A boy swam.")
    rest = [doc(f"r{number}", f"Record {number}", "noise in parks") for number in range(20)]
    results = search(Query(text="boy racers", mode="keyword"), index_of([whole, part, *rest]))
    assert [hit.id for hit in results.hits] == ["whole", "part"]


def test_any_of_the_words_on_request(engine: Engine) -> None:
    results = found(engine, "noise gates", any_words=True)
    assert kinds(results) == {"all", "two", "one"}
    assert Query.from_params(results.query.to_params()) == results.query


def test_filters_do_not_change_how_strict_a_search_is(engine: Engine) -> None:
    assert found(engine, "noise gates", filters={"problem": ("noise",)}).total == 0


def test_words_run_together_stand_for_both(engine: Engine) -> None:
    assert kinds(found(engine, "shop lifting")) == {"joined", "parted"}


def test_a_word_of_very_many_records_finds_none_by_itself(index_of: Build) -> None:
    texts = ["police dogs"] * 3 + ["dogs"] * 4 + ["police"] * 50 + ["zebras"] * 60
    engine = index_of([doc(f"r{n}", f"Record {n}", text) for n, text in enumerate(texts)])
    results = found(engine, "police dogs")
    assert {hit.id for hit in results.hits} == {f"r{n}" for n in range(7)}
    (note,) = results.notes
    assert note.startswith("3 records have both words, so records with any of them are shown too,")
    assert note.endswith("but none for “police” alone, which many records have.")
    unsaid = found(engine, "Gwent police")
    assert unsaid.total == 0
    assert unsaid.notes == (
        "No record says “Gwent”, and many have “police”, so none was found by that alone.",
    )
    assert found(engine, "Gwent polise").notes[0] == unsaid.notes[0], "what was meant counts"
    assert found(engine, "police").total == 53
    assert found(engine, "police dogs", any_words=True).total == 57


def two_with_a_word_and_thirty_near_it(word: str) -> list[Document]:
    known = HashEmbedder().queries([word])[0]
    tried = ("".join(letters) for letters in product("bcdfgjkmpv", repeat=3))
    near = next(one for one in tried if HashEmbedder().queries([one])[0] @ known > 0.99)
    texts = [word] * 2 + [near] * 30 + ["zebras"] * 400
    return [doc(f"r{n}", "Zebras", text) for n, text in enumerate(texts)]


def test_few_are_found_for_being_near_to_a_place_and_it_is_said(index_of: Build) -> None:
    word = "leeds"
    engine = index_of(two_with_a_word_and_thirty_near_it(word))
    results = search(Query(text=word, per_page=100), engine)
    assert [hit.found_by for hit in results.hits] == ["both"] * 2 + ["meaning"] * MOST_LIKE_NAME
    assert results.hits[-1].reasons[0].startswith("Found by meaning: none of the words")
    (note,) = results.notes
    assert note.startswith(
        "Only 2 records have “leeds” in their text or tags; 15 more are near in meaning"
    )
    assert search(Query(text=word, mode="semantic", per_page=100), engine).total == 32


def test_what_is_near_to_a_subject_is_all_found(index_of: Build) -> None:
    word = "burglary"
    engine = index_of(two_with_a_word_and_thirty_near_it(word))
    assert search(Query(text=word), engine).total == 32


def test_what_is_required_stays_required(engine: Engine) -> None:
    results = found(engine, 'noise parks zebras -parks "gates noise"')
    assert kinds(results) == {"two"}


@pytest.mark.parametrize(("telling", "found_too"), [(ENOUGH, False), (3, True)])
def test_among_many_words_common_ones_find_nothing_alone(
    index_of: Build, telling: int, found_too: bool
) -> None:
    common = "police crime area streets people"
    texts = [f"{common} gating"] * telling + [common] * 900
    results = found(
        index_of([doc(f"r{number}", "A record", text) for number, text in enumerate(texts)]),
        f"{common} gating",
    )
    # Where few records have the telling word, the others are found as well, after them.
    assert results.total == (len(texts) if found_too else telling)
    assert {hit.id for hit in results.hits} >= {f"r{number}" for number in range(telling)}
