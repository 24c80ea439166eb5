"""Copies in web archives, against an imitation of two archives on this machine.

The imitation follows pywb's manual (index, TimeMap, TimeGate) and the Internet Archive's index as
described by those who use it; no live archive was asked.
"""

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from crawlers.archives import (
    ARCHIVES,
    Archive,
    archived_page,
    capture_near,
    captures,
    cdx_rows,
)
from crawlers.errors import DiscoveryFailed, NoCapture
from crawlers.fetch import Fetcher
from crawlers.page import Page
from kb.records.identity import canonical_url
from tests.crawlers.site import Answer, Site, html

ORIGINAL = "http://www.crimereduction.example/tilley/2009.htm"
WHEN = datetime(2010, 4, 8, tzinfo=UTC)


@pytest.fixture
def first(site: Site) -> Archive:
    return _archive("first", site)


@pytest.fixture
def second(site: Site) -> Archive:
    return _archive("second", site)


def _archive(name: str, site: Site) -> Archive:
    base = site.url(f"/{name}")
    return Archive(
        id=name,
        name=f"The {name} archive",
        cdx=f"{base}/cdx?url={{url}}&output=json",
        timemap=f"{base}/timemap/link/{{url}}",
        timegate=f"{base}/{{url}}",
        memento=f"{base}/{{stamp}}/{{url}}",
        raw=f"{base}/{{stamp}}id_/{{url}}",
    )


def cdx_path(name: str, url: str = ORIGINAL, more: str = "") -> str:
    return f"/{name}/cdx?url={quote(url, safe='')}&output=json&limit=10000{more}"


def line(stamp: str, status: str = "200", url: str = ORIGINAL) -> str:
    return json.dumps({"urlkey": "k", "timestamp": stamp, "url": url, "status": status})


def test_captures_from_the_index(fetcher: Fetcher, site: Site, first: Archive) -> None:
    site.routes[cdx_path("first")] = Answer(
        "\n".join(
            [line("20110101000000"), line("20090405060708"), line("20100101", "404")]
        ).encode()
    )
    found = captures(fetcher, ORIGINAL, archives=[first])
    assert [item.captured_at.year for item in found] == [2009, 2011]
    assert found[0].original == ORIGINAL
    assert found[0].url == site.url(f"/first/20090405060708/{ORIGINAL}")
    assert found[0].captured_at == datetime(2009, 4, 5, 6, 7, 8, tzinfo=UTC)


def test_captures_of_everything_under_an_address(
    fetcher: Fetcher, site: Site, first: Archive
) -> None:
    prefix = "http://www.crimereduction.example/tilley/"
    rows = [
        ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
        ["k", "20090405060708", prefix + "a.htm", "text/html", "200", "D1", "1"],
        ["k", "20090405060709", prefix + "b.htm", "text/html", "-", "D2", "1"],
        ["k", "20090405060710", prefix + "c.htm", "text/html", "302", "D3", "1"],
    ]
    path = cdx_path("first", prefix, "&matchType=prefix")
    site.routes[path] = Answer(json.dumps(rows).encode())
    found = captures(fetcher, prefix, archives=[first], prefix=True)
    assert [item.original[-5:] for item in found] == ["a.htm", "b.htm"]
    assert found[0].digest == "D1"


def test_the_time_map_stands_in_for_the_index(fetcher: Fetcher, site: Site, first: Archive) -> None:
    more = site.url(f"/first/timemap/link/2/{ORIGINAL}")
    site.routes[cdx_path("first")] = Answer(b"", 403)
    site.routes[f"/first/timemap/link/{ORIGINAL}"] = Answer(
        f'<{ORIGINAL}>; rel="original",\n<{site.url("/first/")}>; rel="self timemap",\n'
        f'<{site.url("/m/1")}>; rel="first memento"; datetime="Sun, 05 Apr 2009 06:07:08 GMT",\n'
        f'<{more}>; rel="next timemap"; type="application/link-format"\n'.encode()
    )
    site.routes[f"/first/timemap/link/2/{ORIGINAL}"] = Answer(
        f'<{site.url("/m/2")}>; rel="last memento"; datetime="Thu, 01 Jan 2015 00:00:00 GMT",\n'
        f'<{more}>; rel="next timemap"\n'.encode()
    )
    found = captures(fetcher, ORIGINAL, archives=[first])
    assert [item.captured_at.year for item in found] == [2009, 2015]
    assert found[0].url == site.url("/m/1")


def test_the_nearest_copy_is_fetched_with_its_original_address(
    fetcher: Fetcher, site: Site, first: Archive
) -> None:
    site.routes[cdx_path("first")] = Answer(
        "\n".join(line(stamp) for stamp in ("20080101", "20100401000000", "20120101")).encode()
    )
    site.routes[f"/first/20100401000000id_/{ORIGINAL}"] = html(
        '<a href="2008.htm">2008</a>', **{"Memento-Datetime": "Fri, 02 Apr 2010 00:00:00 GMT"}
    )
    found = archived_page(fetcher, ORIGINAL, WHEN, archives=[first])
    assert found.page.url == ORIGINAL
    assert found.page.link("2008.htm") == "http://www.crimereduction.example/tilley/2008.htm"
    assert found.capture.captured_at == datetime(2010, 4, 2, tzinfo=UTC)
    assert found.capture.archive == "first"


def test_the_time_gate_is_the_last_resort(fetcher: Fetcher, site: Site, first: Archive) -> None:
    def gate(_: Site, headers: dict[str, str]) -> Answer:
        assert headers["accept-datetime"] == "Thu, 08 Apr 2010 00:00:00 GMT"
        target = site.url(f"/first/20100408115103/{ORIGINAL}")
        return Answer(status=302, headers={"Location": target})

    site.routes[f"/first/{ORIGINAL}"] = gate
    site.routes[f"/first/20100408115103/{ORIGINAL}"] = html("<p>kept</p>")
    found = capture_near(fetcher, ORIGINAL, WHEN, archives=[first])
    assert found.captured_at == datetime(2010, 4, 8, 11, 51, 3, tzinfo=UTC)
    assert found.raw_url == site.url(f"/first/20100408115103id_/{ORIGINAL}")


def test_the_next_archive_is_asked_when_one_refuses(
    fetcher: Fetcher, site: Site, first: Archive, second: Archive
) -> None:
    challenge = Answer(b"x", 405, {"x-amzn-waf-action": "captcha"})
    for path in (cdx_path("first"), f"/first/timemap/link/{ORIGINAL}", f"/first/{ORIGINAL}"):
        site.routes[path] = challenge
    site.routes[cdx_path("second")] = Answer(line("20100101000000").encode())
    site.routes[f"/second/20100101000000id_/{ORIGINAL}"] = html("<p>second</p>")
    found = archived_page(fetcher, ORIGINAL, WHEN, archives=[first, second])
    assert found.capture.archive == "second"


def test_a_copy_that_cannot_be_fetched_leads_to_the_next_archive(
    fetcher: Fetcher, site: Site, first: Archive, second: Archive
) -> None:
    site.routes[cdx_path("first")] = Answer(line("20100101000000").encode())
    site.routes[cdx_path("second")] = Answer(line("20110101000000").encode())
    site.routes[f"/second/20110101000000id_/{ORIGINAL}"] = html("<p>second</p>")
    assert archived_page(fetcher, ORIGINAL, WHEN, archives=[first, second]).page.status == 200


def test_no_copy_anywhere_says_what_each_answered(
    fetcher: Fetcher, site: Site, first: Archive, second: Archive
) -> None:
    site.routes[cdx_path("first")] = Answer(b"[]")
    site.routes[cdx_path("second")] = html("<p>Sorry</p>")
    with pytest.raises(NoCapture) as caught:
        archived_page(fetcher, ORIGINAL, WHEN, archives=[first, second])
    told = "\n".join(caught.value.tried)
    assert "The first archive, index: no copy" in told
    assert "status 404" in told
    assert "not an index of captures" in told
    with pytest.raises(NoCapture):
        captures(fetcher, ORIGINAL, archives=[first], prefix=True)


def test_a_gate_that_does_not_say_when_is_no_copy(
    fetcher: Fetcher, site: Site, first: Archive
) -> None:
    site.routes[f"/first/{ORIGINAL}"] = html("<p>some page</p>")
    with pytest.raises(NoCapture, match="does not say when"):
        capture_near(fetcher, ORIGINAL, WHEN, archives=[first])


def test_an_index_in_lines() -> None:
    text = (
        "example,a)/ 20090405060708 http://a.example/ text/html 200 DIGEST - - 100 5 file.warc\n"
        "example,a)/ 20090405060709 http://a.example/ warc/revisit - DIGEST - - 100 5 file.warc\n"
    )
    page = Page("https://x.example/", text.encode(), "text/plain", WHEN)
    assert [row[:3] for row in cdx_rows(page)] == [
        ("20090405060708", "http://a.example/", 200),
        ("20090405060709", "http://a.example/", 200),
    ]
    for body in (b"<html>", b'{"no": "stamp"}', b"[[1]]x", b"{broken"):
        with pytest.raises(DiscoveryFailed):
            list(cdx_rows(Page("https://x.example/", body, "text/plain", WHEN)))


def test_copies_in_the_real_archives_count_as_their_originals(fetcher: Fetcher) -> None:
    """The addresses that are made here are those that records are compared by."""
    for archive in ARCHIVES:
        for form in (archive.memento, archive.raw):
            made = form.format(stamp="20100408115103", url=ORIGINAL)
            assert canonical_url(made) == canonical_url(ORIGINAL)
