"""Manners and limits of fetching, over real HTTP against a site on this machine."""

import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import brotli
import pytest

from crawlers.answers import retry_after
from crawlers.errors import (
    Blocked,
    BodyUnreadable,
    ContactMissing,
    FetchFailed,
    PageGone,
    RateLimited,
    RedirectRefused,
    RobotsRefused,
    ServerFailed,
    TooLarge,
    TooSlow,
)
from crawlers.fetch import Fetcher
from crawlers.kept_pages import PageStore
from tests.crawlers.site import Answer, Site, html

Settings = Callable[..., None]
NewFetcher = Callable[..., Fetcher]


# --- who crawls


def test_nothing_is_fetched_without_a_contact(crawler_settings: Settings) -> None:
    crawler_settings(contact=" ")
    with pytest.raises(ContactMissing, match="KB_CRAWLER_CONTACT"):
        Fetcher()


def test_every_request_says_who_asks(fetcher: Fetcher, site: Site) -> None:
    site.routes["/a"] = html("<p>a</p>")
    fetcher.page(site.url("/a"))
    agents = {headers["user-agent"] for _, headers in site.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("SaferPracticeBot/")
    assert site.asked[0][1]["user-agent"].endswith("(+crawl@example.org)")


# --- robots.txt


def test_robots_txt_is_asked_first_and_once(fetcher: Fetcher, site: Site) -> None:
    site.routes |= {"/a": html("a"), "/b": html("b")}
    fetcher.page(site.url("/a"))
    fetcher.page(site.url("/b"))
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a", "/b"]


def test_what_robots_txt_forbids_is_not_asked_for(fetcher: Fetcher, site: Site) -> None:
    site.routes["/robots.txt"] = Answer(b"User-agent: SaferPracticeBot\nDisallow: /private")
    site.routes |= {"/private/x": html("x"), "/open": html("o")}
    site.routes["/leads-in"] = Answer(status=302, headers={"Location": "/private/x"})
    fetcher.page(site.url("/open"))
    for path in ("/private/x", "/leads-in"):
        with pytest.raises(RobotsRefused, match="forbids"):
            fetcher.page(site.url(path))
    assert "/private/x" not in site.paths()


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt_means_no_rules(fetcher: Fetcher, site: Site, status: int) -> None:
    site.routes |= {"/robots.txt": Answer(b"", status), "/a": html("a")}
    assert fetcher.page(site.url("/a")).status == 200


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_failing_robots_txt_forbids_everything(fetcher: Fetcher, site: Site, status: int) -> None:
    site.routes |= {"/robots.txt": Answer(b"", status), "/a": html("a")}
    for _ in range(2):
        with pytest.raises(RobotsRefused, match="cannot be read"):
            fetcher.page(site.url("/a"))
    assert site.paths() == []


def test_a_failure_is_never_kept_as_leave(
    fetcher: Fetcher, new_fetcher: NewFetcher, site: Site
) -> None:
    site.routes |= {"/robots.txt": Answer(b"", 500), "/a": html("a")}
    with pytest.raises(RobotsRefused):
        fetcher.page(site.url("/a"))
    site.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /")
    with pytest.raises(RobotsRefused, match="forbids"):
        new_fetcher().page(site.url("/a"))


def test_a_robots_txt_that_is_too_large_or_packed_as_a_bomb_forbids(
    new_fetcher: NewFetcher, site: Site
) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"User-agent: *\nAllow: /\n" * 1000

    site.routes["/a"] = html("a")
    for body, headers in (
        (endless(), {}),
        (b"# " + b"x" * 600_000, {}),
        (gzip.compress(b"\n" * 5_000_000, mtime=0), {"Content-Encoding": "gzip"}),
    ):
        site.routes["/robots.txt"] = Answer(body, headers=headers)
        with pytest.raises(RobotsRefused, match="bytes"):
            new_fetcher().page(site.url("/a"))


def test_robots_txt_may_be_redirected_but_not_in_circles(
    new_fetcher: NewFetcher, site: Site
) -> None:
    site.routes |= {
        "/robots.txt": Answer(status=301, headers={"Location": "/rules"}),
        "/rules": Answer(b"User-agent: *\nDisallow: /a"),
        "/a": html("a"),
    }
    with pytest.raises(RobotsRefused, match="forbids"):
        new_fetcher().page(site.url("/a"))
    site.routes["/rules"] = Answer(status=301, headers={"Location": "/robots.txt"})
    with pytest.raises(RobotsRefused, match="redirected more than 5"):
        new_fetcher().page(site.url("/a"))


# --- one at a time, with pauses


def test_a_site_is_asked_one_thing_at_a_time(new_fetcher: NewFetcher, site: Site) -> None:
    paths = [f"/{number}" for number in range(6)]
    site.routes |= {path: html(path) for path in paths}
    site.slow = 0.05
    fetchers = [new_fetcher(), new_fetcher()]
    threads = [
        threading.Thread(target=fetchers[number % 2].page, args=(site.url(path),))
        for number, path in enumerate(paths)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(site.paths()) == paths
    assert site.most_at_once == 1


def test_it_pauses_between_pages_as_set_and_longer_when_asked(
    new_fetcher: NewFetcher, crawler_settings: Settings, site: Site, waits: list[float]
) -> None:
    crawler_settings(delay=30)
    site.routes["/a"] = html("a")
    new_fetcher().page(site.url("/a"))
    assert len(waits) == 1
    assert 25 < waits[0] <= 30
    waits.clear()
    site.routes["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 100")
    new_fetcher().page(site.url("/a"))
    assert 95 < waits[-1] <= 100


def test_a_delay_longer_than_a_run_waits_ends_in_an_error(fetcher: Fetcher, site: Site) -> None:
    site.routes |= {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 9999"), "/a": html("a")}
    with pytest.raises(RateLimited, match="9999"):
        fetcher.page(site.url("/a"))
    assert site.paths() == []


@pytest.mark.parametrize("status", [429, 503])
def test_it_comes_back_when_the_site_says(
    fetcher: Fetcher, site: Site, waits: list[float], status: int
) -> None:
    answers = [Answer(b"", status, {"Retry-After": "120"}), html("here now")]
    site.routes["/a"] = lambda *_: answers.pop(0)
    assert b"here now" in fetcher.page(site.url("/a")).body
    assert max(waits) > 115


def test_a_wait_that_is_too_long_holds_for_the_whole_site_and_later_runs(
    fetcher: Fetcher, new_fetcher: NewFetcher, site: Site
) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    site.routes |= {"/a": Answer(b"", 429, {"Retry-After": moment}), "/b": html("b")}
    with pytest.raises(RateLimited, match="come back"):
        fetcher.page(site.url("/a"))
    with pytest.raises(RateLimited, match="not to be asked"):
        fetcher.page(site.url("/b"))
    with pytest.raises(FetchFailed, match="not to be asked"):
        new_fetcher().page(site.url("/b"))
    assert site.paths() == ["/a"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 40, None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text) == seconds


# --- asking only for what has changed


def test_a_second_run_asks_only_for_what_has_changed(
    fetcher: Fetcher, new_fetcher: NewFetcher, site: Site, pages: PageStore
) -> None:
    def answer(_: Site, headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == '"v1"':
            return Answer(status=304)
        return html("<p>first</p>", ETag='"v1"', **{"Last-Modified": "yesterday"})

    site.routes["/a"] = answer
    first = fetcher.fetch(site.url("/a"))
    second = new_fetcher().fetch(site.url("/a"))
    assert (first.changed, second.changed) == (True, False)
    assert second.page.body == first.page.body
    assert second.page.fetched_at == first.page.fetched_at
    assert site.headers_of("/a")[1]["if-modified-since"] == "yesterday"
    assert pages.versions(site.url("/a")) == 1


def test_conditions_are_sent_only_to_the_address_that_set_them(
    fetcher: Fetcher, site: Site
) -> None:
    site.routes["/old"] = Answer(status=301, headers={"Location": "/new"})
    site.routes["/new"] = html("text", ETag='"n"')
    fetcher.page(site.url("/old"))
    page = fetcher.page(site.url("/old"))
    assert page.url == site.url("/new")
    assert "if-none-match" not in site.headers_of("/old")[1]
    assert site.headers_of("/new")[1]["if-none-match"] == '"n"'


def test_every_version_of_a_page_is_kept(fetcher: Fetcher, site: Site, pages: PageStore) -> None:
    bodies = ["one", "two", "two", "one"]
    site.routes["/a"] = lambda *_: html(bodies.pop(0))
    changed = [fetcher.fetch(site.url("/a")).changed for _ in range(4)]
    assert changed == [True, True, False, True]
    assert pages.versions(site.url("/a")) == 2
    kept = pages.newest(site.url("/a"))
    assert kept is not None
    assert kept.body == b"one"
    assert pages.addresses() == [site.url("/a")]


def test_a_kept_page_can_be_parsed_again_without_the_site(
    fetcher: Fetcher, site: Site, pages: PageStore, home: Path
) -> None:
    site.routes["/a"] = Answer(
        "<p>café</p>".encode("latin-1"), headers={"Content-Type": "text/html; charset=iso-8859-1"}
    )
    fetched = fetcher.page(site.url("/a"))
    kept = PageStore(home / "pages.sqlite").newest(site.url("/a"))
    assert kept is not None
    assert kept.text == fetched.text == "<p>café</p>"


def test_an_unasked_not_modified_is_an_error(fetcher: Fetcher, site: Site) -> None:
    site.routes["/a"] = Answer(status=304)
    with pytest.raises(ServerFailed, match="unasked"):
        fetcher.page(site.url("/a"))


# --- answers that are no page


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, PageGone),
        (410, PageGone),
        (401, Blocked),
        (403, Blocked),
        (451, Blocked),
        (418, FetchFailed),
        (300, FetchFailed),
        (206, FetchFailed),
        (204, FetchFailed),
    ],
)
def test_a_status_that_is_no_page_is_a_named_error(
    fetcher: Fetcher, site: Site, status: int, error: type[Exception]
) -> None:
    site.routes["/a"] = Answer(b"", status)
    with pytest.raises(error, match=str(status)):
        fetcher.page(site.url("/a"))
    assert len(site.paths()) == 1


def test_a_failing_site_is_asked_three_times_with_growing_pauses(
    fetcher: Fetcher, site: Site, waits: list[float]
) -> None:
    site.routes["/a"] = Answer(b"", 500)
    with pytest.raises(ServerFailed, match="500"):
        fetcher.page(site.url("/a"))
    assert len(site.paths()) == 3
    assert [wait for wait in waits if wait >= 1] == [1, 2]


@pytest.mark.parametrize(
    "answer",
    [
        html(""),
        html("  \n "),
        html("<html><title>Just a moment...</title><script></script></html>"),
        html("<title>Attention Required! | Cloudflare</title>"),
        html('<form><div class="g-recaptcha"></div></form>'),
        Answer(b"x", 403, {"cf-mitigated": "challenge"}),
        Answer(b"x", 405, {"x-amzn-waf-action": "captcha"}),
        html("<title>Human Verification</title>"),
        Answer(b"<p>x</p>", 200, {"cf-mitigated": "challenge"}),
    ],
)
def test_an_empty_or_challenge_page_is_blocked_not_nothing_new(
    fetcher: Fetcher, site: Site, pages: PageStore, answer: Answer
) -> None:
    site.routes["/a"] = answer
    with pytest.raises(Blocked):
        fetcher.page(site.url("/a"))
    assert pages.addresses() == []


def test_no_connection_is_a_named_error(fetcher: Fetcher, crawler_settings: Settings) -> None:
    crawler_settings(allow="127.0.0.1:9")
    with pytest.raises(RobotsRefused, match="no connection"):
        fetcher.page("http://127.0.0.1:9/")


def test_a_connection_that_breaks_is_a_named_error(fetcher: Fetcher, site: Site) -> None:
    site.routes["/a"] = Answer(iter([b"only this"]), headers={"Content-Length": "5000"})
    with pytest.raises(BodyUnreadable):
        fetcher.page(site.url("/a"))


# --- redirects


def test_redirects_are_followed_and_told(fetcher: Fetcher, site: Site) -> None:
    site.routes |= {
        "/1": Answer(status=301, headers={"Location": "2"}),
        "/2": Answer(status=307, headers={"Location": site.url("/3#part")}),
        "/3": html("end"),
    }
    fetched = fetcher.fetch(site.url("/1"))
    assert fetched.page.url == site.url("/3")
    assert fetched.hops == (site.url("/1"), site.url("/2"), site.url("/3"))


def test_redirects_in_circles_too_far_or_nowhere_end(fetcher: Fetcher, site: Site) -> None:
    site.routes |= {
        "/a": Answer(status=302, headers={"Location": "/b"}),
        "/b": Answer(status=302, headers={"Location": "/a"}),
        "/none": Answer(status=302),
    }
    for number in range(20):
        site.routes[f"/n{number}"] = Answer(status=302, headers={"Location": f"/n{number + 1}"})
    for path, reason in (("/a", "circle"), ("/none", "nowhere"), ("/n0", "more than 5 times")):
        with pytest.raises(RedirectRefused, match=reason):
            fetcher.page(site.url(path))


def test_the_body_of_a_redirect_is_not_read(fetcher: Fetcher, site: Site) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 10_000

    site.routes["/a"] = Answer(endless(), 302, {"Location": "/b"})
    site.routes["/b"] = html("end")
    assert fetcher.page(site.url("/a")).body == b"end"


# --- bombs


def _endless(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


def _brotli_bomb(size: int) -> bytes:
    return brotli.compress(b"\0" * size, quality=2)


BOMBS = {
    "announced": lambda: Answer(b"x" * 3_000_000),
    "endless": lambda: Answer(_endless(b"x" * 10_000)),
    "gzip": lambda: Answer(gzip.compress(b"\0" * 200_000_000, 9, mtime=0), headers=_packed("gzip")),
    "gzip in members": lambda: Answer(
        gzip.compress(b"\0" * 1_000_000, mtime=0) * 500, headers=_packed("gzip")
    ),
    "deflate": lambda: Answer(zlib.compress(b"\0" * 100_000_000), headers=_packed("deflate")),
    "brotli": lambda: Answer(_brotli_bomb(300_000_000), headers=_packed("br")),
    "endless gzip": lambda: Answer(
        _endless(gzip.compress(b"\0" * 100_000, mtime=0)), headers=_packed("gzip")
    ),
}


def _packed(name: str) -> dict[str, str]:
    return {"Content-Encoding": name, "Content-Type": "text/html"}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_named_error_and_the_run_goes_on(
    fetcher: Fetcher, crawler_settings: Settings, site: Site, name: str
) -> None:
    crawler_settings(megabytes=2)
    site.routes |= {"/bomb": BOMBS[name](), "/next": html("next")}
    with pytest.raises(TooLarge, match="bytes"):
        fetcher.page(site.url("/bomb"))
    assert fetcher.page(site.url("/next")).body == b"next"


def test_a_slow_drip_ends_at_the_deadline(
    new_fetcher: NewFetcher, crawler_settings: Settings, site: Site
) -> None:
    site.routes |= {"/drip": Answer(b"x" * 1000, drip=0.1), "/next": html("next")}
    fetcher = new_fetcher()
    fetcher.page(site.url("/next"))
    crawler_settings(seconds=0.5)
    with pytest.raises(TooSlow, match="KB_CRAWLER_SECONDS"):
        fetcher.page(site.url("/drip"))
    crawler_settings(seconds=20)
    assert fetcher.page(site.url("/next")).body == b"next"


def test_headers_that_drip_end_at_the_deadline_too(
    new_fetcher: NewFetcher, crawler_settings: Settings
) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        crawler_settings(allow=f"127.0.0.1:{port}", seconds=0.5)
        with pytest.raises(FetchFailed):
            new_fetcher().page(f"http://127.0.0.1:{port}/")
        stop.set()
        thread.join()


def test_endless_headers_end_in_a_named_error(fetcher: Fetcher, site: Site) -> None:
    site.routes["/a"] = Answer(
        b"x", headers={f"X-Filler-{number}": "y" * 1000 for number in range(300)}
    )
    with pytest.raises(BodyUnreadable, match="HTTP"):
        fetcher.page(site.url("/a"))


@pytest.mark.parametrize(
    ("body", "packing", "reason"),
    [
        (b"not gzip", "gzip", "not gzip"),
        (b"not brotli \xff\xff", "br", "not br"),
        (gzip.compress(b"text" * 1000, mtime=0)[:-20], "gzip", "breaks off"),
        (b"text", "zstd", "not asked for"),
        (gzip.compress(b"text", mtime=0), "gzip, gzip", "not asked for"),
    ],
)
def test_a_body_that_is_not_packed_as_it_says_is_a_named_error(
    fetcher: Fetcher, site: Site, body: bytes, packing: str, reason: str
) -> None:
    site.routes["/a"] = Answer(body, headers=_packed(packing))
    with pytest.raises(BodyUnreadable, match=reason):
        fetcher.page(site.url("/a"))


@pytest.mark.parametrize(
    ("body", "packing"),
    [
        (gzip.compress(b"the text", mtime=0), "gzip"),
        (gzip.compress(b"the ", mtime=0) + gzip.compress(b"text", mtime=0), "gzip"),
        (gzip.compress(b"the text", mtime=0) + b"\0" * 8, "x-gzip"),
        (zlib.compress(b"the text"), "deflate"),
        (zlib.compressobj(wbits=-15).compress(b"") + zlib.compress(b"the text")[2:-4], "deflate"),
        (brotli.compress(b"the text"), "br"),
        (b"the text", "identity"),
    ],
)
def test_packed_pages_are_unpacked(fetcher: Fetcher, site: Site, body: bytes, packing: str) -> None:
    site.routes["/a"] = Answer(body, headers=_packed(packing))
    assert fetcher.page(site.url("/a")).body == b"the text"
