"""How often a term, and the words for it, were right in labelled texts."""

from pathlib import Path

import numpy as np
import pytest

from crawlers.hit_rates import HIT_FIGURES, HitRates
from crawlers.tag_evidence import Candidate


def named(code: str, *words: str, sure: float = 0.6) -> Candidate:
    return Candidate(code, sure, words[0] if words else "", (), words)


CASES = [
    *[("agencies", named("media", "newspapers"), False)] * 6,
    *[("agencies", named("media", "press office"), True)] * 3,
    *[("agencies", named("police", "constable"), True)] * 8,
    *[("agencies", named("police", sure=0), False)] * 8,
]
RATES = HitRates.counted(CASES)


def rates(one: Candidate, field: str = "agencies") -> tuple[float, ...]:
    """How often the term was right, and its best words."""
    return RATES.figures(field, one)


def test_words_count_as_much_as_they_were_right() -> None:
    (term, seldom), (same, often) = (rates(named("media", word)) for word in ("newspapers", "x"))
    assert seldom < term == same == often
    assert rates(named("media", "press office"))[1] > term
    assert rates(named("media", "newspapers", "press office"))[1] > term


def test_a_term_that_is_only_leant_to_is_counted_apart() -> None:
    assert rates(named("police", sure=0))[0] < 0 < rates(named("police", "constable"))[0]


def test_what_was_never_seen_is_worth_what_its_field_is() -> None:
    field = (11 + 1) / (17 + 3)
    expected = pytest.approx(np.log(field / (1 - field)), abs=1e-6)
    assert rates(named("faith", "mosque")) == (expected, expected)
    assert rates(named("school", "pupils"), "settings") == (0.0, 0.0)


def test_few_cases_say_less_than_many() -> None:
    once = HitRates.counted([*CASES, ("agencies", named("fire", "fire crews"), True)])
    assert once.figures("agencies", named("fire"))[0] < rates(named("police", "constable"))[0]


def test_figures_come_after_those_of_the_candidate() -> None:
    one = Candidate("media", 0.6, "press", (1.0, 2.0), ("press",))
    assert RATES.figures("agencies", one)[:2] == (1.0, 2.0)
    assert len(RATES.figures("agencies", one)) == 2 + len(HIT_FIGURES)


def test_what_is_counted_is_what_is_read(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "rates.npz", **RATES.as_file())
    with np.load(tmp_path / "rates.npz", allow_pickle=False) as held:
        read = HitRates.from_file(held)
    assert read.odds == pytest.approx(RATES.odds, abs=1e-6)
