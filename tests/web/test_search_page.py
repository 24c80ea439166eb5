"""The search page: filters, what was searched for, and what helps when nothing is found."""

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from index import sync
from kb.database import session_scope
from kb.directory.gaps import gaps
from tests.factories import practice
from tests.web.conftest import SECRET, save

Page = Callable[..., BeautifulSoup]


def test_chosen_filters_are_listed_and_each_can_be_taken_away(page: Page) -> None:
    soup = page("/search?q=alley&problem=burglary&country=gb-eng")
    chosen = [" ".join(link.text.split()) for link in soup.find_all("a", class_="sp-chosen__item")]
    assert chosen == ["Remove filter Problem: Burglary", "Remove filter Country: England"]
    without = [link["href"] for link in soup.find_all("a", class_="sp-chosen__item")]
    assert without == ["/search?q=alley&country=gb-eng", "/search?q=alley&problem=burglary"]
    ticked = {box["value"] for box in soup.find_all("input", checked=True)}
    assert ticked == {"burglary", "gb-eng"}


def test_a_range_of_years_stands_in_its_boxes_and_is_taken_away_as_one(page: Page) -> None:
    soup = page("/search?q=alley&year_from=2003&year_to=2005&cost_to=medium")
    links = soup.find_all("a", class_="sp-chosen__item")
    assert [" ".join(link.text.split()) for link in links] == [
        "Remove filter Cost band: up to Medium (£10,000 to £100,000)",
        "Remove filter Year: 2003 to 2005",
    ]
    assert links[1]["href"] == "/search?q=alley&cost=..medium"
    assert [soup.find(id=f"year-{end}")["value"] for end in ("from", "to")] == ["2003", "2005"]
    chosen = soup.find(id="cost-to").find("option", selected=True)
    assert chosen["value"] == "medium"
    # The same form sent again is the same search: no box holds the range a second time.
    boxes = {(box["name"], box["value"]) for box in soup.find_all("input", checked=True)}
    assert not [name for name, _ in boxes if name in ("year", "cost")]
    assert soup.find_all("li", class_="sp-hit")
    assert "Nothing was found" in page("/search?q=alley&year_from=1990&year_to=1991").text


def test_years_that_are_none_are_noted_and_turned_ones_are_turned_back(page: Page) -> None:
    notes = page("/search?q=alley&year_from=soon").find(class_="sp-notes").text
    assert "“soon..” is no range of “Year”" in notes
    turned = page("/search?q=alley&year_from=2005&year_to=2003")
    assert turned.find_all("li", class_="sp-hit")
    assert "“Year” was read as 2003 to 2005." in turned.find(class_="sp-notes").text
    assert "Year: 2003 to 2005" in turned.find(class_="sp-chosen").text
    assert [turned.find("input", {"name": f"year_{end}"})["value"] for end in ("from", "to")] == [
        "2003",
        "2005",
    ]


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ("x " * 3000, "for “x”"),
        (f"alley {'y' * 90}", f"for “alley {'y' * 40}…”"),
        ("y" * 3000, ", all there are"),
    ],
)
def test_endless_text_has_a_short_true_heading(
    client: TestClient, typed: str, heading: str
) -> None:
    soup = BeautifulSoup(client.get("/search", params={"q": typed}).text, "html.parser")
    line = " ".join(soup.find(class_="sp-summary-line").text.split())
    assert heading in line
    assert len(line) < 120
    assert len(soup.title.text) < 160


def test_a_value_that_there_is_not_is_said_and_can_be_taken_off(
    page: Page, client: TestClient
) -> None:
    notes = page("/search?q=alley&problem=bogus&year=2099").find(class_="sp-notes")
    assert "“bogus” is not one of the choices of “Problem”" in notes.text
    assert [link["href"] for link in notes.find_all("a")][:2] == [
        "/search?q=alley&year=2099",
        "/search?q=alley&problem=bogus",
    ]
    with session_scope() as session:
        assert "bogus" not in str([gap.filters for gap in gaps(session)]), "nobody looked for it"
    said = client.get("/api/v1/search?problem=bogus").json()["notes"]
    assert said == ["“bogus” is not one of the choices of “Problem”; no record has it."]


def test_what_a_form_left_empty_does_not_stay_in_the_address(client: TestClient) -> None:
    sent = "q=alley&mode=hybrid&view=aspect&year_from=2003&year_to=&cost_from=&cost_to="
    answer = client.get(f"/search?{sent}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?q=alley&year=2003..&view=aspect"
    again = client.get(answer.headers["location"], follow_redirects=False)
    assert again.status_code == 200
    # What was not understood has to be told before it goes.
    assert client.get("/search?year_from=soon&year_to=", follow_redirects=False).is_success


def test_count_is_announced_and_counts_agree_with_results(page: Page) -> None:
    soup = page("/search?q=alley+gates&exact=1")
    line = soup.find(class_="sp-summary-line")
    assert line["role"] == "status"
    hits = soup.find_all("li", class_="sp-hit")
    assert line.text.startswith(f"{len(hits)} record")
    assert len(hits) == 2


def test_what_holds_no_word_is_not_said_to_have_found_everything(page: Page) -> None:
    for asked in ("%3F%3F%3F%3F%3F", "%F0%9F%98%80"):
        soup = page(f"/search?q={asked}")
        line = soup.find(class_="sp-summary-line").text
        assert line.endswith(" records, all there are")
        assert " for “" not in line
        assert soup.find("strong", attrs={"aria-current": "true"}).text == "Newest"
        assert "Best match" not in soup.find("main").text
        assert "There is no word in this" in soup.find(class_="sp-notes").text
    line = page("/search?q=%3F&problem=burglary").find(class_="sp-summary-line").text
    assert ", all there are with these filters" in line


def test_a_place_that_was_typed_is_offered_as_a_filter(page: Page) -> None:
    notes = page("/search?q=alley+gates+england").find(class_="sp-notes")
    link = notes.find("a", string="Country: England (2)")
    assert link["href"] == "/search?q=alley+gates+england&country=gb-eng"


def test_browsers_are_told_not_to_put_back_ticks_that_were_not_applied(page: Page) -> None:
    soup = page("/search?q=alley")
    form = soup.find("form", attrs={"aria-label": "Collection"})
    assert form["autocomplete"] == "off"
    assert form.find("input", type="checkbox")
    # What was ticked to compare is kept: it belongs to another form.
    assert not soup.find("form", id="pick").has_attr("autocomplete")


def test_the_filters_can_be_passed_over_by_keyboard(page: Page) -> None:
    soup = page("/search?q=alley+gates")
    skip = soup.find("main").find("a", class_="govuk-skip-link")
    target = soup.find(id=skip["href"].removeprefix("#"))
    assert target.text == "Results"
    assert target["tabindex"] == "-1"
    assert soup.find("noscript").find("a", href="#results")
    none = page("/search?q=qqqzzzx&exact=1").find("main")
    assert not none.find("a", class_="govuk-skip-link")
    assert "Apply filters" not in none.text


def test_links_that_change_filters_are_not_for_robots(page: Page) -> None:
    soup = page("/search?q=alley&problem=burglary&sort=newest")
    for link in soup.find("main").find_all("a", href=True):
        if link["href"].startswith("/search?") and "q=alley" in link["href"]:
            assert "nofollow" in link.get("rel", []), link
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex, follow"


def test_expansion_is_shown_and_can_be_turned_off(page: Page) -> None:
    soup = page("/search?q=ASB")
    notes = soup.find(class_="sp-notes")
    assert "Also searched" in notes.text
    assert page("/search?q=ASB+asb+ASB").find(class_="sp-notes").text.count("(for ") == 1
    off = notes.find("a")["href"]
    assert "expand=0" in off
    assert "Only what you typed" in page(off).find(class_="sp-notes").text


def test_what_is_seldom_changed_is_folded_away_until_it_is(page: Page) -> None:
    assert page("/search?q=keys").find(id="exact").find_parent("details")
    for changed in ("exact=1", "mode=keyword"):
        soup = page(f"/search?q=keys&{changed}")
        assert len(soup.find_all(id="exact")) == 1
        assert not soup.find(id="exact").find_parent("details")


def test_a_long_text_is_offered_for_comparing_and_its_notes_are_folded(
    client: TestClient, page: Page
) -> None:
    assert page("/search?q=alley+gates").find(id="as-problem") is None
    words = ["ASB", "organised", "victimised", "neighbour", "colour", "centre", "programme"]
    text = " ".join([*words, *(f"thing{n} burglary" for n in range(8))])
    soup = page(f"/search?q={text.replace(' ', '+')}")
    assert soup.find("button", form="as-problem")
    folded = soup.select_one(".sp-notes details")
    said = soup.find(class_="sp-notes").text
    assert "(for ASB)" in said.replace(folded.text, "")
    assert "(for programme)" in folded.text
    form = soup.find(id="as-problem")
    sent = {box["name"]: box["value"] for box in form.select("input")}
    assert sent["text"] == text
    answer = client.post(form["action"], data=sent)
    assert answer.status_code == 200
    assert "Does this fit?" in answer.text


def test_what_was_not_understood_is_said(page: Page) -> None:
    soup = page("/search?q=burglary+OR")
    assert soup.find(class_="sp-notes").find("p")
    assert "no view “<b>”" in page("/search?q=burglary&view=<b>").find(class_="sp-notes").text


def test_matches_are_marked_and_the_section_named(page: Page) -> None:
    soup = page("/search?q=keys")
    hit = soup.find("li", class_="sp-hit")
    assert hit.find("mark")
    assert "Matched in" in hit.find(class_="sp-hit__why").text


def test_unverified_records_are_badged(page: Page) -> None:
    soup = page("/search?q=Quiet+Nights+on+Harbour+Street")
    assert "Not checked by a reviewer" in soup.find("li", class_="sp-hit").text


def test_nothing_found_says_what_would_find_something(page: Page) -> None:
    soup = page("/search?q=alley+qqqzzz&exact=1")
    text = soup.find("main").text
    assert "Nothing was found" in text
    ways = [link.text for link in soup.find("main").find_all("a")]
    assert "Without qqqzzz" in ways
    assert any("Campbell" in way for way in ways), "other sites to search are offered"


def test_no_problem_is_near_to_what_is_no_word(page: Page) -> None:
    nonsense = page("/search?q=qqqzzz+xxyyzz&exact=1").find("main").text
    assert "Problems that are near" not in nonsense
    assert "Browse by problem" in nonsense
    near = page("/search?q=burglars+qqqzzz&exact=1").find("main")
    listed = near.find("h3", string="Problems that are near").find_next("ul")
    assert "Burglary" in listed.text
    assert "Crime (" not in listed.text, "a top term is near to everything"


def test_filters_without_hits_can_be_cleared(page: Page) -> None:
    soup = page("/search?q=alley+gates&country=gb-eng&kind=dataset")
    assert "Without any filter" in soup.find("main").text
    assert "Kind of record" in soup.find(class_="sp-chosen").text


def test_hostile_parameters_are_borne(client: TestClient) -> None:
    for params in (
        "q=%00%ff&page=-1",
        "page=99999999999999999999",
        "page=abc&per_page=x&sort=y&mode=z",
        "problem=%3Cscript%3E",
        "q=" + "a" * 20_000,
        "q=" + "%28" * 500,
    ):
        answer = client.get(f"/search?{params}")
        assert answer.status_code == 200, params
        assert "\x00" not in answer.text
    assert "\\u0000" not in client.get("/api/v1/search?q=alley%00gates").text


def test_a_page_after_the_last_shows_the_last_and_says_so(page: Page) -> None:
    soup = page("/search?page=500")
    assert soup.find_all("li", class_="sp-hit")
    assert "There is no page 500" in soup.find(class_="sp-notes").text


def test_hierarchical_values_stand_under_their_broader_term(page: Page) -> None:
    soup = page("/search")
    items = soup.find(id="values-problem").find_all(class_="govuk-checkboxes__item")
    depths = [
        (item.find("input")["value"], "sp-depth-1" in item["class"], "sp-depth-2" in item["class"])
        for item in items
    ]
    codes = [code for code, _, _ in depths]
    assert codes.index("crime") < codes.index("burglary") < codes.index("burglary-dwelling")
    assert ("burglary", True, False) in depths
    assert ("burglary-dwelling", False, True) in depths


def test_results_come_in_groups(page: Page) -> None:
    soup = page("/search?q=alley+gates&view=aspect")
    groups = {part.find("h3").text.split()[0]: part for part in soup.select("main section")}
    assert {"What", "How"} <= set(groups)
    first = groups["What"].select("li.sp-hit h3")
    assert first
    line = soup.find(class_="sp-summary-line").text
    assert f"in {len(groups)} groups" in line
    assert "showing" not in line
    # A record of both stands in full once.
    assert "shown above" in groups["How"].text
    assert page("/search?q=alley+gates&view=nonsense").select("main ul.sp-hits")


def test_of_many_groups_the_first_are_shown_with_a_way_to_all(page: Page) -> None:
    soup = page("/search?view=problem")
    shown = [part["aria-labelledby"] for part in soup.select("main section")]
    assert len(shown) == 12
    line = soup.find(class_="sp-summary-line").text
    way = soup.find("a", string=re.compile(r"^All \d+ groups$"))
    path, _, place = way["href"].partition("#")
    every = [part["aria-labelledby"] for part in page(path).select("main section")]
    assert every[:12] == shown
    assert f"All {len(every)} groups" == way.text
    assert f"the first 12 of {len(every)} groups" in line
    assert place == every[12]
    assert not page("/search?view=aspect").find("a", string=re.compile("groups$"))


def test_a_slip_is_met_and_can_be_switched_off(page: Page) -> None:
    soup = page("/search?q=burgulary")
    notes = soup.find(class_="sp-notes")
    assert "burglary" in notes.text
    assert "(for burgulary)" in notes.text
    off = notes.find("a", string="My spelling is right")
    assert "correct=0" in off["href"]
    assert "taken as it stands" in page(off["href"]).find(class_="sp-notes").text


def test_slips_side_by_side_are_told_of_as_one_phrase(page: Page) -> None:
    notes = page("/search?q=alley+studnet+burgulary").find(class_="sp-notes")
    assert "student burglary (for studnet burgulary)" in notes.text
    assert notes.find("p").text.startswith("Also searched, in case of a slip"), "told of first"


def test_other_words_for_a_term_with_a_slip_are_those_for_what_was_meant(page: Page) -> None:
    notes = page("/search?q=studnet+houses").find(class_="sp-notes").text
    assert "student (for studnet)" in notes
    assert "(for student houses)" in notes
    assert "houses (for studnet" not in notes
    both = page("/search?q=studnet+houses+student").find(class_="sp-notes").text
    assert "(for student houses)" in both


def test_a_question_is_understood(page: Page) -> None:
    notes = page("/search?q=what+works+to+stop+burglary").find(class_="sp-notes").text
    assert "“what works to stop” was taken as part of the question" in notes


def test_a_search_in_vain_is_counted_without_the_person(client: TestClient) -> None:
    for _ in range(2):
        assert "Nothing was found" in client.get("/search?q=qqqzzzx&exact=1").text
    with session_scope() as session:
        assert [(gap.text, gap.times) for gap in gaps(session)] == [("qqqzzzx", 2)]


def test_a_search_that_finds_only_what_is_near_is_in_vain_too(client: TestClient) -> None:
    save(practice(id="near", title="A world of lamps", problem_types=["wildlife-crime"]))
    sync.sync()
    for asked in ("world+cup", "hare+coursing") * 2:
        page = client.get(f"/search?q={asked}&mode=keyword").text
        assert 'class="sp-hit"' in page
        assert f"No record shown here says “{asked.replace('+', ' ')}”" in page
        # What is tagged with the subject is no search in vain.
        assert ("Try elsewhere" in page) == (asked == "world+cup")
    assert "those tagged “Wildlife crime” come nearest" in page
    with session_scope() as session:
        assert [(gap.text, gap.times) for gap in gaps(session)] == [("world cup", 2)]


def test_suggestions_are_of_what_everybody_may_see(client: TestClient) -> None:
    found = client.get("/api/v1/suggest?q=alley+ga").json()["suggestions"]
    assert {"Alley gates in Hill Street", "Alley gates against burglary in Marsh Lane"} <= {
        one["text"] for one in found
    }
    for one in found:
        assert client.get(one["href"]).status_code == 200
    assert client.get(f"/api/v1/suggest?q={SECRET[:6]}").json() == {"suggestions": []}
    for text in ("", "%00", "(" * 5000, "%F0%9F%98%80", '"'):
        assert client.get(f"/api/v1/suggest?q={text}").status_code == 200
