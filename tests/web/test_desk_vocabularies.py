"""The vocabulary desk on the site: a proposal, what it touches, its acceptance, and back."""

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from kb.audit import AuditEntry
from kb.database import session_scope
from kb.directory import gaps
from kb.vocabularies import vocabulary
from tests.web.people import person, send, send_again, sign_in, soup

TERM = "/desk/vocabularies/problem_types/burglary-dwelling"


@pytest.fixture
def desk(client: TestClient) -> TestClient:
    person("lib", "librarian")
    return sign_in(client, "lib")


def filters(desk: TestClient) -> str:
    """What the filters beside a search offer."""
    boxes = soup(desk.get("/search?q=alley")).select(".govuk-checkboxes__label")
    return " ".join(box.text for box in boxes)


def test_a_label_is_proposed_seen_with_what_it_touches_and_accepted(desk: TestClient) -> None:
    page = desk.get(TERM)
    assert "Alley gates in Hill Street" in page.text
    assert "Burglary of homes" in filters(desk)
    answer = send(
        desk, TERM, {"do": "rename", "label": "Break-ins <at> home", "reason": "Plainer"},
        button="Propose the label",
    )  # fmt: skip
    assert "Break-ins &lt;at&gt; home" in answer.text
    assert "Alley gates in Hill Street" in answer.text
    assert vocabulary("problem_types").label("burglary-dwelling") != "Break-ins <at> home"
    assert "Waiting for a decision on this term" in desk.get(TERM).text
    answer = send_again(desk, answer, {"do": "accept"}, button="Accept")
    assert vocabulary("problem_types").label("burglary-dwelling") == "Break-ins <at> home"
    assert "Break-ins &lt;at&gt; home" in desk.get("/records/alley-gates").text
    assert "Break-ins <at> home" in filters(desk)
    told = soup(answer).find("main").text
    assert "“Burglary of homes” becomes “Break-ins <at> home”" in told, "also once it is accepted"
    answer = send_again(desk, answer, {"do": "take-back"}, button="Take it back")
    assert vocabulary("problem_types").label("burglary-dwelling") != "Break-ins <at> home"


def test_a_wrong_proposal_is_told_and_keeps_what_was_typed(desk: TestClient) -> None:
    path = "/desk/vocabularies/problem_types"
    answer = send(desk, path, {"label": "Burglary", "definition": "Mine"}, action=path)
    assert answer.status_code == 400
    assert "goes by that name already" in answer.text
    assert 'value="Mine"' in answer.text
    for into, told in (("", "Choose the term"), ("nothing", "nothing")):
        wanted = {"do": "merge", "into": into, "reason": "Too <fine>"}
        answer = send(desk, TERM, wanted, button="Propose the merge")
        assert answer.status_code == 400
        assert told in answer.text
        assert soup(answer).find(id="merge-why")["value"] == "Too <fine>"
        assert not soup(answer).find(id="rename-why")["value"]
    assert desk.get("/desk/vocabularies/countries").status_code == 404
    assert desk.get("/desk/vocabularies/problem_types/nothing").status_code == 404
    turtle = desk.get("/desk/vocabularies/cost_bands.ttl")
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert "skos:prefLabel" in turtle.text


def test_the_same_is_proposed_once(desk: TestClient) -> None:
    wanted = {"do": "deprecate"}
    assert "Proposals (1)" in send(desk, TERM, wanted, button="Propose to deprecate").text
    again = send(desk, TERM, wanted, button="Propose to deprecate")
    assert again.status_code == 400
    assert "proposed already" in again.text
    assert send(desk, TERM, {"do": "?"}, button="Propose to deprecate").status_code == 400


def brought_in(desk: TestClient, name: str, data: bytes, into: str = "problem_types") -> Any:
    page = "/desk/vocabularies"
    token = soup(desk.get(page)).find("input", attrs={"name": "csrf"})["value"]
    return desk.post(
        f"{page}/import", data={"csrf": token, "into": into}, files={"file": (name, data)}
    )


def test_a_list_goes_out_and_comes_in_as_skos(desk: TestClient) -> None:
    taken = desk.get("/desk/vocabularies/problem_types.ttl").content
    answer = brought_in(desk, "list.ttl", taken)
    assert "nothing was proposed" in answer.text, "what went out comes back the same"
    changed = taken.replace(b'"Burglary"@en', b'"Break-ins"@en').replace(
        b'"Arson"@en', b'"Fires"@en'
    )
    for _ in range(2):  # once more brings nothing more
        answer = brought_in(desk, "list.ttl", changed)
        assert soup(answer).find("h2", string="Proposals (2)")
    answer = send_again(desk, answer, {"do": "accept-imported"}, button="Accept all")
    assert vocabulary("problem_types").label("burglary") == "Break-ins"
    assert vocabulary("problem_types").label("arson") == "Fires"
    for name, data, into in (
        ("list.rdf", taken, "problem_types"),
        ("list.ttl", b"<<<", "problem_types"),
        ("list.ttl", b"", "problem_types"),
        ("list.ttl", taken, "countries"),
        ("list.ttl", taken, "nothing"),
    ):
        answer = brought_in(desk, name, data, into)
        assert answer.status_code == 400, (name, into)
        assert "There is a problem" in answer.text
        assert "Proposals (0)" in answer.text


def test_a_refusal_is_kept_with_its_reason(desk: TestClient) -> None:
    wanted = {"label": "Kite theft", "definition": "Taking kites."}
    path = "/desk/vocabularies/problem_types"
    answer = send(desk, path, wanted, action=path)
    send_again(desk, answer, {"do": "decline", "why": "Only one case"}, button="Decline")
    with session_scope() as session:
        (row,) = session.exec(select(AuditEntry).where(AuditEntry.action == "terms.declined"))
        assert row.detail["reason"] == "Only one case"


def test_words_searched_in_vain_become_synonyms(desk: TestClient) -> None:
    with session_scope(write=True) as session:
        for _ in range(3):
            gaps.note_gap(session, "flibbing", {})
    answer = send(
        desk, "/desk/vocabularies", {"means": "moped theft", "do": "propose"}, button="Propose"
    )
    assert "also searches moped theft" in answer.text
    assert "means-" not in answer.text
    send_again(desk, answer, {"do": "accept"}, button="Accept")
    assert "moped theft" in desk.get("/search?q=flibbing").text


def test_only_who_may_change_terms_sees_it(client: TestClient) -> None:
    person("ann")
    sign_in(client, "ann")
    assert client.get("/desk/vocabularies").status_code == 403
    assert client.get(TERM).status_code == 403
