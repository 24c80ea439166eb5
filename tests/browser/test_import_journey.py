"""A librarian brings in a spreadsheet on a small screen: name a column, look, agree, take back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import look
from tests.browser.test_entry_journeys import Member
from tests.browser.test_trail_journeys import sign_in

pytestmark = pytest.mark.browser

TABLE = b"Project;summary;started\nWombat lamps in Mill Street;Lamps were put up.;2004\nNo;;soon\n"


def test_a_spreadsheet_is_brought_in_and_taken_back(
    small_page: Page, work: Callable[[], None], member: Member
) -> None:
    page = small_page
    sign_in(page, member("importer", "librarian"))

    def worked(state: str) -> None:
        work()
        page.goto(page.url.partition("?")[0])  # it also looks again by itself
        expect(page.locator("main [role=status]")).to_contain_text(state)

    page.goto("/desk/import")
    page.get_by_label("File").set_input_files(
        {"name": "Our projects.csv", "mimeType": "text/csv", "buffer": TABLE}
    )
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("being looked at")).to_be_visible()
    worked("columns to be named")
    look(page)
    page.get_by_label("Project").select_option(label="Title")
    page.get_by_role("button", name="Name the columns").click()
    expect(page.get_by_text("The columns are named")).to_be_visible()
    worked("looked at, waiting for you")
    expect(page.get_by_text("No row can be brought in.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Look again, as drafts").click()
    expect(page.get_by_text("with such rows as drafts")).to_be_visible()
    worked("looked at, waiting for you")
    expect(page.get_by_text("1 new record")).to_be_visible()
    page.get_by_label("Bring in the good rows and leave the bad ones").check()
    page.get_by_role("button", name="Bring it in", exact=True).click()
    expect(page.get_by_text("The file is being brought in.")).to_be_visible()
    worked("brought in")
    page.locator("summary", has_text="Take this import back").click()
    look(page)
    page.get_by_role("button", name="Take the whole import back").click()
    expect(page.get_by_text("Every record is what it was before.")).to_be_visible()
