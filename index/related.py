"""Records like one record: in all, with the same problem met otherwise, or the response elsewhere.

Likeness is how near the passages are in meaning, and which terms two records share.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.columns import Columns
from index.engine import Engine, default_engine
from index.facets import FACET
from index.generation import Generation
from kb.errors import KbError

# Terms that make two records alike whatever their words, and how much each shared share counts.
PROBLEM, RESPONSE = "problem", "response"
SHARED = {PROBLEM: 0.15, RESPONSE: 0.10}
LEAST = 0.35

Likeness = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Related:
    """One like record: `why` names the terms that the two share, by label.

    `differs` names the terms in which it is unlike, where that was asked for.
    """

    id: str
    title: str
    score: float
    why: tuple[str, ...]
    differs: tuple[str, ...] = ()


def related(record_id: str, limit: int = 5, engine: Engine | None = None) -> list[Related]:
    """The records most like this one, best first; none for a record that is not in the index."""
    return _like(record_id, limit, engine or default_engine())


def other_responses(record_id: str, limit: int = 5, engine: Engine | None = None) -> list[Related]:
    """Records of a similar problem that was met with other responses, best first."""
    return _like(record_id, limit, engine or default_engine(), same=PROBLEM, other=RESPONSE)


def other_problems(record_id: str, limit: int = 5, engine: Engine | None = None) -> list[Related]:
    """Records of the same response to other problems, best first."""
    return _like(record_id, limit, engine or default_engine(), same=RESPONSE, other=PROBLEM)


def _like(
    record_id: str, limit: int, engine: Engine, same: str = "", other: str = ""
) -> list[Related]:
    """The records most like this one; with `same` and `other`, sharing terms of one facet only."""
    generation = engine.generation()
    columns = generation.columns
    number = columns.numbers.get(record_id)
    if number is None or not {same, other} - {""} <= set(columns.facets):
        return []
    scores = _similar(number, engine, generation)
    for name, weight in SHARED.items():
        if name in columns.facets and name != other:
            scores += weight * _share(number, name, columns)
    scores[number] = -1
    scores[~columns.alive] = -1
    if same:
        scores[~_sharing(number, same, columns)] = -1
        scores[_sharing(number, other, columns)] = -1
        scores[np.diff(columns.facets[other].starts) == 0] = -1  # what is unknown is not other
    found = []
    for place in np.argsort(-scores, kind="stable")[:limit]:
        # Sharing a term is likeness enough; without one, the texts must be near.
        if scores[place] < (0 if same else LEAST):
            break
        like = int(place)
        found.append(
            Related(
                id=str(columns.ids[like]),
                title=columns.titles[like],
                score=float(scores[like]),
                why=_labels([same] if same else list(SHARED), number, like, columns),
                differs=_own_labels(other, like, columns) if other else (),
            )
        )
    return found


def _similar(number: int, engine: Engine, generation: Generation) -> Likeness:
    """How near every record's passages are to the middle of this one's."""
    columns = generation.columns
    rows = columns.vectors.row(number)
    scores = np.zeros(len(columns), np.float64)
    if not len(rows):
        return scores
    try:
        vectors = generation.vectors(engine.embedder())
    except KbError:
        return scores
    by_passage = vectors.cosines(vectors.middle(rows))[columns.vectors.values]
    counts = np.bincount(columns.vectors.owners, minlength=len(columns))
    sums = np.bincount(columns.vectors.owners, weights=by_passage, minlength=len(columns))
    filled = counts > 0
    scores[filled] = sums[filled] / counts[filled]
    return scores


def _share(number: int, name: str, columns: Columns) -> Likeness:
    """Which share of this record's terms of a facet each record has, broader terms counted."""
    column = columns.facets[name]
    own = column.row(number)
    hits = np.bincount(column.owners[np.isin(column.values, own)], minlength=len(columns))
    return hits / max(len(own), 1)


def _narrow(number: int, name: str, columns: Columns) -> list[str]:
    """A record's terms of a facet without those that only stand above another of them."""
    codes = [columns.codes[name][place] for place in columns.facets[name].row(number)]
    above = {broader for code in codes for broader in FACET[name].broader(code)}
    return [code for code in codes if code not in above]


def _sharing(number: int, name: str, columns: Columns) -> NDArray[np.bool_]:
    """Which records have one of this record's own terms of a facet."""
    return columns.with_facet(name, _narrow(number, name, columns))


def _labels(names: list[str], number: int, like: int, columns: Columns) -> tuple[str, ...]:
    labels = []
    for name in names:
        if name in columns.facets:
            column = columns.facets[name]
            both = set(column.row(number).tolist()) & set(column.row(like).tolist())
            labels += [FACET[name].label_of(columns.codes[name][place]) for place in sorted(both)]
    return tuple(labels)


def _own_labels(name: str, like: int, columns: Columns) -> tuple[str, ...]:
    return tuple(FACET[name].label_of(code) for code in _narrow(like, name, columns))
