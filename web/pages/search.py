"""Search: results, filters, and what to do when nothing is found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from index.query import SORTS, Mode, Query
from index.results import Results
from index.search import Group, grouped
from index.search import search as run_search
from kb.database import session_scope
from kb.directory import service as directory
from kb.trails import usefulness
from kb.trails.excluded import with_excluded
from web import listings, urls
from web.context import BaseContext, Link, render
from web.facet_boxes import FacetBox, facet_box
from web.filters import clipped
from web.forms import Option, options_of
from web.hits import HitView, hit_view
from web.labels import Labels
from web.nothing_found import Instead, SourceLink, elsewhere, instead, keep_gap
from web.noting import is_read, note_search, own_verdicts, trail_for
from web.pagination import pages
from web.search_limit import count_search
from web.search_words import Expanded, corrected, expanded, in_short
from web.visitor import visitor_of

router = APIRouter()

_SORT_NAMES = {
    "relevance": "Best match",
    "newest": "Newest",
    "oldest": "Oldest",
    "title": "Title",
}
# Ways to see what is found in groups; the first is how practitioners ask: what, how, who, when.
_GROUPINGS = {
    "aspect": "What, how, who, when",
    "kind": "Kind of record",
    "response": "Response",
    "problem": "Problem",
}
_EACH = 3
_MOST_GROUPS = 12  # shown before all are asked for
_LONG = 20  # words, from which on a text describes rather than asks
_MOST_TOLD = 4  # notes, and words searched for as well, before the rest is folded away
_MODE_NAMES: dict[Mode, str] = {
    "hybrid": "Words and meaning",
    "keyword": "Words only",
    "semantic": "Meaning only",
}


@dataclass(frozen=True)
class GroupView:
    """What was found for one value of a facet; `more` leads to the rest of it.

    A record may stand in several groups: `hits` has those shown here in full, `again` those that
    an earlier group showed.
    """

    id: str
    label: str
    total: int
    hits: tuple[HitView, ...]
    again: tuple[HitView, ...]
    more: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Everything the search page shows.

    `asked` is what was typed, in short; `is_long` when the text describes a problem rather than
    asks; `whole` when nothing was looked for, so that these are all the records there are with the
    filters; of notes and of words searched for as well, what comes behind the first `most_told` is
    folded away.
    """

    query: Query
    asked: str
    total: int
    first: int
    hits: tuple[HitView, ...]
    facets: tuple[FacetBox, ...]
    chosen: tuple[tuple[str, Link], ...]
    notes: tuple[str, ...]
    unknown: tuple[Link, ...]
    expansions: tuple[Expanded, ...]
    is_long: bool
    whole: bool
    most_told: int = _MOST_TOLD
    modes: tuple[tuple[Mode, str], ...]
    sorts: tuple[tuple[str, str, str], ...]
    pagination: dict[str, Any]
    corrections: tuple[Expanded, ...]
    opening: str
    offers: tuple[Link, ...]
    sources: tuple[SourceLink, ...]
    in_vain: bool
    instead: Instead = field(default_factory=Instead)
    groups: tuple[GroupView, ...] = ()
    grouped: str = ""
    more_groups: Link | None = None
    groupings: tuple[tuple[str, str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    trail_id: str = ""
    levels: tuple[Option, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


@router.get("/search")
def search(request: Request) -> Response:
    """What is found for the words and filters in the address."""
    query = Query.from_params(request.query_params)
    # A form sends its empty boxes too; the address that stays is one to keep and pass on.
    if tidied := urls.search_tidied(query, request.query_params.multi_items()):
        return RedirectResponse(tidied, status_code=303)
    count_search(request)
    visitor = visitor_of(request)
    trail = trail_for(request)
    asked = query
    if trail is not None and trail.excluded:
        asked = replace(query, text=with_excluded(query.text, list(trail.excluded)))
    results = run_search(asked)
    if results.total and query.page > results.pages:
        last = run_search(replace(asked, page=results.pages))
        results = replace(last, notes=results.notes)  # which say that there is no such page
    # What was typed is shown; what the trail leaves out is said beside it.
    results = replace(results, query=replace(results.query, text=query.text))
    if trail is not None and is_read(request):
        note_search(visitor, trail, asked, query, results.total)
    view = request.query_params.get("view", "")
    by = view if view in _GROUPINGS and results.total else ""
    every = grouped(asked, by, _EACH) if by else ()
    found = every if request.query_params.get("groups") == "all" else every[:_MOST_GROUPS]
    seen = [hit for group in found for hit in group.hits] or results.hits
    with session_scope() as session:
        labels = Labels.read(session)
        # The index may be a moment behind; what has just been hidden is not shown.
        shown = listings.titles(session, [hit.id for hit in seen])
        others = elsewhere(directory.sources(session), query.text) if results.in_vain else ()
        ids = list(shown)
        working_on = query.filters.get("problem") or (trail.problem_types if trail else ())
        problem = next(iter(working_on), "")
        said = usefulness.totals(session, ids, problem)
        own = own_verdicts(session, visitor.viewer, ids)
    if results.in_vain and query.page == 1 and not results.unknown and is_read(request):
        keep_gap(query)
    context = _context(results, labels, shown, others, request)
    context = replace(
        context,
        instead=instead(
            replace(results, query=asked), labels, query, trail.excluded if trail else ()
        ),
        notes=(*context.notes, *_no_such_view(view)),
        groups=tuple(_groups(found, query, by, labels, shown)),
        grouped=by,
        more_groups=_more_groups(every, found, query, by),
        groupings=tuple(
            (name, label, urls.search_grouped(query, name)) for name, label in _GROUPINGS.items()
        ),
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
    others: tuple[SourceLink, ...],
    request: Request,
) -> Context:
    query = results.query
    hits = tuple(hit_view(hit, labels) for hit in results.hits if hit.id in shown)
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
    unknown = {
        one.note: Link(one.value, urls.search_without(query, one.facet, one.value), one.note)
        for one in results.unknown
    }
    return Context(
        title=_title(query, results),
        robots="noindex, follow" if query.filters or query.page > 1 else "",
        canonical=urls.absolute(request, urls.search_for(query.text) if query.text else "/search"),
        query=query,
        asked=in_short(query.text),
        total=results.total,
        first=(query.page - 1) * query.per_page + 1,
        hits=hits,
        facets=tuple(facet_box(facet, query, labels) for facet in results.facets if facet.values),
        chosen=chosen,
        notes=tuple(note for note in results.notes if note not in unknown),
        unknown=tuple(unknown.values()),
        expansions=expanded(results),
        whole=results.whole,
        is_long=len(query.text.split()) >= _LONG,
        modes=tuple(_MODE_NAMES.items()),
        sorts=tuple(
            (sort, _SORT_NAMES[sort], urls.search_sorted(query, sort))
            for sort in SORTS
            if sort != "relevance" or not (results.whole or not query.text)
        ),
        pagination=pages(query, results.pages),
        corrections=corrected(results),
        opening=results.opening.text if results.opening else "",
        offers=tuple(
            Link(
                offer.label,
                urls.search(replace(offer.query, text=query.text)),
                f"{offer.count:,}" if offer.count else "",
            )
            for offer in results.offers
        ),
        sources=others,
        in_vain=results.in_vain and query.page == 1,
    )


def _no_such_view(view: str) -> Iterator[str]:
    if view and view not in _GROUPINGS:
        yield f"There is no view “{view[:60]}”; one list was used."


def _more_groups(
    every: Sequence[Group], shown: Sequence[Group], query: Query, by: str
) -> Link | None:
    """Where all groups are shown, from the first that is not shown here on; notes how many."""
    if len(every) == len(shown):
        return None
    many, href = f"{len(every)}", urls.search_grouped(query, by, every=True)
    return Link(f"All {many} groups", f"{href}#{_group_id(every[len(shown)])}", many)


def _group_id(group: Group) -> str:
    return f"group-{group.code}"


def _groups(
    found: Sequence[Group], query: Query, by: str, labels: Labels, shown: Mapping[str, str]
) -> Iterator[GroupView]:
    told: set[str] = set()
    for group in found:
        hits = [hit_view(hit, labels) for hit in group.hits if hit.id in shown]
        yield GroupView(
            id=_group_id(group),
            label=labels.facet_value(by, group.code) if group.code else group.label,
            total=group.total,
            hits=tuple(hit for hit in hits if hit.id not in told),
            again=tuple(hit for hit in hits if hit.id in told),
            more=urls.search_with(query, by, group.code) if group.code else "",
        )
        told.update(hit.id for hit in hits)


def _title(query: Query, results: Results) -> str:
    parts = [f"{clipped(in_short(query.text), 80)} (search)" if query.text else "Search"]
    if query.page > 1:
        parts.append(f"page {query.page} of {results.pages}")
    return ", ".join(parts)
