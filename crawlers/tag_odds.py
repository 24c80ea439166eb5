"""How likely a suggested term is right, judged by all that speaks for it.

Decision trees over the figures of a candidate (crawlers/tag_evidence.py, crawlers/hit_rates.py),
each correcting those before it. They lie in `seeds/tag-odds.npz`; crawlers/learn_tag_odds.py grows
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crawlers.hit_rates import HIT_FIGURES, HitRates
from crawlers.tag_evidence import FIGURES, Candidate
from kb.errors import VocabularyInvalid
from kb.settings import settings

FILE = "tag-odds.npz"
JUDGED_BY = (*FIGURES, *HIT_FIGURES)
"""What each figure that the trees go by is called, in their order."""
TICKED = 0.72
"""How likely a term must be right to be ticked before a person has looked: where, in texts that the
trees had not seen, nine in ten ticked terms were right."""
OFFERED = 0.25
"""How likely it must be to be offered at all."""


@dataclass(frozen=True)
class Odds:
    """Trees, several sets of which are grown apart and averaged; all nodes in one row.

    At a node, a candidate goes `left` where its figure `figure` is at most `least`, else to the
    node after that; at a leaf (`left` is the node itself) it gains `gain`.
    """

    roots: NDArray[np.int32]
    figure: NDArray[np.int16]
    least: NDArray[np.float32]
    left: NDArray[np.int32]
    gain: NDArray[np.float32]
    base: NDArray[np.float32]
    depth: int
    rates: HitRates

    def of(self, candidates: Sequence[tuple[str, Candidate]]) -> list[float]:
        """How likely each candidate of a field is right, from 0 to 1."""
        if not candidates:
            return []
        figures = [self.rates.figures(field, one) for field, one in candidates]
        known = np.array(figures, dtype=np.float32)
        rows = np.arange(len(known))[:, None]
        at = np.repeat(self.roots.reshape(1, -1), len(known), axis=0)
        for _ in range(self.depth):
            left = self.left[at]
            further = (known[rows, self.figure[at]] > self.least[at]) & (left != at)
            at = left + further
        sets = len(self.base)
        gains = self.gain[at].reshape(len(known), sets, -1).sum(2) + self.base
        return [float(one) for one in (1 / (1 + np.exp(-gains))).mean(1)]


def odds() -> Odds:
    """The trees that were grown. Raises VocabularyInvalid when their file cannot be used."""
    return _read(settings().seeds_dir / FILE)


@lru_cache(maxsize=2)
def _read(path: Path) -> Odds:
    try:
        with np.load(path, allow_pickle=False) as held:
            if [str(name) for name in held["figures"]] != list(JUDGED_BY):
                raise ValueError("it was grown on other figures")
            return Odds(
                **{name: held[name] for name in ("roots", "figure", "least", "left", "gain")},
                base=held["base"],
                depth=int(held["depth"]),
                rates=HitRates.from_file(held),
            )
    except (OSError, KeyError, ValueError) as error:
        raise VocabularyInvalid(
            f"{path} cannot be used: {error}. Take it from the project again, or write it with "
            "'python -m crawlers.learn_tag_odds DATA_FOLDER'."
        ) from error
