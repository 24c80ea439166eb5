"""A librarian at the desk in real browsers: two records made one and back, a term and back.

What is done is taken back in the end, so that other tests find the store as it was.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import look
from tests.browser.test_trail_journeys import sign_in

pytestmark = pytest.mark.browser
PAIR = "/desk/duplicates/alley-gates/alley-gates-again"


Login = tuple[str, str]


@pytest.fixture(scope="module")
def logins(member: Callable[..., Login]) -> tuple[Login, Login]:
    """Two librarians."""
    return member("desklib", "librarian"), member("plainlib", "librarian")


@pytest.fixture
def lib(small_page: Page, logins: tuple[Login, Login]) -> Page:
    """One at a small window."""
    sign_in(small_page, logins[0])
    return small_page


@pytest.fixture
def plain(plain_page: Page, logins: tuple[Login, Login]) -> Page:
    """The other, without scripts."""
    sign_in(plain_page, logins[1])
    return plain_page


def test_two_records_are_made_one_and_back(lib: Page, plain: Page) -> None:
    lib.goto(PAIR)
    look(lib)
    lib.get_by_role("group", name="Title").get_by_label("Second: ").check()
    lib.get_by_role("button", name="See what it makes").click()
    expect(lib.get_by_role("heading", name="What the record will be")).to_be_visible()
    expect(lib.locator("main")).to_contain_text("The first says now: Alley gates against")
    look(lib)
    plain.goto(PAIR)
    lib.get_by_role("button", name="Make them one").click()
    expect(lib.locator("main")).to_contain_text("took in alley-gates-again")
    look(lib)

    plain.get_by_role("button", name="See what it makes").click()
    expect(plain.get_by_text("One of the two is no longer there")).to_be_visible()
    plain.goto("/records/alley-gates-again")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Alley gates in Hill Street")
    plain.goto("/desk/duplicates")
    plain.get_by_role("button", name="Take it back").first.click()
    expect(plain.get_by_text("Both records are what they were.")).to_be_visible()


def test_a_term_is_renamed_and_back(lib: Page, plain: Page) -> None:
    lib.goto("/desk/vocabularies/problem_types")
    look(lib)
    lib.get_by_role("link", name="Burglary of homes").click()
    expect(lib.get_by_role("heading", level=1)).to_have_text("Burglary of homes")
    lib.get_by_label("New label").fill("Home burglary")
    look(lib)
    lib.get_by_role("button", name="Propose the label").click()
    expect(lib.locator("main")).to_contain_text("“Burglary of homes” becomes “Home burglary”")
    look(lib)

    plain.goto("/desk/vocabularies")
    plain.get_by_role("button", name="Accept").first.click()
    expect(plain.get_by_text("Decided.", exact=False).first).to_be_visible()
    lib.goto("/records/alley-gates")
    expect(lib.locator("main")).to_contain_text("Home burglary")
    plain.get_by_role("button", name="Take it back").first.click()
    lib.reload()
    expect(lib.locator("main")).to_contain_text("Burglary of homes")
