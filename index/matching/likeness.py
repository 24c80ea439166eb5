"""What can be measured of a pair: how alike it is, as a whole and field by field."""

import re
import warnings

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors
from index.matching.table import Numbers, Table, folded, words_of
from index.matching.terms import Scores, Weighted, trigrams, weighted

Measures = NDArray[np.float64]
_NUMBER = re.compile(r"[^\W\d_]*\d[^\W_]*")  # years, house numbers, model numbers


class Likeness:
    """The measures of any pair of a table's rows."""

    def __init__(self, table: Table, vectors: Vectors | None) -> None:
        """Weigh the terms of the table, whole and by field."""
        size = len(table)
        whole = [table.whole(row) for row in range(size)]
        self.words = weighted([words_of(text) for text in whole])
        self.signs = weighted(
            [[g for v in table.fields.values() for g in trigrams(v[row])] for row in range(size)]
        )
        self.names = list(table.fields)
        self._fields: list[tuple[Weighted, Weighted, NDArray[np.bool_]]] = [
            (
                weighted([words_of(value) for value in values]),
                weighted([trigrams(value) for value in values]),
                np.array([bool(value) for value in values]),
            )
            for values in table.fields.values()
        ]
        self._numbers = [frozenset(_NUMBER.findall(folded(text))) for text in whole]
        self._vectors = vectors

    def fields(self, left: Numbers, right: Numbers) -> Measures:
        """One column a field, 0 to 1; not a number where one of the two is empty."""
        columns = []
        for words, signs, filled in self._fields:
            alike = np.maximum(words.likeness(left, right), signs.likeness(left, right))
            columns.append(np.where(filled[left] & filled[right], alike, np.nan))
        return np.stack(columns, axis=1).astype(np.float64)

    def measures(
        self, left: Numbers, right: Numbers, usual: Measures | None = None
    ) -> tuple[Measures, Measures, Measures]:
        """(overall, all measures, what each field usually is where a pair is alike).

        `usual` stands in for fields that are empty; it is taken from these pairs when not given.
        Overall is high only when the rows are alike as a whole and, on the whole, field by field;
        fields that were swapped are forgiven in part.
        """
        words, signs = self.words.likeness(left, right), self.signs.likeness(left, right)
        mean = np.maximum((words + signs) / 2.0, 0).astype(np.float64)
        columns: list[Scores | Measures] = [words, signs, self._shared_numbers(left, right)]
        if self._vectors is not None:
            columns.append(np.einsum("ij,ij->i", self._vectors[left], self._vectors[right]))
        overall = mean
        if len(self._fields) > 1:
            fields = self.fields(left, right)
            with warnings.catch_warnings():  # a pair, or a field, may have nothing in common
                warnings.simplefilter("ignore", RuntimeWarning)
                by_field = np.nan_to_num(np.nanmean(fields, axis=1))
                overall = np.sqrt(mean * np.maximum(by_field, mean * 0.5))
                if usual is None:
                    likely = overall >= np.quantile(overall, 0.9)
                    usual = np.nan_to_num(np.nanmedian(fields[likely], axis=0), nan=0.5)
            missing = np.isnan(fields)
            columns += list(np.where(missing, usual, fields).T)
            columns += list(np.where(missing, 0.0, fields > 0.999).T)
        usual = np.zeros(0) if usual is None else usual
        return overall, np.stack([overall, *columns], axis=1).astype(np.float64), usual

    def _shared_numbers(self, left: Numbers, right: Numbers) -> Measures:
        """The share of numbers that both have; half where one has none."""
        found = np.full(len(left), 0.5)
        for place, (one, other) in enumerate(zip(left, right, strict=True)):
            mine, theirs = self._numbers[one], self._numbers[other]
            if mine and theirs:
                found[place] = len(mine & theirs) / min(len(mine), len(theirs))
        return found
