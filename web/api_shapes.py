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


class RelatedRecord(BaseModel):
    """A record like another."""

    id: str
    title: str
    url: str = Field(description="Page of the record")
    api_url: str
    score: float = Field(description="How like it is; only good for putting them in order")
    shares: list[str] = Field(description="Terms that both have, by label")
    differs: list[str] = Field(description="Its own terms in which it is unlike, by label")


class RelatedRecords(BaseModel):
    """Records like one record, in three ways; none stands in two lists."""

    like: list[RelatedRecord] = Field(description="Like it in all")
    other_responses: list[RelatedRecord] = Field(description="Similar problem, other responses")
    other_problems: list[RelatedRecord] = Field(description="Same response, other problems")


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
    starts: list[str] = Field(description="By when to start, for what has a time of year")
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


class Offered(BaseModel):
    """A narrower search that may be meant."""

    label: str
    url: str
    count: int | None = Field(description="How many of the records found it leaves, if counted")


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
    also_searched: list[AlsoSearched] = Field(description="Other words for the same thing")
    corrected: list[AlsoSearched] = Field(description="What misspelt words may mean")
    opening: str = Field(description="How a question began, which was not searched for")
    offers: list[Offered]
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
