"""No text of a source leaves the store that its licence does not let pass."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlmodel import select
from starlette.testclient import TestClient

from crawlers.kept_pages import PageStore
from crawlers.page import Page
from crawlers.run import run
from crawlers.source import Finding, Source
from index.document import document
from kb.backup import write_backup
from kb.cli import cli
from kb.database import session_scope
from kb.exports import exporters
from kb.exports.gate import indexable, open_content
from kb.records import Practice, service
from kb.records.models import Record, RecordRevision
from kb.settings import settings
from tests.factories import practice

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


def by_hand(licence: str) -> str:
    """A record whose text got into the store some other way than by a crawl."""
    content = practice(
        title=f"Harbour steps under {licence}",
        place={"name": licence, "country": "gb-eng"},
        licence=licence,
        body=[{"heading": "All of it", "text": TEXT}],
    )
    with session_scope(write=True) as session:
        first = service.save(session, content, door="file", actor="a test", state="published")
        again = content.model_copy(update={"id": first.id, "summary": "Our account, again."})
        service.save(session, again, door="file", actor="a test", state="published")
        return first.id


def words_in(data: bytes) -> str:
    """Everything that a file says; packed ones (docx, xlsx, a backup) part by part."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def test_no_text_leaves_the_store_by_any_way_out(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.sync import sync
    from web.app import create_app

    monkeypatch.setenv("KB_EMBEDDING_MODEL", "hash")
    settings.cache_clear()
    found = crawled("practice-bank", "non-derivative")
    ids = [found.id, by_hand("all-rights"), by_hand("non-derivative")]
    sync()
    client = TestClient(create_app(), base_url="http://127.0.0.1:8000")
    endings = {one.extension for one in exporters().values()}
    assert {"docx", "md", "json", "csv", "xlsx", "ris", "bib", "yaml"} <= endings
    of_records = [
        f"/records/{record_id}{more}"
        for record_id in ids
        for more in ("", "/history", "/history?from=1&to=2", *(f".{end}" for end in endings))
    ]
    addresses = {
        *of_records,
        *(f"/api/v1/records/{record_id}{more}" for record_id in ids for more in ("", "/related")),
        *(f"/search/found.{end}?q=harbour" for end in endings),
        "/api/v1/records",
        "/search?q=harbour",
        f"/search?q={SECRET}",
        "/api/v1/search?q=harbour",
        "/api/v1/suggest?q=harbour",
        "/feeds/search.atom?q=harbour",
        "/compare?" + "&".join(f"id={record_id}" for record_id in ids),
        "/sources/practice-bank",
        "/browse/source",
        "/people",
        "/",
    }
    answered = set()
    for address in sorted(addresses):
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200:
            answered.add(address)
        text = words_in(answer.content)
        # The search page repeats the words that were sought.
        seen = text.replace(SECRET, "", text.count(SECRET) * (address == f"/search?q={SECRET}"))
        assert SECRET not in seen, address
        assert "original tells of the" not in text, address
    # Nothing of this proves anything for an address that does not answer.
    assert len(addresses - answered) <= len(ids), sorted(addresses - answered)
    assert "Harbour lights" in client.get("/search?q=harbour").text
    assert not any(holds([p.text for p in document(one).passages]) for one in practices(ids))


def practices(ids: list[str]) -> list[Practice]:
    with session_scope() as session:
        return [service.get(session, record_id) for record_id in ids]


def test_no_text_is_in_an_export_and_none_of_a_source_in_a_backup(
    store: Path, tmp_path: Path
) -> None:
    found = crawled("practice-bank", "non-derivative")
    PageStore().keep(
        "https://www.example.org/1",
        Page("https://www.example.org/1", TEXT.encode(), "text/html", datetime.now(UTC)),
    )
    write_backup(tmp_path / "backup.zip")
    told = words_in((tmp_path / "backup.zip").read_bytes())
    assert "Harbour lights" in told
    assert SECRET not in told
    assert "pages.sqlite" not in zipfile.ZipFile(tmp_path / "backup.zip").namelist()
    by_hand("all-rights")
    for name, exporter in exporters().items():
        file = tmp_path / f"all.{exporter.extension}"
        done = CliRunner().invoke(cli, ["export", "--format", name, "--out", str(file)])
        assert done.exit_code == 0, (name, done.output)
        text = words_in(file.read_bytes())
        assert found.content.title in text, name
        assert SECRET not in text, name


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
