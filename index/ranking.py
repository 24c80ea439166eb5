"""Which records a search finds, and in which order.

What is near enough in meaning joins what the words find, filters apply to both, and all of it is
put in one order.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.by_words import by_words
from index.columns import Columns, Mask
from index.compile import Compiled, compiled
from index.embed import Vectors
from index.engine import Engine, Likeness, nearness
from index.facets import having
from index.fuse import (
    HANDFUL,
    MEANING,
    MEANING_OF_NAMES,
    NAMES,
    behind,
    fused,
    scaled,
    with_priors,
)
from index.generation import Generation
from index.grammar import Plan, parse
from index.keyword import Scores, title_key
from index.keyword import words as words_of
from index.places import PlaceNames
from index.query import Mode, Query, printable
from index.results import NONE_HAS_ALL, Strictness
from index.understanding import meaning_text, understood
from kb.errors import KbError

# A record is near in meaning from this cosine on, and only if it also stands out from the rest by
# this many standard deviations. Both were tried on judged queries; see tests/index/test_search.py.
NEAR = 0.30
STANDS_OUT = 2.0
MOST_PINNED = 100
# What is near to the name of a place has often only a name that is spelt or placed alike: of what
# has none of its words, no more than the nearest few are found; so too of what no record tells of.
MOST_LIKE_NAME = 15

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
    words = by_words(asked, plan, query, engine, reader, required, scores)
    if words.strictness is not None:
        notes += filter(None, [words.strictness.note])
    likeness = None
    if vector is not None and (query.exact or engine.speller().can_read(text)):
        likeness = _likeness(plan, vector, engine, generation, notes)
    mode = mode if likeness is not None else "keyword"
    near = np.zeros(len(columns), np.bool_)
    is_name = mode == "hybrid" and _is_name(asked, plan, words.found, engine)
    if likeness is not None:
        near = is_near(likeness.similar) & required & columns.alive
        if is_name:
            near &= words.found | _nearest(likeness.similar, near & ~words.found)
    pinned = np.zeros(len(columns), np.bool_)
    if engine.pins:
        pinned = _pinned(query.text, generation) & required
    found = {"keyword": words.found, "semantic": near, "hybrid": words.found | near}[mode]
    candidates = found | pinned
    if asked.required is not None and not candidates.any():
        notes.append(NONE_HAS_ALL)
    chosen = candidates & _filtered(query, columns)
    return Ranking(
        plan,
        candidates,
        words.found,
        near,
        likeness,
        mode,
        tuple(dict.fromkeys(notes)),
        words.strictness,
        lambda: _ordered(
            query,
            columns,
            chosen,
            pinned=pinned,
            words=words.scores(),
            likeness=likeness,
            useful=engine.usefulness(),
            mode=mode,
            meaning=MEANING_OF_NAMES if 0 < asked.of <= NAMES else MEANING,
            last=near & ~words.found if is_name else None,
        ),
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


def _is_name(asked: Compiled, plan: Plan, found: Mask, engine: Engine) -> bool:
    """Whether a word or two name a place, or something that no record tells of."""
    if not 0 < asked.of <= NAMES:
        return False
    return not found.any() or engine.derived(PlaceNames).are_all(plan.meant)


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
    names = {"id": text.strip(), "title_key": title_key(text)}
    ways = [reader.value(name, one) for name, one in names.items() if reader.knows(name, one)]
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
