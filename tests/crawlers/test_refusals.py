"""What looks like a page and is none; and pages that only remind of one and must be read."""

from datetime import UTC, datetime

import pytest

from crawlers.errors import Blocked, FetchFailed, PageEmpty, PageNotThere
from crawlers.page import Page
from crawlers.refusals import refuse_what_is_no_page

ASKED = "https://example.org/report"
FORM = "<form><input name=n><input class=x type='password' name=p></form>"


def refused(body: str, *, url: str = ASKED, kind: str = "text/html; charset=utf-8") -> None:
    page = Page(url, body.encode(), kind, datetime(2026, 1, 1, tzinfo=UTC))
    refuse_what_is_no_page(ASKED, page)


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("", PageEmpty, "empty"),
        (" \n ", PageEmpty, "empty"),
        ("<title>Just a moment...</title>", Blocked, "being human"),
        ("<div class='g-recaptcha'></div>", Blocked, "being human"),
        ("<title>Page not found | Council</title>", PageNotThere, "not there"),
        ("<TITLE>\n 404\n</TITLE>", PageNotThere, "not there"),
        ("<title>Council</title><h1>Error 404</h1>", PageNotThere, "not there"),
        ("<h1><span>That page</span> has been removed</h1>", PageNotThere, "not there"),
        ("<h1>The document could not be found</h1>", PageNotThere, "not there"),
        ("<title>This page doesn\u2019t exist</title>", PageNotThere, "not there"),
        ("<h1 class=big>This page is no longer available</h1>", PageNotThere, "not there"),
        (f"<title>Log in - Hub</title>{FORM}", Blocked, "sign in"),
        (f"<h1>Please sign in</h1>{FORM}", Blocked, "sign in"),
        (f"<h1>Members only</h1>{FORM}", Blocked, "sign in"),
    ],
)
def test_what_is_no_page_is_named(body: str, error: type[FetchFailed], words: str) -> None:
    with pytest.raises(error, match=words):
        refused(body)


@pytest.mark.parametrize(
    "path", ["/user/login?then=1", "/wp-login.php", "/signin", "/auth/sign-in"]
)
def test_being_sent_to_a_form_to_sign_in_is_a_wall(path: str) -> None:
    with pytest.raises(Blocked, match="sign in"):
        refused(f"<title>Hub</title>{FORM}", url=f"https://example.org{path}")


@pytest.mark.parametrize(
    "body",
    [
        "<title>Alley gates</title><h1>What 404 alley gates did</h1>",
        "<h1>Getting harmful content removed from the web</h1>",
        "<h1>Missing people: not found in time</h1>",
        "<title>Report</title><p>Page not found in the archive of 1999.</p>",
        # A small form in the head of a page is no wall, and a page about signing in has none.
        f"<header>{FORM}</header><title>Report</title><h1>Burglary in Sampleton</h1>",
        "<title>Sign in at the door: a pub scheme</title><h1>Signing in</h1>",
        "<h1>" * 20_000,
        "<h1 " * 20_000,
        "<input " * 15_000,
    ],
)
def test_what_only_reminds_of_it_is_read(body: str) -> None:
    refused(body)


def test_only_web_pages_are_looked_into() -> None:
    refused("<title>404</title>", kind="application/xml")
