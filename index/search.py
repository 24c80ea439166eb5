"""`search(Query) -> Results`: the one door to what is known.

One set of records answers everything: what the words find, and what is near enough in meaning.
Filters apply to both before they are put in one order; totals, counts and pages are taken from it.
"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.columns import Columns, Mask
from index.compile import Compiled, compiled
from index.counts import facet_results
from index.document import Passage
from index.embed import Vectors
from index.engine import Engine, Likeness, default_engine, nearness
from index.facets import FACET
from index.fields import BODY, LABELS
from index.fuse import fused, scaled, with_priors
from index.generation import Generation
from index.grammar import Correction, Plan, parse
from index.keyword import stems, title_key
from index.query import Mode, Query
from index.question import opening
from index.results import FoundBy, Hit, Results
from index.snippet import Highlighter
from index.timing import Offer, offers, start_notes
from kb.errors import KbError

# A record is near in meaning from this cosine on, and only if it also stands out from the rest by
# this many standard deviations. Both were tried on judged queries; see tests/index/test_search.py.
NEAR = 0.30
STANDS_OUT = 2.0
MOST_PINNED = 100
MOST_CHECKED = 60  # words whose spelling is looked at

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every record found, best first, before any page is cut."""

    plan: Plan
    order: NDArray[np.int64]
    scores: NDArray[np.float32]
    candidates: Mask
    by_words: Mask
    near: Mask
    likeness: Likeness | None
    mode: Mode
    notes: tuple[str, ...]


def search(query: Query, engine: Engine | None = None, today: date | None = None) -> Results:
    """Answer one search; `today` is the day from which times of year are counted.

    Text never raises; IndexMissing, IndexStale and IndexDamaged can.
    """
    today = today or datetime.now(UTC).date()
    started = time.perf_counter()
    engine = engine or default_engine()
    generation = engine.generation()
    ranking = rank(query, engine, generation)
    first = (query.page - 1) * query.per_page
    shown = ranking.order[first : first + query.per_page]
    highlighter = _highlighter(ranking.plan)
    payloads = generation.keyword.payloads(shown.tolist())
    hits = tuple(
        _hit(first + spot, payload, ranking, generation.columns, highlighter, today)
        for spot, payload in enumerate(payloads)
    )
    return Results(
        query=query,
        hits=hits,
        total=len(ranking.order),
        facets=facet_results(query, generation.columns, ranking.candidates),
        notes=ranking.notes,
        expansions=ranking.plan.expansions,
        corrections=ranking.plan.corrections,
        opening=ranking.plan.opening,
        offers=_offers(query, ranking.plan, today),
        mode=ranking.mode,
        took_ms=(time.perf_counter() - started) * 1000,
    )


@dataclass(frozen=True, slots=True)
class Group:
    """What a search found for one value of a facet: how many records, and the best of them."""

    code: str
    label: str
    total: int
    hits: tuple[Hit, ...]


def grouped(
    query: Query, facet: str = "aspect", each: int = 5, engine: Engine | None = None
) -> tuple[Group, ...]:
    """What is found, by what / how / who / when or another facet, in the facet's order.

    Each group holds the best `each` records with that value; a record may stand in several, and
    the totals are those of the facet's counts. Raises as `search` does.
    """
    engine = engine or default_engine()
    generation = engine.generation()
    columns, today = generation.columns, datetime.now(UTC).date()
    ranking = rank(query, engine, generation)
    highlighter = _highlighter(ranking.plan)
    counted = next(f for f in facet_results(query, columns, ranking.candidates) if f.name == facet)
    chosen = query.filters.get(facet, ())
    made = []
    for value in counted.values:
        if chosen and value.code not in chosen:
            continue
        places = np.flatnonzero(columns.with_facet(facet, [value.code])[ranking.order])
        payloads = generation.keyword.payloads(ranking.order[places[:each]].tolist())
        hits = tuple(
            _hit(int(place), payload, ranking, columns, highlighter, today)
            for place, payload in zip(places[:each], payloads, strict=True)
        )
        made.append(Group(value.code, value.label, len(places), hits))
    return tuple(made)


def found_ids(query: Query, limit: int | None = None, engine: Engine | None = None) -> list[str]:
    """Ids of what a search finds, best first, without pages, snippets or facets."""
    engine = engine or default_engine()
    generation = engine.generation()
    ids = generation.columns.ids
    order = rank(query, engine, generation).order[:limit]
    return [found for number in order if (found := ids[number]) is not None]


def rank(query: Query, engine: Engine, generation: Generation) -> Ranking:
    """Every record that the query finds, in its order."""
    columns, reader = generation.columns, generation.keyword
    layout = reader.layout
    plan = parse(query.text, {*layout.facets, *layout.named, "title"}, layout.sections)
    plan = understood(plan, query, engine, generation)
    if plan.empty and not plan.meaning:
        return _browse(query, plan, columns)
    mode: Mode = "keyword" if query.exact else query.mode
    text = meaning_text(plan)
    vector = engine.begin_vector(text) if text and mode != "keyword" else None
    asked = compiled(plan, reader, exact=query.exact)
    notes = [*plan.notes, *asked.notes]
    words = np.zeros(len(columns), np.float32)
    numbers, scores = reader.run(asked.scored)
    words[numbers] = scores
    by_words = _mask(len(columns), numbers)
    likeness = None
    if vector is not None:
        likeness = _likeness(plan, vector, engine, generation, notes)
    mode = mode if likeness is not None else "keyword"
    required = _required(asked, plan, generation, by_words)
    near = np.zeros(len(columns), np.bool_)
    if likeness is not None:
        near = is_near(likeness.similar) & required & columns.alive
    pinned = _pinned(query.text, generation) & required
    candidates = {"keyword": by_words, "semantic": near, "hybrid": by_words | near}[mode] | pinned
    if asked.required is not None and not candidates.any():
        notes.append("No record has all that was asked for; leaving a part out may help.")
    chosen = candidates & _filtered(query, columns)
    order, ordered = _ordered(
        query,
        columns,
        chosen,
        pinned=pinned,
        words=words,
        likeness=likeness,
        useful=engine.usefulness(),
        mode=mode,
    )
    return Ranking(
        plan,
        order,
        ordered,
        candidates,
        by_words,
        near,
        likeness,
        mode,
        tuple(dict.fromkeys(notes)),
    )


def understood(plan: Plan, query: Query, engine: Engine, generation: Generation) -> Plan:
    """The plan without the opening of a question, with other words and with corrections."""
    if query.exact:
        return plan
    if query.expand and not plan.boolean and (begun := opening(plan.words)):
        plan = replace(plan, words=plan.words[begun.length :], opening=begun)
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
    order, scores = _ordered(
        replace(query, sort=sort),
        columns,
        chosen,
        pinned=none,
        words=np.zeros(len(columns), np.float32),
    )
    return Ranking(plan, order, scores, alive, none, none, None, query.mode, plan.notes)


def is_near(similar: NDArray[np.float32]) -> Mask:
    """Which records are near enough in meaning to count as found."""
    known = similar[similar > -1]
    if not len(known):
        return np.zeros(len(similar), np.bool_)
    floor = NEAR
    if len(known) >= 100:  # in a handful of records nothing can stand out
        floor = max(floor, float(known.mean() + STANDS_OUT * known.std()))
    return similar >= floor


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


def _required(asked: Compiled, plan: Plan, generation: Generation, by_words: Mask) -> Mask:
    """What must hold for every record, however it was found."""
    if asked.required is None:
        return np.ones(len(by_words), np.bool_)
    if not plan.words or asked.required is asked.scored:
        return by_words
    numbers, _ = generation.keyword.run(asked.required)
    return _mask(len(by_words), numbers)


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
            mask &= columns.with_facet(name, codes)
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
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The chosen records in order, and their scores."""
    numbers = np.flatnonzero(chosen)
    by_words = words[numbers]
    if likeness is None:
        scores = scaled(by_words)
    elif mode == "semantic":
        scores = np.maximum(likeness.similar[numbers], 0)
    else:
        scores = fused(by_words, likeness.similar[numbers])
    if useful is not None:
        scores = with_priors(scores, columns.evidence[numbers], useful[numbers])
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
        order = np.lexsort((numbers, -scores))
    return numbers[order], scores[order]


def _offers(query: Query, plan: Plan, today: date) -> tuple[Offer, ...]:
    """Narrower searches: the aspect that a question asks for, and the time there is."""
    aspect = plan.opening.aspect if plan.opening else ""
    made = offers(query, today)
    if aspect and aspect not in query.filters.get("aspect", ()):
        facet = FACET["aspect"]
        asked = Offer(
            f"{facet.label}: {facet.label_of(aspect)}", query.with_filter("aspect", aspect)
        )
        made = (asked, *made)
    return made


def _highlighter(plan: Plan) -> Highlighter:
    texts = [plan.meaning]
    texts += [meaning for expansion in plan.expansions for meaning in expansion.means]
    texts += [meaning for correction in plan.corrections for meaning in correction.means]
    return Highlighter(texts)


def _hit(
    place: int,
    payload: dict[str, Any],
    ranking: Ranking,
    columns: Columns,
    highlighter: Highlighter,
    today: date,
) -> Hit:
    number = int(ranking.order[place])
    passages = [Passage(section, text) for section, text in payload["passages"]]
    likely = _nearest(number, ranking, columns)
    found_by = _found_by(number, ranking)
    in_title = bool(highlighter.spots(payload["title"]))
    shown = highlighter.show(passages, None if in_title else likely, ranking.plan.sections)
    sections = shown.sections
    if not sections and not in_title and likely is not None and found_by == "meaning":
        sections = (passages[likely].section,)
    return Hit(
        id=payload["id"],
        title=payload["title"],
        card=payload["card"],
        score=float(ranking.scores[place]),
        sections=sections,
        snippet=shown.segments,
        found_by=found_by,
        reasons=_reasons(found_by, shown.matched),
        starts=start_notes(
            payload["card"].get("lead_time_months"),
            payload["card"].get("facets", {}).get("season", ()),
            today,
        ),
    )


def _nearest(number: int, ranking: Ranking, columns: Columns) -> int | None:
    """Which of a record's passages is nearest in meaning."""
    if ranking.likeness is None:
        return None
    if ranking.likeness.similar[number] <= -1:
        return None
    first, last = columns.vectors.starts[number], columns.vectors.starts[number + 1]
    return int(np.argmax(ranking.likeness.passages[first:last]))


def _found_by(number: int, ranking: Ranking) -> FoundBy:
    words, near = bool(ranking.by_words[number]), bool(ranking.near[number])
    if words and near:
        return "both"
    return "words" if words else "meaning" if near else ""


def _reasons(found_by: FoundBy, matched: tuple[str, ...]) -> tuple[str, ...]:
    reasons = []
    if matched and found_by != "meaning":
        reasons.append(f"Has the words {', '.join(dict.fromkeys(matched))}")
    if found_by == "meaning":
        reasons.append("Found by meaning: none of the words, but a like subject")
    elif found_by == "both":
        reasons.append("Near in meaning too")
    return tuple(reasons)
