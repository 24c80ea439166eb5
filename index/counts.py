"""Facet counts over the records that a search found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.columns import Columns, Ints, Mask
from index.facets import FACETS, Facet, having
from index.query import Query
from index.results import FacetResult, FacetValue
from kb.vocabularies import Vocabulary, vocabulary

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
    through = candidates
    for mask in masks.values():
        through = through & mask
    counted = columns.every_count(through)
    made = []
    for facet in FACETS:
        if facet.name not in columns.facets:
            continue
        among, counts = through, counted[facet.name]
        if facet.name in masks:
            among = candidates
            for name, mask in masks.items():
                if name != facet.name:
                    among = among & mask
            counts = columns.counts(facet.name, among)
        chosen = query.filters.get(facet.name, ())
        made.append(_result(facet, columns, among, counts, chosen))
    return tuple(made)


def _result(
    facet: Facet, columns: Columns, among: Mask, counts: Ints, chosen: Sequence[str]
) -> FacetResult:
    codes = columns.codes[facet.name]
    if not codes and not chosen:
        return FacetResult(facet.name, facet.label, ())
    shown = _shown(facet, columns)
    places = shown.listed(facet, counts)
    first = places[:MOST_VALUES]
    numbers = zip(first.tolist(), counts[first].tolist(), strict=True)
    values = [
        FacetValue(code, label, number, code in chosen, depth, broader)
        for place, number in numbers
        for code, label, depth, broader in (shown.named[place],)
    ]
    hidden = set(chosen) - {one.code for one in values} if chosen else ()
    for code in dict.fromkeys(chosen):
        if code in hidden:
            number = int(np.count_nonzero(among & having(columns, facet.name, [code])))
            _, label, depth, broader = _named(facet, code)
            values.append(FacetValue(code, label, number, True, depth, broader))
    shown_now = min(len(places), MOST_VALUES)
    # A chosen range stands in the list though it is no value.
    also = sum(1 for one in values[shown_now:] if one.count and not facet.ends_of(one.code))
    return FacetResult(
        name=facet.name,
        label=facet.label,
        values=tuple(values),
        more=len(places) - shown_now - also,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the codes of a facet are shown, by their places: name and broader ones, and their order.

    Looked up once, since every search shows hundreds of them; again when the vocabulary changes.
    """

    vocabulary: Vocabulary | None
    named: list[tuple[str, str, int, str | None]]
    ranks: Ints

    def listed(self, facet: Facet, counts: Ints) -> Ints:
        """Positions of the codes that have hits, in the facet's order."""
        filled: Ints = counts.nonzero()[0]
        rank = self.ranks[filled]
        if facet.order == "count":
            rank -= counts[filled] * len(self.ranks)
        listed: Ints = filled[rank.argsort()]
        return listed


def _shown(facet: Facet, columns: Columns) -> _Shown:
    now = vocabulary(facet.vocabulary) if facet.vocabulary else None
    known = columns.shown.get(facet.name)
    if isinstance(known, _Shown) and known.vocabulary is now:
        return known
    codes = columns.codes[facet.name]
    standing = _standings(facet)
    ranks = np.empty(len(codes), np.int64)
    ranks[sorted(range(len(codes)), key=lambda place: standing(codes[place]))] = np.arange(
        len(codes)
    )
    made = _Shown(now, [_named(facet, code) for code in codes], ranks)
    columns.shown[facet.name] = made
    return made


def _named(facet: Facet, code: str) -> tuple[str, str, int, str | None]:
    """Code, label, how deep it stands and the code it stands under."""
    broader = facet.broader(code)
    return code, facet.label_of(code), len(broader), broader[0] if broader else None


def _standings(facet: Facet) -> Callable[[str], tuple[object, ...]]:
    """What a facet's codes are sorted by, and among equal counts too."""
    if facet.order == "vocabulary":
        ranks = {code: rank for rank, code in enumerate(facet.in_order())}
        return lambda code: (ranks.get(code, len(ranks)), code)
    if facet.order == "newest":
        return lambda code: (tuple(-ord(letter) for letter in code),)
    if facet.order == "label":
        return lambda code: (facet.label_of(code).casefold(), code)
    return lambda code: (code,)
