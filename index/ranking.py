"""Which records a search finds, and in which order.

Plain words are taken strictly first: records that have every one of them. Where too few do, one
word fewer is asked for, and so on, which is said. What is near enough in meaning joins, filters
apply to both, and all of it is put in one order.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.columns import Columns, Mask
from index.compile import RUNNING, Compiled, compiled
from index.embed import Vectors
from index.engine import Engine, Likeness, nearness
from index.facets import having
from index.fields import BODY, LABELS
from index.fuse import MEANING, MEANING_OF_NAMES, NAMES, behind, fused, scaled, with_priors
from index.generation import Generation
from index.grammar import Correction, Plan, parse
from index.keyword import KeywordReader, Scores, stems, title_key
from index.keyword import words as words_of
from index.query import Mode, Query, printable
from index.question import opening
from index.results import Strictness
from index.tally import nearby, tally
from kb.errors import KbError

# A record is near in meaning from this cosine on, and only if it also stands out from the rest by
# this many standard deviations. Both were tried on judged queries; see tests/index/test_search.py.
NEAR = 0.30
STANDS_OUT = 2.0
MOST_PINNED = 100
# With fewer records that have every word typed, one word fewer is asked for, and so on.
ENOUGH = 50
# How much of its score a record would lose for lacking all words of a short search, so that one
# rare word in a title does not win over all of them. From .2 on short CACM queries begin to lose.
LACKING = np.float32(0.2)
MOST_CHECKED = 60  # words whose spelling is looked at
# One or two words name a thing, and what is near to a name has often only a name that is spelt or
# placed alike: of what has none of the words, no more than the nearest few are found.
MOST_LIKE_NAME = 15
# A word that a greater share of the records has, such as "police", does not find one by itself
# where it was typed with others.
SAID_BY_MANY = 0.3
HANDFUL = 100  # records; in fewer nothing can stand out

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ranking:
    """Every record found, before any page is cut.

    They are put in order when that is first asked for. What it takes may still be looked for
    until then, so whoever also counts them does that first.
    """

    plan: Plan
    candidates: Mask
    by_words: Mask
    near: Mask
    likeness: Likeness | None
    mode: Mode
    notes: tuple[str, ...]
    strictness: Strictness | None
    put_in_order: Callable[[], tuple[NDArray[np.int64], Scores]]

    @property
    def order(self) -> NDArray[np.int64]:
        """The numbers of the records, best first."""
        return self._ordered[0]

    @property
    def scores(self) -> Scores:
        """The score of each, in the same order."""
        return self._ordered[1]

    @cached_property
    def _ordered(self) -> tuple[NDArray[np.int64], Scores]:
        return self.put_in_order()


def rank(query: Query, engine: Engine, generation: Generation) -> Ranking:
    """Every record that the query finds. Raises what the index raises, its order too."""
    columns, reader = generation.columns, generation.keyword
    layout = reader.layout
    plan = parse(query.text, layout.names, layout.sections)
    plan = understood(plan, query, engine, generation)
    if query.text.strip() and not plan.notes and not words_of(printable(query.text)):
        plan = Plan(notes=("There is no word in this to search for.",))
    if plan.empty and not plan.meaning:
        return _browse(query, plan, columns)
    mode: Mode = "keyword" if query.exact else query.mode
    text = meaning_text(plan)
    vector = engine.begin_vector(text) if text and mode != "keyword" else None
    asked = compiled(plan, reader, exact=query.exact)
    notes = [*plan.notes, *asked.notes]
    required, scores = _required(asked, generation)
    words, by_words, strictness = _by_words(
        asked, plan, query, engine, generation, required, scores
    )
    if strictness is not None:
        notes += filter(None, [strictness.note])
    likeness = None
    if vector is not None and (query.exact or engine.speller().can_read(text)):
        likeness = _likeness(plan, vector, engine, generation, notes)
    mode = mode if likeness is not None else "keyword"
    near = np.zeros(len(columns), np.bool_)
    if likeness is not None:
        near = is_near(likeness.similar) & required & columns.alive
        if mode == "hybrid" and 0 < asked.of <= NAMES:
            near &= by_words | _nearest(likeness.similar, near & ~by_words)
    pinned = np.zeros(len(columns), np.bool_)
    if engine.pins:
        pinned = _pinned(query.text, generation) & required
    candidates = {"keyword": by_words, "semantic": near, "hybrid": by_words | near}[mode] | pinned
    if asked.required is not None and not candidates.any():
        notes.append("No record has all that was asked for; leaving a part out may help.")
    chosen = candidates & _filtered(query, columns)
    return Ranking(
        plan,
        candidates,
        by_words,
        near,
        likeness,
        mode,
        tuple(dict.fromkeys(notes)),
        strictness,
        lambda: _ordered(
            query,
            columns,
            chosen,
            pinned=pinned,
            words=words(),
            likeness=likeness,
            useful=engine.usefulness(),
            mode=mode,
            meaning=MEANING_OF_NAMES if 0 < asked.of <= NAMES else MEANING,
            last=near & ~by_words if mode == "hybrid" and asked.of == 1 else None,
        ),
    )


def _by_words(
    asked: Compiled,
    plan: Plan,
    query: Query,
    engine: Engine,
    generation: Generation,
    required: Mask,
    scores: Scores,
) -> tuple[Callable[[], Scores], Mask, Strictness | None]:
    """What gives every record's score by words, which records they find, and how strictly."""
    if not asked.of:
        return lambda: scores, required & (asked.required is not None), None
    reader = generation.keyword
    counted = tally(asked, reader, len(required))
    held = np.where(required, counted.held, 0)
    strictness, needed, found = None, 0, held > 0
    few = 1 < asked.of < RUNNING
    if few:
        strictness = None if query.any_words else _strictness(held, asked.of)
        needed = strictness.needed if strictness else 1
        found = held >= needed
        common = _said_by_many(asked, reader) if strictness and needed == 1 else []
        if strictness and common:
            others = held.copy()
            for token in common:
                others[reader.scores(token, asked.places)[0]] -= 1
            found &= others > 0
            alone = tuple(word for word in plan.words if not set(common).isdisjoint(stems(word)))
            strictness = replace(strictness, alone=alone, any_left=bool(found.any()))
    elif asked.of >= RUNNING:
        found = counted.telling & required
    lift = engine.begin(nearby, asked, reader, needed) if asked.nearby is not None else None

    def whole() -> Scores:
        whole = scores + counted.scores
        if lift is not None:
            numbers, more = lift.result()
            whole[numbers] += more
        return lowered(whole, held, asked.of) if few else whole

    return whole, found, strictness


def _said_by_many(asked: Compiled, reader: KeywordReader) -> list[str]:
    """Which of the plain words very many records have; none where there is no other word."""
    if len(reader) < HANDFUL or asked.required is not None:
        return []
    inside = (tokens[0] for term in asked.terms for tokens in term.words if len(tokens) == 1)
    many = SAID_BY_MANY * len(reader)
    tokens = dict.fromkeys((*asked.stems, *inside))
    common = [token for token in tokens if len(reader.scores(token, asked.places)[0]) > many]
    return common if len(common) < asked.of else []


def lowered(scores: Scores, held: NDArray[np.int64], of: int) -> Scores:
    """Scores made less for each of the `of` plain words that a record lacks, given what it has."""
    share = held.astype(np.float32) / np.float32(of)
    return np.asarray(scores * (1 - LACKING * (1 - share)), np.float32)


def _strictness(held: NDArray[np.int64], of: int) -> Strictness:
    """The most of the plain words that can be asked for so that enough records are left.

    `held` says how many of them each record has.
    """
    having = [int(np.count_nonzero(held >= least)) for least in range(1, of + 1)]
    enough = [least for least, count in enumerate(having, 1) if count >= ENOUGH]
    return Strictness(of, max(enough, default=1), having[-1], having[0])


def understood(plan: Plan, query: Query, engine: Engine, generation: Generation) -> Plan:
    """The plan without the opening of a question, with other words and with corrections."""
    if query.exact:
        return plan
    if query.expand and not plan.boolean and (begun := opening(plan.words)):
        words = tuple(begun.left(plan.words))
        meaning = plan.meaning if words or plan.strict is not None else ""
        plan = replace(plan, words=words, opening=begun, meaning=meaning)
    expansions = engine.thesaurus().expansions(plan.words) if query.expand else ()
    corrections: tuple[Correction, ...] = ()
    if query.correct and plan.words:
        known = {spot for one in expansions for spot in range(one.start, one.end)}
        corrections = tuple(
            replace(one, means=means)
            for one in engine.speller().corrections(plan.words[:MOST_CHECKED])
            if one.place not in known and (means := _held(one.means, generation))
        )
    return replace(plan, expansions=expansions, corrections=corrections)


def _held(meant: Sequence[str], generation: Generation) -> tuple[str, ...]:
    """Those of the words that the generation in use holds."""
    reader = generation.keyword
    fields = (BODY, LABELS)
    return tuple(
        word
        for word in meant
        if any(reader.knows(field, token) for token in stems(word) for field in fields)
    )


def _browse(query: Query, plan: Plan, columns: Columns) -> Ranking:
    """Nothing was typed: everything that the filters let through, newest first."""
    alive = columns.alive
    none = np.zeros(len(columns), np.bool_)
    chosen = alive & _filtered(query, columns)
    sort = "newest" if query.sort == "relevance" else query.sort
    return Ranking(
        plan,
        alive,
        none,
        none,
        None,
        query.mode,
        plan.notes,
        None,
        lambda: _ordered(
            replace(query, sort=sort),
            columns,
            chosen,
            pinned=none,
            words=np.zeros(len(columns), np.float32),
        ),
    )


def is_near(similar: NDArray[np.float32]) -> Mask:
    """Which records are near enough in meaning to count as found."""
    there = similar > -1
    known = similar if there.all() else similar[there]
    floor = NEAR
    if len(known) >= HANDFUL:
        mean = float(known.mean())
        spread = max(float(known @ known) / len(known) - mean**2, 0.0) ** 0.5
        floor = max(floor, mean + STANDS_OUT * spread)
    return similar >= floor


def _nearest(similar: NDArray[np.float32], among: Mask) -> Mask:
    """The few records that are nearest in meaning among some."""
    numbers = np.flatnonzero(among)
    first = np.argsort(-similar[numbers], kind="stable")[:MOST_LIKE_NAME]
    return _mask(len(among), numbers[first])


def _likeness(
    plan: Plan,
    asked: "Future[Vectors]",
    engine: Engine,
    generation: Generation,
    notes: list[str],
) -> Likeness | None:
    """How near each record is in meaning; None, with a note, when that cannot be told."""
    try:
        return nearness(generation, asked.result(), engine.embedder(), plan.sections)
    except (KbError, OSError, RuntimeError, ValueError) as error:
        log.warning("search by meaning failed: %s", error)
        notes.append("Searching by meaning is not available now; only words were searched for.")
        return None


def meaning_text(plan: Plan) -> str:
    """What is embedded: what was typed, with acronyms and misspelt words as they are known."""
    known = [
        expansion.means[0]
        for expansion in plan.expansions
        if expansion.means and expansion.typed.isupper()
    ]
    text = plan.meaning
    for correction in plan.corrections:
        text = text.replace(correction.typed, correction.means[0], 1)
    return f"{text} ({', '.join(known)})" if known else text


def _required(asked: Compiled, generation: Generation) -> tuple[Mask, Scores]:
    """What must hold for every record, however it was found, and what that scores."""
    size, scores = len(generation.columns), np.zeros(len(generation.columns), np.float32)
    if asked.required is None:
        return np.ones(size, np.bool_), scores
    numbers, found = generation.keyword.run(asked.required)
    scores[numbers] = found
    return _mask(size, numbers), scores


def _pinned(text: str, generation: Generation) -> Mask:
    """Records whose title or id is exactly what was typed."""
    reader = generation.keyword
    key = title_key(text)
    ways = [reader.value("id", text.strip())]
    if key:
        ways.append(reader.value("title_key", key))
    numbers, _ = reader.run(reader.any_of(ways), MOST_PINNED)
    return _mask(len(generation.columns), numbers)


def _mask(size: int, numbers: NDArray[np.int64]) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[numbers] = True
    return mask


def _filtered(query: Query, columns: Columns) -> Mask:
    """Records that have, for every facet in use, one of the chosen values."""
    mask = np.ones(len(columns), np.bool_)
    for name, codes in query.filters.items():
        if name in columns.facets and codes:
            mask &= having(columns, name, codes)
    return mask


def _ordered(
    query: Query,
    columns: Columns,
    chosen: Mask,
    *,
    pinned: Mask,
    words: NDArray[np.float32],
    likeness: Likeness | None = None,
    useful: NDArray[np.float32] | None = None,
    mode: Mode = "keyword",
    meaning: float = MEANING,
    last: Mask | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The chosen records in order, and their scores; `last` are those that come behind others."""
    numbers = np.flatnonzero(chosen)
    by_words = words[numbers]
    if likeness is None:
        scores = scaled(by_words)
    elif mode == "semantic":
        scores = np.maximum(likeness.similar[numbers], 0)
    else:
        scores = fused(by_words, likeness.similar[numbers], meaning)
    if useful is not None:
        scores = with_priors(scores, columns.evidence[numbers], useful[numbers])
    if last is not None:
        scores = behind(scores, last[numbers])
    scores = scores + pinned[numbers].astype(np.float32)
    newest = (-columns.moments[numbers], -columns.years[numbers])
    if query.sort == "newest":
        order = np.lexsort((numbers, *newest))
    elif query.sort == "oldest":
        years = columns.years[numbers]
        order = np.lexsort((numbers, columns.moments[numbers], years, years < 0))
    elif query.sort == "title":
        order = np.lexsort((numbers, columns.title_order[numbers]))
    else:
        order = _best_first(scores)  # the numbers stand in order already
    return numbers[order], scores[order]


def _best_first(scores: Scores) -> NDArray[np.int64]:
    """Places of scores, none below 0, from the best on; of equal ones the first stands first.

    Of thousands four times as quick as a stable sort: the bits of such numbers sort as they do, so
    that one sort of whole numbers sees to both.
    """
    keys = np.left_shift(~scores.view(np.int32), 32, dtype=np.int64)
    keys |= np.arange(len(scores))
    keys.sort()
    return keys & 0xFFFFFFFF
