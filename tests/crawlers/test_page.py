"""A page: its charset, its JSON and JSON-LD, and the links on it."""

from datetime import UTC, datetime

import pytest

from crawlers.errors import PageUnreadable
from crawlers.page import Page


def page(body: bytes, content_type: str = "text/html") -> Page:
    return Page(
        "https://example.org/a/b.html", body, content_type, datetime(2026, 1, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("café".encode(), "text/html"),
        ("café".encode(), "text/html; charset=UTF-8"),
        ("café".encode("latin-1"), "text/html; charset=iso-8859-1"),
        ("café".encode("cp1252"), "text/html"),
        ("café".encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbf" + "café".encode(), "text/plain"),
        ("café".encode(), "text/html; charset=no-such-charset"),
        ("café".encode("cp1252"), "text/html; charset=utf-8"),
    ],
)
def test_text_in_its_charset(body: bytes, content_type: str) -> None:
    assert page(body, content_type).text == "café"


def test_a_charset_stated_inside_the_page() -> None:
    body = '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")
    assert page(body).soup.p is not None
    assert page(body).soup.p.text == "Łódź"


def test_json() -> None:
    assert page(b'\xef\xbb\xbf{"a": [1]}').json == {"a": [1]}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 200_000])
def test_what_is_not_json_has_a_named_error(body: bytes) -> None:
    with pytest.raises(PageUnreadable, match=r"b\.html cannot be read: not JSON"):
        _ = page(body).json


def test_json_ld_of_a_page_skips_what_is_broken() -> None:
    body = b"""
    <script type="application/ld+json">{"@type": "Article", "name": "one"}</script>
    <script type="application/ld+json">{broken</script>
    <script type="application/ld+json">[{"name": "two"}, 3]</script>
    <script type="application/ld+json">{"@graph": [{"name": "three"}]}</script>
    <script>{"name": "not linked data"}</script>"""
    assert [item["name"] for item in page(body).json_ld] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("address", "full"),
    [
        ("c.html", "https://example.org/a/c.html"),
        ("/c.html#part", "https://example.org/c.html"),
        (" https://other.org/x ", "https://other.org/x"),
        ("//other.org/x", "https://other.org/x"),
        ("mailto:a@example.org", ""),
        ("javascript:void(0)", ""),
        ("http://[broken", ""),
    ],
)
def test_links_are_made_full(address: str, full: str) -> None:
    assert page(b"").link(address) == full


def test_a_page_nested_without_end_is_refused_and_an_old_untidy_one_is_not() -> None:
    with pytest.raises(PageUnreadable, match="nested without end"):
        _ = page(b"<table><tr><td>" * 8_000).soup
    assert page(b"<font>" * 9_000 + b"text").soup.get_text() == "text"
