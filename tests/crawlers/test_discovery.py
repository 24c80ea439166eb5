"""Sitemaps, feeds, listings, lists and catalogues; and what is made to trap their readers."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.data_items import catalogue, csv_rows, json_items
from crawlers.discovery import address_list, feed, read_sitemap, sitemap
from crawlers.errors import DiscoveryFailed
from crawlers.fetch import Fetcher
from crawlers.page import Page
from tests.crawlers.site import Answer, Site

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">]>
<urlset><url><loc>http://x/&lol2;</loc></url></urlset>"""
READS_A_FILE = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<urlset><url><loc>http://x/&f;</loc></url></urlset>"""


def page(body: str | bytes, url: str = "https://www.example.org/list") -> Page:
    held = body.encode() if isinstance(body, str) else body
    return Page(url, held, "text/plain", datetime(2026, 1, 1, tzinfo=UTC))


def urlset(*urls: str) -> str:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>2020-01-02</lastmod></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def index(*urls: str) -> str:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


# --- sitemaps


@pytest.mark.data
def test_every_real_sitemap_is_read(data_dir: Callable[[str], Path]) -> None:
    found = {}
    for file in sorted(data_dir("web/sitemaps").iterdir()):
        pages, further = read_sitemap(page(file.read_bytes()))
        found[file.name] = (len(pages), len(further))
    assert found == {
        "sitemap-hreflang.xml": (4, 0),
        "sitemap.xml": (84, 0),
        "sitemap.xml.gz": (84, 0),
        "sitemap2.xml": (0, 2),
    }


def test_sitemaps_are_followed_and_each_page_listed_once(fetcher: Fetcher, site: Site) -> None:
    site.routes |= {
        "/sitemap.xml": Answer(index(site.url("/1.xml"), site.url("/2.xml.gz")).encode()),
        "/1.xml": Answer(urlset(site.url("/a"), site.url("/b")).encode()),
        "/2.xml.gz": Answer(
            gzip.compress(urlset(site.url("/b"), site.url("/c")).encode(), mtime=0)
        ),
    }
    found = sitemap(fetcher.page, site.url("/sitemap.xml"))
    assert [item.url for item in found.found] == [site.url(path) for path in ("/a", "/b", "/c")]
    assert found.found[0].modified == "2020-01-02"
    assert found.problems == []


def test_circles_and_broken_parts_are_problems_and_the_rest_is_read(
    fetcher: Fetcher, site: Site
) -> None:
    site.routes |= {
        "/s.xml": Answer(
            index(
                *(site.url(path) for path in ("/s.xml", "/t.xml", "/gone.xml", "/lol.xml"))
            ).encode()
        ),
        "/t.xml": Answer(index(site.url("/s.xml"), site.url("/u.txt")).encode()),
        "/u.txt": Answer(f"{site.url('/a')}\nnot an address\nhttp://other.example/\n".encode()),
        "/lol.xml": Answer(LAUGHS.encode()),
    }
    found = sitemap(fetcher.page, site.url("/s.xml"))
    assert [item.url for item in found.found] == [site.url("/a")]
    told = "\n".join(found.problems)
    assert told.count("named again") == 2
    assert "status 404" in told
    assert "entities" in told
    assert "1 pages of other sites" in told


def test_sitemaps_without_end_are_left(fetcher: Fetcher, site: Site) -> None:
    for number in range(50):
        site.routes[f"/{number}.xml"] = Answer(index(site.url(f"/{number + 1}.xml")).encode())
    found = sitemap(fetcher.page, site.url("/0.xml"))
    assert any("deep" in problem for problem in found.problems)
    assert len(site.paths()) < 10


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (LAUGHS, "entities"),
        (READS_A_FILE, "entities"),
        (LAUGHS.encode("utf-16"), "entities"),
        ("<urlset><url>", "not proper XML"),
        ("<html><body>no sitemap</body></html>", "not a sitemap but 'html'"),
        ("nothing of the kind", "neither XML nor a list"),
        (gzip.compress(b" " * 70_000_000 + b"<urlset/>", mtime=0), "unpacks to more"),
        (gzip.compress(b"<urlset/>" * 100, mtime=0)[:-10], "breaks off"),
        ("<a>" * 5000, "not proper XML"),
    ],
)
def test_a_sitemap_that_cannot_be_read_says_why(body: str | bytes, reason: str) -> None:
    with pytest.raises(DiscoveryFailed, match=reason):
        read_sitemap(page(body))


# --- feeds


def test_feeds() -> None:
    rss = """<rss version="2.0"><channel><title>News</title><item><title>One</title>
    <link>/one</link><pubDate>Sat, 14 Mar 2009 10:00:00 GMT</pubDate></item>
    <item><title>No link</title></item></channel></rss>"""
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>Two</title>
    <link href="https://www.example.org/two"/><updated>2010-01-01T00:00:00Z</updated></entry></feed>"""
    first = feed(page(rss))
    assert [(item.url, item.title) for item in first] == [("https://www.example.org/one", "One")]
    second = feed(page(atom))
    assert [(item.url, item.modified) for item in second] == [
        ("https://www.example.org/two", "2010-01-01T00:00:00Z")
    ]
    with pytest.raises(DiscoveryFailed, match="not a feed"):
        feed(page("<html/>"))
    with pytest.raises(DiscoveryFailed, match="entities"):
        feed(page(LAUGHS))


# --- lists of addresses, CSV, JSON


def test_lists_of_addresses() -> None:
    text = "# ours\nhttps://a.example/1 a remark\n\nhttps://a.example/1\nftp://no\nhttp://b.example/2\n"
    assert [item.url for item in address_list(page(text))] == [
        "https://a.example/1",
        "http://b.example/2",
    ]
    table = "Title,URL,Year\nGates,https://a.example/gates,2009\nNone,,2010\n"
    found = address_list(page(table))
    assert [(item.url, item.title) for item in found] == [("https://a.example/gates", "Gates")]
    with pytest.raises(DiscoveryFailed, match="no addresses"):
        address_list(page("nothing here"))


def test_csv_rows() -> None:
    rows = csv_rows(page('\ufeffName;Town\n"A; B";Sampleton\nC\nD;E;too;many\n'))
    assert rows == [
        {"name": "A; B", "town": "Sampleton"},
        {"name": "C", "town": ""},
        {"name": "D", "town": "E"},
    ]


def test_json_listings() -> None:
    nested = json.dumps({"data": {"items": [{"a": 1}, "x", {"a": 2}]}})
    assert json_items(page(nested), "data.items") == [{"a": 1}, {"a": 2}]
    assert json_items(page('{"a": 1}\n{"a": 2}\n')) == [{"a": 1}, {"a": 2}]
    for body, path in (
        (nested, "data.other"),
        ("not json", ""),
        ('"text"', ""),
        ("[" * 99_999, ""),
    ):
        with pytest.raises(DiscoveryFailed):
            json_items(page(body), path)


def test_catalogues() -> None:
    whole = json.dumps({"@type": "dcat:Catalog", "dataset": [{"title": "One"}, {"no": "title"}]})
    assert catalogue(page(whole)) == [{"title": "One"}]
    assert catalogue(page('{"title": "One"}\n{"title": "Two"}')) == [
        {"title": "One"},
        {"title": "Two"},
    ]
    assert catalogue(page('{"title": "Only"}')) == [{"title": "Only"}]
    with pytest.raises(DiscoveryFailed, match="no data sets"):
        catalogue(page('{"dataset": []}'))


@pytest.mark.data
def test_the_real_catalogue(data_dir: Callable[[str], Path]) -> None:
    assert len(catalogue(page(data_dir("doj/records.jsonl").read_bytes()))) == 639
