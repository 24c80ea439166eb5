"""axe finds nothing on the pages of accounts, lists, saved searches and shares, wide and small."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import SMALL, WIDE, look
from tests.browser.test_trail_journeys import sign_in

pytestmark = pytest.mark.browser
SIZES = (WIDE, SMALL)
MEMBER = (
    "/account",
    "/account/name",
    "/account/password",
    "/account/change-email",
    "/account/second-factor",
    "/account/data",
    "/account/erase",
    "/account/people",
    "/account/teams",
    "/account/searches",
    "/account/searches/new?q=alley",
    "/account/news",
    "/desk/tried",
    "/desk/thin?least=1",
    "/records/alley-gates",
    "/records/alley-gates/useful?useful=key",
    "/records/alley-gates/tried",
    "/search?q=alley",
)


@pytest.fixture(scope="module")
def signed_in(browser: Browser, address: str, member: Callable[..., tuple[str, str]]) -> Page:
    page = browser.new_context(base_url=address).new_page()
    sign_in(page, member("boss", "admin", "practitioner"))
    return page


@pytest.mark.parametrize("path", MEMBER)
def test_member(signed_in: Page, path: str) -> None:
    signed_in.goto(path)
    look(signed_in, *SIZES)


def test_states_with_errors_and_content(signed_in: Page) -> None:
    page = signed_in
    page.goto("/account/name")
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, *SIZES)
    page.goto("/account/second-factor")
    page.get_by_role("button", name="Set it up").click()
    look(page, *SIZES)
    page.goto("/account/searches/new?q=alley")
    page.get_by_role("button", name="Save").click()
    look(page, *SIZES)
    page.goto("/account/teams")
    page.get_by_label("Name", exact=True).fill("Marsh")
    page.get_by_role("button", name="Make it").click()
    look(page, *SIZES)
    page.goto("/lists/add?id=alley-gates&id=alley-gates-again")
    page.get_by_label("Name of a new list").fill("Panel")
    page.get_by_role("button", name="Put on the list").click()
    look(page, *SIZES)
    page.get_by_role("link", name="Share it").click()
    look(page, *SIZES)
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_text(re.compile(r"/shared\?key="))).to_be_visible()
    look(page, *SIZES)
    page.goto("/trails")
    page.get_by_label("What are you looking into?").fill("gates")
    page.get_by_role("button", name="Start and search at once").click()
    look(page, *SIZES)
    page.goto("/trails?q=gates")
    look(page, *SIZES)
    page.locator(".sp-trail-bar").get_by_role("link").click()
    page.get_by_role("link", name="See what is new in these searches").click()
    page.get_by_role("button", name="Run the searches again").click()
    look(page, *SIZES)
    page.goto("/account/people")
    page.get_by_role("link", name="Boss").click()
    look(page, *SIZES)


def test_ticking_results(signed_in: Page) -> None:
    page = signed_in
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto("/search?q=alley+gates")
    for number in (0, 1):
        page.get_by_role("checkbox", name=re.compile("^Tick")).nth(number).check()
    page.get_by_role("button", name="Compare ticked").click()
    expect(page.get_by_role("table")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Put ticked on a list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Put on a reading list")
