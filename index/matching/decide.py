"""From measures to a verdict, learnt from the table alone.

Pairs of the overall likeness fall into two heaps, the many chance ones and the few true ones; two
normal curves fitted to them say where one ends (`split`). What that gives is not sure, but good
enough to learn from how much each measure counts (`weigh`), and the weighed measures decide.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.matching.likeness import Measures
from index.matching.table import Numbers

Flags = NDArray[np.bool_]
STANDARD = 0.6  # the overall likeness asked for where the pairs form no two heaps
_STARTS = (0.5, 0.75, 0.9, 0.95, 0.99, 0.995)
_LEAST_MEAN, _LEAST_GAP = 0.4, 1.1  # of the true heap, or it is only the chance heap's slope
_FEW = 15  # true pairs needed to learn from
_MANY = 0.4  # second-best partners as good as first ones, for a set to hold several of one thing


def split(scores: Measures, least: float = _LEAST_MEAN) -> float:
    """The score from which a pair more likely belongs to the true heap than to the chance one."""
    fitted = [_two_heaps(scores, float(np.quantile(scores, start))) for start in _STARTS]
    good = [
        one for one in fitted if one is not None and one.mean >= least and one.gap >= _LEAST_GAP
    ]
    # Later starts are for tables with few true pairs; an earlier one stands when it fits as well.
    return max(good, key=lambda one: round(one.fit, 6)).border if good else STANDARD


@dataclass(frozen=True)
class _Heaps:
    """How well two curves fit, the score between them, and how the true one lies."""

    fit: float
    border: float
    mean: float
    gap: float


def _two_heaps(scores: Measures, start: float) -> _Heaps | None:
    """Two normal curves by expectation and maximisation; None when one of them comes to nothing."""
    true = (scores >= start).astype(np.float64)
    for _ in range(200):
        share = true.mean()
        if not 1e-6 < share < 1 - 1e-6:
            return None
        means = [float((w * scores).sum() / w.sum()) for w in (1 - true, true)]
        spreads = [
            max(1e-4, float((w * (scores - mean) ** 2).sum() / w.sum()))
            for w, mean in zip((1 - true, true), means, strict=True)
        ]
        odds = np.log(share / (1 - share)) - 0.5 * np.log(spreads[1] / spreads[0])
        odds = odds - 0.5 * (scores - means[1]) ** 2 / spreads[1]
        odds = odds + 0.5 * (scores - means[0]) ** 2 / spreads[0]
        # A wide curve is the likelier on both sides of a narrow one; only the upper side counts.
        odds = np.where(scores > means[1], np.maximum(odds, 0), odds)
        odds = np.where(scores < means[0], -30, odds)
        before, true = true, probability(odds)
        if np.abs(before - true).max() < 1e-4:
            break
    if not (true >= 0.5).any() or not np.isfinite(means).all():
        return None
    fit = np.logaddexp(
        np.log(share) - 0.5 * np.log(spreads[1]) - 0.5 * (scores - means[1]) ** 2 / spreads[1],
        np.log(1 - share) - 0.5 * np.log(spreads[0]) - 0.5 * (scores - means[0]) ** 2 / spreads[0],
    ).mean()
    gap = (means[1] - means[0]) / (spreads[0] ** 0.5 + spreads[1] ** 0.5)
    return _Heaps(float(fit), float(scores[true >= 0.5].min()), means[1], float(gap))


def probability(odds: Measures) -> Measures:
    """Log odds as a probability."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def weigh(measures: Measures, true: Flags, trust: Measures) -> Measures:
    """Weights (and, last, the constant) of a logistic regression, held small."""
    wide = np.c_[measures, np.ones(len(measures))]
    weights = np.zeros(wide.shape[1])
    hold = np.eye(len(weights)) * max(1.0, 0.01 * float(trust[true].sum()))
    hold[-1, -1] = 1e-6
    for _ in range(30):
        found = probability(wide @ weights)
        slope = wide.T @ (trust * (found - true)) + hold @ weights
        bend = (wide * (trust * np.maximum(found * (1 - found), 1e-6))[:, None]).T @ wide + hold
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-4:
            break
    return weights


@dataclass(frozen=True)
class Rivals:
    """For rows of several sets: each row's best and second-best partner in each other set."""

    left: Numbers
    right: Numbers
    ends: tuple[Numbers, Numbers]
    """For each pair, (left row, right row's set) and (right row, left row's set), numbered."""

    @classmethod
    def of(cls, left: Numbers, right: Numbers, sets: Numbers) -> "Rivals":
        """The rivals among these pairs."""
        many = int(sets.max()) + 1
        return cls(left, right, (left * many + sets[right], right * many + sets[left]))

    def best_elsewhere(self, scores: Measures) -> tuple[Measures, Measures]:
        """For each pair and each end, the best score of that row's other partners; 0 for none."""
        ends = np.concatenate(self.ends)
        both = np.r_[scores, scores]
        order = np.lexsort((-both, ends))
        sorted_ends = ends[order]
        first = np.flatnonzero(np.r_[True, sorted_ends[1:] != sorted_ends[:-1]])
        group = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(ends)]))
        top = both[order][first]
        has_next = np.r_[first[1:], len(ends)] - first > 1
        second = np.zeros(len(first))
        second[has_next] = both[order][first[has_next] + 1]
        rival = np.empty(len(ends))
        is_first = np.zeros(len(ends), bool)
        is_first[first] = True
        rival[order] = np.where(is_first, second[group], top[group])
        half = len(scores)
        return rival[:half], rival[half:]

    def best(self, scores: Measures) -> tuple[Flags, Flags]:
        """For each pair, whether it is the best of its left and of its right row."""
        left, right = self.best_elsewhere(scores)
        return scores >= left, scores >= right


def several(rivals: Rivals, sets: Numbers, scores: Measures, border: float) -> set[int]:
    """The sets that hold the same thing several times over.

    There, many rows are at their best with a partner that has a better one, and as good as others.
    """
    left, right = rivals.best(scores)
    mutual = left & right & (scores >= border)
    if not mutual.any():
        return set()
    good = scores >= np.quantile(scores[mutual], 0.25)
    count = int((mutual & good).sum())
    found = set()
    for number in np.unique(sets):
        one_sided = np.where(sets[rivals.left] == number, left & ~right, right & ~left)
        ends_here = (sets[rivals.left] == number) | (sets[rivals.right] == number)
        if int((one_sided & ends_here & good).sum()) > _MANY * count:
            found.add(int(number))
    return found


def fits(rivals: Rivals, sets: Numbers, scores: Measures, many: set[int]) -> Flags:
    """Whether a pair is the best of each row that can have one partner only.

    A row's partners are limited to one unless they are of a set that holds things several times.
    """
    left, right = rivals.best(scores)
    right_is_many = np.isin(sets[rivals.right], list(many))
    left_is_many = np.isin(sets[rivals.left], list(many))
    return np.asarray((left | right_is_many) & (right | left_is_many))


def enough(true: Flags) -> bool:
    """Whether there are pairs enough to learn from."""
    return int(true.sum()) >= _FEW
