"""A plan made into queries of the keyword index."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from whoosh_compat import ast

from index.fields import (
    BODY,
    BOOSTS,
    CORRECTION_BOOST,
    EVERYWHERE,
    EXPANSION_BOOST,
    LABELS,
    NEAR_BOOST,
    NEAR_SLOP,
    PART_BOOST,
    Places,
)
from index.grammar import ID, TEXT, YEAR, Correction, Expansion, Plan
from index.keyword import (
    KeywordReader,
    exact_field,
    facet_field,
    section_field,
    stems,
    words,
)

if TYPE_CHECKING:
    from index.keyword import Query


RUNNING = 6  # words, from which on it is running text, of which no record has most
# A word that a greater share of the records has does not tell them apart: among many words, no
# record is found by such words alone. On CACM .3 to .05 change little, .03 much.
COMMON = 0.07
_MOST_TIMES = 3


@dataclass(frozen=True, slots=True)
class Term:
    """Plain words that may be met in several ways, of which the best scores.

    A way is stems, each with what it counts, whose scores add up. A record has each of `words`
    when it has any of its stems. What `others` finds stands for all of the words.
    """

    ways: tuple[tuple[tuple[str, float], ...], ...]
    words: tuple[tuple[str, ...], ...]
    others: "Query | None" = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """What to look for; `required`, where there is one, must hold for every record.

    Of the plain words `stems` stand for themselves, with how often each counts, and `terms` may
    be met in other ways too; `joined` are two words written as one, which stands for all. `nearby`
    only adds to the scores. All of them are looked for in `places`.
    """

    required: "Query | None"
    notes: tuple[str, ...]
    places: Places
    stems: Mapping[str, float] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    joined: tuple[str, ...] = ()
    nearby: "Query | None" = None

    @property
    def of(self) -> int:
        """How many plain words there are."""
        return len(self.stems) + sum(len(term.words) for term in self.terms)


def is_telling(token: str, reader: KeywordReader) -> bool:
    """Whether few records have a stemmed word in their text."""
    return reader.records_with(BODY, token) <= COMMON * len(reader)


def compiled(plan: Plan, reader: KeywordReader, *, exact: bool = False) -> Compiled:
    """The queries for a plan; `exact` wants every word as typed, without endings cut off."""
    return _Compiler(plan, reader, exact=exact).run()


class _Compiler:
    def __init__(self, plan: Plan, reader: KeywordReader, *, exact: bool) -> None:
        self.plan, self.reader, self.exact = plan, reader, exact
        self.itself = exact
        self.notes: list[str] = []
        known = set(reader.layout.sections)
        self.sections = [section_field(name) for name in plan.sections if name in known]
        self.places = EVERYWHERE
        if self.sections:
            self.places = tuple((name, 1.0) for name in self.sections)

    def run(self) -> Compiled:
        plan, reader = self.plan, self.reader
        required = self.node(plan.strict) if plan.strict is not None else None
        if self.exact and plan.words:
            typed = [self.exact_word(word) for word in plan.words]
            required = reader.all_of([*typed, *([] if required is None else [required])])
        if self.exact or not plan.words:
            return Compiled(required, tuple(self.notes), self.places)
        terms, outside = self.terms()
        # A word typed twice counts twice, as in the formula of BM25; of few words not without end.
        tokens = [token for word in outside for token in stems(word)]
        counted = Counter(tokens)
        most = _MOST_TIMES if len(counted) < RUNNING else len(tokens)
        if not terms and not tokens:
            # Nothing but words like "who": look for them as they are.
            terms = [Term((), ((),), self.exact_word(word)) for word in plan.words]
        nearby = [
            *self.near([token for word in self.plan.meant for token in stems(word)]),
            *self.compounds(),
        ]
        return Compiled(
            required,
            tuple(self.notes),
            self.places,
            {token: float(min(times, most)) for token, times in counted.items()},
            tuple(terms),
            tuple(self.written_as_one()),
            reader.any_of(nearby) if nearby else None,
        )

    # Plain words: any of them, best first.

    def terms(self) -> tuple[list[Term], list[str]]:
        """What the thesaurus or the speller knows other ways for, and the words outside of it."""
        plan = self.plan
        terms: list[Term] = []
        inside: set[int] = set()
        for expansion in plan.expansions:
            span = range(expansion.start, expansion.end)
            if inside.isdisjoint(span):
                inside.update(span)
                terms.append(self.expanded(expansion, [plan.words[spot] for spot in span]))
        for correction in plan.corrections:
            if correction.place not in inside:
                inside.add(correction.place)
                terms.append(self.corrected(correction))
        return terms, [word for spot, word in enumerate(plan.words) if spot not in inside]

    def corrected(self, correction: Correction) -> Term:
        """A word as it was typed, or for less what was probably meant."""
        meant = dict.fromkeys(token for word in correction.means for token in stems(word))
        ways = [(token, CORRECTION_BOOST) for token in meant]
        ways += [(token, 1.0) for token in stems(correction.typed)]
        return Term(tuple((way,) for way in ways), (tuple(token for token, _ in ways),))

    def stem(self, token: str) -> "Query":
        """A stemmed word wherever words are looked for."""
        reader = self.reader
        return reader.any_of(
            [reader.boosted(reader.term(name, token), boost) for name, boost in self.places]
        )

    def near(self, tokens: Sequence[str]) -> list["Query"]:
        """Neighbouring words near each other in the text."""
        if self.sections:
            return []  # sections do not hold the places of stemmed words
        pairs = [pair for pair in dict.fromkeys(pairwise(tokens)) if pair[0] != pair[1]]
        if len(tokens) >= RUNNING:
            # Two common words stand near each other in many records, and take long to look for.
            pairs = [pair for pair in pairs if any(is_telling(one, self.reader) for one in pair)]
        return [
            self.reader.boosted(self.reader.phrase(BODY, list(pair), NEAR_SLOP), NEAR_BOOST)
            for pair in pairs
        ]

    def compounds(self) -> list["Query"]:
        """`off-road` as it stands."""
        fields = self.sections or self.reader.layout.whole
        return [
            self.reader.phrase(exact_field(name), tokens)
            for word in self.plan.words
            if len(tokens := words(word)) > 1
            for name in fields
        ]

    def written_as_one(self) -> list[str]:
        """`shop lifting` written as one word, where that is known."""
        typed = [words(word) for word in self.plan.words]
        pairs = dict.fromkeys(
            (left[-1], right[0]) for left, right in pairwise(typed) if left and right
        )
        return [
            token
            for left, right in pairs
            if len(left) > 2 and len(right) > 2
            for token in stems(left + right)
            if self.reader.knows(BODY, token)
        ]

    def expanded(self, expansion: Expansion, typed: Sequence[str]) -> Term:
        """What was typed, or for less an equivalent of it, which stands for each of its words."""
        reader = self.reader
        others = [
            reader.boosted(self.loose_phrase(meaning), EXPANSION_BOOST)
            for meaning in expansion.means
        ]
        for facet, code in expansion.codes:
            if facet in reader.layout.facets:
                tagged = reader.phrase(exact_field(facet_field(facet)), words(code))
                others.append(reader.boosted(tagged, EXPANSION_BOOST * BOOSTS[LABELS]))
        own = [token for word in typed for token in stems(word)]
        counts = PART_BOOST if len(own) > 1 else 1.0
        return Term(
            (tuple((token, counts) for token in own),),
            tuple((token,) for token in own) or ((),),
            reader.best_of(others) if others else None,
        )

    def loose_phrase(self, text: str) -> "Query":
        """An equivalent: its words in order, endings aside."""
        tokens = stems(text)
        if not tokens:
            return self.exact_phrase(TEXT, text)
        if len(tokens) == 1:
            return self.stem(tokens[0])
        if self.sections:
            return self.exact_phrase(TEXT, text, NEAR_SLOP)
        ways = [self.reader.phrase(name, tokens, NEAR_SLOP) for name in (BODY, LABELS)]
        return self.reader.best_of(ways)

    # What must hold.

    def node(self, node: ast.Node) -> "Query":
        """A required part of the plan."""
        reader = self.reader
        match node:
            case ast.And(children):
                return self.conjunction(children)
            case ast.Or(children):
                return reader.any_of([self.node(child) for child in children])
            case ast.Not():
                return self.conjunction((node,))
            case ast.AndMaybe(required, optional):
                return reader.with_optional(self.node(required), self.node(optional))
            case ast.NumericRange(_, low, high):
                return reader.unscored(reader.years(_bound(low), _bound(high)))
            case ast.Wildcard(name, pattern):
                return self.wildcard(name.name if name else TEXT, pattern.lower())
            case ast.Phrase(name, text, slop):
                return self.exact_phrase(name.name if name else TEXT, text, max(slop - 1, 0))
            case ast.Term(name, text):
                return self.term(name.name if name else TEXT, text)
            case _:
                return reader.nothing()

    def conjunction(self, children: Sequence[ast.Node]) -> "Query":
        """All of the children, without those that are negated."""
        reader = self.reader
        wanted = [self.node(child) for child in children if not isinstance(child, ast.Not)]
        unwanted = [self.said(child.child) for child in children if isinstance(child, ast.Not)]
        found = reader.all_of(wanted) if wanted else reader.everything()
        return reader.without(found, reader.any_of(unwanted)) if unwanted else found

    def said(self, node: ast.Node) -> "Query":
        """What records say themselves: other names of a tag are no reason to leave one out."""
        places, itself = self.places, self.itself
        self.places, self.itself = tuple(one for one in places if one[0] != LABELS), True
        try:
            return self.node(node)
        finally:
            self.places, self.itself = places, itself

    def term(self, name: str, text: str | int | bool) -> "Query":
        """A word, or several run together such as `off-road`, in a field."""
        reader = self.reader
        if name == YEAR:
            year = _bound(int(text))
            return reader.unscored(reader.years(year, year))
        if name == ID:
            return reader.value("id", str(text))
        if name == TEXT and not self.exact:
            tokens = stems(str(text))
            if tokens:
                return reader.all_of([self.stem(token) for token in tokens])
        if name == TEXT:
            return self.exact_word(str(text))
        tokens = stems(str(text))
        field = self.named(name)
        if not tokens:
            return self.exact_phrase(name, str(text))
        if not all(reader.knows(field, token) for token in tokens):
            self.nowhere(name, str(text))
        return reader.all_of([reader.term(field, token) for token in tokens])

    def nowhere(self, name: str, text: str) -> None:
        """Say that no record has this in the field that a person named."""
        self.notes.append(f"No record has “{text}” in the field “{name}”.")

    def exact_word(self, text: str) -> "Query":
        """A word as it was typed."""
        return self.exact_phrase(TEXT, text)

    def exact_phrase(self, name: str, text: str, slop: int = 0) -> "Query":
        """Words in this order, as typed."""
        tokens = words(text)
        if not tokens:
            return self.reader.everything()
        if name == ID:
            return self.reader.value("id", text)
        fields = [exact_field(field) for field in self.fields(name)]
        if name != TEXT and not all(self.reader.knows(fields[0], token) for token in tokens):
            self.nowhere(name, text)
        return self.reader.any_of([self.reader.phrase(field, tokens, slop) for field in fields])

    def wildcard(self, name: str, pattern: str) -> "Query":
        """Words like a pattern."""
        folded = re.sub(r"[^\w*?]", "?", pattern)
        ways = []
        for place in self.fields(name):
            way, cut = self.reader.like(exact_field(place), folded)
            ways += [] if way is None else [way]
            if cut:
                self.notes.append(f"“{pattern}” stands for too many words; some were left out.")
        if not ways and name != TEXT:
            self.nowhere(name, pattern)
        return self.reader.any_of(ways)

    def fields(self, name: str) -> list[str]:
        """Where text of a name is looked for, or text without one.

        An exact search is for what a record says itself, not for the names of its tags, and what
        is to be left out is too.
        """
        if name != TEXT:
            return [self.named(name)]
        return self.sections or [*self.reader.layout.whole, *([] if self.itself else [LABELS])]

    def named(self, name: str) -> str:
        """The index field behind a name that a person may type."""
        return facet_field(name) if name in self.reader.layout.facets else name


def _bound(year: int | None) -> int | None:
    return None if year is None else max(0, min(int(year), 9999))
