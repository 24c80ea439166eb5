"""`search(Query) -> Results`: the one door to what is known.

One set of records answers everything: what the words find, and what is near enough in meaning.
Filters apply to both before they are put in one order; totals, counts and pages are taken from it.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import numpy as np

from index.columns import Columns
from index.counts import facet_results
from index.document import NAMES
from index.engine import Engine, default_engine
from index.facets import FACET
from index.grammar import Expansion, Plan
from index.keyword import stems
from index.offers import no_such_result, offers_of
from index.places import PlaceNames
from index.query import Query
from index.ranking import Ranking, rank
from index.reasons import reasons, without_words
from index.results import FoundBy, Hit, Results, Unknown
from index.snippet import Highlighter
from index.timing import start_notes
from index.unsaid import told_of


def search(query: Query, engine: Engine | None = None, today: date | None = None) -> Results:
    """Answer one search; `today` is the day from which times of year are counted.

    Text never raises; IndexMissing, IndexStale and IndexDamaged can.
    """
    today = today or datetime.now(UTC).date()
    started = time.perf_counter()
    engine = engine or default_engine()
    generation = engine.generation()
    columns = generation.columns
    ranking = rank(query, engine, generation)
    facets = facet_results(query, columns, ranking.candidates)
    first = (query.page - 1) * query.per_page
    shown = ranking.order[first : first + query.per_page]
    highlighter = _highlighter(ranking.plan, exact=query.exact)
    payloads = generation.payloads.of(shown.tolist())
    hits = tuple(
        _hit(first + spot, payload, ranking, columns, highlighter, today)
        for spot, payload in enumerate(payloads)
    )
    unknown = unknown_values(query, columns)
    best_first = query.page == 1 and query.sort == "relevance"
    told = told_of(ranking, generation.keyword, payloads if best_first else ())
    return Results(
        query=query,
        hits=hits,
        total=len(ranking.order),
        facets=facets,
        notes=tuple(
            dict.fromkeys(
                (
                    *query.notes,
                    *(one.note for one in unknown),
                    *told.notes,
                    *no_such_result(query, ranking, columns),
                    *_beyond(query, ranking),
                )
            )
        ),
        unknown=unknown,
        in_vain=told.in_vain,
        expansions=tuple(_not_typed(ranking.plan)),
        corrections=ranking.plan.corrections,
        opening=ranking.plan.opening,
        offers=offers_of(query, ranking, columns, engine.derived(PlaceNames), today),
        strictness=ranking.strictness,
        mode=ranking.mode,
        whole=ranking.plan.empty and not ranking.plan.meaning,
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
    the totals are those of the facet's counts. The last, without a code, holds those that have no
    value, where there are any. Raises as `search` does.
    """
    engine = engine or default_engine()
    generation = engine.generation()
    columns, today = generation.columns, datetime.now(UTC).date()
    ranking = rank(query, engine, generation)
    highlighter = _highlighter(ranking.plan, exact=query.exact)
    counted = next(f for f in facet_results(query, columns, ranking.candidates) if f.name == facet)
    chosen = query.filters.get(facet, ())
    named = [(value.code, value.label) for value in counted.values if value.selected or not chosen]
    made = []
    for code, label in (*named, ("", f"{FACET[facet].label}: not told")):
        having = columns.with_facet(facet, [code] if code else columns.codes[facet])
        places = np.flatnonzero(having[ranking.order] == bool(code))
        if not code and not len(places):
            continue
        payloads = generation.payloads.of(ranking.order[places[:each]].tolist())
        hits = tuple(
            _hit(int(place), payload, ranking, columns, highlighter, today)
            for place, payload in zip(places[:each], payloads, strict=True)
        )
        made.append(Group(code, label, len(places), hits))
    return tuple(made)


def found_ids(query: Query, limit: int | None = None, engine: Engine | None = None) -> list[str]:
    """Ids of what a search finds, best first, without pages, snippets or facets."""
    engine = engine or default_engine()
    generation = engine.generation()
    ids = generation.columns.ids
    order = rank(query, engine, generation).order[:limit]
    return [found for number in order if (found := ids[number]) is not None]


def unknown_values(query: Query, columns: Columns) -> tuple[Unknown, ...]:
    """Chosen values that the facet does not have and no record has either."""
    chosen = [
        (FACET[name], value)
        for name, values in query.filters.items()
        if name in FACET
        for value in values
    ]
    return tuple(
        Unknown(facet.name, facet.label, value, listed=bool(facet.in_order()))
        for facet, value in chosen
        if not facet.ends_of(value)
        and value not in (*facet.in_order(), *columns.codes.get(facet.name, ()))
    )


def _not_typed(plan: Plan) -> Iterator[Expansion]:
    """Other words for what was typed, without those that were all typed as well."""
    typed = {token for word in plan.words for token in stems(word)}
    for one in plan.expansions:
        yield replace(
            one, means=tuple(text for text in one.means if not typed.issuperset(stems(text)))
        )


def _beyond(query: Query, ranking: Ranking) -> Iterator[str]:
    """A note for a page behind the last."""
    pages = -(-len(ranking.order) // query.per_page)
    if query.page > pages > 0:
        yield f"There is no page {query.page}; the last is page {pages}."


def _highlighter(plan: Plan, *, exact: bool) -> Highlighter:
    meant = [text for expansion in plan.expansions for text in expansion.means]
    meant += [text for correction in plan.corrections for text in correction.means]
    meant += plan.phrases
    typed = (*plan.words, *(text for text in plan.demanded if text not in plan.phrases))
    if not exact and any(stems(word) for word in plan.words):
        # Two words stand for the one that they make, too.
        meant += [left + right for left, right in pairwise(plan.words)]
    return Highlighter(typed, meant, plan.beginnings, exact=exact)


def _hit(
    place: int,
    payload: dict[str, Any],
    ranking: Ranking,
    columns: Columns,
    highlighter: Highlighter,
    today: date,
) -> Hit:
    number = int(ranking.order[place])
    passages = payload["passages"]
    likely = _nearest(number, ranking, columns)
    found_by = _found_by(number, ranking)
    title = payload["title"]
    in_title: dict[str, str] = {}
    for start, end, stem in highlighter.spots(title):
        in_title.setdefault(stem, title[start:end])
    shown = highlighter.show(passages, None if in_title else likely, ranking.plan.sections)
    sections = shown.sections
    if not sections and not in_title and likely is not None and found_by == "meaning":
        sections = (passages[likely][0],)
    return Hit(
        id=payload["id"],
        title=title,
        card=payload["card"],
        score=float(ranking.scores[place]),
        sections=sections,
        snippet=shown.segments,
        found_by=found_by,
        reasons=reasons(
            found_by,
            in_title,
            shown.matched,
            lambda: without_words(
                payload["card"], _other_names(number, columns), highlighter, ranking.plan
            ),
            whole=not ranking.plan.boolean
            or highlighter.tokens.issubset({*in_title, *shown.matched}),
        ),
        starts=start_notes(
            payload["card"].get("lead_time_months"),
            payload["card"].get("facets", {}).get("season", ()),
            today,
        ),
    )


def _other_names(number: int, columns: Columns) -> list[str]:
    held = columns.facets.get(NAMES)
    return [] if held is None else [columns.codes[NAMES][place] for place in held.row(number)]


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
