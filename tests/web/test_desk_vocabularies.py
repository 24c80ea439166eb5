"""The vocabulary desk on the site: a proposal, what it touches, its acceptance, and back."""

import pytest
from starlette.testclient import TestClient

from kb.database import session_scope
from kb.directory import gaps
from kb.vocabularies import vocabulary
from tests.web.people import person, send, send_again, sign_in

TERM = "/desk/vocabularies/problem_types/burglary-dwelling"


@pytest.fixture
def desk(client: TestClient) -> TestClient:
    person("lib", "librarian")
    return sign_in(client, "lib")


def test_a_label_is_proposed_seen_with_what_it_touches_and_accepted(desk: TestClient) -> None:
    page = desk.get(TERM)
    assert "Alley gates in Hill Street" in page.text
    answer = send(
        desk, TERM, {"do": "rename", "label": "Break-ins <at> home", "reason": "Plainer"},
        button="Propose the label",
    )  # fmt: skip
    assert "Break-ins &lt;at&gt; home" in answer.text
    assert "Alley gates in Hill Street" in answer.text
    assert vocabulary("problem_types").label("burglary-dwelling") != "Break-ins <at> home"
    answer = send_again(desk, answer, {"do": "accept"}, button="Accept")
    assert vocabulary("problem_types").label("burglary-dwelling") == "Break-ins <at> home"
    assert "Break-ins &lt;at&gt; home" in desk.get("/records/alley-gates").text
    answer = send_again(desk, answer, {"do": "take-back"}, button="Take it back")
    assert vocabulary("problem_types").label("burglary-dwelling") != "Break-ins <at> home"


def test_a_wrong_proposal_is_told_and_keeps_what_was_typed(desk: TestClient) -> None:
    path = "/desk/vocabularies/problem_types"
    answer = send(desk, path, {"label": "Burglary", "definition": "Mine"}, action=path)
    assert answer.status_code == 400
    assert "goes by that name already" in answer.text
    assert 'value="Mine"' in answer.text
    answer = send(desk, TERM, {"do": "merge", "into": "nothing"}, button="Propose the merge")
    assert answer.status_code == 400
    assert desk.get("/desk/vocabularies/countries").status_code == 404
    assert desk.get("/desk/vocabularies/problem_types/nothing").status_code == 404
    turtle = desk.get("/desk/vocabularies/cost_bands.ttl")
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert "skos:prefLabel" in turtle.text


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
