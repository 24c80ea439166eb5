"""Bringing in a file on the site, from the choice of a file to taking it back."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb import jobs
from kb.database import session_scope
from kb.records import service
from tests.web.people import filled, form_of, person, post, send_again, sign_in, soup

ROWS = (
    "title,record_type,state,started\n"
    "Lamps in Mill Street,project,draft,2004\n"
    "Lamps in Church Street,project,draft,soon\n"
)


@pytest.fixture
def desk(client: TestClient) -> TestClient:
    person("lib", "librarian")
    return sign_in(client, "lib")


def hand_in(client: TestClient, text: str | bytes, name: str = "rows.csv") -> Any:
    form = form_of(client.get("/desk/import"), action="/desk/import")
    return client.post(
        "/desk/import", data=dict(filled(form)), files={"file": (name, text, "text/csv")}
    )


def count() -> int:
    with session_scope() as session:
        return service.count(session)


def run_jobs(client: TestClient, answer: Any) -> Any:
    jobs.run_due()
    return client.get(str(answer.url.path))


def test_from_the_file_to_taking_it_back(desk: TestClient) -> None:
    before = count()
    answer = hand_in(desk, ROWS)
    assert "being looked at" in answer.text
    answer = run_jobs(desk, answer)
    assert "What will happen" in answer.text
    assert "1 new record" in answer.text
    assert "started" in answer.text
    assert count() == before
    answer = send_again(desk, answer, {"bad": "none"}, button="Bring it in")
    assert "not brought in" in run_jobs(desk, answer).text
    assert count() == before
    answer = run_jobs(desk, hand_in(desk, ROWS))
    answer = run_jobs(desk, send_again(desk, answer, {"bad": "skip"}, button="Bring it in"))
    assert "What happened" in answer.text
    assert count() == before + 1
    answer = send_again(desk, answer, button="Take the whole import back")
    assert "Every record is what it was before" in answer.text
    assert count() == before
    assert "taken back" in desk.get("/desk/import").text


def test_unknown_columns_are_asked_for_once(desk: TestClient) -> None:
    text = "Project,record_type,state\nLamps in Castle Street,project,draft\n"
    answer = run_jobs(desk, hand_in(desk, text))
    assert "Which field does each of these columns hold?" in answer.text
    answer = run_jobs(desk, send_again(desk, answer, {"field-0": "title"}, button="Name"))
    assert "Lamps in Castle Street" in answer.text
    again = run_jobs(desk, hand_in(desk, text.replace("Castle", "Bridge")))
    assert "Lamps in Bridge Street" in again.text
    assert "given up" in send_again(desk, again, button="Give this file up").text


def test_rows_that_lack_something_come_in_as_drafts_and_wait_at_the_desk(desk: TestClient) -> None:
    text = "title,summary,started\nLamps in Castle Street,Lamps were put up.,2004\n=1+1,,soon\n"
    answer = run_jobs(desk, hand_in(desk, text))
    assert "No row can be brought in" in answer.text
    assert "needed: Helps with" in answer.text
    answer = run_jobs(desk, send_again(desk, answer, button="Look again, as drafts"))
    assert "1 new record" in answer.text
    assert "come in as drafts" in answer.text
    bad = desk.get(f"{answer.url.path}/bad.csv")
    assert bad.headers["content-type"].startswith("text/csv")
    assert '"3","\'=1+1","started: give a year' in bad.text, "no cell is a formula"
    answer = run_jobs(desk, send_again(desk, answer, {"bad": "skip"}, button="Bring it in"))
    assert "wait at the desk" in answer.text
    assert "Lamps in Castle Street" not in desk.get("/search?q=castle").text
    waiting = desk.get("/desk")
    line = soup(waiting).find(id="drafts").find("p", string="Lamps in Castle Street").parent
    answer = post(desk, line.find("form")["action"], filled(line.find("form")))
    assert "You have claimed it" in answer.text
    assert "The record as it is shown now" not in answer.text, "nobody is shown it yet"
    left = soup(desk.get("/desk")).find(id="drafts")
    assert "Lamps in Castle Street" not in (left.text if left else "")


def test_a_document_waits_at_the_desk_with_whom_it_names(desk: TestClient) -> None:
    text = (
        "# Gates for Castle Street\n\nAuthor: Zebedee Quirk\n\n## Response\n\n"
        "Wardens fitted gates to forty alleys and burglary fell by half.\n"
    )
    answer = run_jobs(desk, hand_in(desk, text, "gates.md"))
    assert "names people who are not said to have agreed: Zebedee Quirk" in answer.text
    answer = run_jobs(desk, send_again(desk, answer, button="Bring it in"))
    assert "Ask them, or take their names out" in answer.text
    imported = str(answer.url.path)
    for path in ("/search?q=castle+street+gates", "/people", "/api/v1/search?q=quirk"):
        assert "Quirk" not in desk.get(path).text
    line = soup(desk.get("/desk")).find(id="drafts").find("p", string="Gates for Castle Street")
    form = line.parent.find("form")
    assert "names people (Zebedee Quirk)" in post(desk, form["action"], filled(form)).text
    refused = send_again(desk, desk.get(imported), button="Take the whole import back")
    assert "People have used 1 of its new records" in refused.text
    answer = run_jobs(desk, hand_in(desk, text.replace("Castle", "Bridge"), "bridge.md"))
    answer = run_jobs(desk, send_again(desk, answer, button="Bring it in"))
    answer = send_again(desk, answer, button="Take the whole import back")
    assert "Every record is what it was before" in answer.text
    assert "Quirk" not in answer.text


def test_what_cannot_be_read_is_told_and_user_text_is_escaped(desk: TestClient) -> None:
    assert "Choose a file that is not empty" in hand_in(desk, "").text
    answer = hand_in(desk, b"MZ", "program.exe")
    assert answer.status_code == 400
    assert "cannot be imported" in answer.text
    answer = run_jobs(desk, hand_in(desk, b"PK no workbook", "<b>sheet.xlsx"))
    assert "not an Excel workbook" in answer.text
    assert "<b>sheet" not in answer.text
    row = 'title,record_type,state\n"<script>x</script> lamps",project,draft\n'
    answer = run_jobs(desk, hand_in(desk, row))
    assert "&lt;script&gt;" in answer.text
    assert "<script>x" not in answer.text


def test_only_who_may_edit_sees_it(client: TestClient) -> None:
    assert "Sign in" in client.get("/desk/import").text
    person("ann")
    sign_in(client, "ann")
    assert client.get("/desk/import").status_code == 403
    token = re.search(r'name="csrf" value="(\w+)"', client.get("/account/teams").text)
    assert token
    for path in ("/desk/import/x/undo", "/desk/import/x/keep", "/desk/import/x/drop"):
        assert post(client, path, [("csrf", token[1])]).status_code == 403
