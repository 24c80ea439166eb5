"""Terms of the vocabularies that fit a text, each with how sure that is and the words behind it.

Two things lead to a term: a name of it (index/classify.py), and everyday words for it
(index/term_cues.py). How much a mention counts depends on where it stands: a word for a problem
says more in the title and in Scanning than in Response. Several mentions make a term surer, never
quite sure. What a few rules infer from the rest (level, stage, award) stands in inferred_tags.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from crawlers.cues import sentences_of, tells_change, tells_fall
from crawlers.document import Block
from crawlers.inferred_tags import award_levels, intervention_levels, practice_stages
from crawlers.leanings import Leanings, TextLeans, leanings
from crawlers.section import Section
from crawlers.tag import Tag
from crawlers.tag_evidence import FIELDS, Candidate, Evidence, Piece, because_of, candidates, ruled
from crawlers.tag_odds import OFFERED, odds
from index.classify import suggest_terms
from index.set_words import set_words, without_places
from index.term_cues import cues_of
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
_RULED = ("stages", "awards")
_MOST_TAGS = 6
_LEAST_CONFIDENCE = 0.25
_MOST_LETTERS = 40_000  # a text says what it is about in its first dozen pages
_LONGEST = 1_000  # letters of a sentence; a longer one is a table, or no text at all
_TOP_WORDS = 120

# What one mention is worth.
_SURE_CUE, _HINT, _NAME = 0.55, 0.25, 0.6
# And where it stands.
_TITLE, _TOP, _TELLING, _ANYWHERE, _ELSEWHERE = 1.35, 1.1, 1.0, 0.8, 0.45
# Terms whose names are words that most texts hold, whatever they are about.
_COMMON_NAMES = frozenset(
    {"whole-community", "offenders", "analysis", "demand-reduction", "asb", "engagement"}
    | {"partnership-working", "evaluation", "training", "community-safety", "travellers"}
    | {"maintenance", "patrol", "residents", "partnership", "street", "home", "media", "businesses"}
    | {"disability"}
)
_DENIAL = re.compile(r"\b(?:no|not|without|never|nor|neither|rather than)\s+(?:\w+\s+){0,2}$", re.I)
_DENIED = 0.4
_AS_SURE = 1.0
_PARTNER = 0.5  # how sure a kind of partner must be to count among the partners
_NOT_KNOWN = 0.6  # what an outcome is worth when the text has no section about outcomes
# Words that name a term by accident: months, forms of address, parts of other words.
_MISREAD = frozenset({"march", "john", "gps", "da", "vice", "ket", "senior", "breaking", "radar"})


@dataclass(frozen=True)
class Found:
    """The sentences of a text, and the candidate terms of the fields that are judged by figures."""

    pieces: list[Piece]
    leans: TextLeans
    fields: dict[str, list[Candidate]]
    unjudged: dict[str, dict[str, Evidence]]


def tags_of(
    blocks: Sequence[Block], sections: Mapping[str, Section], *, title: str = ""
) -> dict[str, list[Tag]]:
    """Terms that fit a text, for each field, the surest first."""
    text = candidates_of(blocks, sections, title=title, leanings=leanings())
    rows = [(name, one) for name in FIELDS for one in text.fields[name]]
    found: dict[str, list[Tag]] = {name: [] for name in TAG_FIELDS}
    for (name, one), likely in zip(rows, odds().of(rows), strict=True):
        if likely >= OFFERED:
            found[name].append(_tag(name, one, because_of(one, name, text.leans), likely))
    for name, evidence in text.unjudged.items():
        found[name] = [
            _tag(name, Candidate(code, one.confidence, one.because, ()), one.because, None)
            for code, one in _beside_narrower(name, evidence).items()
        ]
    sentences = [piece.text for piece in text.pieces]
    found["awards"] = award_levels(sentences)
    found["stages"] = practice_stages(sentences, told=sections["assessment"].text)
    return {
        name: sorted(tags, key=lambda tag: -tag.shown)[:_MOST_TAGS] for name, tags in found.items()
    }


def candidates_of(
    blocks: Sequence[Block], sections: Mapping[str, Section], *, title: str, leanings: Leanings
) -> Found:
    """The terms that may fit a text, each with the figures that it is judged by."""
    pieces = list(_pieces(blocks, sections, title))
    known = any(section.text for section in sections.values())
    whole = "\n".join(block.text for block in blocks)
    leans = leanings.of(without_places(whole[:_MOST_LETTERS]), without_places(title))
    evidence = {
        name: _evidence(name, pieces, known)
        for name in TAG_FIELDS
        if name not in (*_RULED, "intervention_levels")
    }
    levels = intervention_levels(
        _surest(_beside_narrower("response_types", evidence["response_types"])),
        [one.because for one in evidence["agencies"].values() if one.confidence >= _PARTNER],
    )
    evidence["intervention_levels"] = ruled(
        levels, [term.code for term in vocabulary("intervention_levels")]
    )
    fields = {
        name: candidates(
            name, TAG_FIELDS[name][0], evidence.pop(name), leans, known=known, length=len(whole)
        )
        for name in FIELDS
    }
    return Found(pieces, leans, fields, evidence)


def _surest(evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    return dict(sorted(evidence.items(), key=lambda item: item[1].left)[:_MOST_TAGS])


def _pieces(
    blocks: Sequence[Block], sections: Mapping[str, Section], title: str
) -> Iterator[Piece]:
    where: dict[str, set[str]] = defaultdict(set)
    for stage, section in sections.items():
        for paragraph in section.text.split("\n\n"):
            for sentence in sentences_of(paragraph):
                where[sentence.strip()].add(stage)
    if title:
        yield Piece(title, title=True, together=set_words(title, title=True))
    words, letters = len(title.split()), 0
    for block in blocks:
        for sentence in sentences_of(block.text[: _MOST_LETTERS - letters]):
            stages = where.get(sentence.strip(), ())
            for start in range(0, len(sentence), _LONGEST):
                part = sentence[start : start + _LONGEST]
                top, together = words < _TOP_WORDS, set_words(part)
                yield Piece(part, frozenset(stages), top=top, before=words, together=together)
                words += len(part.split())
        letters += len(block.text)
        if letters >= _MOST_LETTERS:
            break


def _evidence(name: str, pieces: Sequence[Piece], known: bool) -> dict[str, Evidence]:
    """What speaks for each term of a field that a text names."""
    vocabulary_id, telling = TAG_FIELDS[name]
    cues = cues_of(name)
    evidence: dict[str, Evidence] = defaultdict(Evidence)
    for piece in pieces:
        if name == "outcomes" and not _tells_outcome(piece, known):
            continue
        where = _where(piece, telling, known)
        if name == "outcomes" and not known:
            where *= _NOT_KNOWN
        allowed = partial(piece.allows, name)
        for cue in cues.found_in(piece.text):
            if not allowed(cue.start, cue.end):
                continue
            worth = _SURE_CUE if cue.sure else _HINT
            if _is_denied(piece.text, cue.start):
                worth *= _DENIED
            one = evidence[cue.code]
            one.add(worth * where, piece.text[cue.start : cue.end], piece, telling)
            one.cue = one.cue or cue.sure
        for term in suggest_terms(
            piece.text, vocabulary_id, most=20, at_least=0.2, allowed=allowed
        ):
            if term.because.lower() in _MISREAD:
                continue
            if term.code not in _COMMON_NAMES or piece.title:
                worth = _NAME * term.confidence
                if _is_denied(piece.text, piece.text.find(term.because)):
                    worth *= _DENIED
                one = evidence[term.code]
                one.add(worth * where, term.because, piece, telling)
                one.named = True
    return evidence


def _beside_narrower(name: str, evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """Evidence that is worth a word: a broader term goes beside a narrower one that is as sure, not
    beside a passing mention."""
    terms = vocabulary(TAG_FIELDS[name][0])
    narrower: dict[str, float] = {}
    for found, one in evidence.items():
        for code in terms.ancestors(found):
            narrower[code] = max(narrower.get(code, 0.0), one.confidence)
    return {
        code: one
        for code, one in evidence.items()
        if code in terms
        and one.confidence >= _LEAST_CONFIDENCE
        and narrower.get(code, 0.0) < one.confidence * _AS_SURE
    }


def _tag(name: str, one: Candidate, because: str, likely: float | None) -> Tag:
    label = vocabulary(TAG_FIELDS[name][0]).label(one.code)
    shown = None if likely is None else round(likely, 2)
    return Tag(name, one.code, label, round(one.confidence, 2), because, shown)


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
