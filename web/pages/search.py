"""Search: results, filters, and what to do when nothing is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from index.query import SORTS, Mode, Query
from index.results import FacetResult, Hit, Results
from index.search import search as run_search
from kb.database import session_scope
from kb.directory import service as directory
from kb.records import GROUPS
from kb.trails import usefulness
from kb.trails.excluded import with_excluded
from kb.vocabularies import vocabulary
from web import listings, urls
from web.context import BaseContext, Link, render
from web.facet_tree import in_tree_order
from web.forms import Option, options_of
from web.labels import Labels
from web.noting import is_read, note_search, own_verdicts, trail_for
from web.pagination import pages
from web.search_limit import CountedSearch
from web.visitor import visitor_of

router = APIRouter()

# More values than this get a box to find one in.
LONG_LIST = 12
# Open from the start; the others open when one of their values is chosen.
_OPEN = {"problem", "response", "result"}
_SORT_NAMES = {
    "relevance": "Best match",
    "newest": "Newest",
    "oldest": "Oldest",
    "title": "Title",
}
_MODE_NAMES: dict[Mode, str] = {
    "hybrid": "Words and meaning",
    "keyword": "Words only",
    "semantic": "Meaning only",
}
_SECTIONS = {group.id: group.title for group in GROUPS} | {
    "summary": "Summary",
    "text": "Text",
    "body": "Text",
    "title": "Title",
}


@dataclass(frozen=True)
class Choice:
    """A value of a facet as a check box."""

    id: str
    code: str
    label: str
    count: int
    selected: bool
    depth: int


@dataclass(frozen=True)
class FacetBox:
    """A facet with its check boxes."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: int
    open: bool
    long: bool
    more: int
    all_href: str


@dataclass(frozen=True)
class HitView:
    """One result as it is shown."""

    id: str
    title: str
    href: str
    record_type: str
    state: str
    line: str
    stage: str
    award: str
    snippet: tuple[tuple[str, bool], ...]
    summary: str
    sections: tuple[str, ...]
    by_meaning: bool
    reasons: tuple[str, ...]
    harmed: bool


@dataclass(frozen=True)
class Expanded:
    """Words that were searched for as well as those typed."""

    typed: str
    means: str


@dataclass(frozen=True)
class SourceLink(Link):
    """A ready-made search on another site; `note` is where the source is told of."""

    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Everything the search page shows."""

    query: Query
    total: int
    first: int
    hits: tuple[HitView, ...]
    facets: tuple[FacetBox, ...]
    chosen: tuple[tuple[str, Link], ...]
    notes: tuple[str, ...]
    expansions: tuple[Expanded, ...]
    modes: tuple[tuple[Mode, str], ...]
    sorts: tuple[tuple[str, str, str], ...]
    pagination: dict[str, Any]
    loosen: tuple[Link, ...]
    sources: tuple[SourceLink, ...]
    problems: tuple[Link, ...]
    left_out: tuple[str, ...] = ()
    trail_id: str = ""
    levels: tuple[Option, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


@router.get("/search")
def search(request: Request, _: CountedSearch) -> HTMLResponse:
    """What is found for the words and filters in the address."""
    query = Query.from_params(request.query_params)
    visitor = visitor_of(request)
    trail = trail_for(request)
    asked = query
    if trail is not None and trail.excluded:
        asked = replace(query, text=with_excluded(query.text, list(trail.excluded)))
    results = run_search(asked)
    if results.total and query.page > results.pages:
        results = run_search(replace(asked, page=results.pages))
    # What was typed is shown; what the trail leaves out is said beside it.
    results = replace(results, query=replace(results.query, text=query.text))
    if trail is not None and is_read(request):
        note_search(visitor, trail, asked, query, results.total)
    with session_scope() as session:
        labels = Labels.read(session)
        # The index may be a moment behind; what has just been hidden is not shown.
        shown = listings.titles(session, [hit.id for hit in results.hits])
        elsewhere = () if results.total else _sources(directory.sources(session), query.text)
        ids = [hit.id for hit in results.hits if hit.id in shown]
        working_on = query.filters.get("problem") or (trail.problem_types if trail else ())
        problem = next(iter(working_on), "")
        said = usefulness.totals(session, ids, problem)
        own = own_verdicts(session, visitor.viewer, ids)
    context = _context(results, labels, shown, elsewhere, request)
    context = replace(
        context,
        left_out=trail.excluded if trail else (),
        trail_id=trail.id if trail else "",
        levels=options_of("usefulness"),
        said={record_id: total.in_words() for record_id, total in said.items()},
        own=own,
    )
    return render(request, "search", context)


def _context(
    results: Results,
    labels: Labels,
    shown: Mapping[str, str],
    elsewhere: tuple[SourceLink, ...],
    request: Request,
) -> Context:
    query = results.query
    hits = tuple(_hit(hit, labels) for hit in results.hits if hit.id in shown)
    chosen = tuple(
        (
            facet.label,
            Link(
                labels.facet_value(facet.name, value.code),
                urls.search_without(query, facet.name, value.code),
            ),
        )
        for facet in results.facets
        for value in facet.selected
    )
    return Context(
        title=_title(query, results),
        robots="noindex, follow" if query.filters or query.page > 1 else "",
        canonical=urls.absolute(request, urls.search_for(query.text) if query.text else "/search"),
        query=query,
        total=results.total,
        first=(query.page - 1) * query.per_page + 1,
        hits=hits,
        facets=tuple(_box(facet, query, labels) for facet in results.facets if facet.values),
        chosen=chosen,
        notes=results.notes,
        expansions=tuple(
            Expanded(item.typed, ", ".join(item.means)) for item in results.expansions if item.means
        ),
        modes=tuple(_MODE_NAMES.items()),
        sorts=tuple(
            (sort, _SORT_NAMES[sort], urls.search_sorted(query, sort))
            for sort in SORTS
            if query.text or sort != "relevance"
        ),
        pagination=pages(query, results.pages),
        loosen=() if results.total else _loosen(query),
        sources=elsewhere,
        problems=() if results.total else _problems(results),
    )


def _title(query: Query, results: Results) -> str:
    parts = [f"{query.text[:80]} (search)" if query.text else "Search"]
    if query.page > 1:
        parts.append(f"page {query.page} of {results.pages}")
    return ", ".join(parts)


def _box(facet: FacetResult, query: Query, labels: Labels) -> FacetBox:
    choices = tuple(
        Choice(
            id=f"{facet.name}-{number}",
            code=value.code,
            label=labels.facet_value(facet.name, value.code),
            count=value.count,
            selected=value.selected,
            depth=min(depth, 2),
        )
        for number, (value, depth) in enumerate(in_tree_order(facet.values), 1)
    )
    chosen = sum(choice.selected for choice in choices)
    return FacetBox(
        name=facet.name,
        label=facet.label,
        choices=choices,
        chosen=chosen,
        open=bool(chosen) or facet.name in _OPEN,
        long=len(choices) > LONG_LIST,
        more=facet.more,
        all_href=urls.browse(facet.name, query),
    )


def _hit(hit: Hit, labels: Labels) -> HitView:
    facets: Mapping[str, list[str]] = hit.card.get("facets", {})

    def named(facet: str) -> list[str]:
        return [labels.facet_value(facet, code) for code in facets.get(facet, ())]

    line = [*named("problem")[:2], *named("country")[:1], *facets.get("year", [])[:1]]
    awards = [code for code in facets.get("award", ()) if code.endswith(":winner")]
    return HitView(
        id=hit.id,
        title=hit.title,
        href=urls.record(hit.id),
        record_type=next(iter(facets.get("kind", ())), ""),
        state=hit.card.get("state", ""),
        line=" · ".join(line),
        stage=next(iter(named("stage")), ""),
        award=labels.facet_value("award", awards[0]) if awards else "",
        snippet=hit.snippet,
        summary="" if hit.snippet else hit.card.get("summary", ""),
        sections=tuple(_SECTIONS.get(name, name.capitalize()) for name in hit.sections),
        by_meaning=hit.found_by == "meaning",
        reasons=hit.reasons,
        harmed="worse" in facets.get("result", ()),
    )


def _loosen(query: Query) -> tuple[Link, ...]:
    """Ways to find more, each with what it would find; those that find nothing are left out."""
    tries: list[tuple[str, Query]] = []
    if query.exact:
        tries.append(("Do not ask for the exact words", replace(query, exact=False)))
    if query.filters:
        tries.append(("Take away all filters", replace(query, filters={})))
    if query.mode == "keyword":
        tries.append(("Search by meaning too", replace(query, mode="hybrid")))
    words = query.text.split()
    if 1 < len(words) <= 8:
        for number, word in enumerate(words):
            rest = " ".join(words[:number] + words[number + 1 :])
            tries.append((f"Without “{word}”", replace(query, text=rest)))
    found = []
    for text, other in tries:
        asked = replace(other, page=1, per_page=1)
        count = run_search(asked).total
        if count:
            note = f"{count:,} record" + ("s" if count != 1 else "")
            found.append(Link(text, urls.search(replace(other, page=1)), note))
    return tuple(found)


def _problems(results: Results) -> tuple[Link, ...]:
    """Problem groups to browse from."""
    return tuple(
        Link(term.label, urls.search_with(Query(), "problem", term.code))
        for term in vocabulary("problem_types").children(None)
    )


def _sources(found: list[Any], text: str) -> tuple[SourceLink, ...]:
    """Other sites to try, with a ready-made search where its address is known."""
    links = []
    for source in found:
        template = source.entry.get("search_template", "")
        href = urls.source_search(template, text) if template and text else ""
        if href and source.state in ("live", "moved", "frozen"):
            links.append(SourceLink(source.title, href, urls.source(source.id), source.id))
    return tuple(links)
