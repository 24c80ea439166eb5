"""How likely a suggested term is right."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from crawlers.document import blocks_of
from crawlers.hit_rates import HitRates
from crawlers.leanings import leanings
from crawlers.learn_tag_odds import as_file, grow
from crawlers.structure import structure_of
from crawlers.tag_evidence import FIELDS, FIGURES, Candidate, Evidence, Piece, candidates
from crawlers.tag_odds import FILE, odds
from kb.errors import VocabularyInvalid
from kb.settings import settings

pytestmark = pytest.mark.usefixtures("home")


def likely(mentions: int, *, worth: float = 0.55, top: bool = True) -> float:
    """How likely graffiti is right in a text that mentions it so often."""
    one = Evidence()
    for number in range(mentions):
        piece = Piece("Graffiti", frozenset({"scanning"}), top=top, before=20 * number)
        one.add(worth, f"graffiti {number % 2}", piece, ("scanning", "analysis"))
        one.cue = one.named = True
    leans = leanings().of("Graffiti on walls. " * max(mentions, 1))
    found = candidates(
        "problem_types", "problem_types", {"graffiti": one}, leans, known=True, length=900
    )
    graffiti = next(item for item in found if item.code == "graffiti")
    assert len(graffiti.figures) == len(FIGURES)
    return odds().of([("problem_types", graffiti)])[0]


def test_more_evidence_makes_a_term_likelier() -> None:
    assert 0 < likely(0) < likely(1, worth=0.25, top=False) < likely(5) < 1


def test_a_term_that_nothing_names_is_taken_when_the_text_leans_to_it() -> None:
    leans = leanings().of("Pupils bullied each other. Teachers called their parents.")
    found = candidates("settings", "settings", {}, leans, known=False, length=60)
    assert "school" in {item.code for item in found}
    assert {item.because for item in found} == {""}


def test_nothing_is_judged_as_nothing() -> None:
    assert odds().of([]) == []


def test_odds_grown_on_other_figures_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with np.load(settings().seeds_dir / FILE) as held:
        changed = {**held, "figures": np.array(["colour"])}
    monkeypatch.setenv("KB_SEEDS_DIR", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(VocabularyInvalid, match="learn_tag_odds"):
        odds()
    np.savez_compressed(tmp_path / FILE, **changed)
    with pytest.raises(VocabularyInvalid, match="other figures"):
        odds()


def test_what_is_grown_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1).normal(size=(120, len(FIGURES))).astype(np.float32)
    judged = [
        ("settings", Candidate("park", 0.5, "park", tuple(row), ("park", "a park")))
        for row in random.tolist()
    ]
    right = random[:, 0] + random[:, 3] > 0
    rates = HitRates.counted(
        (field, one, bool(was)) for (field, one), was in zip(judged, right, strict=True)
    )
    known = np.array([rates.figures(field, one) for field, one in judged], dtype=np.float32)
    grown = grow(known, right, rounds=20)
    monkeypatch.setenv("KB_SEEDS_DIR", str(tmp_path))
    settings.cache_clear()
    np.savez_compressed(tmp_path / FILE, **as_file(grown), **rates.as_file())
    expected = np.mean([tree.predict_proba(known)[:, 1] for tree in grown], axis=0)
    assert odds().of(judged) == pytest.approx(expected, abs=1e-5)
    assert expected.std() > 0.02


def test_every_suggestion_says_what_led_to_it() -> None:
    text = (
        "Pupils were bullied on the way home from school. Teachers and parents met each week, and "
        "the school nurse trained mentors. Fewer pupils stayed away in the next year."
    )
    tags = structure_of(blocks_of(text)).tags
    assert any(tags[name] for name in FIELDS)
    assert all(tag.because for name in tags for tag in tags[name])


def problems(text: str, title: str = "") -> Sequence[tuple[str, bool]]:
    tags = structure_of(blocks_of(text), title=title).tags["problem_types"]
    return [(tag.code, tag.ticked) for tag in tags]


def test_a_term_told_often_is_ticked_and_a_passing_one_is_not() -> None:
    text = (
        "Graffiti covered the underpass and the shutters. New graffiti came each week.\n\n"
        "A cleaning team removed graffiti within a day. Somebody also mentioned begging."
    )
    found = dict(problems(text, "Graffiti in the underpass"))
    assert found["graffiti"]
    assert not found.get("begging", False)


def test_what_a_text_denies_counts_for_less() -> None:
    told = "Residents met about burglary. Then they met again."
    denied = "Residents met. There was no burglary, and they met again."

    def sure(text: str) -> float:
        tags = structure_of(blocks_of(text)).tags["problem_types"]
        return max((tag.confidence for tag in tags if tag.code == "burglary"), default=0.0)

    assert sure(denied) < sure(told)


def test_a_broader_term_stays_beside_a_passing_narrower_one() -> None:
    text = (
        "The city council closed the lane. The city council paid for gates, and council staff "
        "fitted them. A letter came from the planning department."
    )
    codes = [tag.code for tag in structure_of(blocks_of(text)).tags["agencies"]]
    assert codes[0] == "council"
