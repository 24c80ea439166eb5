"""Texts as weighted terms: rare ones count most, and each text has the length 1."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.matching.table import Numbers, words_of

if TYPE_CHECKING:
    from scipy import sparse

Scores = NDArray[np.float32]
_CHUNK = 20_000


@dataclass(frozen=True)
class Weighted:
    """One row a text, one column a term; `counts` says in how many texts each term is."""

    matrix: "sparse.csr_matrix"
    counts: Numbers

    def likeness(self, left: Numbers, right: Numbers) -> Scores:
        """How alike the texts of each pair are, 0 to 1."""
        found = np.zeros(len(left), np.float32)
        for start in range(0, len(left), _CHUNK):
            part = slice(start, start + _CHUNK)
            product = self.matrix[left[part]].multiply(self.matrix[right[part]])
            found[part] = np.asarray(product.sum(axis=1)).ravel()
        return found


def trigrams(text: str) -> list[str]:
    """Every three signs in a row, word borders among them: what survives a slip of the pen."""
    line = f" {' '.join(words_of(text))} "
    return [line[at : at + 3] for at in range(len(line) - 2)] if line.strip() else []


def weighted(texts: Sequence[Iterable[str]]) -> Weighted:
    """The terms of each text, weighted."""
    from scipy import sparse  # here, so that the site starts without it

    columns: dict[str, int] = {}
    where: list[int] = []
    values: list[float] = []
    ends = [0]
    for terms in texts:
        for term, count in Counter(terms).items():
            where.append(columns.setdefault(term, len(columns)))
            values.append(1.0 + float(np.log(count)))
        ends.append(len(where))
    shape = (len(texts), max(1, len(columns)))
    matrix = sparse.csr_matrix(
        (np.array(values, np.float32), np.array(where, np.int32), np.array(ends, np.int64)), shape
    )
    counts = np.bincount(matrix.indices, minlength=shape[1])
    rarity = np.log(1 + shape[0] / (1.0 + counts)).astype(np.float32)
    matrix.data *= rarity[matrix.indices]
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths = np.maximum(lengths, 1e-9).astype(np.float32)
    matrix.data /= np.repeat(lengths, np.diff(matrix.indptr))
    return Weighted(matrix, counts)
