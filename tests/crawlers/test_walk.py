"""A whole run over real HTTP: every page once, resumed when killed, traps left behind."""

from collections.abc import Callable, Iterator

import pytest

from crawlers.fetch import Fetcher
from crawlers.kept_pages import PageStore
from crawlers.page import Page
from crawlers.walk import Walk
from tests.crawlers.site import Answer, Site, html


def links_of(page: Page) -> Iterator[str]:
    for link in page.soup.select("a[href]"):
        yield page.link(str(link["href"]))


@pytest.fixture
def walk(fetcher: Fetcher, pages: PageStore, site: Site) -> Callable[..., Walk]:
    def make(**changes: object) -> Walk:
        wanted: dict[str, object] = {"fetcher": fetcher, "store": pages, **changes}
        return Walk("test", [site.url("/")], links_of, **wanted)  # type: ignore[arg-type]

    return make


def linked(*targets: str) -> Answer:
    return html(" ".join(f'<a href="{target}">x</a>' for target in targets) + "<p>.</p>")


def test_every_page_is_visited_once(walk: Callable[..., Walk], site: Site) -> None:
    site.routes |= {"/": linked("/a", "/b", "/a#x"), "/a": linked("/", "/b"), "/b": linked("/a")}
    assert [page.url for page in walk()] == [site.url(path) for path in ("/", "/a", "/b")]
    assert site.paths() == ["/", "/a", "/b"]


def test_what_cannot_be_had_is_named_and_the_rest_goes_on(
    walk: Callable[..., Walk], site: Site
) -> None:
    site.routes |= {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /no"),
        "/": linked("/no", "/gone", "/shut", "/loop", "http://10.0.0.1/", "ftp://x/", "/end"),
        "/shut": Answer(b"", 403),
        "/loop": Answer(status=302, headers={"Location": "/loop"}),
        "/end": html("the end"),
    }
    run = walk()
    assert [page.url for page in run] == [site.url("/"), site.url("/end")]
    assert [(item.kind, item.url.replace(site.url(""), "")) for item in run.missed] == [
        ("refused by robots", "/no"),
        ("gone", "/gone"),
        ("blocked", "/shut"),
        ("redirect refused", "/loop"),
        ("address refused", "http://10.0.0.1/"),
    ]


def test_a_killed_run_goes_on_without_asking_again(walk: Callable[..., Walk], site: Site) -> None:
    site.routes["/"] = linked(*(f"/{number}" for number in range(6)), "/gone")
    site.routes |= {f"/{number}": html(f"page {number}") for number in range(6)}
    killed = iter(walk())
    seen = [next(killed).url for _ in range(3)]
    killed.close()  # type: ignore[attr-defined]
    asked_before = len(site.paths())
    resumed = walk()
    assert [page.url for page in resumed][:3] == seen
    # The page that its taker had not finished is given again, and no page is asked for again.
    assert resumed.from_store == 3
    assert site.paths()[asked_before:] == ["/2", "/3", "/4", "/5", "/gone"]
    assert [item.kind for item in resumed.missed] == ["gone"]
    again = walk()
    assert len(list(again)) == 7
    assert (again.fetched, again.unchanged, again.from_store) == (0, 7, 0)


def test_a_trap_of_endless_links_is_left(walk: Callable[..., Walk], site: Site) -> None:
    for number in range(100):
        site.routes[f"/{number}"] = linked(f"/{number + 1}")
    site.routes["/"] = linked("/0")
    run = walk(most=10)
    assert len(list(run)) == 10
    assert [item.kind for item in run.missed] == ["stopped"]
    deep = walk(depth=5)
    assert len(list(deep)) == 6
    assert [item.kind for item in deep.missed] == ["stopped"]
