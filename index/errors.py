"""Errors of the index.

IndexProblem                anything wrong with the search index; the message says what to do next
├── IndexMissing            there is no index yet
├── IndexStale              the index was built by other code than this
├── IndexLocked             another process is writing it
├── IndexDamaged            a file of it cannot be read
├── ModelUnavailable        the embedding model cannot be loaded
├── VectorsMixed            vectors of two models, or of two sizes, would have met
├── CollectionInvalid       a test collection given to `kb evaluate` cannot be used
└── NothingJudged           nobody here has yet said of a search's result that it was useful
"""

from kb.errors import InputInvalid, KbError


class IndexProblem(KbError):
    """Something is wrong with the search index."""


class IndexMissing(IndexProblem):
    """There is no index to search; run `kb index rebuild`."""


class IndexStale(IndexProblem):
    """The index was built with other fields or facets; run `kb index rebuild`."""


class IndexLocked(IndexProblem):
    """Another process is writing the index; try again when it has finished."""


class IndexDamaged(IndexProblem):
    """A file of the index cannot be read; run `kb index rebuild`."""


class ModelUnavailable(IndexProblem):
    """The embedding model cannot be loaded; the message says what was tried."""


class VectorsMixed(IndexProblem):
    """Vectors of different models or sizes may not be compared; run `kb index rebuild`."""


class CollectionInvalid(IndexProblem, InputInvalid):
    """A test collection cannot be used; the message names the file and the line."""


class NothingJudged(IndexProblem):
    """Nobody has yet said of a search's result that it was useful; measure with files instead."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody with an account has yet found a record useful that a search led to, so there "
            "is nothing to measure by. Use --corpus, --queries and --qrels."
        )
