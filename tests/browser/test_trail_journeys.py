"""From a cold start through all five steps to a Word report: by each kind of visitor."""

import io
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import look

pytestmark = pytest.mark.browser
Look = Callable[[Page], None]


def sign_in(page: Page, member: tuple[str, str]) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("E-mail address").fill(member[0])
    page.get_by_label("Password").fill(member[1])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You are signed in.")).to_be_visible()


def five_steps(page: Page, look: Look, between: Callable[[], None] = lambda: None) -> bytes:
    """Walk the trail; returns the Word report."""
    page.goto("/")
    page.get_by_role("link", name="Start a search trail").click()
    look(page)
    page.get_by_label("What are you looking into?").fill("burglary in terraced streets")
    page.get_by_role("button", name="Start a trail", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Clarify what you want to find")
    bar = page.get_by_role("region", name="Your open trail")
    expect(bar).to_contain_text("burglary in terraced streets")
    look(page)
    page.get_by_label("What is the problem?").fill("Burglars come through back alleys.")
    page.get_by_label("What are you not looking for?").fill("Hill Street")
    page.get_by_text("Choose", exact=True).first.click()
    page.get_by_role("checkbox", name="Burglary of homes").check()
    look(page)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Talk to other people")
    page.get_by_label("Who?").fill("Dana of the housing team")
    page.get_by_label("Lead to follow").fill("Ring Marsh Lane")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Ring Marsh Lane")).to_be_visible()
    look(page)
    between()
    page.get_by_role("link", name="Next: a broad search").click()
    look(page)
    page.get_by_role("button", name="Start the clock").click()
    expect(bar).to_contain_text("0 minutes of 20 minutes")
    look(page)
    page.get_by_role("button", name="Stop the clock").click()
    page.get_by_role("link", name="Next: a targeted search").click()
    look(page)
    page.locator("summary", has_text="How to do it").click()
    page.locator("#source-pop-guides").get_by_role("button", name="Nothing there").click()
    expect(page.locator("#source-pop-guides")).to_contain_text("Nothing there")
    page.get_by_role("link", name="Search this collection first").click()
    expect(page.get_by_text("Your trail leaves out: “Hill Street”")).to_be_visible()
    expect(page.get_by_text("Alley gates in Hill Street")).to_have_count(0)
    look(page)
    page.get_by_role("link", name="Alley gates against burglary in Marsh Lane").click()
    look(page)
    page.get_by_role("list", name=re.compile("How useful was")).get_by_text("Key").click()
    look(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("your verdict was kept")).to_be_visible()
    page.goto("/compare?id=alley-gates&id=scared-straight-programmes-usa")
    look(page)
    page.get_by_role("button", name="Keep it").click()
    bar.get_by_role("link", name="burglary in terraced streets").click()
    look(page)
    page.get_by_role("link", name="Results", exact=True).click()
    page.get_by_label("Address").fill("https://example.org/gates")
    page.get_by_label("Title").fill("A page about gates")
    page.get_by_role("radio", name="Useful", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="A page about gates").first).to_be_visible()
    look(page)
    page.get_by_role("link", name="Next: close the trail with a conclusion").click()
    page.get_by_label("Answer").fill("Gates help where residents keep the keys.")
    look(page)
    page.get_by_role("button", name="Close the trail and see the report").click()
    expect(page.get_by_text("Gates help where residents keep the keys.")).to_be_visible()
    look(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Word", exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def in_words(report: bytes) -> str:
    document = docx.Document(io.BytesIO(report))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def holds_everything(report: bytes) -> None:
    text = in_words(report)
    for said in (
        "burglary in terraced streets",
        "Burglars come through back alleys.",
        "Dana of the housing team",
        "Ring Marsh Lane",
        "Alley gates against burglary in Marsh Lane",
        "A page about gates",
        "Gates help where residents keep the keys.",
        "Hill Street",
        "PRISMA-S",
    ):
        assert said in text, said


def test_signed_in(page: Page, member: Callable[..., tuple[str, str]]) -> None:
    sign_in(page, member("journey"))
    holds_everything(five_steps(page, look))
    page.goto("/trails")
    expect(page.get_by_role("link", name="burglary in terraced streets")).to_be_visible()


def test_anonymous_then_signed_in(small_page: Page, member: Callable[..., tuple[str, str]]) -> None:
    page, made = small_page, member("later")

    def come_in() -> None:
        at = page.url
        sign_in(page, made)
        page.goto(at)
        expect(page.get_by_text("Ring Marsh Lane")).to_be_visible()

    # The same pages as before, whose colours were seen to be good.
    holds_everything(five_steps(page, partial(look, colours=False), come_in))


def test_without_scripts(plain_page: Page) -> None:
    holds_everything(five_steps(plain_page, lambda page: None))


def test_the_clock_warns(page: Page) -> None:
    page.clock.install()
    page.goto("/trails")
    page.get_by_label("What are you looking into?").fill("time")
    page.get_by_role("button", name="Start a trail", exact=True).click()
    page.get_by_role("link", name="Broad search").click()
    page.get_by_label("Time limit in minutes").fill("5")
    page.get_by_role("button", name="Start the clock").click()
    clock = page.locator(".sp-trail-bar__clock")
    page.clock.run_for(4 * 60_000 + 6_000)
    expect(clock).to_contain_text("Nearly up: 1 minute left.")
    page.clock.run_for(60_000)
    expect(clock).to_contain_text("Your time limit is up.")
