"""Records like one that is being read."""

from dataclasses import dataclass

import numpy as np

from index.engine import Engine, default_engine
from index.facets import FACET
from index.generation import Generation
from kb.errors import KbError

# Terms that make two records alike whatever their words, and how much each shared share counts.
SHARED = {"problem": 0.15, "response": 0.10}
LEAST = 0.35


@dataclass(frozen=True, slots=True)
class Related:
    """One like record: why says which terms the two share, by label."""

    id: str
    title: str
    score: float
    why: tuple[str, ...]


def related(record_id: str, limit: int = 5, engine: Engine | None = None) -> list[Related]:
    """The records most like this one, best first; none for a record that is not in the index."""
    engine = engine or default_engine()
    generation = engine.generation()
    columns = generation.columns
    number = columns.numbers.get(record_id)
    if number is None:
        return []
    scores = _similar(number, engine, generation)
    shared: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
    for name, weight in SHARED.items():
        if name not in columns.facets:
            continue
        column = columns.facets[name]
        own = column.row(number)
        if len(own):
            hits = np.bincount(
                column.owners[np.isin(column.values, own)], minlength=len(columns)
            ).astype(np.float64)
            shared[name] = hits / len(own)
            scores += weight * shared[name]
    scores[number] = -1
    scores[~columns.alive] = -1
    order = np.argsort(-scores, kind="stable")[:limit]
    found = []
    for place in order:
        if scores[place] < LEAST:
            break
        other = int(place)
        found.append(
            Related(
                id=str(columns.ids[other]),
                title=columns.titles[other],
                score=float(scores[other]),
                why=_shared_labels(number, other, generation),
            )
        )
    return found


def _similar(
    number: int, engine: Engine, generation: Generation
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
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


def _shared_labels(number: int, other: int, generation: Generation) -> tuple[str, ...]:
    labels = []
    for name in SHARED:
        column = generation.columns.facets.get(name)
        if column is None:
            continue
        codes = generation.columns.codes[name]
        both = set(column.row(number).tolist()) & set(column.row(other).tolist())
        labels += [FACET[name].label_of(codes[place]) for place in sorted(both)]
    return tuple(labels)
