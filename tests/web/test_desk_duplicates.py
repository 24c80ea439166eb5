"""The desk's duplicates: found, compared, kept apart, made one, and old addresses that lead on."""

import pytest
from starlette.testclient import TestClient

from kb import jobs
from kb.database import session_scope
from kb.records import service
from tests.factories import practice
from tests.web.conftest import save
from tests.web.people import person, send, send_again, sign_in, soup


@pytest.fixture
def desk(client: TestClient) -> TestClient:
    person("lib", "librarian")
    save(practice(id="first-gates", title="Iron gates in Dove Street", place={"name": "Dovetown"}))
    save(practice(id="second-gates", title="Iron gates, Dove Street", place={"name": "Dovetown"}))
    return sign_in(client, "lib")


PAIR = "/desk/duplicates/first-gates/second-gates"


def test_pairs_are_found_and_kept_apart_with_the_reason(desk: TestClient) -> None:
    send(desk, "/desk/duplicates", button="Look through")
    jobs.run_due()
    page = desk.get("/desk/duplicates")
    assert PAIR in page.text
    assert "same place" in page.text
    answer = send(desk, PAIR, {"reason": " "}, action=f"{PAIR}/different")
    assert answer.status_code == 400
    assert "Say why they are different" in answer.text
    answer = send(desk, PAIR, {"reason": "Two <b>ends</b>"}, action=f"{PAIR}/different")
    assert "Two &lt;b&gt;ends" in answer.text
    answer = send_again(desk, answer, button="Look at them again")
    assert "open again" in answer.text


def test_two_become_one_and_the_old_address_leads_there(desk: TestClient) -> None:
    answer = send(desk, PAIR, {"pick-title": "gone", "do": "preview"}, action=PAIR)
    assert "What the record will be" in answer.text
    main = " ".join(soup(answer).find("main").get_text(" ").split())
    assert (
        "Title Changes Iron gates, Dove Street The first says now: Iron gates in Dove Street"
        in main
    )
    again = send_again(desk, answer, {"do": "choose"}, action=PAIR)
    assert soup(again).select_one("#title-gone[checked]"), "what was picked stays picked"
    with session_scope() as session:
        assert service.get(session, "second-gates").visible
    answer = send_again(desk, answer, {"do": "merge"}, action=PAIR)
    assert "The two records are one now." in answer.text
    for old, new in (
        ("/records/second-gates", "/records/first-gates"),
        ("/records/second-gates.ris", "/records/first-gates.ris"),
        ("/api/v1/records/second-gates?x=1", "/api/v1/records/first-gates?x=1"),
    ):
        moved = desk.get(old, follow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (301, new)
        assert desk.get(old).status_code == 200
    page = desk.get("/records/first-gates").text
    assert "Iron gates, Dove Street" in page
    assert "also holds what stood at second-gates" in page
    answer = send_again(desk, desk.get("/desk/duplicates"), button="Take it back")
    assert "Both records are what they were." in answer.text
    assert desk.get("/records/second-gates", follow_redirects=False).status_code == 200


def test_two_librarians_at_one_pair(desk: TestClient) -> None:
    opened = send(desk, PAIR, {"pick-title": "gone", "do": "preview"}, action=PAIR)
    save(practice(id="first-gates", title="Iron gates on Dove Street", place={"name": "Dovetown"}))
    answer = send_again(desk, opened, {"do": "merge"}, action=PAIR)
    assert answer.status_code == 409
    assert "was changed since this page was opened" in answer.text
    assert soup(answer).select_one("#title-gone[checked]")
    opened = send_again(desk, answer, {"do": "preview"}, action=PAIR)
    assert "The two records are one now." in send_again(desk, opened, {"do": "merge"}).text
    late = send_again(desk, opened, {"do": "merge"}, action=PAIR)
    assert "One of the two is no longer there" in late.text
    assert "Take it back" in late.text
    assert desk.get("/desk/duplicates/first-gates/first-gates").status_code == 404


def test_a_record_merged_into_a_hidden_one_tells_nothing(desk: TestClient) -> None:
    answer = send(desk, PAIR, {"do": "preview"}, action=PAIR)
    send_again(desk, answer, {"do": "merge"}, action=PAIR)
    with session_scope(write=True) as session:
        service.set_state(session, "first-gates", "published", actor="t", restricted=True)
    answer = desk.get("/records/second-gates", follow_redirects=False)
    assert answer.status_code == 404
    assert "first-gates" not in answer.text


def test_only_who_may_edit_decides(client: TestClient) -> None:
    person("ann")
    sign_in(client, "ann")
    assert client.get("/desk/duplicates").status_code == 403
    assert client.get(PAIR).status_code == 403
