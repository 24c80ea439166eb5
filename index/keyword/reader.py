"""Questions to one state of the index."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.fields import BODY, EVERYWHERE, LABELS, Places
from index.glob import literal_start, matches
from index.keyword.layout import Layout, exact_field

Query = tantivy.Query
Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]

MAX_EXPANDED = 500  # terms that one wildcard may stand for
MAX_COUNTED = 50_000  # tokens whose counts are kept, as every search asks for them several times
# Places of words whose scores are kept, of 12 bytes each: so many at least, or for each record.
MOST_KEPT = 3_000_000
KEPT_A_RECORD = 100
MANY_HAVE = 0.01  # share of the records that have a word whose scores are kept beforehand


class KeywordReader:
    """Answers queries on one state of the index, however it is changed meanwhile."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        """Open the index in `folder`. Raises IndexDamaged when it cannot be opened."""
        self.layout = layout
        self.index = layout.open(folder, create=False)
        self.index.config_reader("manual", 0)
        self.index.reload()
        self.searcher = self.index.searcher()
        self.schema = self.index.schema
        self._counted: dict[tuple[str, str], int] = {}
        self._kept: dict[tuple[Places, str], tuple[Numbers, Scores]] = {}
        self._keeping = threading.Lock()
        self._room = self._most = max(MOST_KEPT, KEPT_A_RECORD * len(self))

    def __len__(self) -> int:
        return int(self.searcher.num_docs)

    def run(self, query: Query, most: int | None = None) -> tuple[Numbers, Scores]:
        """Every record that the query finds, or the best `most`: numbers and scores."""
        found = self.searcher.search(query, most or max(len(self), 1), count=False).hits
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # Not zip(*found): that makes an iterator of every hit, which takes longer than the search.
        numbers = self.searcher.fast_field_values("number", [address for _, address in found])
        scores = [score for score, _ in found]
        return np.array(numbers, np.int64), np.array(scores, np.float32)

    def scores(self, token: str, places: Places) -> tuple[Numbers, Scores]:
        """Every record that has a stemmed word in one of these places, and its score for it.

        Kept, the words asked for last: to hand over every record of a common word takes longer
        than all the rest of a search. Nobody may change what is given.
        """
        with self._keeping:
            known = self._kept.pop((places, token), None)
            if known is not None:
                self._kept[places, token] = known
                return known
        ways = [self.boosted(self.term(field, token), boost) for field, boost in places]
        found = self.run(self.any_of(ways))
        with self._keeping:
            if (places, token) not in self._kept:
                self._kept[places, token] = found
                self._room -= len(found[0]) + 1
            while self._room < 0:
                oldest, _ = self._kept.pop(next(iter(self._kept)))
                self._room += len(oldest) + 1
        return found

    def keep_common(self) -> None:
        """Have scores of common words at hand before anybody asks."""
        counts = self.searcher.terms_with_prefix(BODY, "")
        least, room = MANY_HAVE * len(self), self._most // 2
        for token, count in sorted(counts, key=lambda term: -term[1]):
            room -= count
            if count < least or room < 0:
                break
            self.scores(token, EVERYWHERE)

    def word_counts(self) -> dict[str, int]:
        """Every word of the collection as it is spelt, with how many records have it, or fewer."""
        counts: dict[str, int] = {}
        for field in (*self.layout.whole, LABELS):
            for word, count in self.searcher.terms_with_prefix(exact_field(field), ""):
                counts[word] = max(count, counts.get(word, 0))
        return counts

    def knows(self, field: str, token: str) -> bool:
        """Whether any record has this token in a text field."""
        return self.records_with(field, token) > 0

    def records_with(self, field: str, token: str) -> int:
        """How many records have this token in a text field, changed ones at times counted twice."""
        known = self._counted.get((field, token))
        if known is None:
            if len(self._counted) >= MAX_COUNTED:
                self._counted.clear()
            known = self._counted[field, token] = int(self.searcher.doc_freq(field, token))
        return known

    # The queries that plans are compiled to.

    def term(self, field: str, token: str) -> Query:
        """Records with this token in a text field, scored."""
        return tantivy.Query.term_query(self.schema, field, token, "freq")

    def value(self, field: str, value: int | str) -> Query:
        """Records with this value in a field that is not text."""
        return tantivy.Query.term_query(self.schema, field, value, "basic")

    def phrase(self, field: str, tokens: list[str], slop: int = 0) -> Query:
        """Records with these tokens in this order."""
        if len(tokens) == 1:
            return self.term(field, tokens[0])
        placed: list[str | tuple[int, str]] = list(tokens)
        return tantivy.Query.phrase_query(self.schema, field, placed, slop)

    def years(self, low: int | None, high: int | None) -> Query:
        """Records of these years, both ends included."""
        return tantivy.Query.range_query(
            self.schema, "year", tantivy.FieldType.Unsigned, low or 0, high or 9999
        )

    def like(self, field: str, pattern: str) -> tuple[Query | None, bool]:
        """Records with a word like `pattern` (`*` and `?`) in an exact field; None for no word.

        Also whether the pattern stood for more words than are looked for.
        """
        start = literal_start(pattern)
        known = self.searcher.terms_with_prefix(field, start, limit=20 * MAX_EXPANDED)
        found = [term for term, _ in known if matches(pattern, term)]
        if not found:
            return None, False
        terms = tantivy.Query.term_set_query(self.schema, field, found[:MAX_EXPANDED])
        return self.flat(terms, 1.0), len(found) > MAX_EXPANDED

    def all_of(self, queries: Sequence[Query]) -> Query:
        """Records that every query finds."""
        return self._combined(queries, tantivy.Occur.Must)

    def any_of(self, queries: Sequence[Query], least: int = 1) -> Query:
        """Records that at least one query finds, or at least so many; scores add up."""
        return self._combined(queries, tantivy.Occur.Should, least if least > 1 else None)

    def best_of(self, queries: Sequence[Query]) -> Query:
        """Records that at least one query finds, scored by the best of them."""
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)

    def _combined(
        self, queries: Sequence[Query], occur: tantivy.Occur, least: int | None = None
    ) -> Query:
        if not queries:
            return self.nothing()
        if len(queries) == 1:
            return queries[0]
        return tantivy.Query.boolean_query([(occur, query) for query in queries], least)

    def without(self, query: Query, unwanted: Query) -> Query:
        """What the first query finds and the second does not."""
        parts = [(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, unwanted)]
        return tantivy.Query.boolean_query(parts)

    def with_optional(self, query: Query, optional: Query) -> Query:
        """What the first query finds; the second only adds to the score."""
        parts = [(tantivy.Occur.Must, query), (tantivy.Occur.Should, optional)]
        return tantivy.Query.boolean_query(parts)

    def boosted(self, query: Query, boost: float) -> Query:
        """The same records, scores multiplied."""
        return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)

    def flat(self, query: Query, score: float) -> Query:
        """The same records, each with this score."""
        return tantivy.Query.const_score_query(query, score)

    def unscored(self, query: Query) -> Query:
        """The same records, adding nothing to the score."""
        return self.flat(query, 0.0)

    def everything(self) -> Query:
        """Every record, with no score."""
        return self.unscored(tantivy.Query.all_query())

    def nothing(self) -> Query:
        """No record."""
        return tantivy.Query.empty_query()
