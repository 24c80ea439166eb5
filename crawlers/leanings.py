"""How much the words of a whole text lean towards each term, as hand-tagged records use them.

A cue or a name speaks where it stands; this tells whether the rest of the text sounds like the
records that carry the term. The weights lie in `seeds/leanings.npz`; crawlers/learn_leanings.py
learns them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.classify import word_keys
from kb.errors import VocabularyInvalid
from kb.settings import settings

FILE = "leanings.npz"
STEP = 0.2  # what one step of a stored weight is worth
_TITLE_COUNTS = 3
_MOST_LETTERS = 12_000
_RARE = 0.002  # the share of records that a term without any is taken to have


@dataclass(frozen=True, slots=True)
class Lean:
    """How far a text leans to a term: `most` where to no other term of its field more.

    `usual` is the logarithm of the share of records that carry the term.
    """

    score: float
    most: bool
    usual: float


@dataclass(frozen=True)
class Leanings:
    """Weights by word (a row, with how rare the word is) and by field and term (a column)."""

    rows: Mapping[str, int]
    rarity: NDArray[np.float32]
    columns: Mapping[tuple[str, str], int]
    weights: NDArray[np.int8]
    shares: NDArray[np.float32]

    def of(self, text: str, title: str = "") -> "TextLeans":
        """How a text leans towards every term."""
        counted = Counter(word for word in text_words(text, title) if word in self.rows)
        rows = np.array([self.rows[word] for word in counted], dtype=np.intp)
        told = [1 + math.log(count) for count in counted.values()]
        values = np.array(told, dtype=np.float32) * self.rarity[rows]
        length = float(np.sqrt((values**2).sum())) or 1.0
        # Weights are stored times the rarity, which spreads them evenly over the steps.
        scores = (np.array(told) / length) @ self.weights[rows].astype(np.float32) * STEP
        return TextLeans(self, scores)


class TextLeans:
    """How one text leans."""

    def __init__(self, leanings: Leanings, scores: NDArray[Any]) -> None:
        self._leanings, self._scores = leanings, scores
        self._most: dict[str, float] = {}
        for (field, _), column in leanings.columns.items():
            self._most[field] = max(self._most.get(field, -math.inf), float(scores[column]))

    def towards(self, field: str, code: str) -> Lean:
        """How it leans towards a term; not at all to one that no record carries."""
        column = self._leanings.columns.get((field, code))
        if column is None:
            return Lean(0.0, False, math.log(_RARE))
        score = float(self._scores[column])
        share = float(self._leanings.shares[column])
        return Lean(score, score >= self._most[field], math.log(share + _RARE))


def text_words(text: str, title: str = "") -> Iterable[str]:
    """The words that count: those of the title as often as in three texts; no numbers."""
    words = word_keys(title) * _TITLE_COUNTS + word_keys(text[:_MOST_LETTERS])
    return (word for word in words if len(word) > 1 and word.isalpha())


def leanings() -> Leanings:
    """What was learnt. Raises VocabularyInvalid when its file in the seeds cannot be used."""
    return _read(settings().seeds_dir / FILE)


@lru_cache(maxsize=2)
def _read(path: Path) -> Leanings:
    try:
        with np.load(path, allow_pickle=False) as held:
            terms = [str(term).split("/") for term in held["terms"]]
            return Leanings(
                rows={str(word): row for row, word in enumerate(held["words"])},
                rarity=held["rarity"],
                columns={(field, code): column for column, (field, code) in enumerate(terms)},
                weights=held["weights"],
                shares=held["shares"],
            )
    except (OSError, KeyError, ValueError) as error:
        raise VocabularyInvalid(
            f"{path} cannot be used: {error}. Take it from the project again, or write it with "
            "'python -m crawlers.learn_leanings DATA_FOLDER'."
        ) from error
