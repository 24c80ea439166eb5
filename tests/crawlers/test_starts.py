"""Runs that begin from sitemaps, feeds, lists of addresses and repositories, over real HTTP."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlmodel import select

from crawlers.fetch import Fetcher
from crawlers.kept_pages import PageStore
from crawlers.live import crawl, read_kept
from crawlers.page import Page
from crawlers.run_report import RunReport
from crawlers.source import Finding
from crawlers.starts import ROBOTS
from kb.cli import cli
from kb.database import session_scope
from kb.records.models import Record
from tests.crawlers.site import Answer, Site, html
from tests.crawlers.test_declared import declared
from tests.crawlers.test_live import Cases

HOWARD = Cases.id


@pytest.fixture
def read(
    store: Path, crawler_settings: Callable[..., None], pages: PageStore, fetcher: Fetcher
) -> Callable[..., RunReport]:
    def run(source: Any, **changes: Any) -> RunReport:
        return crawl(source, fetcher=fetcher, store=pages, **changes)

    return run


def titles() -> list[str]:
    with session_scope() as session:
        return sorted(session.exec(select(Record.title)).all())


def xml(text: str) -> Answer:
    return Answer(f"<?xml version='1.0'?>{text}".encode(), headers={"Content-Type": "text/xml"})


def cases(site: Site, *numbers: int) -> None:
    site.routes |= {f"/case/{n}": html(f"<h1>Case number {n}</h1>") for n in numbers}


def test_what_sitemaps_feeds_and_lists_name_is_read_and_their_traps_are_told(
    site: Site, read: Callable[..., RunReport]
) -> None:
    def locs(name: str, *paths: str) -> str:
        return "".join(f"<{name}><loc>{site.url(path)}</loc></{name}>" for path in paths)

    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><urlset>&b;</urlset>"
    site.routes |= {
        "/robots.txt": Answer(f"Sitemap: {site.url('/map.xml')}\n".encode()),
        "/map.xml": xml(
            f"<sitemapindex>{locs('sitemap', '/map.xml', '/bomb.xml', '/a.xml')}</sitemapindex>"
        ),
        "/bomb.xml": xml(bomb),
        "/a.xml": xml(f"<urlset>{locs('url', '/case/1', '/about', '/case/2')}</urlset>"),
        "/news": xml(
            "<rss version='2.0'><channel><title>n</title><item><title>t</title>"
            f"<link>{site.url('/case/3')}</link></item></channel></rss>"
        ),
        "/list.txt": Answer(f"# ours\n{site.url('/case/2')}\n{site.url('/case/4')}\n".encode()),
    }
    cases(site, 1, 2, 3, 4)

    class Found(Cases):
        home = site.url("/")
        follow = re.compile(r"/case/\d+$")
        found_by = (
            ("sitemap", ROBOTS),
            ("feed", site.url("/news")),
            ("list", site.url("/list.txt")),
            ("feed", site.url("/lost")),
        )

    report = read(Found())
    assert report.outcome == "done", report.as_text()
    assert titles() == [f"Case number {n}" for n in (1, 2, 3, 4)]
    assert "/about" not in site.paths()
    told = "\n".join(item.reason for item in report.problems)
    assert len(report.problems) == 3
    assert "is named again" in told
    assert "declares entities" in told
    assert "feed: " in told
    assert read(Found()).counts["same"] == 4


def test_a_list_of_addresses_is_harvested_and_nothing_else(
    site: Site, read: Callable[..., RunReport]
) -> None:
    cases(site, 1)
    site.routes["/case/1"] = html('<h1>Case number 1</h1><a href="/case/2">next</a>')

    class Many(Cases):
        home = site.url("/")
        fewest = 5

    report = read(Many(), only=[site.url("/case/1"), site.url("/case/9")])
    assert report.outcome == "done", report.as_text()
    assert site.paths() == ["/case/1", "/case/9"]
    assert titles() == ["Case number 1"]
    assert [item.reason.partition(":")[0] for item in report.problems] == ["gone"]


def test_kept_pages_are_read_again_without_the_site(
    site: Site, read: Callable[..., RunReport], pages: PageStore
) -> None:
    class Mended(Cases):
        home = site.url("/")
        follow = re.compile(r"/case/\d+$")

        def links(self, page: Page) -> Iterator[str]:
            yield from (page.link(str(a["href"])) for a in page.soup.select("a[href]"))

    cases(site, 2)
    site.routes |= {
        "/": html('<h1>Case number 0</h1><a href="/case/1">1</a><a href="/gone">g</a>'),
        "/case/1": html('<h1>Case number 1</h1><a href="/case/2">2</a>'),
    }
    read(Mended())
    before = len(site.asked)

    class Better(Mended):
        def records(self, page: Page) -> Iterator[Finding]:
            title = f"{page.soup.h1.get_text()}, better read"
            data = {"record_type": "guide", "title": title}
            origin = self.origin(page, external_id=page.url, title=title, read=title)
            yield self.record(title, {**data, "provenance": origin})

    report = read_kept(Better(), store=pages)
    assert report.outcome == "done", report.as_text()
    assert (report.how, report.counts["changed"], report.problems) == ("kept", 3, [])
    assert len(site.asked) == before
    assert titles() == [f"Case number {n}, better read" for n in range(3)]
    assert read_kept(Better(), store=pages).counts["same"] == 3


def test_a_list_that_was_cut_off_does_not_hide_the_next(
    site: Site, read: Callable[..., RunReport], pages: PageStore
) -> None:
    cases(site, 1, 2)
    pages.plan(f"{HOWARD} list", [site.url("/case/1")], 0)

    class Few(Cases):
        home = site.url("/")

    read(Few(), only=[site.url("/case/2")])
    assert titles() == ["Case number 1", "Case number 2"]


def oai(body: str) -> Answer:
    return xml(
        "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><responseDate>2026-01-01T00:00:00Z"
        f"</responseDate><request>x</request>{body}</OAI-PMH>"
    )


def paper(number: int, *, deleted: bool = False) -> str:
    status = ' status="deleted"' if deleted else ""
    metadata = (
        ""
        if deleted
        else "<metadata><oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' "
        f"xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>Paper {number} on burglary"
        f"</dc:title><dc:creator>A. Writer</dc:creator><dc:date>201{number}-02-03T00:00:00Z"
        "</dc:date><dc:description>What gates did.</dc:description>"
        f"<dc:identifier>https://papers.example/{number}</dc:identifier></oai_dc:dc></metadata>"
    )
    return (
        f"<record><header{status}><identifier>oai:x:{number}</identifier><datestamp>2020-01-01"
        f"</datestamp></header>{metadata}</record>"
    )


def test_a_repository_is_harvested_token_by_token(
    site: Site, read: Callable[..., RunReport], tmp_path: Path
) -> None:
    first = "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=crime"
    following = "/oai?verb=ListRecords&resumptionToken=t%2F2"
    site.routes |= {
        first: oai(
            f"<ListRecords>{paper(1)}{paper(2, deleted=True)}"
            "<resumptionToken>t/2</resumptionToken></ListRecords>"
        ),
        following: oai(f"<ListRecords>{paper(3)}<resumptionToken/></ListRecords>"),
    }
    source = declared(
        tmp_path,
        items="oai",
        endpoint=site.url("/oai"),
        set="crime",
        record={"record_type": "paper", "aspects": ["what"]},
    )
    type(source).id = HOWARD  # which the directory knows
    report = read(source)
    assert report.outcome == "done", report.as_text()
    assert site.paths() == [first, following]
    assert titles() == ["Paper 1 on burglary", "Paper 3 on burglary"]
    with session_scope() as session:
        kept = session.exec(select(Record).order_by(Record.title)).first()
    assert kept is not None
    assert kept.content["authors"] == ["A. Writer"]
    assert kept.content["published_on"] == "2011-02-03"
    assert kept.content["provenance"][0]["external_id"] == "oai:x:1"
    assert kept.content["provenance"][0]["original_url"] == "https://papers.example/1"
    # All rights are reserved, so the summary that the repository gives is not kept.
    assert "gates" not in str(kept.content["summary"])
    assert read(source, full=True).counts["same"] == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("<error code='badArgument'>no</error>", "answers badArgument"),
        ("", "is sought|was looked for|records"),
    ],
)
def test_a_repository_that_refuses_is_a_failed_run(
    site: Site, read: Callable[..., RunReport], tmp_path: Path, answer: str, words: str
) -> None:
    site.routes["/oai?verb=ListRecords&metadataPrefix=oai_dc"] = oai(answer)
    source = declared(tmp_path, items="oai", endpoint=site.url("/oai"))
    type(source).id = HOWARD
    report = read(source)
    assert report.outcome == "failed"
    assert re.search(words, report.as_text())


def test_ways_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("https://example.org/1\n")
    done = CliRunner().invoke(cli, ["crawl", "pop-guides", "eucpn", "--list", str(listed)])
    assert done.exit_code == 2
    assert "--list goes with one source" in done.output
    done = CliRunner().invoke(cli, ["crawl", "eucpn", "--list", str(listed), "--kept"])
    assert done.exit_code == 2
    assert "only one of --from, --list and --kept" in done.output
