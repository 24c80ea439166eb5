"""What speaks for a term in a text, and the figures about it by which it is judged."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawlers.leanings import TextLeans
from index.set_words import SetWords, allows
from kb.vocabularies import vocabulary

FIELDS = (
    *("problem_types", "response_types", "settings", "populations", "agencies", "outcomes"),
    "intervention_levels",
)
"""The fields whose terms are judged by the figures below."""

FIGURES = (
    *("sure", "none", "best", "mentions", "told", "title", "top", "both", "cue", "named"),
    *("words", "several_words", "first", "late"),
    *("leans", "gap", "leans_most", "leans_much", "usual"),
    *("narrower", "broader", "place", "sentences", "share", "most_mentions", "rivals", "length"),
    *FIELDS,
)
"""What each figure of a candidate is called, in their order."""

_LEAST_SURE = 0.1
_LEANED_TO = 3  # terms of a field that nothing names, taken because the text leans to them most
_REPEATED = 0.5  # of the same words again
_LATE = 3  # from this rank on a text names terms in passing
_SURE = 0.5
_NOT_TOLD = 0.5  # share of mentions in telling sections where a text has no sections
_NOWHERE = 6.0
_USUAL_LENGTH = 1_500


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or heading: the stages it belongs to, and how many words stand before it."""

    text: str
    stages: frozenset[str] = frozenset()
    title: bool = False
    top: bool = False
    before: int = 0
    together: tuple[SetWords, ...] = ()

    def allows(self, name: str, start: int, end: int) -> bool:
        """Whether its words from one letter to another may name a term of a field."""
        return allows(self.together, name, start, end)


@dataclass(slots=True)
class Evidence:
    """What speaks for one term: `left` is the doubt that is left, from 1 to 0.

    `told` counts mentions where such a term is told of, `mentions` all of them.
    """

    left: float = 1.0
    best: float = 0.0
    because: str = ""
    seen: set[str] = field(default_factory=set)
    mentions: int = 0
    told: int = 0
    title: bool = False
    top: bool = False
    cue: bool = False
    named: bool = False
    place: int = 0
    sentences: set[int] = field(default_factory=set)

    @property
    def confidence(self) -> float:
        """What the mentions add up to, from 0 to 1."""
        return 1 - self.left

    def add(self, worth: float, words: str, piece: Piece, telling: tuple[str, ...]) -> None:
        """Count a mention by these words in this piece."""
        key = words.lower()
        if not self.mentions:
            self.place = piece.before
        self.mentions += 1
        self.sentences.add(piece.before)
        self.told += bool(piece.stages & set(telling))
        self.title = self.title or piece.title
        self.top = self.top or piece.top
        worth = min(worth * (_REPEATED if key in self.seen else 1.0), 0.95)
        self.seen.add(key)
        self.left *= 1 - worth
        if worth > self.best:
            self.best, self.because = worth, words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term that may fit, with its figures; `words` name it, `because` those that say most."""

    code: str
    confidence: float
    because: str
    figures: tuple[float, ...]
    words: tuple[str, ...] = ()


def candidates(
    name: str,
    vocabulary_id: str,
    found: Mapping[str, Evidence],
    leans: TextLeans,
    *,
    known: bool,
    length: int,
) -> list[Candidate]:
    """The terms of a field that a text names, or leans to most, each with its figures.

    `known` says whether the stages of the text are known, `length` how many letters it has.
    """
    terms = vocabulary(vocabulary_id)
    kept = {
        code: one for code, one in found.items() if code in terms and one.confidence >= _LEAST_SURE
    }
    for code in leans.most(name, _LEANED_TO):
        if code in terms:
            kept.setdefault(code, Evidence())
    broader = {code: set(terms.ancestors(code)) for code in kept}
    ranks = {code: rank for rank, code in enumerate(sorted(kept, key=lambda code: kept[code].left))}
    mentions = [one.mentions for one in kept.values()]
    rivals = float(sum(one.confidence > _SURE for one in kept.values()))
    result = []
    for code, one in kept.items():
        lean = leans.towards(name, code)
        sure = one.confidence
        beside = (
            max((kept[other].confidence for other in kept if code in broader[other]), default=0.0),
            max((kept[other].confidence for other in broader[code] if other in kept), default=0.0),
        )
        figures = (
            _odds(sure),
            float(sure == 0),
            one.best,
            math.log(max(one.mentions, 1)),
            one.told / one.mentions if known and one.mentions else _NOT_TOLD,
            float(one.title),
            float(one.top),
            float(one.cue and one.named),
            float(one.cue),
            float(one.named),
            float(min(len(one.seen), 4)),
            float(any(" " in words.strip() for words in one.seen)),
            float(ranks[code] == 0 and sure > 0),
            float(ranks[code] >= _LATE),
            lean.score,
            lean.gap,
            float(lean.rank == 0),
            float(lean.rank < _LEANED_TO),
            lean.usual,
            *beside,
            math.log(1 + one.place) if one.mentions else _NOWHERE,
            math.log(1 + len(one.sentences)),
            one.mentions / (sum(mentions) or 1),
            float(bool(one.mentions) and one.mentions == max(mentions)),
            rivals,
            math.log(max(length, 1) / _USUAL_LENGTH),
            *(float(name == other) for other in FIELDS),
        )
        result.append(Candidate(code, sure, one.because, figures, tuple(sorted(one.seen))))
    return result


def because_of(candidate: Candidate, name: str, leans: TextLeans) -> str:
    """The words that led to a candidate: its mentions, or else the words that lean to it most."""
    return candidate.because or ", ".join(leans.words(name, candidate.code))


def ruled(sure: Mapping[str, tuple[float, str]], codes: Sequence[str]) -> dict[str, Evidence]:
    """Evidence for terms that no word names: of `codes` each, as sure as rules make it."""
    found = {}
    for code in codes:
        confidence, because = sure.get(code, (0.0, ""))
        found[code] = Evidence(left=1 - confidence, because=because)
    return found


def _odds(sure: float) -> float:
    bounded = min(max(sure, 0.02), 0.98)
    return math.log(bounded / (1 - bounded))
