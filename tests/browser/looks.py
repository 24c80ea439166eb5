"""What every page must pass in a browser: axe finds nothing, and nothing scrolls sideways."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDE, SMALL = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only faults are sent back: the lists of what passed are long.
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def look(page: Page, *sizes: dict[str, int]) -> None:
    """Fail on any fault of the page as it is, or at each of these sizes.

    A click returns as soon as the next page has begun, when it may still have no content:
    so the page is awaited first.
    """
    page.wait_for_load_state()
    for size in sizes or (page.viewport_size,):
        if size != page.viewport_size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{page.url} scrolls sideways at {size['width']}: {width}"
        assert faults(page) == [], f"{page.url} at {size['width']}"


def faults(page: Page) -> list[str]:
    """What axe says against the page, with the first places."""
    results = Axe().run(page, options=OPTIONS)
    return [
        f"{item['id']}: {item['help']} {[node['html'][:160] for node in item['nodes'][:3]]}"
        for item in results.response["violations"]
    ]
