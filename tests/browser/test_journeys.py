"""What a visitor does: search, filter, read; by mouse, by keyboard alone, without scripts."""

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser


def test_search_filter_and_read(page: Page) -> None:
    page.goto("/")
    page.get_by_label("What is the problem").fill("alley gates")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".sp-summary-line[role=status]")).to_contain_text("for “alley gates”")
    page.get_by_role("checkbox", name="Burglary of homes").check()
    page.get_by_role("button", name="Apply filters").first.click()
    expect(page).to_have_url("/search?q=alley+gates&problem=burglary-dwelling")
    expect(
        page.get_by_role("link", name="Remove filter Problem: Burglary of homes")
    ).to_be_visible()
    page.get_by_role("link", name="Alley gates against burglary in Marsh Lane").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Alley gates against burglary in Marsh Lane"
    )
    expect(page.get_by_role("heading", name="In one minute")).to_be_visible()
    page.get_by_role("link", name="Assessment", exact=True).click()
    expect(page.get_by_role("heading", name="Assessment", exact=True)).to_be_in_viewport()


def test_whoever_comes_back_from_a_suggestion_finds_what_was_typed(page: Page) -> None:
    page.goto("/")
    box = page.get_by_label("What is the problem")
    option = page.get_by_role("option", name="Alley gates against burglary in Marsh Lane")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/api/v1/suggest?q=marsh%20lan", hold)
    box.press_sequentially("marsh la")
    expect(option).to_be_visible()
    with page.expect_request("**/api/v1/suggest?q=marsh%20lan"):
        page.keyboard.press("n")
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/api/v1/suggest?q=marsh%20lan") as answer:
        late[0].fulfill(json={"suggestions": []})
    answer.value.finished()
    page.evaluate("new Promise(done => requestIdleCallback(done, {timeout: 500}))")
    # Whoever goes through the list keeps it; the late answer counts once they are back in the box.
    expect(page.get_by_role("listbox").locator(":focus")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(option).to_be_hidden()
    expect(box).to_be_focused()
    page.unroute("**/api/v1/suggest?q=marsh%20lan")
    page.keyboard.press("Backspace")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")  # takes the list away, not the words or the focus
    expect(option).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("marsh la")
    page.keyboard.press("End")
    page.keyboard.type("ne")
    option.click()
    expect(page).to_have_url("/records/alley-gates")
    page.go_back()
    expect(page.get_by_label("What is the problem")).to_have_value("marsh lane")


def test_without_scripts(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    page.get_by_label("What is the problem").fill("alley gates")
    page.get_by_role("button", name="Search").click()
    page.locator("summary", has_text="Country").click()
    page.get_by_role("checkbox", name="England").check()
    page.get_by_role("button", name="Apply filters").first.click()
    page.get_by_role("link", name="Remove filter Country: England").click()
    expect(page.get_by_role("link", name="Remove filter")).to_have_count(0)
    expect(page.locator(".sp-facet__find").first).to_be_hidden()
    page.locator(".sp-hit a").first.click()
    expect(page.get_by_role("heading", name="In one minute")).to_be_visible()


def test_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("What is the problem")).to_be_focused()
    page.keyboard.type("alley gates")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search?q=alley+gates")
    box = page.get_by_role("checkbox", name="Burglary of homes")
    _tab_to(page, box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("link", name="Remove filter Problem: Burglary of homes")
    ).to_be_visible()
    title = page.get_by_role("link", name="Alley gates against burglary in Marsh Lane")
    _tab_to(page, title)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/records/alley-gates")


def _tab_to(page: Page, target: object) -> None:
    """Go on by Tab until the target has the focus; each stop on the way must be seen to have it."""
    for _ in range(250):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const focused = document.activeElement;
                const shown = [focused, focused.nextElementSibling].filter(Boolean);
                return shown.some(one => ["", "::before"].some(part => {
                    const style = getComputedStyle(one, part || null);
                    return style.outlineStyle !== "none" || style.boxShadow !== "none";
                }));
            }"""
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")[:200]
        if target.evaluate("node => node === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError("the target cannot be reached by Tab")


def test_finding_in_a_long_list(page: Page) -> None:
    page.goto("/search")
    box = page.get_by_label("Find in problem")
    box.fill("burglary")
    shown = page.locator("#values-problem .govuk-checkboxes__item:visible")
    expect(shown.first).to_contain_text("Burglary")
    for text in shown.all_inner_texts():
        assert "burglary" in text.lower()
    box.press("Enter")
    expect(page).to_have_url("/search")
    box.fill("")
    assert shown.count() > 3


def test_filters_are_folded_on_a_small_screen(small_page: Page) -> None:
    small_page.goto("/search?q=alley")
    apply = small_page.get_by_role("button", name="Apply filters").first
    expect(apply).to_be_hidden()
    small_page.get_by_text("Filters", exact=True).click()
    expect(apply).to_be_visible()


def test_nothing_comes_from_elsewhere(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/search?q=alley", "/records/alley-gates", "/api/docs"):
        page.goto(path)
    assert [url for url in asked if not url.startswith(address)] == []
    assert page.context.cookies() == []
