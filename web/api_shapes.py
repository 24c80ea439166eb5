"""What the API gives back, as OpenAPI describes it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class RecordSummary(BaseModel):
    """One record in a list."""

    id: str
    title: str
    record_type: str
    state: str = Field(description="published, published-unverified, superseded or archived")
    version: int
    updated_at: datetime
    summary: str
    licence: str | None = Field(description="Licence of the original")
    url: str = Field(description="Page of the record")
    api_url: str


class RecordPage(BaseModel):
    """One page of all records, by id."""

    total: int
    page: int
    pages: int
    per_page: int
    next: str | None = Field(description="Address of the next page")
    records: list[RecordSummary]


class RecordDetail(RecordSummary):
    """One record with everything that may be passed on of it."""

    superseded_by: str | None
    completeness: int = Field(description="Percent of the SARA form filled in; no mark of quality")
    content: dict[str, Any] = Field(description="The filled-in fields by name; codes for terms")


class SnippetPart(BaseModel):
    """A stretch of a snippet."""

    text: str
    match: bool


class SearchHit(BaseModel):
    """One record found."""

    id: str
    title: str
    url: str
    api_url: str
    state: str
    summary: str
    score: float
    found_by: str = Field(description="words, meaning, both, or empty when nothing was typed")
    sections: list[str] = Field(description="Sections that matched")
    reasons: list[str]
    snippet: list[SnippetPart]


class FacetCount(BaseModel):
    """One value of a facet."""

    code: str
    label: str
    count: int
    selected: bool
    broader: str | None


class FacetCounts(BaseModel):
    """A facet with its values."""

    name: str
    label: str
    more: int = Field(description="Values with hits that are left out here")
    values: list[FacetCount]


class AlsoSearched(BaseModel):
    """Other words that were searched for."""

    typed: str
    means: list[str]


class SearchAnswer(BaseModel):
    """One page of a search; totals and counts come from one set of records."""

    query: str
    mode: str = Field(description="The mode used: hybrid, keyword or semantic")
    total: int
    page: int
    pages: int
    per_page: int
    took_ms: float
    notes: list[str]
    also_searched: list[AlsoSearched]
    hits: list[SearchHit]
    facets: list[FacetCounts]


class Problem(BaseModel):
    """What went wrong."""

    status: int
    title: str
    detail: str


class ErrorAnswer(BaseModel):
    """Every error has this shape."""

    error: Problem
