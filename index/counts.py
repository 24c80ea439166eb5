"""Facet counts over the records that a search found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.columns import Columns, Ints, Mask
from index.facets import FACETS, Facet, having
from index.query import Query
from index.results import FacetResult, FacetValue
from kb.vocabularies import Vocabulary, vocabularies

MOST_VALUES = 50
_APART = 1 << 40  # between the ranks of one facet and those of the next
_COUNTS = 1 << 32  # more than any count
_MOST_KEPT = 50_000  # values with their counts


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
    counts, spans = columns.every_count(through)
    among = dict.fromkeys(spans, through)
    for name in masks:
        among[name] = candidates
        for other, mask in masks.items():
            if other != name:
                among[name] = among[name] & mask
        counts[spans[name]] = columns.counts(name, among[name])
    shown = _shown(columns, spans)
    listed, firsts, lasts = shown.listed(counts)
    keys = (listed * _COUNTS + counts[listed]).tolist()
    made = []
    for facet, first, last in zip(shown.facets, firsts, lasts, strict=True):
        chosen = query.filters.get(facet.name, ())
        cut = min(last, first + MOST_VALUES)
        values = [shown.values[key] for key in keys[first:cut]]
        also = 0
        if chosen:
            values = [replace(one, selected=True) if one.code in chosen else one for one in values]
            others = _chosen(facet, columns, among[facet.name], chosen, values)
            # A chosen range stands in the list though it is no value.
            also = sum(1 for one in others if one.count and not facet.ends_of(one.code))
            values += others
        made.append(FacetResult(facet.name, facet.label, tuple(values), last - cut - also))
    return tuple(made)


def _chosen(
    facet: Facet, columns: Columns, among: Mask, chosen: Sequence[str], values: list[FacetValue]
) -> list[FacetValue]:
    """Those chosen values that are not among the values already."""
    there = {one.code for one in values}
    found = []
    for code in dict.fromkeys(chosen):
        if code not in there:
            number = int(np.count_nonzero(among & having(columns, facet.name, [code])))
            _, label, depth, broader = _named(facet, code)
            found.append(FacetValue(code, label, number, True, depth, broader))
    return found


class _Values(dict[int, FacetValue]):
    """Values as they are shown, by the place of the code times `_COUNTS`, and the count.

    A page shows hundreds, most of them as another page has shown them before, and to look one up
    takes a tenth of what making it does. Nobody may change one.
    """

    def __init__(self, named: Sequence[tuple[str, str, int, str | None]]) -> None:
        self.named = named

    def __missing__(self, key: int) -> FacetValue:
        place, count = divmod(key, _COUNTS)
        code, label, depth, broader = self.named[place]
        if len(self) >= _MOST_KEPT:
            self.clear()
        made = self[key] = FacetValue(code, label, count, False, depth, broader)
        return made


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the codes of all facets are shown, by their places: name and broader ones, and order.

    Looked up once, since every search shows hundreds of them; again when a vocabulary changes.
    `ranks` order the codes facet by facet; `weights` are what a record takes off the rank, where
    a facet lists first what most records have.
    """

    vocabularies: Mapping[str, Vocabulary]
    facets: tuple[Facet, ...]
    values: _Values
    ranks: Ints
    weights: Ints
    starts: list[int]
    stops: list[int]

    def listed(self, counts: Ints) -> tuple[Ints, list[int], list[int]]:
        """Places of the codes that have hits, in order; where in them each facet begins and ends.

        `counts` are those of all codes.
        """
        filled: Ints = counts.nonzero()[0]
        order = (self.ranks[filled] - counts[filled] * self.weights[filled]).argsort()
        begins, ends = filled.searchsorted(self.starts), filled.searchsorted(self.stops)
        return filled[order], begins.tolist(), ends.tolist()


def _shown(columns: Columns, spans: Mapping[str, slice]) -> _Shown:
    now = vocabularies()  # another one when any of them is changed
    known = columns.shown.get("facets")
    if isinstance(known, _Shown) and known.vocabularies is now:
        return known
    facets = tuple(facet for facet in FACETS if facet.name in spans)
    size = max((span.stop for span in spans.values()), default=0)
    named: list[tuple[str, str, int, str | None]] = [("", "", 0, None)] * size
    ranks, weights = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for facet in facets:
        codes, span = columns.codes[facet.name], spans[facet.name]
        standing = _standings(facet)
        order = sorted(range(len(codes)), key=lambda place: standing(codes[place]))
        named[span] = [_named(facet, code) for code in codes]
        ranks[span][order] = np.arange(len(codes)) + span.start * _APART
        if facet.order == "count":
            weights[span] = len(codes)
    starts = [spans[facet.name].start for facet in facets]
    stops = [spans[facet.name].stop for facet in facets]
    made = _Shown(now, facets, _Values(named), ranks, weights, starts, stops)
    columns.shown["facets"] = made
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
