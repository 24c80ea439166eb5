"""From a first word to found in search: contributor and librarian, with scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import _context
from tests.browser.looks import look
from tests.browser.test_trail_journeys import Look, sign_in

pytestmark = pytest.mark.browser
Member = Callable[..., tuple[str, str]]
Work = Callable[[], None]

DOCUMENT = """Quincunx gates in Wombat Street

Scanning

Burglars came through the back alleys of the terraced streets on winter evenings.

Analysis

Seven in ten burglaries came in from the rear, where nobody could see.

Response

The council and residents fitted lockable gates to forty alleys in six months.

Assessment

Burglary fell from 120 to 80 a year in the streets with gates.
"""


def save(page: Page) -> None:
    page.get_by_role("radio", name="Yes", exact=True).last.check()
    page.get_by_role("button", name="Save and go back to the list").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def turn_to(page: Page, title: str) -> None:
    """Open a page of the form from the list of pages."""
    page.locator(".govuk-task-list").get_by_role("link", name=title, exact=True).click()


def pick(page: Page, name: str, choice: str) -> None:
    """Tick a box of a list that may be folded."""
    group = page.get_by_role("group", name=name, exact=True)
    box = group.get_by_role("checkbox", name=choice, exact=True)
    if not box.is_visible():
        group.locator("summary").first.click()
    box.check()


def write_entry(page: Page, work: Work, title: str, look: Look) -> str:
    """A contributor's way from a document to a sent entry; returns the entry's address."""
    page.goto("/contribute")
    look(page)
    page.get_by_role("link", name="Start from a document or pasted text").click()
    look(page)
    page.get_by_label("Or paste its text").fill(DOCUMENT)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your document is being read")
    look(page)
    work()
    page.goto(page.url)  # it also looks again by itself
    expect(page.get_by_role("heading", level=1)).to_have_text("Your document was read")
    look(page)
    page.get_by_role("button", name="Start the entry").click()
    expect(page.get_by_text("It begins from your document")).to_be_visible()
    address = page.url
    look(page)
    turn_to(page, "Title and summary")
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Summary", exact=True).fill("Gates closed the alleys and burglary fell.")
    look(page)
    save(page)
    turn_to(page, "Where and when")
    page.get_by_label("Place name").fill("Wombat Street")
    page.get_by_label("Started", exact=True).fill("2004")
    look(page)
    save(page)
    turn_to(page, "What it is about")
    pick(page, "Problem", "Burglary of homes")
    pick(page, "Level of intervention", "Partnership problem solving")
    pick(page, "Helps with", "What to do")
    save(page)
    turn_to(page, "The problem")
    expect(page.locator(".sp-passage").first).to_contain_text("back alleys")
    look(page)
    page.get_by_label("Why this problem").fill("Residents named it first.")
    save(page)
    turn_to(page, "Size and aims")
    page.get_by_role("button", name="Add a row to Objectives").click()
    page.get_by_label("Objective", exact=True).fill("Cut burglary by a fifth")
    save(page)
    turn_to(page, "What was found")
    pick(page, "Information used", "Recorded crime")
    page.get_by_label("Causes in the situation").fill("Alleys hid the way in.")
    save(page)
    turn_to(page, "What was done")
    pick(page, "Type of response", "Harden targets")
    page.get_by_label("How it works").fill("It takes away the hidden way in.")
    page.get_by_label("Works best if").fill("Every household has a key.")
    save(page)
    turn_to(page, "Partners and people")
    page.get_by_role("button", name="Add a row to Partners").click()
    page.get_by_label("Organisation", exact=True).fill("Wombat Council")
    look(page)
    save(page)
    turn_to(page, "Cost and time")
    page.get_by_role("radio", name="Low (under £10,000)").check()
    save(page)
    turn_to(page, "What went wrong, and material")
    page.get_by_role("button", name="Add a row to What went wrong on the way").click()
    page.get_by_label("What went wrong", exact=True).fill("Some lost their keys.")
    save(page)
    turn_to(page, "How it was measured")
    page.get_by_role("radio", name="Evaluated locally").check()
    pick(page, "Evaluated how", "Outcome")
    save(page)
    turn_to(page, "What happened")
    page.get_by_role("button", name="Add a row to Results").click()
    page.get_by_label("Outcome", exact=True).select_option(label="Recorded crime")
    page.get_by_label("Before", exact=True).fill("120")
    page.get_by_label("After", exact=True).fill("80")
    look(page)
    save(page)
    turn_to(page, "What was learnt")
    page.get_by_label("Do", exact=True).fill("Agree who repairs the gates.")
    save(page)
    page.get_by_role("button", name="Check your answers").click()
    look(page)
    page.get_by_role("checkbox", name="I may share this").check()
    page.get_by_role("button", name="Send it in").click()
    expect(page.get_by_text("Your entry was sent in")).to_be_visible()
    look(page)
    return address


def publish(page: Page, title: str, look: Look) -> None:
    """A librarian's way from the queue to a published record."""
    page.goto("/desk")
    look(page)
    page.get_by_role("link", name=title).click()
    look(page)
    page.get_by_role("button", name="Claim it").click()
    expect(page.get_by_text("You have claimed it.")).to_be_visible()
    page.get_by_label("About", exact=True).select_option(label="Results")
    page.get_by_label("Comment", exact=True).fill("Over which period?")
    page.get_by_role("button", name="Send the comment").click()
    expect(page.get_by_text("Over which period?")).to_be_visible()
    look(page)
    page.get_by_role("radio", name="Publish it").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Published. Search finds it")).to_be_visible()


def found(page: Page, work: Work, title: str) -> None:
    work()
    page.goto("/search?q=quincunx")
    expect(page.get_by_role("link", name=title)).to_be_visible()


def test_from_document_to_found_in_search(
    page: Page, browser: Browser, address: str, work: Work, member: Member
) -> None:
    sign_in(page, member("writer", "contributor"))
    title = "Quincunx gates in Wombat Street"
    entry = write_entry(page, work, title, look)
    other = _context(browser, address, viewport={"width": 320, "height": 640})
    desk = other.new_page()
    sign_in(desk, member("reader", "librarian"))
    publish(desk, title, look)
    other.close()
    found(page, work, title)
    page.goto(entry)
    expect(page.get_by_text("everybody can read it")).to_be_visible()
    look(page)


def test_the_same_without_scripts(plain_page: Page, work: Work, member: Member) -> None:
    page = plain_page
    sign_in(page, member("plain", "contributor"))
    title = "Quincunx gates without scripts"
    write_entry(page, work, title, lambda _: None)
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    sign_in(page, member("plainreader", "librarian"))
    publish(page, title, lambda _: None)
    found(page, work, title)


def test_two_windows_and_a_page_that_saves_itself(page: Page, member: Member) -> None:
    sign_in(page, member("twice", "contributor"))
    page.goto("/contribute")
    page.get_by_role("button", name="Start with a blank form").click()
    turn_to(page, "Title and summary")
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Title", exact=True).fill("Typed in one window")
    expect(page.locator("[data-autosave-said]")).to_contain_text("Saved", timeout=15_000)
    expect(page.get_by_text("4 of at most 15 words")).to_be_visible()
    other.get_by_label("Title", exact=True).fill("Typed in the other")
    other.get_by_role("button", name="Save and go on").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("This was changed elsewhere too")
    look(other)
    expect(other.get_by_role("group").get_by_text("Typed in one window")).to_be_visible()
    other.get_by_role("radio", name="Keep what was saved meanwhile").check()
    other.get_by_role("button", name="Save what I chose").click()
    page.reload()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Typed in one window")
    # Pressed while the page saves itself over a slow line: one's own words are no clash.
    page.evaluate(
        "() => { const ask = window.fetch; window.fetch = (...all) => ask(...all).then("
        "(answer) => new Promise((on) => setTimeout(() => on(answer), 1000))) }"
    )
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Title", exact=True).fill("Half a title")
    page.get_by_label("Title", exact=True).fill("A whole title")
    page.get_by_role("button", name="Save and go back to the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A whole title")
