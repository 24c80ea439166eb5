"""Five sites on this machine in the manner of five real sources, read by the parsers of those.

Each has its own server, robots.txt and habits; words and markup are ours. One of them is full of
traps. `led_to` makes a source read its imitation: the same class with other addresses.
"""

import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from crawlers.source import Source, known_sources
from tests.crawlers.documents import made_pdf
from tests.crawlers.site import Answer, Route, Site, html, serving

LGA, HOWARD, CAMPBELL = (
    "lga-case-studies",
    "howard-league-community-awards",
    "campbell-collaboration",
)
GUIDES, SCOTLAND = "pop-guides", "scottish-community-safety-network"
TOPIC = "topic%5B2432%5D=2432"


def led_to(source_id: str, base: str) -> type[Source]:
    """A source whose addresses lead to a site on this machine instead."""
    real = known_sources()[source_id]
    host = urlsplit(real.home).netloc

    def moved(address: str) -> str:
        return base + address.partition(host)[2]

    changes: dict[str, Any] = {
        "id": source_id,
        "home": moved(real.home),
        "starts": tuple(map(moved, real.starts)),
    }
    if real.follow:
        pattern = real.follow.pattern
        bare = re.escape(host.removeprefix("www."))
        changes["follow"] = re.compile(
            pattern.replace(bare, re.escape(urlsplit(base).netloc)), real.follow.flags
        )
    return type(f"Local{real.__name__}", (real,), changes)


@contextmanager
def five_sites() -> Iterator[dict[str, Site]]:
    """All five, served while the block runs."""
    made = {LGA: _lga, HOWARD: _howard, CAMPBELL: _campbell, GUIDES: _guides, SCOTLAND: _scotland}
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(routes())) for name, routes in made.items()}


def kept(body: str, tag: str = "", modified: str = "") -> Route:
    """A page that answers 304 to whoever has it already."""

    def answer(_: Site, headers: Mapping[str, str]) -> Answer:
        marks = {
            name: value for name, value in (("ETag", tag), ("Last-Modified", modified)) if value
        }
        held = headers.get("if-none-match"), headers.get("if-modified-since")
        if (tag and held[0] == tag) or (modified and held[1] == modified):
            return Answer(b"", 304, marks)
        return html(body, **marks)

    return answer


def once(first: Answer, then: Route) -> Route:
    """Answers one way the first time and another from then on."""
    waiting = [first]

    def answer(site: Site, headers: dict[str, str]) -> Answer:
        if waiting:
            return waiting.pop()
        return then(site, headers) if callable(then) else then

    return answer


# --- LGA: a list of cases from page to page; it fails once, hides a page, moves one to a sign-in


def lga_page(number: int, cases: int = 3, *, more: str = "") -> str:
    told = "".join(
        f'<article><h3><a href="/case-studies/case-{number}-{n}">Northmarsh Council: quiet street '
        f"{number}.{n}</a></h3><p>Residents agreed on closing times.</p><p>"
        '<a href="/topics/community-safety">View all Community safety articles</a></p></article>'
        for n in range(cases)
    )
    links = "".join(
        f'<li><a href="?page={other}&amp;{TOPIC}">{other}</a></li>' for other in range(1, 8)
    )
    return (
        '<html lang="en"><body><main><h1>Case studies</h1><p>Your search returned 15 results</p>'
        f'{told}<ul class="pager">{links}<li><a href="?page=3">all topics</a></li>{more}</ul>'
        "</main></body></html>"
    )


def _lga() -> dict[str, Route]:
    def path(number: int) -> str:
        return f"/case-studies?page={number}&{TOPIC}"

    sign_in = '<title>LGA</title><form><label>Name</label><input type="password"></form>'
    return {
        "/robots.txt": Answer(f"User-agent: *\nDisallow: {path(4)}\n".encode()),
        f"/case-studies?{TOPIC}": kept(lga_page(0), tag='"front"'),
        path(1): kept(lga_page(1), modified="Thu, 01 Oct 2026 10:00:00 GMT"),
        path(2): once(Answer(b"", 503, {"Retry-After": "3"}), kept(lga_page(2), tag='W/"two"')),
        path(3): Answer(
            gzip.compress(lga_page(3).encode(), mtime=0),
            headers={"Content-Type": "text/html", "Content-Encoding": "gzip", "ETag": '"three"'},
        ),
        path(5): Answer(b"", 302, {"Location": "/user/login?then=5"}),
        "/user/login?then=5": html(sign_in),
        path(6): html("<title>Page not found | LGA</title><h1>Sorry</h1>"),
        path(7): html("<h1>Case studies</h1><p>Our search is being rebuilt.</p>"),
    }


# --- Howard League: pages of years; one has moved, one says a wrong charset


def _howard() -> dict[str, Route]:
    def page(year: int, projects: str) -> str:
        return (
            f"<html><body><main><h1>{year} Community Awards Winners</h1><h3>Women category</h3>"
            f"<h4>Winner</h4>{projects}</main></body></html>"
        )

    base = "/community-awards"
    return {
        "/robots.txt": Answer(b"", 301, {"Location": "/robots/all.txt"}),
        "/robots/all.txt": Answer(b"User-agent: *\nDisallow: /wp-admin/\n"),
        f"{base}/2015-community-awards-winners/": kept(
            page(2015, "<p>Second Start \u2013 Eastvale Women</p><p>Help with housing.</p>"),
            tag='"2015"',
        ),
        f"{base}/2020-community-awards-winners": Answer(
            b"", 301, {"Location": f"{base}/2020-community-awards-winners/"}
        ),
        f"{base}/2020-community-awards-winners/": kept(
            page(
                2020,
                "<p>Open Door \u2013 Northmarsh Women in partnership with Northmarsh "
                f'Constabulary</p><a href="{base}/2018-community-awards-winners/">2018</a>',
            ),
            tag='"2020"',
        ),
        f"{base}/2021-community-awards-winners/": kept(
            page(2021, "<p>Talk First \u2013 Core Project</p>"), tag='"2021"'
        ),
        f"{base}/2018-community-awards-winners/": Answer(
            page(
                2018, "<p>Caf\u00e9 R\u00e9gal \u2013 Women\u2019s \u201cAid\u201d Centre</p>"
            ).encode("cp1252"),
            headers={"Content-Type": "text/html; charset=utf-8", "ETag": '"2018"'},
        ),
    }


# --- Campbell: reviews, ten to a page, with addresses of documents; one page always fails


def campbell_review(number: int, group: str = "Crime and Justice") -> str:
    doi = f"https://onlinelibrary.wiley.com/doi/10.4073/csr.2018.{number}"
    return (
        "<div><h4>Additional Info</h4><ul><li>Authors Ada Example and Ben Sample</li><li>Published "
        f"date 2018-05-{number:02d}</li><li>Coordinating group(s) {group}</li><li>Type of document "
        f"Review Plain language summary</li><li>Title Street lamps, part {number}</li><li>See the "
        f'full review <a href="{doi}">{doi}</a></li><li>English<p>PLAIN LANGUAGE SUMMARY</p>'
        f"<h3>Lamps go with less theft in {number} studies</h3><p>Lamps reduce theft.</p>"
        "<h4>What is this review about?</h4><p>Street lighting.</p></li></ul></div>"
    )


def _campbell() -> dict[str, Route]:
    def page(first: int, following: str) -> str:
        told = "".join(campbell_review(first + n) for n in range(3))
        other = campbell_review(first + 20, "Education")
        return f"<body><main><h1>Better evidence</h1>{told}{other}{following}</main></body>"

    at = "/better-evidence.html"
    return {
        at: kept(
            page(1, f'<a href="{at}?start=10">2</a> <a href="{at}?start=20">3</a>'), tag='"1"'
        ),
        f"{at}?start=10": kept(page(4, f'<a href="{at}">1</a>'), tag='"2"'),
        f"{at}?start=20": Answer(b"our database is down", 500),
    }


# --- guides to problems: tables, files beside them, and every trap


def guide(problem: str, links: str = "") -> str:
    return (
        f"<html><body><main><h1>Summary of Responses to {problem}</h1><table><tr><th>#</th>"
        "<th>Response</th><th>How It Works</th><th>Works Best If</th><th>Considerations</th></tr>"
        "<tr><td>1</td><td>Gates with locks</td><td>Make it harder to carry tools away</td>"
        "<td>holders keep them shut</td><td>Keys must be managed</td></tr></table>"
        f"{links}</main></body></html>"
    )


TRAPS: dict[str, tuple[Callable[[], Answer], str, str]] = {
    # name: (what it answers, kind in the report, words of its reason)
    "bomb": (
        lambda: Answer(
            gzip.compress(b"\0" * 20_000_000, 9, mtime=0),
            headers={"Content-Encoding": "gzip", "Content-Type": "text/html"},
        ),
        "too large",
        "bytes",
    ),
    "endless": (lambda: Answer(iter(lambda: b"x" * 50_000, b"")), "too large", "bytes"),
    "drip": (lambda: Answer(b"x" * 1000, drip=0.25), "too slow", "KB_CRAWLER_SECONDS"),
    "circle": (
        lambda: Answer(b"", 302, {"Location": "/problems/circle/summary"}),
        "redirect refused",
        "in a circle",
    ),
    "private": (
        lambda: Answer(b"", 302, {"Location": "http://10.1.2.3/secret"}),
        "address refused",
        "private address",
    ),
    "metadata": (
        lambda: Answer(b"", 307, {"Location": "http://[::ffff:169.254.169.254]/latest/"}),
        "address refused",
        "private address",
    ),
    "odd-port": (
        lambda: Answer(b"", 302, {"Location": "http://127.0.0.1:22/"}),
        "address refused",
        "port 22",
    ),
    "refused": (lambda: Answer(b"no", 403), "blocked", "status 403"),
    "wall": (
        lambda: html('<h1>Sign in</h1><form><input type="password"></form>'),
        "blocked",
        "asks to sign in",
    ),
    "challenge": (lambda: html("<title>Just a moment...</title>"), "blocked", "being human"),
    "empty": (lambda: html("  "), "blocked", "the page is empty"),
    "soft-404": (lambda: html("<title>404 - Page not found</title>"), "gone", "not there"),
    "gone": (lambda: Answer(b"", 410), "gone", "status 410"),
    "cut-off": (
        lambda: Answer(
            b"not gzip at all", headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}
        ),
        "body unreadable",
        "not gzip as it says",
    ),
}


def _guides() -> dict[str, Route]:
    links = "".join(f'<a href="/problems/{name}/summary">{name}</a> ' for name in TRAPS)
    further = (
        '<a href="/problems/deep/summary">deep</a> <a href="/problems/hidden/summary">hidden</a> '
        '<a href="/problems/files/kennels.pdf">file</a> <a href="/content/kennels-summary">k</a>'
    )
    # Nested without end before it, a page still says what it says.
    deep = "<div>" * 50_000 + guide("Noise at Night")
    return {
        "/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 0.5\nDisallow: /problems/hidden\n"),
        "/": kept(f"<h1>Center</h1><p>Guides.</p>{links}{further}", tag='"front"'),
        "/problems/burglary_home/summary": kept(guide("Burglary of Sheds"), tag='"sheds"'),
        "/content/burglary-single-family-houses-summary": kept(guide("Thefts of Tools"), tag='"t"'),
        "/content/kennels-summary": kept(guide("Noise from Kennels"), tag='"kennels"'),
        "/problems/files/kennels.pdf": Answer(
            b"%PDF-1.4", headers={"Content-Type": "application/pdf"}
        ),
        "/problems/deep/summary": html(deep),
        **{f"/problems/{name}/summary": _fresh(made) for name, (made, *_) in TRAPS.items()},
    }


def _fresh(made: Callable[[], Answer]) -> Route:
    return lambda _site, _headers: made()


# --- Scotland: one page that leads to reports as files


def _scotland() -> dict[str, Route]:
    at = "/publications-overview/scsn-reports/"
    report = made_pdf(
        [[("Working together on water safety", 700), ("Lamps stand by the quay.", 600)]]
    )
    return {
        at: kept(
            "<html><body><main><h2>Working Together on Water Safety (2022)</h2><p>Research.</p>"
            '<p><a href="/uploads/water.pdf">Download the report</a></p>'
            "<h2>Home Harm in Numbers (2021)</h2><p>Falls and fires.</p>"
            '<p><a href="/uploads/home.pdf">Download</a></p>'
            "<h2>Young People and Trains (2020)</h2><p>A survey.</p></main></body></html>",
            modified="Fri, 02 Oct 2026 10:00:00 GMT",
        ),
        "/uploads/water.pdf": Answer(report, headers={"Content-Type": "application/pdf"}),
    }
