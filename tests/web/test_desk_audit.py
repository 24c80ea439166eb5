"""The log of changes: what it shows, to whom, and that it outlives an erased account."""

import csv
import io

from starlette.testclient import TestClient

from kb.accounts import personal_data
from kb.audit import note_change
from kb.database import session_scope
from tests.web.entries import begin, fill, send_in
from tests.web.people import person, sign_in, soup


def note(subject: str, actor: str = "a test", kind: str = "record", **detail: object) -> None:
    with session_scope(write=True) as session:
        note_change(
            session,
            actor=actor,
            action=f"{kind}.changed",
            subject_type=kind,
            subject_id=subject,
            **detail,
        )


def shown(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return soup(answer).find("main").get_text(" ", strip=True)


def test_only_those_who_look_after_the_collection_see_it(client: TestClient) -> None:
    assert client.get("/desk/audit", follow_redirects=False).status_code in (303, 401)
    person("ann")
    sign_in(client, "ann")
    for address in ("/desk/audit", "/desk/audit.csv"):
        assert client.get(address).status_code == 403


def test_a_librarian_narrows_the_log_and_takes_it_away(client: TestClient) -> None:
    person("lib", "librarian")
    sign_in(client, "lib")
    note("alley-gates", reason="=1+1 was mistyped")
    note("nuisance-motels-chula-vista")
    everything = shown(client, "/desk/audit")
    assert "alley-gates" in everything
    assert "Reason: =1+1 was mistyped" in everything
    one = shown(client, "/desk/audit?kind=record&subject=alley-gates&who=a+test")
    assert "nuisance" not in one
    assert "No change fits" in shown(client, "/desk/audit?since=1999-01-01&until=1999-12-31")
    assert "is no day" in shown(client, "/desk/audit?since=yesterday&before=%C2%B2")
    assert "alley-gates" in shown(client, "/desk/audit?since=0001-01-01&until=9999-12-31")
    assert "alley-gates" in shown(client, f"/desk/audit?before={'9' * 18}")
    assert "alley-gates" in shown(client, f"/desk/audit?before={'9' * 30}"), "no such entry"
    table = list(csv.reader(io.StringIO(client.get("/desk/audit.csv?subject=alley-gates").text)))
    assert table[0] == ["at", "who", "action", "kind", "subject", "detail"]
    assert {row[4] for row in table[1:]} == {"alley-gates"}


def test_what_a_change_was_about_is_a_link_unless_it_is_a_draft(client: TestClient) -> None:
    person("ann")
    sign_in(client, "ann")
    draft, sent = begin(client), begin(client)
    for path in (draft, sent):
        fill(client, path, title=f"Secret of {path[-4:]}")
    send_in(client, sent)
    person("lib", "librarian")
    client.cookies.clear()
    sign_in(client, "lib")
    note("alley-gates", before="draft", after="published", reason="Ready")
    note("problem_types:burglary", kind="term")
    page = soup(client.get("/desk/audit")).find("main")
    assert page.find("a", string="Alley gates against burglary in Marsh Lane")
    assert "Reason: Ready; From: draft to published" in page.get_text(" ", strip=True)
    number = sent.rpartition("/")[2]
    assert page.find("a", href=f"/desk/reviews/{number}").text == f"Secret of {sent[-4:]}"
    assert f"Secret of {draft[-4:]}" not in page.text
    assert page.find("a", href="/desk/vocabularies/problem_types/burglary")


def test_private_matters_are_not_told(client: TestClient) -> None:
    person("lib", "librarian")
    person("boss", "admin")
    note("0123456789abcdef", kind="trail", title="Secret quokkas")
    sign_in(client, "lib")
    for address in ("/desk/audit", "/desk/audit?kind=trail", "/desk/audit.csv?kind=account"):
        text = client.get(address).text
        assert "0123456789abcdef" not in text
        assert "account." not in text
    client.cookies.clear()
    sign_in(client, "boss")
    text = client.get("/desk/audit?kind=trail").text
    assert "0123456789abcdef" in text
    assert "quokkas" not in text
    accounts = soup(client.get("/desk/audit?kind=account")).find("main")
    assert accounts.find("a", string="Lib")["href"].startswith("/account/people/")


def test_older_entries_are_a_link_away(client: TestClient) -> None:
    person("lib", "librarian")
    sign_in(client, "lib")
    with session_scope(write=True) as session:
        for number in range(150):
            note_change(
                session,
                actor="a test",
                action="record.changed",
                subject_type="record",
                subject_id=f"r{number}",
            )
    first = client.get("/desk/audit?kind=record")
    older = client.get(soup(first).find("a", string="Older changes")["href"])
    both = [
        {link.text for link in soup(page).select("main li.sp-entry a")} for page in (first, older)
    ]
    assert "r149" in both[0]
    assert "r49" in both[1]
    assert not both[0] & both[1] - {"alley-gates"}


def test_the_log_outlives_an_erased_account(client: TestClient) -> None:
    gone = person("gone", "librarian")
    note("alley-gates", actor=f"account:{gone}", why="tidied")
    with session_scope(write=True) as session:
        personal_data.erase(session, gone)
    person("lib", "librarian")
    sign_in(client, "lib")
    told = shown(client, "/desk/audit?subject=alley-gates&kind=record")
    assert "Why: tidied" in told
    assert "Gone" not in told
