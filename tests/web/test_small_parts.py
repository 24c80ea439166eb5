"""Small pure parts: words for dates and counts, page numbers, trees, links."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from starlette.routing import Match

from index.query import Query
from index.results import FacetValue
from kb.alerts import mail
from web import filters, urls
from web.app import create_app
from web.facet_tree import in_tree_order
from web.labels import award_level
from web.pagination import page_numbers, pages
from web.typed import plain_address, plain_date


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2004", "2004"),
        ("2004-05", "May 2004"),
        ("2004-05-07", "7 May 2004"),
        ("spring 2004", "spring 2004"),
        ("2004-13", "2004-13"),
        ("", ""),
    ],
)
def test_partial_dates(text: str, words: str) -> None:
    assert filters.partial_date(text) == words


@pytest.mark.parametrize("text", ["", "a b", "a+b&c=d", "50% é \U0001f600", "/x?y#z", "~._-"])
def test_words_stand_in_an_address_as_everywhere(text: str) -> None:
    query = [("q", text), ("source", text)]
    assert urls.search_again(query) == f"/search?{urlencode(query)}"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("5/3/2026", "2026-03-05"),
        ("05.03.2026", "2026-03-05"),
        (" 5th March 2026 ", "2026-03-05"),
        ("1 Sept 2026", "2026-09-01"),
        ("3/2026", "2026-03"),
        ("March 2026", "2026-03"),
        ("2026", "2026"),
        ("2026-03-05", "2026-03-05"),
        ("31/2/2026", "2026-02-31"),
        ("5/3/26", "5/3/26"),
        ("next May", "next May"),
        ("mau 2026", "mau 2026"),
        ("", ""),
    ],
)
def test_dates_as_people_type_them(typed: str, kept: str) -> None:
    assert plain_date(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" example.org/a?b=c ", "https://example.org/a?b=c"),
        ("www.leeds.gov.uk", "https://www.leeds.gov.uk"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("ann@example.org", "ann@example.org"),
        ("report.2", "report.2"),
        ("the library", "the library"),
        ("", ""),
    ],
)
def test_addresses_as_people_type_them(typed: str, kept: str) -> None:
    assert plain_address(typed) == kept


def test_words() -> None:
    assert filters.day(date(2026, 3, 5)) == "5 March 2026"
    assert filters.counted(1, "entry", "entries") == "1 entry"
    assert filters.counted(1240, "record") == "1,240 records"
    assert filters.host("https://www.example.org/a") == "example.org"
    assert filters.clipped("one two three", 9) == "one two…"
    assert filters.definition("no-such", "stages") == ""


@pytest.mark.parametrize(
    ("current", "last", "shown"),
    [
        (1, 2, [1, 2]),
        (1, 10, [1, 2, None, 10]),
        (3, 10, [1, 2, 3, 4, None, 10]),
        (5, 10, [1, None, 4, 5, 6, None, 10]),
        (10, 10, [1, None, 9, 10]),
    ],
)
def test_page_numbers(current: int, last: int, shown: list[int | None]) -> None:
    assert page_numbers(current, last) == shown


def test_one_page_needs_no_links() -> None:
    assert pages(Query(), 1) == {}
    assert pages(Query(page=2), 3)["previous"]["href"] == "/search"


def test_tree_order_keeps_orphans_at_the_top() -> None:
    def value(code: str, broader: str | None) -> FacetValue:
        return FacetValue(code, code, 1, False, 0, broader)

    made = in_tree_order([value("b", "a"), value("x", "not-listed"), value("a", None)])
    assert [(item.code, depth) for item, depth in made] == [("x", 0), ("a", 0), ("b", 1)]


def test_search_links_keep_the_rest_of_the_search() -> None:
    query = Query(text="a b", filters={"problem": ("x", "y")}, page=3, expand=False)
    assert urls.search_without(query, "problem", "x") == "/search?q=a+b&problem=y&expand=0"
    assert urls.search_page(query, 2) == "/search?q=a+b&problem=x&problem=y&expand=0&page=2"
    assert urls.search_unfiltered(query) == "/search?q=a+b&expand=0"
    assert urls.browse("problem", query) == "/browse/problem?q=a+b&problem=x&problem=y&expand=0"


def test_other_sites_are_searched_safely() -> None:
    assert urls.source_search("https://e.org/?q={query}", "a&b c") == "https://e.org/?q=a%26b%20c"
    assert urls.source_search("javascript:{query}", "alert(1)") == ""


def test_award_levels_never_say_more_than_is_known() -> None:
    assert award_level(None) == award_level("not-stated") == award_level("") == "Result not stated"
    assert award_level("winner") == "Winner"


def test_links_in_mails_lead_to_pages_there_are(site: object) -> None:
    routes = create_app().routes
    links = {
        re.sub(r"{{.*?}}", "one", link)
        for template in mail.TEMPLATES.iterdir()
        for link in re.findall(r"{{ site }}(/(?:[^\s\"<?{]|{{.*?}})+)", template.read_text())
    }
    assert {"/account/sign-in", "/records/one"} <= links
    for link in links:
        asked = {"type": "http", "method": "GET", "path": link, "headers": []}
        assert any(route.matches(asked)[0] is Match.FULL for route in routes), link
