"""/api/v1/records: every record that everybody may see."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request

from index.related import Related
from kb.database import session_scope
from kb.records import Practice
from web import listings, urls
from web.api_shapes import ErrorAnswer, RecordDetail, RecordPage, RelatedRecords
from web.disclosure import shown_record, shown_records
from web.ways_on import shown_kin

router = APIRouter(tags=["records"])

MOST = 100
MOST_RELATED = 20
BAD_REQUEST: dict[int | str, dict[str, Any]] = {400: {"model": ErrorAnswer}}


def summary(request: Request, practice: Practice) -> dict[str, Any]:
    """What lists say of a record."""
    content = practice.content
    return {
        "id": practice.id,
        "title": content.title,
        "record_type": content.record_type,
        "state": practice.state,
        "version": practice.version,
        "updated_at": practice.updated_at,
        "summary": content.summary,
        "licence": content.licence,
        "url": urls.absolute(request, urls.record(practice.id)),
        "api_url": urls.absolute(request, urls.api("records", practice.id)),
    }


@router.get("/records", response_model=RecordPage, responses=BAD_REQUEST, summary="List records")
def records(
    request: Request,
    page: Annotated[int, Query(ge=1, le=1_000_000, description="From 1")] = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST, description="Records on a page")] = 20,
) -> dict[str, Any]:
    """Every record by id, page by page. To choose among them, use /search."""
    with session_scope() as session:
        ids = [record_id for record_id, _ in listings.record_dates(session)]
        first = (page - 1) * per_page
        shown = [
            summary(request, practice)
            for practice in shown_records(session, ids[first : first + per_page])
        ]
    pages = -(-len(ids) // per_page)
    following = [("page", str(page + 1)), ("per_page", str(per_page))]
    return {
        "total": len(ids),
        "page": page,
        "pages": pages,
        "per_page": per_page,
        "next": urls.absolute(request, urls.api("records", params=following))
        if page < pages
        else None,
        "records": shown,
    }


@router.get(
    "/records/{record_id}",
    response_model=RecordDetail,
    responses={404: {"model": ErrorAnswer}},
    summary="Read one record",
)
def record(
    request: Request, record_id: Annotated[str, Path(description="As in lists and addresses")]
) -> dict[str, Any]:
    """One record with all its fields. Full text and names are left out where they may not go."""
    with session_scope() as session:
        practice = shown_record(session, record_id)
        after = practice.superseded_by
        known = listings.titles(session, [after]) if after else {}
    return summary(request, practice) | {
        "superseded_by": after if after in known else None,
        "completeness": practice.completeness,
        "content": practice.content.snapshot(),
    }


@router.get(
    "/records/{record_id}/related",
    response_model=RelatedRecords,
    responses={404: {"model": ErrorAnswer}, 503: {"model": ErrorAnswer}},
    summary="Records like one record",
)
def related(
    request: Request,
    record_id: Annotated[str, Path(description="As in lists and addresses")],
    limit: Annotated[int, Query(ge=1, le=MOST_RELATED, description="Records in each list")] = 5,
) -> dict[str, Any]:
    """In all, of a similar problem met with other responses, and of the same response elsewhere."""
    with session_scope() as session:
        found = shown_kin(session, shown_record(session, record_id).id, limit)

    def listed(ones: Iterable[Related]) -> list[dict[str, Any]]:
        return [
            {
                "id": one.id,
                "title": one.title,
                "url": urls.absolute(request, urls.record(one.id)),
                "api_url": urls.absolute(request, urls.api("records", one.id)),
                "score": one.score,
                "shares": one.why,
                "differs": one.differs,
            }
            for one in ones
        ]

    return {
        "like": listed(found.like),
        "other_responses": listed(found.other_responses),
        "other_problems": listed(found.other_problems),
    }
