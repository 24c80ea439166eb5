"""axe finds nothing on any state of any page, wide and small; nothing scrolls sideways."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looks import SMALL, WIDE, look
from tests.web.conftest import PAGES

pytestmark = pytest.mark.browser

STATES = (
    *PAGES,
    "/nothing-here",
    "/records/hidden-withdrawn",
    "/records/alley-gates/history?from=1&to=1",
    "/account/reset?token=used",
    "/records/alley-gates/useful",
    "/trails/0123456789abcdef",
)


@pytest.mark.parametrize("path", STATES)
def test_page(visitor_page: Page, path: str) -> None:
    visitor_page.goto(path)
    look(visitor_page, WIDE, SMALL)


def test_every_filter_open(page: Page) -> None:
    page.goto("/search?q=alley")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    look(page)


def test_colours_are_the_same_at_every_size(small_page: Page) -> None:
    """So it is enough to look at them in one, but for what only a small screen shows."""
    small_page.goto("/search?q=alley")
    look(small_page)
    by_size = small_page.evaluate(
        """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
            .filter((rule) => /width|height|orientation/.test(rule.conditionText))
            .flatMap((rule) => [...rule.cssRules].map((inner) => inner.style ?? {}))
            .map((style) => [style.color, style.backgroundColor, style.transform, style.rotate])"""
    )
    assert len(by_size) > 20
    assert {said for rule in by_size for said in rule if said} == set()


def test_forced_colours_and_large_text(browser: Browser, address: str) -> None:
    context = browser.new_context(
        base_url=address,
        forced_colors="active",
        viewport={"width": 320, "height": 256},
    )
    page = context.new_page()
    for path in ("/", "/search?q=alley", "/records/alley-gates"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()
