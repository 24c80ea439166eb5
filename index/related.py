"""Records like one record: in all, with the same problem met otherwise, or the response elsewhere.

Likeness is how near the passages are in meaning, and which terms two records share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.columns import Columns, Mask
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


@dataclass(frozen=True, slots=True)
class Kin:
    """Records like one record: in all, of its problem met otherwise, and of its response elsewhere.

    None stands in two of the lists.
    """

    like: tuple[Related, ...] = ()
    other_responses: tuple[Related, ...] = ()
    other_problems: tuple[Related, ...] = ()


def related(record_id: str, limit: int = 5, engine: Engine | None = None) -> list[Related]:
    """The records most like this one, best first; none for a record that is not in the index."""
    seeker = _Seeker.of(record_id, engine or default_engine())
    return seeker.like(limit) if seeker else []


def kin(record_id: str, limit: int = 5, engine: Engine | None = None) -> Kin:
    """Records like this one in each of three ways, best first, at most `limit` for each."""
    seeker = _Seeker.of(record_id, engine or default_engine())
    if seeker is None:
        return Kin()
    responses = seeker.unlike(PROBLEM, RESPONSE, limit)
    problems = seeker.unlike(RESPONSE, PROBLEM, limit)
    told = {one.id for one in (*responses, *problems)}
    like = [one for one in seeker.like(limit + len(told)) if one.id not in told]
    return Kin(tuple(like[:limit]), tuple(responses), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Seeker:
    """One record among all, with how near the text of each other record is."""

    number: int
    columns: Columns
    similar: Likeness

    @classmethod
    def of(cls, record_id: str, engine: Engine) -> "_Seeker | None":
        generation = engine.generation()
        number = generation.columns.numbers.get(record_id)
        if number is None:
            return None
        return cls(number, generation.columns, _similar(number, engine, generation))

    def like(self, limit: int) -> list[Related]:
        """The most like in text and terms; without a shared term, the texts must be near."""
        scores = self._scores(*SHARED)
        return [
            self._found(place, scores, tuple(SHARED), "") for place in _best(scores, limit, LEAST)
        ]

    def unlike(self, same: str, other: str, limit: int) -> list[Related]:
        """Records that share terms of one facet, and none of the other though they have some."""
        if not {same, other} <= set(self.columns.facets):
            return []
        scores = self._scores(same)
        scores[~self._sharing(same)] = -1
        scores[self._sharing(other)] = -1
        scores[np.diff(self.columns.facets[other].starts) == 0] = -1  # unknown is not other
        column, codes = self.columns.facets[other], self.columns.codes[other]
        own = {codes[place] for place in column.row(self.number)}

        def differs(like: int) -> bool:
            """Whether none of its terms is only a broader name for one of this record's."""
            return own.isdisjoint(_narrow(like, other, self.columns))

        places = (place for place in _best(scores, len(scores), 0) if differs(place))
        return [self._found(place, scores, (same,), other) for place in islice(places, limit)]

    def _scores(self, *facets: str) -> Likeness:
        scores = self.similar.copy()
        for name in facets:
            if name in self.columns.facets:
                scores += SHARED[name] * _share(self.number, name, self.columns)
        scores[self.number] = -1
        scores[~self.columns.alive] = -1
        return scores

    def _sharing(self, name: str) -> Mask:
        """Which records have one of this record's own terms of a facet."""
        return self.columns.with_facet(name, _narrow(self.number, name, self.columns))

    def _found(self, like: int, scores: Likeness, same: tuple[str, ...], other: str) -> Related:
        columns = self.columns
        return Related(
            id=str(columns.ids[like]),
            title=columns.titles[like],
            score=float(scores[like]),
            why=_labels(same, self.number, like, columns),
            differs=_own_labels(other, like, columns) if other else (),
        )


def _best(scores: Likeness, limit: int, least: float) -> list[int]:
    """Numbers of the best records with at least that score."""
    order = np.argsort(-scores, kind="stable")[:limit]
    return [int(place) for place in order if scores[place] >= least]


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
    return _narrowest(name, [columns.codes[name][at] for at in columns.facets[name].row(number)])


def _narrowest(name: str, codes: Sequence[str]) -> list[str]:
    above = {broader for code in codes for broader in FACET[name].broader(code)}
    return [code for code in codes if code not in above]


def _labels(names: Sequence[str], number: int, like: int, columns: Columns) -> tuple[str, ...]:
    labels = []
    for name in names:
        if name in columns.facets:
            column, codes = columns.facets[name], columns.codes[name]
            both = set(column.row(number).tolist()) & set(column.row(like).tolist())
            shared = _narrowest(name, [codes[place] for place in sorted(both)])
            # That two kinds of crime are both crime says nothing.
            told = {*_narrow(number, name, columns), *_narrow(like, name, columns)}
            labels += [
                FACET[name].label_of(code)
                for code in shared
                if code in told or FACET[name].broader(code)
            ]
    return tuple(labels)


def _own_labels(name: str, like: int, columns: Columns) -> tuple[str, ...]:
    return tuple(FACET[name].label_of(code) for code in _narrow(like, name, columns))
