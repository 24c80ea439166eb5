"""Runs over real HTTP: a living site, and one that only web archives still have."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from sqlmodel import select

from crawlers.archives import Archive
from crawlers.errors import ContactMissing, LayoutChanged, SourceNeedsFile
from crawlers.fetch import Fetcher
from crawlers.kept_pages import PageStore
from crawlers.live import crawl
from crawlers.page import Page
from crawlers.source import Finding, Source, source_named
from kb.database import session_scope
from kb.directory.models import SourceRun
from kb.records import service
from kb.records.models import Record
from tests.crawlers.site import Answer, Site, html

PREFIX = "http://old.example/cases/"


class Cases(Source):
    """One record for the heading of each page."""

    id = "howard-league-community-awards"
    title = publisher = "Cases"
    country = "gb"
    licence = "unknown"
    language = "en"
    fewest = 1
    most = 10
    fill_rates = {"title": 1.0}

    def links(self, page: Page) -> Iterator[str]:
        for link in page.soup.select("a[href]"):
            yield page.link(str(link["href"]))

    def records(self, page: Page) -> Iterator[Finding]:
        heading = page.soup.h1
        if heading is None:
            raise LayoutChanged(page.url, "a heading")
        title = heading.get_text()
        yield self.record(
            title,
            {
                "record_type": "guide",
                "title": title,
                "provenance": self.origin(page, external_id=page.url, title=title, read=title),
            },
        )


class Archived(Cases):
    kind = "archive"
    prefixes = (PREFIX,)
    near = "2010-04-08"


@pytest.fixture
def archive(site: Site) -> Archive:
    base = site.url("/archive")
    return Archive(
        id="archive",
        name="The archive",
        cdx=f"{base}/cdx?url={{url}}&output=json",
        timemap=f"{base}/timemap/{{url}}",
        timegate=f"{base}/{{url}}",
        memento=f"{base}/{{stamp}}/{{url}}",
        raw=f"{base}/{{stamp}}id_/{{url}}",
    )


def index(*copies: tuple[str, str]) -> Answer:
    return Answer(
        "\n".join(
            json.dumps({"urlkey": "k", "timestamp": stamp, "url": url, "status": "200"})
            for stamp, url in copies
        ).encode()
    )


def index_path(url: str, limit: int, more: str = "") -> str:
    return f"/archive/cdx?url={quote(url, safe='')}&output=json&limit={limit}{more}"


def snapshots() -> list[dict[str, Any]]:
    with session_scope() as session:
        rows = session.exec(select(Record).order_by(Record.title)).all()
        return [service.get(session, row.id).content.snapshot() for row in rows]


@pytest.mark.usefixtures("store")
def test_a_site_is_read_along_its_links_and_what_is_missing_is_told(
    crawler_settings: Callable[..., None], pages: PageStore, fetcher: Fetcher, site: Site
) -> None:
    class Live(Cases):
        home = site.url("/")

    site.routes |= {
        "/": html('<h1>First case here</h1><a href="/2">2</a> <a href="/gone">x</a>'),
        "/2": html("<h1>Second case there</h1>"),
    }
    report = crawl(Live(), fetcher=fetcher, store=pages)
    assert report.counts["new"] == 2
    assert [(item.kind, item.name) for item in report.problems] == [("missed", site.url("/gone"))]
    assert crawl(Live(), fetcher=fetcher, store=pages).counts["same"] == 2
    with session_scope() as session:
        assert [run.how for run in session.exec(select(SourceRun))] == ["live", "live"]
        assert {row.state for row in session.exec(select(Record))} == {"submitted"}


@pytest.mark.usefixtures("store")
def test_a_site_that_is_gone_is_read_from_its_copies(
    crawler_settings: Callable[..., None],
    pages: PageStore,
    fetcher: Fetcher,
    site: Site,
    archive: Archive,
) -> None:
    site.routes |= {
        index_path(PREFIX, 5000, "&matchType=prefix"): index(
            ("20080101000000", PREFIX + "a.htm"),
            ("20100401000000", PREFIX + "a.htm"),
            ("20100402000000", "http://www.old.example/cases/a.htm"),
        ),
        f"/archive/20100402000000id_/{PREFIX.replace('//', '//www.')}a.htm": html(
            '<h1>A case of old</h1><a href="b.htm">b</a> <a href="lost.htm">lost</a>'
        ),
        index_path(PREFIX.replace("//", "//www.") + "b.htm", 10000): index(
            ("20110101000000", PREFIX + "b.htm")
        ),
        f"/archive/20110101000000id_/{PREFIX}b.htm": html("<h1>Beside it another</h1>"),
    }
    report = crawl(Archived(), fetcher=fetcher, store=pages, archives=[archive])
    assert report.counts["new"] == 2
    (missed,) = report.problems
    assert missed.name == "http://www.old.example/cases/lost.htm"
    assert "no web archive has a copy" in missed.reason
    first = snapshots()[0]["provenance"][0]
    assert first["original_url"] == "http://www.old.example/cases/a.htm"
    assert first["memento_url"] == site.url(
        "/archive/20100402000000/http://www.old.example/cases/a.htm"
    )
    assert first["captured_on"] == "2010-04-02"
    assert first["harvest_kind"] == "archive"
    assert pages.newest(first["original_url"]) is not None


@pytest.mark.usefixtures("store")
def test_no_copy_at_all_is_a_failed_run_that_says_so(
    crawler_settings: Callable[..., None],
    pages: PageStore,
    fetcher: Fetcher,
    site: Site,
    archive: Archive,
) -> None:
    report = crawl(Archived(), fetcher=fetcher, store=pages, archives=[archive])
    assert report.outcome == "failed"
    assert [(item.kind, item.name) for item in report.problems] == [("missed", PREFIX)]


def test_a_source_of_files_asks_for_its_file() -> None:
    with pytest.raises(SourceNeedsFile, match=r"content\.json.*--from"):
        crawl(source_named("pop-datasets"))


def test_nobody_crawls_without_saying_who(home: object) -> None:
    with pytest.raises(ContactMissing):
        crawl(Cases())
