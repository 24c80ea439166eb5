"""A round run in real browsers: two judges at once, scripts off for some, axe on each page."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import SMALL, WIDE, look
from tests.browser.test_trail_journeys import sign_in

pytestmark = pytest.mark.browser
ROUND = "/awards/goldstein/2032"
Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, address: str, member: Callable[..., tuple[str, str]]) -> Iterator[Desk]:
    """Somebody's own browser, signed in."""
    contexts = []

    def made(name: str, role: str, *, scripts: bool = True, small: bool = False) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport=SMALL if small else WIDE,  # type: ignore[arg-type]
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        sign_in(page, member(name, role))
        return page

    yield made
    for context in contexts:
        context.close()


def test_a_round(desk: Desk, page: Page) -> None:
    boss = desk("awardboss", "awards")
    one = desk("judgeone", "awards", small=True)
    two = desk("judgetwo", "awards", scripts=False)
    ann = desk("entrant", "contributor", scripts=False)

    boss.goto("/awards/goldstein/open")
    look(boss)
    boss.get_by_label("Year").fill("2032")
    boss.get_by_role("button", name="Open the round").click()
    for judge in ("judgeone", "judgetwo"):
        boss.get_by_label("E-mail address of a judge").fill(f"{judge}@example.org")
        boss.get_by_role("button", name="Appoint").click()
    look(boss)

    ann.goto("/records/alley-gates/enter")
    ann.get_by_role("button", name="Begin an entry").click()
    ann.get_by_role("group", name="May the result be published?").get_by_label("Yes").check()
    ann.get_by_role("button", name="Save and enter").click()
    expect(ann.get_by_text("Entered.", exact=False).first).to_be_visible()

    boss.get_by_label("Yes, no entry can be made").check()
    boss.get_by_role("button", name="Close for entries and begin judging").click()
    for judge in (one, two):
        judge.goto(f"{ROUND}/judge")
        judge.get_by_role("link", name="Entry ").first.click()
        expect(judge.locator("main")).not_to_contain_text("Marsh Lane")
    look(one)
    for judge, mark in ((one, "8"), (two, "7")):
        for box in judge.get_by_label("counts 25%").all():
            box.fill(mark)
        judge.get_by_label("Why").fill("Clear and modest.")
    for judge in (one, two):
        judge.get_by_role("button", name="Save the marks").click()
        expect(judge.locator("main")).to_contain_text("Your mark")
    look(one)

    boss.reload()
    boss.get_by_label("Yes, no mark can be given").check()
    boss.get_by_role("button", name="End judging").click()
    boss.get_by_role("link", name="Entries and moderation").click()
    look(boss)
    boss.get_by_role("link", name="Alley gates against burglary").click()
    boss.get_by_label("Level").select_option("winner")
    boss.get_by_label("Reason").fill("Both judges agree.")
    boss.get_by_label("Feedback for the entrant").fill("Say more of upkeep.")
    look(boss)
    boss.get_by_role("button", name="Save the decision").click()
    boss.get_by_label("Yes, publish the results").check()
    boss.get_by_role("button", name="Publish the results").click()

    page.goto(ROUND)
    expect(page.locator("main")).to_contain_text("Winner (1)")
    look(page)
    ann.reload()
    expect(ann.locator("main")).to_contain_text("Say more of upkeep.")
    ann.get_by_role("link", name="Certificate to print").click()
    expect(ann.get_by_role("heading", level=1)).to_have_text("Winner")
