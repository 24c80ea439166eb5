"""Terms of the vocabularies that fit a text, each with how sure that is and the words behind it.

Two things lead to a term: a name of it (index/classify.py), and everyday words for it
(crawlers/term_cues.py). How much a mention counts depends on where it stands: a word for a problem
says more in the title and in Scanning than in Response. Several mentions make a term surer, never
quite sure. What a few rules infer from the rest (level, stage, award) stands in inferred_tags.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawlers.cues import sentences_of, tells_change, tells_fall
from crawlers.document import Block
from crawlers.inferred_tags import award_levels, intervention_levels, practice_stages
from crawlers.leanings import Lean, TextLeans, leanings
from crawlers.section import Section
from crawlers.tag import Tag
from crawlers.tag_odds import FIELDS, chance, features
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
_DENIAL = re.compile(r"\b(?:no|not|without|never|nor|neither|rather than)\s+(?:\w+\s+){0,2}$", re.I)
_DENIED = 0.4
_AS_SURE = 1.0
_NOT_TOLD = 0.5  # share of mentions in telling sections where a text has no sections
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

    def add(self, worth: float, words: str, piece: Piece, telling: tuple[str, ...]) -> None:
        """Count a mention by these words in this piece."""
        key = words.lower()
        self.mentions += 1
        self.told += bool(piece.stages & set(telling))
        self.title = self.title or piece.title
        self.top = self.top or piece.top
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
    leans = leanings().of("\n".join(block.text for block in blocks), title)
    found = {
        name: _tags_of_field(name, pieces, known, leans)
        for name in TAG_FIELDS
        if name not in _INFERRED
    }
    found["awards"] = award_levels(piece.text for piece in pieces)
    found["stages"] = practice_stages(
        [piece.text for piece in pieces], told=sections["assessment"].text
    )
    found["intervention_levels"] = [
        _judged_level(tag, rank, leans) for rank, tag in enumerate(intervention_levels(found))
    ]
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


def _tags_of_field(name: str, pieces: Sequence[Piece], known: bool, leans: TextLeans) -> list[Tag]:
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
            if _is_denied(piece.text, cue.start):
                worth *= _DENIED
            one = evidence[cue.code]
            one.add(worth * where, piece.text[cue.start : cue.end], piece, telling)
            one.cue = one.cue or cue.sure
        for term in suggest_terms(piece.text, vocabulary_id, most=20, at_least=0.2):
            if term.code not in _COMMON_NAMES or piece.title:
                worth = _NAME * term.confidence
                if _is_denied(piece.text, piece.text.find(term.because)):
                    worth *= _DENIED
                one = evidence[term.code]
                one.add(worth * where, term.because, piece, telling)
                one.named = True
    terms = vocabulary(vocabulary_id)
    # A broader term goes beside a narrower one that is as sure, not beside a passing mention.
    narrower: dict[str, float] = {}
    for found, one in evidence.items():
        for code in terms.ancestors(found):
            narrower[code] = max(narrower.get(code, 0.0), 1 - one.left)
    kept = {
        code: one
        for code, one in evidence.items()
        if code in terms
        and 1 - one.left >= _LEAST_CONFIDENCE
        and narrower.get(code, 0.0) < (1 - one.left) * _AS_SURE
    }
    ranked = sorted(kept.items(), key=lambda item: item[1].left)
    tags = [
        _tag(name, code, one, rank, known=known, lean=leans.towards(name, code))
        for rank, (code, one) in enumerate(ranked[:_MOST_TAGS])
    ]
    return sorted(tags, key=lambda tag: -tag.shown)


def _judged_level(tag: Tag, rank: int, leans: TextLeans) -> Tag:
    """A level with how likely it is right: no words name it, so only the rest speaks for it."""
    found = features(
        confidence=tag.confidence,
        best=tag.confidence,
        mentions=1,
        told=_NOT_TOLD,
        title=False,
        top=False,
        cue_and_name=False,
        words=(),
        rank=rank,
        lean=leans.towards(tag.field, tag.code),
    )
    return replace(tag, likely=round(chance(tag.field, found), 2), evidence=found)


def _tag(name: str, code: str, one: _Evidence, rank: int, *, known: bool, lean: Lean) -> Tag:
    found = features(
        confidence=1 - one.left,
        best=one.best,
        mentions=one.mentions,
        told=one.told / one.mentions if known else _NOT_TOLD,
        title=one.title,
        top=one.top,
        cue_and_name=one.cue and one.named,
        words=sorted(one.seen),
        rank=rank,
        lean=lean,
    )
    label = vocabulary(TAG_FIELDS[name][0]).label(code)
    likely = round(chance(name, found), 2) if name in FIELDS else None
    return Tag(name, code, label, round(1 - one.left, 2), one.because, likely, found)


def _is_denied(text: str, start: int) -> bool:
    """Whether words are said of what was not: "without CCTV", "no arrests"."""
    return bool(_DENIAL.search(text[max(0, start - 30) : start]))


def _tells_outcome(piece: Piece, known: bool) -> bool:
    if piece.title or (known and piece.stages & {"scanning", "analysis"}):
        return False
    if known and "assessment" not in piece.stages:
        return tells_fall(piece.text)
    return tells_change(piece.text)


def _where(piece: Piece, telling: tuple[str, ...], known: bool) -> float:
    if piece.title:
        return _TITLE
    if not known or not piece.stages:
        return _TOP if piece.top else _ANYWHERE
    if piece.stages & set(telling):
        return _TOP if piece.top else _TELLING
    return _ELSEWHERE
