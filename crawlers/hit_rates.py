"""How often a term was right in labelled texts: where a text named it, and where these very words
did.

Everyday words differ in what they are worth: "newspapers" seldom tells that the media took part,
"task force" mostly tells of a dedicated team. Rare words are taken to be worth what their term is,
and rare terms what their field is. The rates lie in `seeds/tag-odds.npz`, as logarithms of odds;
crawlers/learn_tag_odds.py counts them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from crawlers.tag_evidence import Candidate

HIT_FIGURES = ("term_right", "words_right")
"""What the figures below are called, in their order."""

_TERM_WEIGHT, _WORDS_WEIGHT = 4.0, 2.0  # of what is broader, in cases
_FIELD_RIGHT, _FIELD_CASES = 1.0, 3.0  # taken for granted in a field without cases
_BOUND = 0.003


@dataclass(frozen=True)
class HitRates:
    """The logarithm of the odds of each key: a field, a term in it, and words that name the term,
    each parted into terms that the text names and those that it only leans to."""

    odds: Mapping[str, float]

    @staticmethod
    def counted(cases: Iterable[tuple[str, Candidate, float]]) -> "HitRates":
        """The rates of cases: a field, a candidate in it, and how right it was, from 0 to 1."""
        number: Counter[str] = Counter()
        right: dict[str, float] = defaultdict(float)
        broader: dict[str, str] = {}
        for field, one, was_right in cases:
            of_field, of_term, *of_words = _keys(field, one)
            broader |= {of_term: of_field, **dict.fromkeys(of_words, of_term)}
            for key in (of_field, of_term, *of_words):
                number[key] += 1
                right[key] += was_right
        rates = {
            key: (right[key] + _FIELD_RIGHT) / (number[key] + _FIELD_CASES)
            for key in number
            if key not in broader
        }
        # A term before the words for it, since they take its rate for granted.
        for key in sorted(broader, key=lambda key: broader[key] in broader):
            weight = _WORDS_WEIGHT if broader[key] in broader else _TERM_WEIGHT
            rates[key] = (right[key] + weight * rates[broader[key]]) / (number[key] + weight)
        return HitRates({key: _odds(rate) for key, rate in rates.items()})

    @staticmethod
    def from_file(held: Mapping[str, Any]) -> "HitRates":
        """The rates that a file holds, as `as_file` gives them."""
        odds = held["hit_odds"].tolist()
        return HitRates(dict(zip((str(key) for key in held["hit_keys"]), odds, strict=True)))

    def as_file(self) -> dict[str, Any]:
        """What a file holds of them."""
        keys = sorted(self.odds)
        odds = np.array([self.odds[key] for key in keys], np.float32)
        return {"hit_keys": np.array(keys), "hit_odds": odds}

    def figures(self, field: str, one: Candidate) -> tuple[float, ...]:
        """All figures of a candidate: its own, and how often it was right, by its best words."""
        of_field, of_term, *of_words = _keys(field, one)
        term = self.odds.get(of_term, self.odds.get(of_field, 0.0))
        return (
            *one.figures,
            term,
            max((self.odds.get(key, term) for key in of_words), default=term),
        )


def _keys(field: str, one: Candidate) -> list[str]:
    kind = f"{field} {'named' if one.confidence else 'leant to'}"
    term = f"{kind}|{one.code}"
    return [kind, term, *(f"{term}|{words}" for words in one.words)]


def _odds(rate: float) -> float:
    bounded = min(max(rate, _BOUND), 1 - _BOUND)
    return math.log(bounded / (1 - bounded))
