"""Facet counts over the records that a search found."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from index.columns import Columns, Ints, Mask
from index.facets import FACETS, Facet, having
from index.query import Query
from index.results import FacetResult, FacetValue

MOST_VALUES = 50


def facet_results(query: Query, columns: Columns, candidates: Mask) -> tuple[FacetResult, ...]:
    """Every facet with counts among the candidates.

    Each facet's counts leave out its own selection, so that choosing one value does not hide the
    others; a chosen value stays even when nothing has it.
    """
    masks = {
        name: having(columns, name, codes)
        for name, codes in query.filters.items()
        if name in columns.facets and codes
    }
    made = []
    for facet in FACETS:
        if facet.name not in columns.facets:
            continue
        among = candidates
        for name, mask in masks.items():
            if name != facet.name:
                among = among & mask
        made.append(_result(facet, columns, among, query.filters.get(facet.name, ())))
    return tuple(made)


def _result(facet: Facet, columns: Columns, among: Mask, chosen: Sequence[str]) -> FacetResult:
    codes = columns.codes[facet.name]
    if not codes and not chosen:
        return FacetResult(facet.name, facet.label, ())
    counts = columns.counts(facet.name, among)
    places = _listed(facet, columns, counts)
    shown = [codes[place] for place in places[:MOST_VALUES]]
    numbers = counts[places[:MOST_VALUES]].tolist()
    hidden = set(chosen) - set(shown)
    values = [
        _value(facet, code, number, selected=code in chosen)
        for code, number in zip(shown, numbers, strict=True)
    ]
    for code in dict.fromkeys(chosen):
        if code in hidden:
            number = int(np.count_nonzero(among & having(columns, facet.name, [code])))
            values.append(_value(facet, code, number, selected=True))
    shown_now = min(len(places), MOST_VALUES)
    # A chosen range stands in the list though it is no value.
    also = sum(1 for one in values[shown_now:] if one.count and not facet.ends_of(one.code))
    return FacetResult(
        name=facet.name,
        label=facet.label,
        values=tuple(values),
        more=len(places) - shown_now - also,
    )


def _value(facet: Facet, code: str, count: int, *, selected: bool) -> FacetValue:
    label, broader = _named(facet, code)
    return FacetValue(
        code=code,
        label=label,
        count=count,
        selected=selected,
        depth=len(broader),
        broader=broader[0] if broader else None,
    )


@lru_cache(maxsize=50_000)
def _named(facet: Facet, code: str) -> tuple[str, tuple[str, ...]]:
    """Label and broader codes, looked up once: every search shows hundreds of them."""
    return facet.label_of(code), facet.broader(code)


@lru_cache(maxsize=100)
def _ranks(facet: Facet) -> dict[str, int]:
    return {code: rank for rank, code in enumerate(facet.in_order())}


def _listed(facet: Facet, columns: Columns, counts: Ints) -> Ints:
    """Positions of the codes that have hits, in the facet's order."""
    filled = np.flatnonzero(counts)
    rank = columns.ranked(facet.name, facet.order, lambda code: _standing(facet, code))[filled]
    if facet.order == "count":
        return filled[np.lexsort((rank, -counts[filled]))]
    return filled[np.argsort(rank)]


def _standing(facet: Facet, code: str) -> tuple[object, ...]:
    """What a facet's codes are sorted by, and among equal counts too."""
    if facet.order == "vocabulary":
        ranks = _ranks(facet)
        return (ranks.get(code, len(ranks)), code)
    if facet.order == "newest":
        return (tuple(-ord(letter) for letter in code),)
    if facet.order == "label":
        return (facet.label_of(code).casefold(), code)
    return (code,)
