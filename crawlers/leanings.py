"""How much the words of a whole text lean towards each term, as hand-tagged records use them.

A cue or a name speaks where it stands; this tells whether the rest of the text sounds like the
records that carry the term. The weights lie in `seeds/leanings.npz`; crawlers/learn_leanings.py
learns them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.classify import word_keys, words_by_key
from kb.errors import VocabularyInvalid
from kb.settings import settings

FILE = "leanings.npz"
STEP = 0.2  # what one step of a stored weight is worth
_TITLE_COUNTS = 3
_MOST_LETTERS = 12_000
_WORDS = 3  # that are named as what leans to a term
_RARE = 0.002  # the share of records that a term without any is taken to have


@dataclass(frozen=True, slots=True)
class Lean:
    """How far a text leans to a term: to how many other terms of its field more (`rank`), and how
    far it is from the foremost (`gap`).

    `usual` is the logarithm of the share of records that carry the term.
    """

    score: float
    gap: float
    rank: int
    usual: float


@dataclass(frozen=True)
class Leanings:
    """Weights by word (a row, with how rare the word is) and by field and term (a column)."""

    rows: Mapping[str, int]
    rarity: NDArray[np.float32]
    columns: Mapping[tuple[str, str], int]
    weights: NDArray[np.int8]
    shares: NDArray[np.float32]

    @staticmethod
    def from_file(held: Mapping[str, Any]) -> "Leanings":
        """The leanings that a file holds, or that crawlers/learn_leanings.py would write to it."""
        terms = [str(term).split("/") for term in held["terms"]]
        return Leanings(
            rows={str(word): row for row, word in enumerate(held["words"])},
            rarity=held["rarity"],
            columns={(field, code): column for column, (field, code) in enumerate(terms)},
            weights=held["weights"],
            shares=held["shares"],
        )

    def of(self, text: str, title: str = "") -> "TextLeans":
        """How a text leans towards every term."""
        counted = Counter(word for word in text_words(text, title) if word in self.rows)
        rows = np.array([self.rows[word] for word in counted], dtype=np.intp)
        told = [1 + math.log(count) for count in counted.values()]
        values = np.array(told, dtype=np.float32) * self.rarity[rows]
        length = float(np.sqrt((values**2).sum())) or 1.0
        # Weights are stored times the rarity, which spreads them evenly over the steps.
        each = (np.array(told) / length)[:, None] * self.weights[rows] * np.float32(STEP)
        return TextLeans(self, each, list(counted), f"{title}\n{text}")


class TextLeans:
    """How a `text` leans: `each` is what each of its `words` (a row) adds to each term."""

    def __init__(
        self, leanings: Leanings, each: NDArray[Any], words: Sequence[str], text: str
    ) -> None:
        self._leanings, self._each, self._words, self._text = leanings, each, words, text
        self._scores = each.sum(0)
        ranked: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for (field, code), column in leanings.columns.items():
            ranked[field].append((-float(self._scores[column]), code))
        self._ranked = {
            field: [code for _, code in sorted(found)] for field, found in ranked.items()
        }

    def towards(self, field: str, code: str) -> Lean:
        """How it leans towards a term; not at all to one that no record carries."""
        column = self._leanings.columns.get((field, code))
        ranked = self._ranked.get(field, [])
        most = self._score(field, ranked[0]) if ranked else 0.0
        if column is None:
            return Lean(0.0, -most, len(ranked), math.log(_RARE))
        score = float(self._scores[column])
        share = float(self._leanings.shares[column])
        return Lean(score, score - most, ranked.index(code), math.log(share + _RARE))

    def most(self, field: str, number: int) -> list[str]:
        """The terms of a field that it leans to most."""
        return self._ranked.get(field, [])[:number]

    def words(self, field: str, code: str, number: int = _WORDS) -> list[str]:
        """Its words that lean to a term most, the foremost first, as they are spelt in it."""
        column = self._leanings.columns.get((field, code))
        if column is None:
            return []
        adds = self._each[:, column]
        rows = [row for row in np.argsort(-adds)[:number] if adds[row] > 0]
        return [self._spelt[self._words[row]] for row in rows]

    @cached_property
    def _spelt(self) -> Mapping[str, str]:
        return words_by_key(self._text)

    def _score(self, field: str, code: str) -> float:
        return float(self._scores[self._leanings.columns[field, code]])


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
            return Leanings.from_file(held)
    except (OSError, KeyError, ValueError) as error:
        raise VocabularyInvalid(
            f"{path} cannot be used: {error}. Take it from the project again, or write it with "
            "'python -m crawlers.learn_leanings DATA_FOLDER'."
        ) from error
