"""No text of a source leaves the store that its licence does not let pass."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crawlers.page import Page
from crawlers.run import run
from crawlers.source import Finding, Source
from index.document import document
from kb.database import session_scope
from kb.exports.gate import indexable, open_content
from kb.records import Practice, service
from kb.records.models import Record, RecordRevision

SECRET = "zebrafish"
TEXT = f"The original tells of the {SECRET} at length. " * 30


class Quoting(Source):
    """A source whose parser takes more than its licence allows."""

    title = "Quoting"
    publisher = "Body"
    country = "gb"
    home = "https://www.example.org/"
    language = "en"
    fewest, most = 1, 5
    fill_rates: dict[str, float] = {}

    def __init__(self, source_id: str, licence: str) -> None:
        self.__class__ = type("One", (Quoting,), {"id": source_id, "licence": licence})

    def records(self, page: Page) -> Iterator[Finding]:
        yield self.record(
            "one",
            {
                "record_type": "project",
                "title": "Harbour lights",
                "summary": f"About the {SECRET}.",
                "aspect_what": TEXT[:200],
                "problem_statement": TEXT[:400],
                "response_summary": TEXT[:400],
                "results": [{"outcome": "calls", "measure": TEXT[:100], "direction": "better"}],
                "problem_types": ["burglary"],
                "place": {"name": "Sampleton", "country": "gb"},
                "published_on": "2020",
                "licence": self.licence,
                "body": [{"heading": "All of it", "text": TEXT}],
                "sections_there": [f"The {SECRET}"],
                "provenance": self.origin(page, external_id="1", title="Harbour lights", read="x"),
            },
        )


def crawled(source_id: str, licence: str) -> Practice:
    page = Page("https://www.example.org/1", b"", "text/html", datetime.now(UTC))
    report = run(Quoting(source_id, licence), [page])
    assert report.counts["new"] == 1, report.as_text()
    with session_scope(write=True) as session:
        row = session.exec(select(Record)).one()
        row.state = "published"
        session.add(row)
        return service.get(session, row.id)


def holds(value: Any) -> bool:
    return SECRET in json.dumps(value, default=str)


def test_a_source_that_allows_no_summary_leaves_facts_and_the_link(store: Path) -> None:
    found = crawled("practice-bank", "non-derivative")
    with session_scope() as session:
        assert not any(holds(row.content) for row in session.exec(select(RecordRevision)))
        assert not any(holds(row.content) for row in session.exec(select(Record)))
    content = found.content
    assert content.title == "Harbour lights"
    assert content.problem_types == ["burglary"]
    assert content.place is not None
    assert content.place.name == "Sampleton"
    assert [row.direction for row in content.results] == ["better"]
    assert content.provenance[0].original_url == "https://www.example.org/1"
    assert "no summary" in content.summary


def test_the_licence_that_the_directory_declares_holds_whatever_the_page_says(
    store: Path,
) -> None:
    found = crawled("practice-bank", "ogl-3")
    assert not holds(found.content.model_dump())


def test_none_of_it_is_on_pages_in_the_api_exports_feeds_or_the_index(
    store: Path, tmp_path: Path
) -> None:
    from index.sync import sync
    from web.app import create_app

    found = crawled("practice-bank", "non-derivative")
    with session_scope() as session:
        row = session.exec(select(Record)).one()
    sync()
    client = TestClient(create_app(), base_url="http://127.0.0.1:8000")
    addresses = [
        f"/records/{row.id}",
        *(f"/records/{row.id}.{end}" for end in ("json", "md", "ris", "bib", "csl.json")),
        f"/api/v1/records/{row.id}",
        "/search?q=harbour",
        "/api/v1/search?q=harbour",
        "/feeds/search?q=harbour",
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500, address
        assert SECRET not in answer.text, address
    assert "Harbour lights" in client.get("/search?q=harbour").text
    assert not holds([passage.text for passage in document(found).passages])


@pytest.mark.parametrize(
    ("source_id", "licence", "text_kept"),
    [
        ("crimesolutions", "public-domain", True),
        ("howard-league-community-awards", "all-rights", False),
        ("lga-case-studies", "unknown", False),
    ],
)
def test_whole_texts_are_kept_only_where_that_is_allowed(
    store: Path, source_id: str, licence: str, text_kept: bool
) -> None:
    found = crawled(source_id, licence)
    assert bool(found.content.body) is text_kept
    assert holds(found.content.summary)  # our own short account may be shown
    assert bool(open_content(found.content).body) is text_kept


@pytest.mark.parametrize(
    ("licence", "searched"), [("ogl-3", True), ("non-derivative", False), (None, False)]
)
def test_text_that_may_not_be_cut_into_passages_is_not_searched(
    store: Path, licence: str | None, searched: bool
) -> None:
    content = service.parse(
        {"title": "T", "licence": licence, "body": [{"heading": "H", "text": TEXT}]}
    )
    assert bool(indexable(content).body) is searched
