"""What a search found as a file, with one's own notes where the format has a place for them."""

from dataclasses import replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from index.query import Query
from index.search import found_ids
from kb.database import session_scope
from kb.exports import exporters
from kb.trails import usefulness, verdicts
from kb.trails.access import Viewer
from kb.trails.excluded import with_excluded
from kb.vocabularies import vocabulary
from web.disclosure import shown_records
from web.errors import PageNotFound
from web.noting import trail_for
from web.search_limit import CountedSearch
from web.visitor import visitor_of

router = APIRouter()

MOST = 2000
"""Records in one file; a longer result is cut, the best first."""


@router.get("/search/found.{extension}")
def found(request: Request, extension: str, _: CountedSearch) -> Response:
    """The records that the search in the address finds. Private notes go to nobody else."""
    chosen = next((one for one in exporters().values() if one.extension == extension), None)
    if chosen is None:
        known = ", ".join(f".{one.extension}" for one in exporters().values())
        raise PageNotFound(f"Searches can be had as {known}; not as .{extension[:20]}.")
    query = Query.from_params(request.query_params)
    trail = trail_for(request)
    if trail is not None and trail.excluded:
        query = replace(query, text=with_excluded(query.text, list(trail.excluded)))
    ids = found_ids(query, MOST)
    with session_scope() as session:
        notes = _notes(session, visitor_of(request).viewer, ids) if chosen.takes_notes else {}
        data = chosen.write(shown_records(session, ids), notes)
    return Response(
        data,
        media_type=chosen.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="found.{extension}"',
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
        },
    )


def _notes(session: Session, viewer: Viewer, ids: list[str]) -> dict[str, str]:
    """One's own verdicts and notes on these records, in words."""
    if not viewer.owner:
        return {}
    terms = vocabulary("usefulness")
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        for row in verdicts.newest(session, ids[start : start + 500], owner=viewer.owner):
            verdict = terms.label(usefulness.code_of(row.useful or 0))
            found[row.record_id] = ": ".join(filter(None, [verdict, row.note]))
    return found
