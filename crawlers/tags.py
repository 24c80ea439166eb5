"""Terms of the vocabularies that fit a text, each with how sure that is and the words behind it.

Two things lead to a term: a name of it (index/classify.py), and everyday words for it
(crawlers/term_cues.py). How much a mention counts depends on where it stands: a word for a problem
says more in the title and in Scanning than in Response. Several mentions make a term surer, never
quite sure. What a few rules infer from the rest (level, stage, award) stands in inferred_tags.py.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crawlers.cues import sentences_of, tells_change
from crawlers.document import Block
from crawlers.inferred_tags import award_levels, intervention_levels, practice_stages
from crawlers.section import Section
from crawlers.tag import Tag
from crawlers.term_cues import cues_of
from index.classify import suggest_terms
from kb.vocabularies import vocabulary

# Field of the record to its vocabulary, and the stages that tell most about it.
TAG_FIELDS = {
    "problem_types": ("problem_types", ("scanning", "analysis")),
    "response_types": ("response_types", ("response",)),
    "settings": ("settings", ("scanning", "analysis", "response")),
    "populations": ("populations", ("scanning", "analysis", "response")),
    "agencies": ("agencies", ("response", "analysis", "scanning")),
    "area_types": ("area_types", ("scanning", "analysis")),
    "intervention_levels": ("intervention_levels", ("response",)),
    "stages": ("stages", ("assessment",)),
    "awards": ("award_levels", ()),
    "outcomes": ("outcomes", ("assessment",)),
}
_INFERRED = ("intervention_levels", "stages", "awards")
_MOST_TAGS = 6
_LEAST_CONFIDENCE = 0.25
_MOST_LETTERS = 40_000  # a text says what it is about in its first dozen pages
_LONGEST = 1_000  # letters of a sentence; a longer one is a table, or no text at all
_TOP_WORDS = 120

# What one mention is worth.
_SURE_CUE, _HINT, _NAME = 0.55, 0.25, 0.6
# And where it stands.
_TITLE, _TOP, _TELLING, _ANYWHERE, _ELSEWHERE = 1.35, 1.1, 1.0, 0.8, 0.45
_REPEATED = 0.5  # of the same words again
# Terms whose names are words that most texts hold, whatever they are about.
_COMMON_NAMES = frozenset(
    {"whole-community", "offenders", "analysis", "demand-reduction", "asb", "engagement"}
    | {"partnership-working", "evaluation", "training", "community-safety", "travellers"}
    | {"maintenance", "patrol", "residents", "partnership", "street", "home", "media", "businesses"}
)
_NOT_KNOWN = 0.6  # what an outcome is worth when the text has no section about outcomes


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or heading, with the stages it belongs to; `top` near the beginning."""

    text: str
    stages: frozenset[str] = frozenset()
    title: bool = False
    top: bool = False


@dataclass(slots=True)
class _Evidence:
    """What speaks for one term: `left` is the doubt that is left, from 1 to 0."""

    left: float = 1.0
    best: float = 0.0
    because: str = ""
    seen: set[str] = field(default_factory=set)

    def add(self, worth: float, words: str) -> None:
        key = words.lower()
        worth = min(worth * (_REPEATED if key in self.seen else 1.0), 0.95)
        self.seen.add(key)
        self.left *= 1 - worth
        if worth > self.best:
            self.best, self.because = worth, words


def tags_of(
    blocks: Sequence[Block], sections: Mapping[str, Section], *, title: str = ""
) -> dict[str, list[Tag]]:
    """Terms that fit a text, for each field, the surest first."""
    pieces = list(_pieces(blocks, sections, title))
    known = any(section.text for section in sections.values())
    found = {
        name: _tags_of_field(name, pieces, known) for name in TAG_FIELDS if name not in _INFERRED
    }
    found["awards"] = award_levels(piece.text for piece in pieces)
    found["stages"] = practice_stages(
        [piece.text for piece in pieces], told=sections["assessment"].text
    )
    found["intervention_levels"] = intervention_levels(found)
    return {name: found[name] for name in TAG_FIELDS}


def _pieces(
    blocks: Sequence[Block], sections: Mapping[str, Section], title: str
) -> Iterator[Piece]:
    where: dict[str, set[str]] = defaultdict(set)
    for stage, section in sections.items():
        for paragraph in section.text.split("\n\n"):
            for sentence in sentences_of(paragraph):
                where[sentence.strip()].add(stage)
    if title:
        yield Piece(title, title=True)
    words = letters = 0
    for block in blocks:
        for sentence in sentences_of(block.text[: _MOST_LETTERS - letters]):
            stages = where.get(sentence.strip(), ())
            for start in range(0, len(sentence), _LONGEST):
                part = sentence[start : start + _LONGEST]
                yield Piece(part, frozenset(stages), top=words < _TOP_WORDS)
            words += len(sentence.split())
        letters += len(block.text)
        if letters >= _MOST_LETTERS:
            break


def _tags_of_field(name: str, pieces: Sequence[Piece], known: bool) -> list[Tag]:
    vocabulary_id, telling = TAG_FIELDS[name]
    cues = cues_of(name)
    evidence: dict[str, _Evidence] = defaultdict(_Evidence)
    for piece in pieces:
        if name == "outcomes" and not _tells_outcome(piece, known):
            continue
        where = _where(piece, telling, known)
        if name == "outcomes" and not known:
            where *= _NOT_KNOWN
        for cue in cues.found_in(piece.text):
            worth = _SURE_CUE if cue.sure else _HINT
            evidence[cue.code].add(worth * where, piece.text[cue.start : cue.end])
        for term in suggest_terms(piece.text, vocabulary_id, most=20, at_least=0.2):
            if term.code not in _COMMON_NAMES or piece.title:
                evidence[term.code].add(_NAME * term.confidence * where, term.because)
    terms = vocabulary(vocabulary_id)
    broader = {code for found in evidence for code in terms.ancestors(found)}
    tags = [
        Tag(name, code, terms.label(code), round(1 - one.left, 2), one.because)
        for code, one in evidence.items()
        if code in terms and code not in broader and 1 - one.left >= _LEAST_CONFIDENCE
    ]
    return sorted(tags, key=lambda tag: -tag.confidence)[:_MOST_TAGS]


def _tells_outcome(piece: Piece, known: bool) -> bool:
    if piece.title or (known and "assessment" not in piece.stages):
        return False
    return tells_change(piece.text)


def _where(piece: Piece, telling: tuple[str, ...], known: bool) -> float:
    if piece.title:
        return _TITLE
    if not known or not piece.stages:
        return _TOP if piece.top else _ANYWHERE
    if piece.stages & set(telling):
        return _TOP if piece.top else _TELLING
    return _ELSEWHERE
