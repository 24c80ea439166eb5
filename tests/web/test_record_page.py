"""The record page: all that is told, what is missing, and nothing that may not be shown."""

from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from index import sync
from kb.database import session_scope
from kb.records import FIELDS, service
from kb.records.rules import is_empty
from kb.records.text import shown, shown_cells
from tests.factories import entry, practice
from tests.web.conftest import save, set_state
from web.record_card import place_line

Page = Callable[..., BeautifulSoup]


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.find("main").text.split())


def test_every_filled_field_is_shown(page: Page) -> None:
    with session_scope() as session:
        content = service.get(session, "nuisance-motels-chula-vista").content
    text = words(page("/records/nuisance-motels-chula-vista")).casefold()
    missing = []
    for spec in FIELDS:
        value = getattr(content, spec.name)
        # Dates and award levels are put into other words; the id is in the address.
        if is_empty(value) or spec.kind == "date" or spec.name in ("id", "language", "aspects"):
            continue
        if spec.columns:
            rows = value if isinstance(value, list) else [value]
            cells = [c for row in rows for c in shown_cells(spec, row) if c[0].kind != "date"]
            wanted = [text for column, text in cells if column.name not in ("scheme", "source")]
        else:
            wanted = shown(spec, value).split("; ") if spec.many else [shown(spec, value)]
        missing += [
            (spec.name, item)
            for item in wanted
            for part in item.split("; ")
            if " ".join(part.split()).casefold() not in text
        ]
    assert not missing


def test_the_card_makes_sense_alone(page: Page) -> None:
    card = page("/records/alley-gates").find("section", class_="sp-card")
    lines = {
        row.find("dt").text.strip(): " ".join(row.find("dd").text.split())
        for row in card.find_all("div", class_="govuk-summary-list__row")
    }
    assert lines["Problem"] == "Burglary of homes"
    assert lines["What happened"] == "Recorded crime: probably better"
    assert lines["Stage of practice"] == "Evaluated locally"
    assert lines["Place"] == "Marsh Lane, England"
    assert "Contact" not in lines
    assert "Not reported: contact." in " ".join(card.text.split())


def test_a_town_that_the_name_of_a_place_holds_is_not_said_twice() -> None:
    place = {
        "name": "Kirkholt estate, Rochdale",
        "local_authority": "Rochdale",
        "country": "gb-eng",
    }
    assert place_line(practice(place=place)) == "Kirkholt estate, Rochdale, England"


def test_what_the_source_does_not_tell_is_gathered(page: Page) -> None:
    link = page("/search?q=Paper+boats+on+the+canal").find("li", class_="sp-hit").find("a")["href"]
    soup = page(link)
    untold = soup.find("section", attrs={"aria-labelledby": "untold"})
    assert "Analysis, not reported:" in untold.text
    assert not soup.find("section", attrs={"aria-labelledby": "analysis"})
    original = soup.find("section", class_="sp-card").find("a", href="https://example.org/two.pdf")
    assert original.text == "two.pdf at example.org"


def test_evidence_is_three_things_in_words(page: Page) -> None:
    section = page("/records/alley-gates").find("section", attrs={"aria-labelledby": "assessment"})
    text = " ".join(section.text.split())
    assert "Evaluated locally." in text
    assert "Recorded crime: probably better" in text
    assert "How sure: low. No comparison area." in text


def test_harm_comes_first_and_is_said(page: Page) -> None:
    main = page("/records/scared-straight-programmes-usa").find("main")
    first = main.find("h2")
    assert first.text == "This did harm"
    assert not page("/records/alley-gates").find(class_="sp-harm")


def test_what_is_missing_is_one_line(page: Page) -> None:
    soup = page("/records/alley-gates")
    lines = soup.find_all(class_="sp-missing")
    assert lines
    assert all(line.text.startswith("Not reported:") for line in lines)
    analysis = soup.find("section", attrs={"aria-labelledby": "analysis"})
    assert len(analysis.find_all(class_="sp-missing")) == 1
    # One kind of cause is told, so the other kinds are not missing.
    assert "causes with offenders" not in analysis.text.casefold()


def test_suggested_terms_are_said_to_be_suggested(page: Page) -> None:
    soup = page("/search?q=Paper+boats+on+the+canal")
    link = soup.find("li", class_="sp-hit").find("a")["href"]
    text = words(page(link))
    assert "Burglary (suggested by rule, 80% sure: the word burglary)" in text


def test_an_award_without_a_result_is_not_called_lost(page: Page) -> None:
    link = page("/search?q=Paper+boats+on+the+canal").find("li", class_="sp-hit").find("a")["href"]
    text = words(page(link))
    assert "result not stated" in text.casefold()
    assert "entrant" not in text.casefold()
    year = words(page("/awards/goldstein/2001"))
    assert "Result not stated (1)" in year
    assert "They may include winners." in year


def test_people_are_named_only_with_consent(site: Path, client: TestClient) -> None:
    save(
        practice(
            id="contacts",
            contacts=[
                {"role": "Manager", "person": "Ann Agreed", "consent": True},
                {"role": "Officer", "person": "Bob Refused", "consent": False},
                {"role": "Analyst", "person": "Cy Gone", "state": "not-listed", "consent": True},
            ],
        )
    )
    for path in ("/records/contacts", "/api/v1/records/contacts", "/records/contacts.json"):
        text = client.get(path).text
        assert "Ann Agreed" in text, path
        assert "Bob Refused" not in text, path
        assert "Cy Gone" not in text, path


def test_full_text_is_shown_only_under_its_licence(site: Path, client: TestClient) -> None:
    for licence, expected in (("ogl-3", True), ("all-rights", False), (None, False)):
        save(
            practice(
                id="document",
                licence=licence,
                body=[{"heading": "One", "text": "Wherefore the canal boats"}],
            )
        )
        for path in ("/records/document", "/api/v1/records/document"):
            assert ("Wherefore the canal boats" in client.get(path).text) is expected, licence
        told = client.get("/records/document").text
        assert ("neither searched nor shown" in told) is not expected
    brought_in = {"source": "imported-document", "external_id": "x", "title": "Boats"}
    save(
        practice(
            id="document",
            licence="unknown",
            provenance=[brought_in],
            body=[{"heading": "One", "text": "Wherefore the canal boats"}],
        )
    )
    told = client.get("/records/document").text
    assert "The text can be searched" in told
    assert "Wherefore the canal boats" not in told


def test_hidden_records_are_not_pointed_to(page: Page, client: TestClient) -> None:
    text = words(page("/records/alley-gates-again"))
    assert "Alley gates against burglary in Marsh Lane" in text
    assert "hidden-draft" not in text
    told = client.get("/api/v1/records/alley-gates-again").json()["content"]
    assert told["related"] == ["alley-gates"]


def test_superseded_points_to_what_came_after(site: Path, page: Page) -> None:
    set_state("alley-gates", "superseded", superseded_by="alley-gates-again")
    inset = page("/records/alley-gates").find(class_="govuk-inset-text")
    assert inset.find("a")["href"] == "/records/alley-gates-again"
    set_state("alley-gates", "superseded", superseded_by="restricted")
    assert "restricted" not in str(page("/records/alley-gates"))


def test_history_shows_what_changed(site: Path, page: Page) -> None:
    save(practice(id="alley-gates", fails_if="Nobody holds the keys."))
    save(practice(id="alley-gates", fails_if="Keys are copied."))
    soup = page("/records/alley-gates/history?from=2&to=3")
    assert soup.find("del").text == "Nobody holds the keys."
    assert soup.find("ins").text == "Keys are copied."
    assert [h.text.split(",")[0] for h in soup.find("main").find_all("h3")] == [
        "Version 3",
        "Version 2",
        "Version 1",
    ]
    for odd in ("from=9&to=8", "from=x&to=", "from=2&to=2", "from=3&to=2"):
        page(f"/records/alley-gates/history?{odd}")


def test_drafts_of_a_published_record_stay_hidden(site: Path, client: TestClient) -> None:
    save(practice(id="was-draft", fails_if="Mistakenly typed"), state="draft")
    save(practice(id="was-draft"), state="published")
    text = client.get("/records/was-draft/history?from=1&to=2").text
    assert "Mistakenly typed" not in text
    assert "Version 1" not in text


def test_reference_managers_find_the_work(page: Page) -> None:
    head = page("/records/alley-gates").head
    tags = {tag["name"]: tag["content"] for tag in head.find_all("meta", attrs={"name": True})}
    assert tags["citation_title"] == "Alley gates against burglary in Marsh Lane"
    # The account is this site's own: when the project began (2004) is no publication date.
    assert tags["citation_author"] == "Safer Practice"
    assert not tags["citation_publication_date"].startswith("2004")


def test_a_new_field_appears_by_itself() -> None:
    """The page is made from the definitions, so no template names a field's title."""
    from web.context import TEMPLATES

    template = (TEMPLATES / "pages" / "record.html").read_text("utf-8")
    # What a heading of the page itself also says does not count.
    titles = {spec.title for spec in FIELDS if len(spec.title) > 12} - {"What happened"}
    named = [title for title in titles if title in template]
    assert not named


def test_exports_answer_in_every_format(client: TestClient) -> None:
    from kb.exports import exporters

    for each in exporters().values():
        answer = client.get(f"/records/alley-gates.{each.extension}")
        assert answer.status_code == 200, each.name
        assert answer.headers["content-type"].startswith(each.media_type.split(";")[0])
        again = each.write([_shown("alley-gates")])
        if again.startswith(b"PK"):  # Word and Excel files hold the moment they were written
            assert answer.content.startswith(b"PK"), each.name
        else:
            assert answer.content == again, each.name


def _shown(record_id: str):  # type: ignore[no-untyped-def]
    from web.disclosure import shown_record

    with session_scope() as session:
        return shown_record(session, record_id)


def test_other_responses_and_other_problems_are_shown(site: Path, page: Page) -> None:
    save(practice(id="lit", title="Lights in the alleys", response_types=["lighting"]))
    save(practice(id="locked", title="Locks on bikes", problem_types=["off-road-bikes"]))
    origin = {
        "source": "pop-datasets",
        "external_id": "bare",
        "document_url": "https://example.org/bare.pdf",
    }
    bare = save(
        entry(title="Bare burglaries", problem_types=["burglary-dwelling"], provenance=[origin]),
        door="harvest",
    )
    sync.sync()

    def told(record_id: str) -> dict[str, str]:
        parts = page(f"/records/{record_id}").select("section.sp-aside__block")
        return {part.find("h2").text: " ".join(part.text.split()) for part in parts}

    own = told("alley-gates")
    assert "Lights in the alleysResponse: Lighting" in own["Similar problem, different response"]
    assert "Locks on bikesProblem: Off-road bikes" in own["Same response, other problem"]
    assert "Bare burglaries" not in own["Similar problem, different response"]
    assert "Both: Burglary of homes" in own["Records like this one"]
    others = told(bare)
    assert "Lights in the alleys" in others["What others did about this problem"]
    assert "Similar problem, different response" not in others
