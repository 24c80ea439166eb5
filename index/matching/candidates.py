"""Which pairs are worth comparing: each row with those nearest to it by words, signs or meaning."""

import numpy as np

from index.embed import Vectors
from index.matching.table import Numbers
from index.matching.terms import Weighted

NEAREST = 10  # partners of a row that each way of looking brings
_CHUNK = 500
# A term of very many rows says little and would make the work grow with their square.
_FEWEST, _SHARE, _MOST = 200, 20, 1000


def unique_pairs(left: Numbers, right: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Each pair of different rows once, the smaller number first."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    keys = np.unique((low * size + high)[low != high])
    return keys // size, keys % size


def by_terms(terms: Weighted, sets: Numbers | None, nearest: int) -> tuple[Numbers, Numbers]:
    """Each row with the rows of other sets that share its rarer terms."""
    size = terms.matrix.shape[0]
    most = int(np.clip(size // _SHARE, _FEWEST, _MOST))
    kept = terms.matrix[:, np.flatnonzero((terms.counts > 1) & (terms.counts <= most))].tocsr()
    turned = kept.T.tocsr()
    left: list[Numbers] = []
    right: list[Numbers] = []
    for start in range(0, size, _CHUNK):
        product = (kept[start : start + _CHUNK] @ turned).tocsr()
        for place in range(product.shape[0]):
            row = start + place
            part = slice(product.indptr[place], product.indptr[place + 1])
            others, scores = product.indices[part], product.data[part]
            fits = others != row if sets is None else sets[others] != sets[row]
            others, scores = others[fits], scores[fits]
            if len(others) > nearest:
                others = others[np.argpartition(-scores, nearest)[:nearest]]
            left.append(np.full(len(others), row, np.int64))
            right.append(others.astype(np.int64))
    return _joined(left), _joined(right)


def by_meaning(vectors: Vectors, sets: Numbers | None, nearest: int) -> tuple[Numbers, Numbers]:
    """Each row with the rows of other sets that mean most nearly the same."""
    size = len(vectors)
    left: list[Numbers] = []
    right: list[Numbers] = []
    for start in range(0, size, _CHUNK):
        scores = vectors[start : start + _CHUNK] @ vectors.T
        rows = np.arange(start, start + len(scores))
        if sets is None:
            scores[np.arange(len(rows)), rows] = -2
        else:
            scores[sets[rows][:, None] == sets[None, :]] = -2
        width = min(nearest, size - 1)
        others = np.argpartition(-scores, width - 1, axis=1)[:, :width] if width else rows[:, None]
        there = np.take_along_axis(scores, others, axis=1) > 0
        left.append(np.repeat(rows, others.shape[1])[there.ravel()])
        right.append(others.ravel()[there.ravel()].astype(np.int64))
    return _joined(left), _joined(right)


def _joined(parts: list[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
