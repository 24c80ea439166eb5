"""How likely a suggested term is right."""

from collections.abc import Sequence

import pytest

from crawlers.document import blocks_of
from crawlers.leanings import Lean
from crawlers.structure import structure_of
from crawlers.tag_odds import FIELDS, chance, features

pytestmark = pytest.mark.usefixtures("home")


def likely(field: str = "settings", **changes: object) -> float:
    plain: dict[str, object] = {
        "confidence": 0.6,
        "best": 0.5,
        "mentions": 1,
        "told": 0.5,
        "title": False,
        "top": False,
        "cue_and_name": False,
        "words": ("park",),
        "rank": 1,
        "lean": Lean(score=0.0, most=False, usual=-4.0),
    }
    return chance(field, features(**{**plain, **changes}))  # type: ignore[arg-type]


@pytest.mark.parametrize("field", FIELDS)
def test_more_evidence_makes_a_term_likelier(field: str) -> None:
    assert 0 < likely(field, rank=5) < likely(field) < likely(field, top=True) < 1
    assert likely(field) < likely(field, confidence=0.9)
    assert likely(field) < likely(field, cue_and_name=True)
    assert likely(field) < likely(field, lean=Lean(score=1.0, most=True, usual=-4.0))
    assert likely(field, confidence=0.0) > 0
    assert likely(field, confidence=1.0) < 1


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
