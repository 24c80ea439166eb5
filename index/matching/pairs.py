"""The whole way from rows to pairs of the same, each with a score and the reason in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from index.embed import Embedder, Progress, Vectors
from index.matching import candidates, decide
from index.matching.likeness import Likeness, Measures
from index.matching.reasons import reasons
from index.matching.table import Numbers, Table, read_table, words_of

_ROUNDS = 3
_LARGEST = 300  # rows of one cluster of which every pair is compared
_EMBEDDED = 5_000  # rows; beyond, embedding would take minutes, and words and signs find nearly all
_PROSE = 4  # words a row needs on average for its meaning to say anything
_WORDS = 24  # of a row, that are embedded


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that tell of the same; `score` is how sure that is, 0 to 1."""

    left: int
    right: int
    score: float
    reason: str


@dataclass
class _Compared:
    """Pairs and what is known of each."""

    left: Numbers
    right: Numbers
    overall: Measures
    odds: Measures


def find(
    rows: Iterable[Mapping[str, Any]] | Table,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> list[Pair]:
    """The pairs of rows that tell of the same, surest first; only across sets when rows have them.

    With an embedder, rows are also looked for by meaning. Raises FileUnreadable for rows without
    an id.
    """
    table = rows if isinstance(rows, Table) else read_table(rows)
    if len(table) < 2 or not table.fields:
        return []
    vectors = _vectors(table, embedder, progress)
    likeness = Likeness(table, vectors)
    ways = [
        candidates.by_terms(terms, table.sets, candidates.NEAREST)
        for terms in (likeness.words, likeness.signs)
    ]
    if vectors is not None:
        ways.append(candidates.by_meaning(vectors, table.sets, candidates.NEAREST))
    left, right = candidates.unique_pairs(
        np.concatenate([way[0] for way in ways]),
        np.concatenate([way[1] for way in ways]),
        len(table),
    )
    if not len(left):
        return []
    if table.sets is None:
        found = _in_one_set(likeness, left, right, len(table))
    else:
        found = _across_sets(likeness, left, right, table.sets)
    order = np.argsort(-found.odds, kind="stable")
    left, right = found.left[order], found.right[order]
    return [
        Pair(int(one), int(other), float(score), reason)
        for one, other, score, reason in zip(
            left,
            right,
            decide.probability(found.odds[order]),
            reasons(table, likeness, left, right),
            strict=True,
        )
    ]


def _vectors(table: Table, embedder: Embedder | None, progress: Progress | None) -> Vectors | None:
    if embedder is None or len(table) > _EMBEDDED:
        return None
    texts = [table.whole(row) for row in range(len(table))]
    words = [len([w for w in words_of(text) if len(w) > 3 and w.isalpha()]) for text in texts]
    if np.mean(words) < _PROSE:
        return None
    return embedder.passages([" ".join(text.split()[:_WORDS]) for text in texts], progress)


def _standard(measures: Measures) -> tuple[Measures, Measures, Measures]:
    middle, spread = measures.mean(axis=0), np.maximum(measures.std(axis=0), 1e-6)
    return (measures - middle) / spread, middle, spread


def _plain_odds(overall: Measures, border: float) -> Measures:
    """Odds where nothing could be learnt: the overall likeness alone."""
    return np.asarray((overall - border) * 12)


def _across_sets(likeness: Likeness, left: Numbers, right: Numbers, sets: Numbers) -> _Compared:
    """Pairs across sets, where a better partner elsewhere speaks against a pair."""
    overall, measures, _ = likeness.measures(left, right)
    border = decide.split(overall)
    rivals = decide.Rivals.of(left, right, sets)
    many = decide.several(rivals, sets, overall, border)
    odds = _plain_odds(overall, border)
    score = overall
    for number in range(_ROUNDS):
        at = border if number == 0 else 0.0
        fitting = decide.fits(rivals, sets, score, many)
        true = fitting & (score >= at)
        if not decide.enough(true):
            break
        one, other = rivals.best(score)
        # Best for one of the two only, and alike: it may be either, so nothing is learnt from it.
        open_ = ~fitting & (one | other) & (score >= at)
        spread = max(1e-6, float(np.std(score[one & other])))
        trust = np.where(open_, 0.0, np.clip(np.abs(score - at) / spread * 2, 0.05, 1.0))
        here, there = rivals.best_elsewhere(overall)
        lead = [
            np.where(np.isin(sets[right], list(many)), 0.0, np.clip(overall - here, -0.5, 0.3)),
            np.where(np.isin(sets[left], list(many)), 0.0, np.clip(overall - there, -0.5, 0.3)),
        ]
        wide, _, _ = _standard(np.c_[measures, np.stack(lead, axis=1), np.minimum(*lead)])
        weights = decide.weigh(wide, true, trust)
        odds = wide @ weights[:-1] + weights[-1]
        score = np.clip(odds, -12, 12) + 1e-3 * odds
    kept = decide.fits(rivals, sets, score, many) & (odds >= 0)
    return _Compared(left[kept], right[kept], overall[kept], odds[kept])


def _in_one_set(likeness: Likeness, left: Numbers, right: Numbers, size: int) -> _Compared:
    """Pairs within one set, where a thing may be told any number of times."""
    overall, measures, usual = likeness.measures(left, right)
    border = decide.split(overall)
    true = overall >= border
    if not decide.enough(true):
        kept = true
        return _Compared(left[kept], right[kept], overall[kept], _plain_odds(overall[kept], border))
    wide, middle, spread = _standard(measures)
    trust = np.clip(np.abs(overall - border) / max(1e-6, float(np.std(overall))), 0.05, 1.0)
    for _ in range(_ROUNDS):
        weights = decide.weigh(wide, true, trust)
        odds = wide @ weights[:-1] + weights[-1]
        true = odds >= 0
        trust = np.abs(decide.probability(odds) - 0.5) * 2
    at = decide.split(np.clip(odds, -15, 15), least=0.0)
    at = at if at < 5 and at != decide.STANDARD else 0.0
    kept = odds >= at
    found = _Compared(left[kept], right[kept], overall[kept], odds[kept] - at)
    more = _within_clusters(found.left, found.right, size)
    if len(more[0]):
        overall, measures, _ = likeness.measures(*more, usual)
        odds = ((measures - middle) / spread) @ weights[:-1] + weights[-1] - at
        kept = odds >= 0
        found = _Compared(
            np.r_[found.left, more[0][kept]],
            np.r_[found.right, more[1][kept]],
            np.r_[found.overall, overall[kept]],
            np.r_[found.odds, odds[kept]],
        )
    return found


def _within_clusters(left: Numbers, right: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Pairs of rows that others link to each other and that were not compared yet."""
    from scipy.sparse import csr_matrix  # here, so that the site starts without it
    from scipy.sparse.csgraph import connected_components

    links = csr_matrix((np.ones(len(left)), (left, right)), shape=(size, size))
    count, labels = connected_components(links, directed=False)
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(count + 1))
    ones: list[Numbers] = []
    others: list[Numbers] = []
    for begin, end in pairwise(starts):
        if 2 < end - begin <= _LARGEST:
            rows = np.sort(order[begin:end])
            upper = np.triu_indices(len(rows), 1)
            ones.append(rows[upper[0]])
            others.append(rows[upper[1]])
    if not ones:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    keys = np.concatenate(ones) * size + np.concatenate(others)
    new = np.setdiff1d(keys, left * size + right)
    return new // size, new % size
