"""One order out of two: what the words find and what the meaning finds."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# How much meaning counts. Each leg is divided by its best record first, so that the weight means
# the same for short and long queries. Measured with tests/index/test_evaluate.py's collections:
# anything from .3 to .5 differs little; words keep the upper hand so that a title finds its record.
MEANING = 0.4


def scaled(scores: Scores) -> Scores:
    """Scores as shares of the best; all 0 when none is above 0."""
    clipped = np.maximum(scores, 0.0)
    best = float(clipped.max()) if len(clipped) else 0.0
    return np.asarray(clipped / best if best > 0 else clipped, np.float32)


def fused(by_words: Scores, by_meaning: Scores, meaning: float = MEANING) -> Scores:
    """One score a record from its keyword score and its similarity, 0 where it has none."""
    share = np.float32(meaning)
    result: Scores = share * scaled(by_meaning) + (np.float32(1) - share) * scaled(by_words)
    return result
