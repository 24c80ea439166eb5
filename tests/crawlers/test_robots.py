"""Rules of robots.txt: Google's own cases, delays, and files made to waste time."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.robots import Robots


@pytest.mark.data
def test_every_case_of_the_open_parser_is_right(data_dir: Callable[[str], Path]) -> None:
    cases = json.loads(data_dir("web/robots/google_conformance.json").read_text("utf-8"))
    wrong = [
        case
        for case in cases
        if Robots(case["robots_txt"]).allows(case["user_agent"], case["url"]) != case["allowed"]
    ]
    assert len(cases) == 524
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/any", True),
        ("User-agent: *\nDisallow: /", "/any", False),
        ("User-agent: *\nDisallow:", "/any", True),
        ("User-agent: Bot\nDisallow: /private\nUser-agent: *\nDisallow: /", "/public", True),
        ("User-agent: bot\nDisallow: /a\n\nUser-agent: BOT\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow: /x[1]", "/x1", True),
        ("User-agent: *\nDisallow: /x[1]", "/x[1]", False),
        ("User-agent: *\nDisallow: /caf\u00e9", "/caf%c3%a9", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("Disallow: /\nUser-agent: *\nAllow: /", "/", True),
        ("User-agent: other\nDisallow: /\nUser-agent: bot\nUser-agent: two\nAllow: /", "/", True),
        # A rule for others must not slip into a group that names several.
        (
            "User-agent: two\nAllow: /secret\nUser-agent: two\nUser-agent: bot\nDisallow: /",
            "/secret",
            False,
        ),
    ],
)
def test_which_rule_counts(text: str, path: str, allowed: bool) -> None:
    assert Robots(text).allows("bot", f"https://example.org{path}") is allowed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("User-agent: *\nCrawl-delay: 7\nDisallow: /a", 7),
        ("Crawl-delay: 7\nUser-agent: *\nDisallow: /a", 0),
        ("User-agent: *\nCrawl-delay: 7\nUser-agent: bot\nDisallow: /a", 7),
        ("User-agent: *\nCrawl-delay: 7\n\nUser-agent: bot\nCrawl-delay: 2.5\nDisallow: /", 2.5),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: -3", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
    ],
)
def test_how_long_to_wait(text: str, seconds: float) -> None:
    assert Robots(text).delay("bot") == seconds


def test_sitemaps_are_listed_whatever_group_they_stand_in() -> None:
    text = "Sitemap: https://a.org/1.xml\nUser-agent: x\nDisallow: /\nSitemap: https://a.org/2.xml"
    assert Robots(text).sitemaps == ["https://a.org/1.xml", "https://a.org/2.xml"]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    [
        "User-agent: " + "a-" * 250_000,
        "User-agent: *\nDisallow: /" + "*a" * 250_000,
        "User-agent: x\nDisallow: /a\n" * 18_000,
        ("User-agent: *\n" + "Disallow: /" + "*a" * 100 + "b\n") * 2_300,
    ],
)
def test_hostile_files_are_read_at_once(text: str) -> None:
    assert Robots(text).allows("bot", "https://example.org/" + "a" * 3900)
