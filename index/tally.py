"""How much each record has of the plain words of a search."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.columns import Mask
from index.compile import Compiled, Term, is_telling
from index.fields import BODY
from index.keyword import KeywordReader, Numbers, Scores

_ENOUGH_TOLD = 50  # records that the telling words must have between them
_MOST_LIFTED = 300  # records that gain by words standing near each other, those with most of it


@dataclass(frozen=True, slots=True)
class Tally:
    """For each record its score, and how many of the plain words it has, wherever they stand.

    `telling` are records with a word that few have: all that any word finds, where these are few.
    """

    scores: Scores
    held: NDArray[np.int64]
    telling: Mask


def tally(asked: Compiled, reader: KeywordReader, size: int) -> Tally:
    """The records, numbered to `size`, by their plain words."""
    scores = np.zeros(size, np.float32)
    held = np.zeros(size, np.int64)
    telling = np.zeros(size, np.bool_)
    told = 0
    for token, times in asked.stems.items():
        numbers, found = reader.scores(token, asked.places)
        scores[numbers] += found * np.float32(times)
        held[numbers] += 1
        if is_telling(token, reader):
            telling[numbers] = True
            told += reader.records_with(BODY, token)
    for term in asked.terms:
        best, words = _term(term, asked, reader, size)
        scores += best
        for has in words:
            held += has
            telling |= has
            told += _ENOUGH_TOLD
    for token in asked.joined:
        numbers, found = reader.scores(token, asked.places)
        scores[numbers] += found
        held[numbers] = asked.of
        telling[numbers] = True
    return Tally(scores, held, telling if told >= _ENOUGH_TOLD else held > 0)


def nearby(asked: Compiled, reader: KeywordReader, least: int = 0) -> tuple[Numbers, Scores]:
    """Records in which plain words stand near each other, and what each gains by it.

    `least` is how many of the words every record has whose score matters.
    """
    if asked.nearby is None:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    wanted = asked.nearby
    if asked.of == len(asked.stems) == least > 2:
        # Few records have more than two words, and where words stand takes long to look up.
        every = [
            reader.any_of([reader.term(field, token) for field, _ in asked.places])
            for token in asked.stems
        ]
        wanted = reader.all_of([reader.unscored(reader.all_of(every)), wanted])
    return reader.run(wanted, _MOST_LIFTED)


def _term(
    term: Term, asked: Compiled, reader: KeywordReader, size: int
) -> tuple[Scores, Iterable[Mask]]:
    """Each record's score for a term, and which records have each of its words."""
    best = np.zeros(size, np.float32)
    for way in term.ways:
        sums = np.zeros(size, np.float32)
        for token, counts in way:
            numbers, found = reader.scores(token, asked.places)
            sums[numbers] += found * np.float32(counts)
        np.maximum(best, sums, out=best)
    equal = np.zeros(size, np.bool_)
    if term.others is not None:
        numbers, found = reader.run(term.others)
        best[numbers] = np.maximum(best[numbers], found)
        equal[numbers] = True
    words = []
    for stems in term.words:
        has = equal.copy()
        for token in stems:
            has[reader.scores(token, asked.places)[0]] = True
        words.append(has)
    return best, words
