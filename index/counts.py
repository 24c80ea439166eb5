"""Facet counts over the records that a search found."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from index.columns import Columns, Ints, Mask
from index.facets import FACETS, Facet
from index.query import Query
from index.results import FacetResult, FacetValue
from kb.vocabularies import vocabulary

MOST_VALUES = 50


def facet_results(query: Query, columns: Columns, candidates: Mask) -> tuple[FacetResult, ...]:
    """Every facet with counts among the candidates.

    Each facet's counts leave out its own selection, so that choosing one value does not hide the
    others; a chosen value stays even when nothing has it.
    """
    masks = {
        name: columns.with_facet(name, codes)
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
    counts = columns.counts(facet.name, among)
    codes = columns.codes[facet.name]
    listed = [codes[place] for place in _places(facet, codes, counts)]
    by_code = dict(zip(codes, counts.tolist(), strict=True))
    shown = listed[:MOST_VALUES]
    shown += [code for code in dict.fromkeys(chosen) if code not in shown]
    return FacetResult(
        name=facet.name,
        label=facet.label,
        values=tuple(
            _value(facet, code, by_code.get(code, 0), selected=code in chosen) for code in shown
        ),
        more=len(set(listed) - set(shown)),
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
    codes = (
        [term.code for term in vocabulary(facet.vocabulary)]
        if facet.vocabulary
        else [code for code, _ in facet.names]
    )
    return {code: rank for rank, code in enumerate(codes)}


def _places(facet: Facet, codes: Sequence[str], counts: Ints) -> list[int]:
    """Positions of the codes that have hits, in the facet's order."""
    filled = [int(place) for place in np.flatnonzero(counts)]
    if facet.order == "vocabulary":
        ranks = _ranks(facet)
        return sorted(filled, key=lambda place: (ranks.get(codes[place], len(ranks)), codes[place]))
    if facet.order == "newest":
        return sorted(filled, key=lambda place: codes[place], reverse=True)
    if facet.order == "label":
        return sorted(filled, key=lambda place: facet.label_of(codes[place]).casefold())
    return sorted(filled, key=lambda place: (-int(counts[place]), codes[place]))
