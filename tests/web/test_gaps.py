"""The gap map: what it counts, and the list of what librarians look for."""

from sqlmodel import select
from starlette.testclient import TestClient

from kb.audit import AuditEntry
from kb.database import session_scope
from tests.web.people import form_of, person, post, send, sign_in, soup

CELL = "Burglary of homes, Harden targets"


def cells(client: TestClient, address: str) -> dict[str, str]:
    """What stands in each cell, by problem and response."""
    table = soup(client.get(address)).find("table")
    across = [head.text.strip() for head in table.find("thead").find_all("th")][1:]
    found = {}
    for row in table.find("tbody").find_all("tr"):
        problem = row.find("th").find(string=True, recursive=False) or ""
        problem = problem.strip() or row.find("a").text.strip()
        for response, cell in zip(across, row.find_all("td"), strict=True):
            hidden = cell.find(class_="govuk-visually-hidden")
            if hidden:
                hidden.extract()
            found[f"{problem}/{response}"] = cell.get_text(" ", strip=True)
    return found


def test_a_cell_counts_what_its_search_finds(client: TestClient) -> None:
    page = soup(client.get("/gaps?problem=burglary&response=situational"))
    links = page.find("table").find("tbody").select("td a")
    assert links
    for link in links:
        found = soup(client.get(link["href"]))
        number = link.find(string=True, recursive=False).strip()
        assert found.find("p", class_="sp-summary-line").text.strip().startswith(number)


def test_hidden_records_are_not_counted(client: TestClient) -> None:
    # The shown ones are the two alley-gate projects; the hidden ones have the same terms.
    counted = cells(client, "/gaps?problem=burglary")
    assert counted["Burglary of homes/Situational prevention"] == "2"


def test_the_map_can_show_how_far_practice_was_tested(client: TestClient) -> None:
    counted = cells(client, "/gaps?problem=burglary&show=stage")
    assert counted["Burglary of homes/Situational prevention"] == "Evaluated locally"
    assert set(cells(client, "/gaps?problem=nonsense").values()) >= {"none"}


def test_a_librarian_asks_for_what_is_missing(client: TestClient) -> None:
    person("lib", "librarian")
    assert client.post("/gaps", data={}).status_code == 403
    sign_in(client, "lib")
    answer = client.get("/gaps?problem=burglary")
    empty = soup(answer).find("td", class_="sp-map__empty").find("form")
    wanted = {box["name"]: box["value"] for box in empty.find_all("input")}
    asked = post(client, "/gaps", list(wanted.items()))
    assert "on the list of what we are looking for" in asked.text
    # Asked again: still once on the list.
    post(client, "/gaps", list(wanted.items()))
    listed = soup(client.get("/gaps")).find(id="wanted").find_next("ul")
    assert len(listed.find_all("li")) == 1
    wrong = post(client, "/gaps", [*wanted.items(), ("problem", "no-such-code")])
    assert wrong.status_code == 400
    assert "Choose one of the" in wrong.text
    done = send(client, "/gaps", action=form_of(client.get("/gaps"), button="Take off")["action"])
    assert "taken off the list" in done.text
    with session_scope() as session:
        actions = session.exec(
            select(AuditEntry.action).where(AuditEntry.subject_type == "commission")
        ).all()
    assert list(actions) == ["commission.asked", "commission.asked", "commission.settled"]


def test_only_librarians_may_ask(client: TestClient) -> None:
    person("ann")
    sign_in(client, "ann")
    token = form_of(client.get("/trails"))
    csrf = token.find("input", {"name": "csrf"})["value"]
    sent = [("csrf", csrf), ("problem", "burglary"), ("response", "victim")]
    assert post(client, "/gaps", sent).status_code == 403
