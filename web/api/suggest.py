"""/api/v1/suggest: what may be meant while somebody types."""

from typing import Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from index import suggest as suggesting
from web import urls
from web.api_shapes import ErrorAnswer

router = APIRouter(tags=["search"])


class SuggestionOut(BaseModel):
    """Something that can be looked for: its kind in words, how many records, and where it is."""

    text: str
    kind: str
    label: str
    count: int
    href: str


class SuggestAnswer(BaseModel):
    """Suggestions, best first."""

    suggestions: list[SuggestionOut]


@router.get(
    "/suggest",
    response_model=SuggestAnswer,
    responses={503: {"model": ErrorAnswer}},
    summary="Complete what is being typed",
)
def suggest(q: str = Query("", description="What was typed so far")) -> dict[str, Any]:
    """Titles, terms, places, organisations and award schemes that begin so."""
    return {
        "suggestions": [
            {
                "text": one.text,
                "kind": one.kind,
                "label": one.label,
                "count": one.count,
                "href": urls.record(one.record) if one.record else urls.search(one.query),
            }
            for one in suggesting.suggest(q)
        ]
    }
