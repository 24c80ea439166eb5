"""/api/v1/search: the same search as the page, as JSON."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request

from index.facets import FACETS, Facet
from index.query import MAX_PER_PAGE, MODES, PER_PAGE, SORTS, Query
from index.search import search as run_search
from kb.database import session_scope
from web import listings, urls
from web.api_shapes import ErrorAnswer, SearchAnswer
from web.labels import Labels
from web.search_limit import CountedSearch

router = APIRouter(tags=["search"])


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _range_note(facet: Facet) -> str:
    return "; LOW..HIGH for all between, either may be left out" if facet.ranged else ""


# The parameters are those of the search page; facets come from their one list.
PARAMETERS = [
    _parameter("q", "Words, phrases, field:word; see /help", {"type": "string"}),
    _parameter("mode", "How to search", {"type": "string", "enum": list(MODES)}),
    _parameter("sort", "Order of the hits", {"type": "string", "enum": list(SORTS)}),
    _parameter("page", "From 1", {"type": "integer", "minimum": 1}),
    _parameter(
        "per_page",
        f"Hits on a page, {PER_PAGE} if not given",
        {"type": "integer", "minimum": 1, "maximum": MAX_PER_PAGE},
    ),
    _parameter("exact", "1 for every word as typed", {"type": "string", "enum": ["1"]}),
    _parameter(
        "any",
        "1 for records with any of the words, where enough have all",
        {"type": "string", "enum": ["1"]},
    ),
    _parameter("expand", "0 to leave out the thesaurus", {"type": "string", "enum": ["0"]}),
    _parameter(
        "correct", "0 to leave out what misspelt words may mean", {"type": "string", "enum": ["0"]}
    ),
    *(
        _parameter(
            facet.name,
            f"{facet.label}: code; may be repeated, any of them will do" + _range_note(facet),
            {"type": "array", "items": {"type": "string"}},
        )
        for facet in FACETS
    ),
]


@router.get(
    "/search",
    response_model=SearchAnswer,
    responses={429: {"model": ErrorAnswer}, 503: {"model": ErrorAnswer}},
    openapi_extra={"parameters": PARAMETERS},
    summary="Search records",
)
def search(request: Request, _: CountedSearch) -> dict[str, Any]:
    """Hits, totals and facet counts. What was not understood comes back as notes."""
    query = Query.from_params(request.query_params)
    results = run_search(query)
    with session_scope() as session:
        labels = Labels.read(session)
        shown = listings.titles(session, [hit.id for hit in results.hits])
    return {
        "query": query.text,
        "mode": results.mode,
        "total": results.total,
        "page": query.page,
        "pages": results.pages,
        "per_page": query.per_page,
        "took_ms": round(results.took_ms, 2),
        "notes": results.notes,
        "also_searched": [
            {"typed": item.typed, "means": item.means} for item in results.expansions
        ],
        "corrected": [{"typed": item.typed, "means": item.means} for item in results.corrections],
        "opening": results.opening.text if results.opening else "",
        "offers": [
            {
                "label": offer.label,
                "url": urls.absolute(request, urls.search(offer.query)),
                "count": offer.count,
            }
            for offer in results.offers
        ],
        "hits": [
            {
                "id": hit.id,
                "title": hit.title,
                "url": urls.absolute(request, urls.record(hit.id)),
                "api_url": urls.absolute(request, urls.api("records", hit.id)),
                "state": hit.card.get("state", ""),
                "summary": hit.card.get("summary", ""),
                "score": hit.score,
                "found_by": hit.found_by,
                "sections": hit.sections,
                "reasons": hit.reasons,
                "starts": hit.starts,
                "snippet": [{"text": text, "match": match} for text, match in hit.snippet],
            }
            for hit in results.hits
            if hit.id in shown
        ],
        "facets": [
            {
                "name": facet.name,
                "label": facet.label,
                "more": facet.more,
                "values": [
                    {
                        "code": value.code,
                        "label": labels.facet_value(facet.name, value.code),
                        "count": value.count,
                        "selected": value.selected,
                        "broader": value.broader,
                    }
                    for value in facet.values
                ],
            }
            for facet in results.facets
        ],
    }
