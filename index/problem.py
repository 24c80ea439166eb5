"""A problem like mine: a pasted description matched to what others wrote of their problems.

The text is compared with Scanning and Analysis, where a problem is described; a record that has
neither is judged by its summary, for a little less. Nothing of the text is kept.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from index.classify import Suggestion, suggest_terms
from index.columns import Columns
from index.document import passages
from index.engine import Engine, default_engine, nearness
from index.facets import FACET
from index.fields import BODY
from index.fuse import fused
from index.generation import Generation
from index.keyword import section_field, stems
from index.set_words import SetWords, allows, set_words
from index.snippet import Highlighter, Segment
from kb.errors import KbError

MOST_TEXT = 8_000  # characters: a page and a half
MOST_PASSAGES = 8
MOST_WORDS = 25  # of the description that are looked for
WITHIN = ("scanning", "analysis")
ELSEWHERE = ("summary", "text")
_ELSEWHERE_COUNTS = np.float32(0.85)
# How much meaning counts beside the words; more than in a search, since a description has many
# words that say little of its problem. Measured on the judged questions that are sentences: nDCG@10
# .51 with .4 and gains of two thirds, .56 so, alike on those held back; the opening of a study
# finds its record as often.
_MEANING = 0.6
# Facets whose terms are suggested, with how much a record gains that has one of those chosen.
SUGGESTED: Mapping[str, float] = {"problem": 0.3, "area": 0.12, "setting": 0.12, "population": 0.12}
# How near the nearest account must be for it to be called like the text, unless the text names a
# problem. Of a collection of 1,387 records, the nearest to a dozen descriptions of problems were at
# .38 to .75, to judged questions of six words and more without an acronym at .33 and more; to spam,
# recipes, sport, code, other languages and mere small words at .09 to .31.
LIKE = 0.32
MOST_UNLIKE = 3  # given where none is like it
_TOLD_BACK = 8  # words that say how far a text was read
_TOO_COMMON = 0.2  # share of the records from which on a word tells nothing of a problem
# Words that join others, or say how often, when and how sure; rare in records, they tell nothing.
_JOINING = """
    about above across actually after again against ago almost alone along already also although
    always among another any anyone anything around away back because been before began behind being
    below beside besides between beyond both came can come comes coming could dear despite did does
    doing done down due during each either else enough especially etc even ever every everyone
    everything few first following further gave get gets getting give given gives go goes going gone
    got had has have having hello here hope how however inside instead just keep keeps kind kindly
    know known last lately later least less let like likely look lot made mainly make makes making
    many may maybe mean means might month months more most mostly much must my near nearly need
    needs never next nobody nothing now often once one only onto other others our outside over own
    particularly past perhaps please put puts quite rather really recent recently regards said same
    saw say saying says second see seem seems seen several shall she should since so some somebody
    someone something sometimes soon still such sure take taken takes taking than thank thanks that
    their them then there these they thing things think those though through throughout thus till
    time times today together told too took toward towards tried try trying two under unless until
    upon us use used uses using usually very want wants was way ways week weeks well went were what
    when where whether which while who whole whom whose why will with within without would yes yet
    year years yesterday you your
"""


@dataclass(frozen=True, slots=True)
class LikeProblem:
    """A record whose problem is like the one described, and the passage that shows it.

    `shared` names the chosen terms that it has too.
    """

    id: str
    title: str
    card: Mapping[str, object]
    score: float
    section: str
    snippet: tuple[Segment, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemMatch:
    """Terms that fit the description, by facet, and the records most like it, best first.

    `like` says whether any is really like it; else those found are only the nearest there are.
    """

    suggested: Mapping[str, tuple[Suggestion, ...]]
    found: tuple[LikeProblem, ...]
    notes: tuple[str, ...] = ()
    like: bool = True


def problems_like(
    text: str,
    chosen: Mapping[str, Sequence[str]] | None = None,
    limit: int = 10,
    engine: Engine | None = None,
) -> ProblemMatch:
    """Records about a problem like the one described in up to a page.

    `chosen` are the terms that the person left ticked, by facet; None takes those suggested with
    most certainty. Text never raises; opening the index can.
    """
    engine = engine or default_engine()
    generation = engine.generation()
    notes: list[str] = []
    text = _cut(text, notes)
    together = set_words(text)
    suggested = {facet: _terms(text, facet, together) for facet in SUGGESTED}
    if chosen is None:
        chosen = {
            facet: [one.code for one in found if one.confidence >= 0.5]
            for facet, found in suggested.items()
        }
    words = _telling(text, generation)
    if not engine.speller().can_read(text):
        notes.append("None of these words is known here or in English.")
        return ProblemMatch(suggested, (), tuple(notes), like=False)
    by_words = _by_words(words, generation)
    near, passage_near = _by_meaning(text, engine, generation, notes)
    compared = near if near is not None else np.zeros_like(by_words)
    scores = fused(by_words, compared, _MEANING)
    scores = scores + _gains(chosen, generation.columns)
    like = bool(chosen.get("problem")) or bool(words if near is None else (near >= LIKE).any())
    if not words and not like:
        notes.append("No word of this tells of a problem.")
        return ProblemMatch(suggested, (), tuple(notes), like=False)
    found_something = by_words > 0
    if near is not None:
        found_something |= near > 0.2
    scores = np.where(generation.columns.alive & found_something, scores, -1)
    most = limit if like else min(limit, MOST_UNLIKE)
    order = [int(n) for n in np.argsort(-scores, kind="stable")[:most] if scores[n] > 0]
    highlighter = Highlighter([" ".join(words)])
    found = tuple(
        _like(number, payload, float(scores[number]), chosen, generation, passage_near, highlighter)
        for number, payload in zip(order, generation.payloads.of(order), strict=True)
    )
    return ProblemMatch(suggested, found, tuple(notes), like)


def _cut(text: str, notes: list[str]) -> str:
    """As much of the text as is compared, with a note on how far that is."""
    used = text[:MOST_TEXT]
    parts = passages([used])
    if len(parts) > MOST_PASSAGES:
        used = " ".join(parts[:MOST_PASSAGES])
    elif len(used) == len(text):
        return text
    last = " ".join(used.split()[-_TOLD_BACK:])[-100:].rstrip(" .,;:!?")
    notes.append(f"The text is long: it was compared up to “… {last}”, and the rest was left out.")
    return used


def _terms(text: str, facet: str, together: Sequence[SetWords]) -> tuple[Suggestion, ...]:
    vocabulary_id = FACET[facet].vocabulary
    if not vocabulary_id:
        return ()
    allowed = partial(allows, together, vocabulary_id)
    return tuple(suggest_terms(text, vocabulary_id, allowed=allowed))


def _telling(text: str, generation: Generation) -> dict[str, float]:
    """The words that tell the text from others, with how much: often here, seldom elsewhere."""
    reader = generation.keyword
    size = max(len(reader), 1)
    worth: dict[str, float] = {}
    for token, times in Counter(stems(text)).items():
        held = reader.records_with(BODY, token)
        if len(token) < 3 or token in _joining():
            continue
        if 0 < held <= max(_TOO_COMMON * size, 10):
            worth[token] = (1 + math.log(times)) * math.log(1 + size / held)
    return dict(sorted(worth.items(), key=lambda item: -item[1])[:MOST_WORDS])


@lru_cache(maxsize=1)
def _joining() -> frozenset[str]:
    return frozenset(stems(_JOINING))


def _by_words(worth: Mapping[str, float], generation: Generation) -> NDArray[np.float32]:
    """How many of the telling words each record's account of its problem has, by their worth.

    Without regard to length: sections that few records have are short on the whole, and a formula
    that knows the mean length would hold a full account against its record.
    """
    reader = generation.keyword
    scores = np.zeros(len(generation.columns), np.float32)
    for sections, counts in ((ELSEWHERE, _ELSEWHERE_COUNTS), (WITHIN, np.float32(1))):
        fields = [section_field(name) for name in sections if name in reader.layout.sections]
        queries = [
            reader.flat(reader.any_of([reader.term(field, token) for field in fields]), told)
            for token, told in worth.items()
        ]
        numbers, found = reader.run(reader.any_of(queries if fields else []))
        scores[numbers] = np.maximum(scores[numbers], found * counts)
    return scores


def _by_meaning(
    text: str, engine: Engine, generation: Generation, notes: list[str]
) -> tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]:
    """How near each record's account is to the text; each passage's nearness beside it."""
    parts = passages([text])
    if not parts:
        return None, None
    try:
        embedder = engine.embedder()
        # Not through the engine's memory of typed searches: a description is not kept.
        vectors = embedder.queries(parts)
        within = [nearness(generation, one, embedder, WITHIN) for one in vectors]
        elsewhere = [nearness(generation, one, embedder, ELSEWHERE) for one in vectors]
    except (KbError, OSError, RuntimeError, ValueError):
        notes.append("Comparing by meaning is not available now; only words were compared.")
        return None, None
    best = np.maximum(
        np.mean([np.maximum(one.similar, 0) for one in within], axis=0),
        _ELSEWHERE_COUNTS * np.mean([np.maximum(one.similar, 0) for one in elsewhere], axis=0),
    )
    each = np.mean(
        [np.maximum(a.passages, b.passages) for a, b in zip(within, elsewhere, strict=True)], axis=0
    )
    return np.asarray(best, np.float32), np.asarray(each, np.float32)


def _gains(chosen: Mapping[str, Sequence[str]], columns: Columns) -> NDArray[np.float32]:
    gains = np.zeros(len(columns), np.float32)
    for facet, codes in chosen.items():
        if facet in SUGGESTED and facet in columns.facets and codes:
            gains += np.float32(SUGGESTED[facet]) * columns.with_facet(facet, codes)
    return gains


def _like(
    number: int,
    payload: Mapping[str, object],
    score: float,
    chosen: Mapping[str, Sequence[str]],
    generation: Generation,
    passage_near: NDArray[np.float32] | None,
    highlighter: Highlighter,
) -> LikeProblem:
    columns = generation.columns
    held: list[tuple[str, str]] = [(name, text) for name, text in payload["passages"]]  # type: ignore[attr-defined]
    first = int(columns.vectors.starts[number])

    def worth(spot: int) -> tuple[float, int]:
        name, text = held[spot]
        if name not in (*WITHIN, *ELSEWHERE):
            return -1.0, 0
        near = 0.0 if passage_near is None else float(passage_near[first + spot])
        return near, len({token for _, _, token in highlighter.spots(text)})

    best = max(range(len(held)), key=worth)
    shared = [
        FACET[facet].label_of(code)
        for facet, codes in chosen.items()
        if facet in columns.facets
        for code in codes
        if code in {columns.codes[facet][place] for place in columns.facets[facet].row(number)}
    ]
    card = payload["card"]
    return LikeProblem(
        id=str(payload["id"]),
        title=str(payload["title"]),
        card=card if isinstance(card, dict) else {},
        score=score,
        section=held[best][0],
        snippet=highlighter.segments(held[best][1]),
        shared=tuple(dict.fromkeys(shared)),
    )
