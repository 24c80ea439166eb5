"""axe finds nothing on any state of any page, wide and small; nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.conftest import PAGES

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATES = (
    *PAGES,
    "/nothing-here",
    "/records/hidden-withdrawn",
    "/records/alley-gates/history?from=1&to=1",
)


def found_by_axe(page: Page) -> list[str]:
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        f"{item['id']}: {item['help']} {[node['html'][:160] for node in item['nodes'][:3]]}"
        for item in results.response["violations"]
    ]


@pytest.mark.parametrize("path", STATES)
def test_wide(page: Page, path: str) -> None:
    page.goto(path)
    assert found_by_axe(page) == []


@pytest.mark.parametrize("path", STATES)
def test_small(small_page: Page, path: str) -> None:
    small_page.goto(path)
    width = small_page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320, f"scrolls sideways: {width}"
    assert found_by_axe(small_page) == []


def test_every_filter_open(page: Page) -> None:
    page.goto("/search?q=alley")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert found_by_axe(page) == []


def test_forced_colours_and_large_text(browser: object, address: str) -> None:
    context = browser.new_context(  # type: ignore[attr-defined]
        base_url=address, forced_colors="active", viewport={"width": 320, "height": 256}
    )
    page = context.new_page()
    for path in ("/", "/search?q=alley", "/records/alley-gates"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()
