"""One order out of two: what the words find and what the meaning finds."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# How much meaning counts. Each leg is divided by its best record first, so that the weight means
# the same for short and long queries. Measured with tests/index/test_evaluate.py's collections:
# anything from .3 to .5 differs little; words keep the upper hand so that a title finds its record.
MEANING = 0.4
# One or two words name a thing rather than tell of it: so short a title with a word left out is
# then found no lower than by words alone, and what judged questions find stands as high.
MEANING_OF_NAMES = 0.25
NAMES = 2
HANDFUL = 100  # records; in fewer nothing can stand out


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


# How far a record can move for what is known of it besides the search. Both are shares of its own
# score, so what is off the subject gains next to nothing, and no record passes one that fits a
# good tenth better.
EVIDENCE = 0.03
USEFULNESS = 0.05


def with_priors(scores: Scores, evidence: Scores, usefulness: Scores) -> Scores:
    """Scores moved a little by completeness (0 to 1) and by people's verdicts (-1 to 1)."""
    moved = EVIDENCE * (2 * np.clip(evidence, 0, 1) - 1) + USEFULNESS * np.clip(usefulness, -1, 1)
    return np.asarray(scores * (1 + moved), np.float32)


def behind(scores: Scores, last: NDArray[np.bool_]) -> Scores:
    """Scores made less for some records by one share, so that none of them passes the others.

    >>> behind(np.array([0.5, 0.8, 0.4], np.float32), np.array([False, True, True])).tolist()
    [0.5, 0.5, 0.25]
    """
    if not last.any() or last.all():
        return scores
    share = scores[~last].min() / max(float(scores[last].max()), 1e-9)
    return np.where(last, scores * np.float32(min(share, 1.0)), scores)
