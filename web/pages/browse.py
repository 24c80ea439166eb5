"""Browse: the facets, and every value of one of them."""

from dataclasses import dataclass, replace

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from index.engine import default_engine
from index.facets import FACET, FACETS, Facet
from index.query import Query
from index.ranking import rank
from index.results import FacetValue
from index.search import unknown_values
from kb.database import session_scope
from kb.exports.as_csv import table_file
from web import urls
from web.context import BaseContext, Link, render
from web.errors import PageNotFound
from web.facet_tree import in_tree_order
from web.labels import Labels

router = APIRouter()

MOST_TOPS = 12  # top terms of a tree that can each have a heading
LETTERS_FROM = 30  # values from which on a list from A to Z is cut up by letter
_ORDERS = {"a-z": "A to Z", "count": "Most records first"}


@dataclass(frozen=True)
class FacetLine:
    """A facet with its commonest values."""

    title: str
    href: str
    values: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class ValueLine:
    """One value with its count and where it leads."""

    label: str
    href: str
    count: int
    depth: int


@dataclass(frozen=True)
class Group:
    """Values under a heading: a letter, a top term with its own count and link, or none."""

    title: str
    lines: tuple[ValueLine, ...]
    href: str = ""
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """All facets, or all values of one in groups."""

    facets: tuple[FacetLine, ...] = ()
    groups: tuple[Group, ...] = ()
    count: int = 0
    notes: tuple[str, ...] = ()
    within: str = ""
    within_href: str = ""
    orders: tuple[tuple[str, str, bool], ...] = ()
    """Ways to list the values: name, address, and whether it is the way in use."""
    csv: str = ""


def facet_values(facet: Facet, query: Query, labels: Labels) -> list[FacetValue]:
    """Every value of a facet that the search finds, by label, or in its vocabulary's own order."""
    engine = default_engine()
    generation = engine.generation()
    columns = generation.columns
    found = np.zeros(len(columns), np.bool_)
    found[rank(query.without_filter(facet.name), engine, generation).order] = True
    counts = columns.counts(facet.name, found)
    values = []
    for code, count in zip(columns.codes[facet.name], counts.tolist(), strict=True):
        if count:
            broader = facet.broader(code)
            label = labels.facet_value(facet.name, code)
            values.append(
                FacetValue(code, label, count, False, len(broader), next(iter(broader), None))
            )
    if facet.order == "vocabulary":
        ranks = {code: place for place, code in enumerate(facet.in_order())}
        return sorted(values, key=lambda value: ranks.get(value.code, len(ranks)))
    if facet.order == "newest":
        return sorted(values, key=lambda value: value.code, reverse=True)
    return sorted(values, key=lambda value: value.label.casefold())


@router.get("/browse")
def facets(request: Request) -> HTMLResponse:
    """The ways to browse, each with some of its values."""
    lines = []
    with session_scope() as session:
        labels = Labels.read(session)
    for facet in FACETS:
        values = facet_values(facet, Query(), labels)
        common = sorted(values, key=lambda value: -value.count)[:6]
        lines.append(
            FacetLine(
                facet.label,
                urls.browse(facet.name),
                tuple(value.label for value in common),
                len(values),
            )
        )
    context = Context(
        title="Browse the collection",
        canonical=urls.absolute(request, urls.page("browse")),
        crumbs=(Link("Home", urls.home()), Link("Browse")),
        facets=tuple(line for line in lines if line.count),
    )
    return render(request, "browse", context)


@router.get("/browse/{name}.csv")
def values_as_csv(request: Request, name: str) -> Response:
    """Every value of one facet with its count as a table, in the order of the vocabulary."""
    facet = _facet(name)
    query = replace(Query.from_params(request.query_params), page=1)
    with session_scope() as session:
        labels = Labels.read(session)
    rows = [
        (
            value.code,
            value.label,
            labels.facet_value(facet.name, value.broader) if value.broader else "",
            str(value.count),
            urls.absolute(request, urls.search_with(query, facet.name, value.code)),
        )
        for value, _ in in_tree_order(facet_values(facet, query, labels))
    ]
    return Response(
        table_file(("code", "label", "broader", "records", "address"), rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{facet.name}.csv"',
            "X-Robots-Tag": "noindex",
        },
    )


def _facet(name: str) -> Facet:
    if name not in FACET:
        known = ", ".join(facet.name for facet in FACETS)
        raise PageNotFound(f"There is nothing to browse by that name. There is: {known}.")
    return FACET[name]


@router.get("/browse/{name}")
def values(request: Request, name: str) -> HTMLResponse:
    """Every value of one facet, in the whole collection or within a search."""
    facet = _facet(name)
    query = replace(Query.from_params(request.query_params), page=1)
    with session_scope() as session:
        labels = Labels.read(session)
    found = facet_values(facet, query, labels)
    unknown = unknown_values(query, default_engine().generation().columns)
    within = bool(query.text or query.filters)
    ways = _ways(facet)
    order = request.query_params.get("order", "")
    order = order if order in ways else next(iter(ways))
    lines = [
        ValueLine(
            value.label,
            urls.search_with(query, facet.name, value.code),
            value.count,
            depth,
        )
        for value, depth in _listed(found, order)
    ]
    context = Context(
        title=f"Browse by {facet.label.lower()}",
        robots="noindex, follow" if within else "",
        canonical=urls.absolute(request, urls.browse(facet.name)),
        crumbs=(
            Link("Home", urls.home()),
            Link("Browse", urls.page("browse")),
            Link(facet.label),
        ),
        groups=_grouped(lines, by_letter=order == "a-z"),
        count=len(lines),
        notes=(*query.notes, *(one.note for one in unknown)),
        within=(f"the search for “{query.text}”" if query.text else "the chosen filters")
        if within
        else "",
        within_href=urls.search(query) if within else "",
        orders=tuple(
            (label, urls.browse(facet.name, query, order=way), way == order)
            for way, label in ways.items()
        ),
        csv=urls.browse_file(facet.name, query),
    )
    return render(request, "browse", context)


def _ways(facet: Facet) -> dict[str, str]:
    """The orders in which a facet's values can be listed, the usual one first."""
    if facet.hierarchical:
        return {"": "By broader term", **_ORDERS}
    if facet.order == "newest":
        return {"": "Newest first", "count": _ORDERS["count"]}
    return {"": "In their own order", **_ORDERS} if facet.order == "vocabulary" else _ORDERS


def _listed(found: list[FacetValue], order: str) -> list[tuple[FacetValue, int]]:
    """The values with their depth in the list: each under its broader term only as usual."""
    if order == "a-z":
        return [(value, 0) for value in sorted(found, key=lambda one: one.label.casefold())]
    if order == "count":
        by_count = sorted(found, key=lambda one: (-one.count, one.label.casefold()))
        return [(value, 0) for value in by_count]
    return in_tree_order(found)


def _grouped(lines: list[ValueLine], *, by_letter: bool) -> tuple[Group, ...]:
    """By top term where there is a tree, by letter where that is asked for, else as one."""
    if any(line.depth for line in lines) and sum(not line.depth for line in lines) <= MOST_TOPS:
        return _by_top_term(lines)
    if by_letter and len(lines) >= LETTERS_FROM:
        letters: dict[str, list[ValueLine]] = {}
        for line in lines:
            first = line.label[:1].upper()
            letters.setdefault(first if first.isalpha() else "0 to 9", []).append(line)
        return tuple(Group(letter, tuple(inside)) for letter, inside in letters.items())
    return (Group("", tuple(lines)),) if lines else ()


def _by_top_term(lines: list[ValueLine]) -> tuple[Group, ...]:
    groups: list[Group] = []
    for line in lines:
        if line.depth == 0:
            groups.append(Group(line.label, (), line.href, line.count))
        else:
            inside = (*groups[-1].lines, replace(line, depth=line.depth - 1))
            groups[-1] = replace(groups[-1], lines=inside)
    return tuple(groups)
