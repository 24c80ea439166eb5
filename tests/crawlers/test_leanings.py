"""How the words of a whole text lean towards terms, and what that is learnt from."""

from pathlib import Path

import numpy as np
import pytest

from crawlers.leanings import FILE, leanings
from crawlers.learn_leanings import learn, records
from crawlers.tags import TAG_FIELDS
from kb.errors import VocabularyInvalid
from kb.settings import settings
from kb.vocabularies import vocabulary

pytestmark = pytest.mark.usefixtures("home")

SCHOOL = ("settings", "school")
SHOPS = ("settings", "retail")
EXAMPLES = [
    *[
        (f"Pupils and teachers in class {number} talked about bullying.", {SCHOOL})
        for number in "abcd"
    ],
    *[(f"Shoppers and cashiers of store {number} saw thieves.", {SHOPS}) for number in "abcd"],
]


def test_a_text_leans_to_the_terms_of_records_that_sound_like_it() -> None:
    found = leanings().of("Pupils bullied each other. Teachers called their parents.")
    school, prison = (found.towards("settings", code) for code in ("school", "prison"))
    assert school.score > 0.5 > prison.score
    assert (school.rank, school.gap) == (0, 0)
    assert prison.rank > 0 > prison.gap


def test_the_title_says_more_than_the_text() -> None:
    text = "Teachers and prisoners met. Burglars were caught."
    plain = leanings().of(text).towards("problem_types", "burglary-dwelling")
    titled = leanings().of(text, "Burglary").towards("problem_types", "burglary-dwelling")
    assert titled.score > plain.score


def test_the_words_that_lean_to_a_term_are_named() -> None:
    found = leanings().of("Pupils bullied each other. Teachers called the plumber.")
    assert {"Pupils", "Teachers"} & set(found.words(*SCHOOL))
    assert found.words("settings", "no-such-term") == []
    assert found.most("settings", 1) == ["school"]


@pytest.mark.parametrize("text", ["", "123 -- \x00", "qwxyzzy"])
def test_a_text_without_known_words_leans_nowhere(text: str) -> None:
    assert leanings().of(text).towards(*SCHOOL).score == 0


def test_to_a_term_that_no_record_carries_nothing_leans() -> None:
    found = leanings().of("Pupils and teachers").towards("settings", "no-such-term")
    assert found.score == 0 > found.gap
    assert found.usual < leanings().of("").towards(*SCHOOL).usual


def test_what_was_learnt_is_of_terms_of_the_vocabularies() -> None:
    for field, code in leanings().columns:
        assert code in vocabulary(TAG_FIELDS[field][0]), (field, code)


def test_records_of_the_projects_that_are_measured_on_are_not_learnt_from() -> None:
    ids = {record["id"] for record in records()}
    assert "auto-theft-strategy-regina" in ids
    assert not ids & {"blue-hole-park-georgetown-texas", "nuisance-motels-chula-vista"}


def test_what_is_learnt_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_SEEDS_DIR", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(VocabularyInvalid, match="learn_leanings"):
        leanings()
    np.savez_compressed(tmp_path / FILE, **learn(EXAMPLES))
    found = leanings().of("The pupils of our teachers")
    assert found.towards(*SCHOOL).score > 0 > found.towards(*SHOPS).score
