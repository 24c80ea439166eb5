"""Narrower searches that fit what was typed: an aspect, results, a place, the time there is.

Nothing is narrowed behind anybody's back: what a question asks for is offered as a filter, with how
many of the records found it leaves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from index.columns import Columns
from index.facets import FACET, having
from index.places import PlaceNames
from index.query import Query
from index.ranking import Ranking
from index.timing import Offer, offers

MOST_PLACES = 3


def offers_of(
    query: Query, ranking: Ranking, columns: Columns, places: PlaceNames, today: date
) -> tuple[Offer, ...]:
    """What the question asks for that is not chosen yet, the places it names, the time there is.

    Filters by results and by place come only where some record found has it.
    """
    begun = ranking.plan.opening
    made: list[Offer] = []
    if begun and begun.aspect and begun.aspect not in query.filters.get("aspect", ()):
        made.append(_offer(query, "aspect", (begun.aspect,)))
    made += _counted(query, ranking, columns, [("result", results_asked(query, ranking))])
    named = [(facet, (code,)) for facet, code in places.of(ranking.plan.meant)]
    free = [(facet, codes) for facet, codes in named if not query.filters.get(facet)]
    there = _counted(query, ranking, columns, free)
    made += sorted(there, key=lambda offer: -(offer.count or 0))[:MOST_PLACES]
    return (*made, *offers(query, today))


def results_asked(query: Query, ranking: Ranking) -> tuple[str, ...]:
    """The codes of results that the question asks for, none where some are chosen already."""
    begun = ranking.plan.opening
    return begun.results if begun and not query.filters.get("result") else ()


def no_such_result(query: Query, ranking: Ranking, columns: Columns) -> Iterator[str]:
    """A note where none of the records found has a result that the question asks for."""
    codes = results_asked(query, ranking)
    if codes and len(ranking.order) and not _count(ranking, columns, "result", codes):
        yield f"None of these records tells of the result “{_named('result', codes)}”."


def _counted(
    query: Query,
    ranking: Ranking,
    columns: Columns,
    asked: Sequence[tuple[str, tuple[str, ...]]],
) -> list[Offer]:
    return [
        replace(_offer(query, facet, codes), count=count)
        for facet, codes in asked
        if codes and (count := _count(ranking, columns, facet, codes))
    ]


def _count(ranking: Ranking, columns: Columns, facet: str, codes: Sequence[str]) -> int:
    if facet not in columns.facets:  # no record has any value of it
        return 0
    return int(having(columns, facet, codes)[ranking.order].sum())


def _offer(query: Query, facet: str, codes: Sequence[str]) -> Offer:
    narrower = query
    for code in codes:
        narrower = narrower.with_filter(facet, code)
    return Offer(f"{FACET[facet].label}: {_named(facet, codes)}", narrower)


def _named(facet: str, codes: Sequence[str]) -> str:
    return " or ".join(FACET[facet].label_of(code) for code in codes)
