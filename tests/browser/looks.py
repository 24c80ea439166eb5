"""What every page must pass in a browser: axe finds nothing, and nothing scrolls sideways."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDE, SMALL = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The script is long, so it is sent once a page; only what is told of faults is sent back.
RUN = """async (options) => (await axe.run(options)).violations.map((found) =>
    `${found.id}: ${found.help} ` +
    found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" "))"""


def look(page: Page, *sizes: dict[str, int], colours: bool = True) -> None:
    """Fail on any fault of the page as it is, or at each of these sizes.

    A click returns as soon as the next page has begun, when it may still have no content:
    so the page is awaited first. Colours take half of the time and are the same at every size (see
    test_accessibility.py): with several sizes they are looked at in the first, and not at all
    where another look does.
    """
    page.wait_for_load_state()
    for size in sizes or (page.viewport_size,):
        if size != page.viewport_size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{page.url} scrolls sideways at {size['width']}: {width}"
        assert faults(page, colours=colours) == [], f"{page.url} at {size['width']}"
        colours = False


def faults(page: Page, *, colours: bool) -> list[str]:
    """What axe says against the page, with the first places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"color-contrast": {"enabled": colours}},
        "resultTypes": ["violations"],
        "preload": False,  # it reads the style sheet for rules on turned screens; we have none
    }
    found: list[str] = page.evaluate(RUN, options)
    return found
