"""Who can help: finding contacts, writing to them unseen, asking whether they are still right."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from index import sync
from kb.audit import AuditEntry
from kb.database import now, session_scope
from kb.directory import contact_checks, contacts, upkeep
from kb.directory.gaps import note_gap
from kb.records import service
from kb.records.models import Record
from tests.factories import practice
from tests.web.conftest import save, the_app
from tests.web.people import (
    csrf,
    filled,
    form_of,
    mails,
    person,
    post,
    send,
    send_again,
    sign_in,
    soup,
)

BOX = "gates@marsh.example.org"
CONTACT = {
    "role": "Alley gate officer",
    "organisation": "Marsh Lane Council",
    "mailbox": BOX,
    "help_offers": ["talk", "visit"],
    "verified_on": "2019-05",
    "state": "confirmed",
}


@pytest.fixture
def helped(site: Path) -> TestClient:
    save(practice(id="helped", title="Gates with somebody to ask", contacts=[CONTACT]))
    save(
        practice(
            id="unlisted",
            title="Gates with nobody to ask",
            contacts=[{**CONTACT, "role": "Ghost officer", "state": "not-listed"}],
        )
    )
    save(
        practice(
            id="hidden-helper", title="Hidden", contacts=[{**CONTACT, "role": "Hidden officer"}]
        ),
        state="draft",
    )
    sync.sync()
    return TestClient(the_app(), raise_server_exceptions=False)


def main(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return soup(answer).find("main").get_text(" ", strip=True)


def test_contacts_are_found_by_problem_place_and_help(helped: TestClient) -> None:
    for address in (
        "/people",
        "/people?problem=burglary&country=gb-eng&offer=visit",
        "/people?q=gates+with+somebody",
    ):
        told = main(helped, address)
        assert "Alley gate officer, Marsh Lane Council" in told
        assert "Not confirmed lately, last May 2019" in told
        assert "Ghost officer" not in told
        assert "Hidden officer" not in told
    assert "0 contacts, 0 organisations for" in main(helped, "/people?offer=speak")
    assert "1 contact, 1 organisation for" in main(helped, "/people?offer=visit")
    assert "Alley gate officer" not in main(helped, "/people?sector=police")
    assert "Alley gate officer" not in main(helped, "/people?problem=arson")


def test_a_contact_without_an_address_has_their_own_page(helped: TestClient) -> None:
    page = "https://www.example.org/gates"
    save(practice(id="paged", contacts=[{"role": "Keeper of gates", "url": page}]))
    found = soup(helped.get("/people")).find("a", href=page)
    assert found.text == "Their own page: Keeper of gates"


def test_no_page_shows_an_address(helped: TestClient) -> None:
    for address in (
        "/people",
        "/records/helped",
        "/records/helped.json",
        "/records/helped.md",
        "/api/v1/records/helped",
        "/records/helped/history",
    ):
        answer = helped.get(address)
        assert answer.status_code == 200, address
        assert BOX not in answer.text, address


def test_a_message_is_passed_on_and_answered_directly(helped: TestClient) -> None:
    assert helped.get("/records/helped/contact/1", follow_redirects=False).status_code == 303
    person("ann")
    sign_in(helped)
    assert "Write to Alley gate officer" in main(helped, "/records/helped")
    page = helped.get("/records/helped/contact/1")
    assert BOX not in page.text
    empty = send_again(helped, page, {"text": " "}, action="/records/helped/contact/1")
    assert empty.status_code == 400
    sent = send_again(
        helped,
        page,
        {"text": "Who keeps the keys?\r\nBcc: x@example.org"},
        action="/records/helped/contact/1",
    )
    assert "on its way" in sent.text
    mail = mails("relay")[0]
    assert (mail.recipient, mail.reply_to) == (BOX, "ann@example.org")
    assert "> Who keeps the keys?" in mail.text
    from kb.alerts.mail import message

    made = message(mail)
    assert made["Reply-To"] == "ann@example.org"
    assert made["Bcc"] is None
    with session_scope() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "contact.relayed")).one()
    assert "keys" not in str(entry.detail)


def test_nobody_is_flooded(helped: TestClient) -> None:
    person("ann")
    sign_in(helped)
    answers = [
        send(
            helped,
            "/records/helped/contact/1",
            {"text": "Again"},
            action="/records/helped/contact/1",
        )
        for _ in range(7)
    ]
    assert answers[-1].status_code == 429
    assert "Again" in answers[-1].text


@pytest.mark.parametrize(
    "address", ["unlisted/contact/1", "hidden-helper/contact/1", "helped/contact/9"]
)
def test_nobody_else_can_be_written_to(helped: TestClient, address: str) -> None:
    person("ann")
    sign_in(helped)
    assert helped.get(f"/records/{address}").status_code == 410


def asked_link(client: TestClient) -> str:
    person("lib", "librarian")
    sign_in(client, "lib")
    assert "Alley gate officer" in main(client, "/desk/upkeep")
    send(client, "/desk/upkeep", action="/desk/upkeep/contacts/helped/1")
    assert "no answer yet" in main(client, "/desk/upkeep")
    client.cookies.clear()
    found = re.search(r"/contacts/\S+", mails("contact_check")[0].text)
    assert found
    return found[0]


def contact_now() -> dict[str, object]:
    with session_scope() as session:
        return service.get(session, "helped").content.contacts[0].model_dump()


def test_one_click_says_still_right(helped: TestClient) -> None:
    link = asked_link(helped)
    assert send(helped, link, action=link).status_code == 400
    done = send(helped, link, {"said": "still-right"}, action=link)
    assert "Thank you" in done.text
    assert contact_now()["verified_on"] == now().date().isoformat()
    assert "Confirmed, last" in main(helped, "/people")
    assert helped.get(link).status_code == 410
    with session_scope() as session:
        assert contact_checks.due(session) == []


def test_a_contact_without_a_mailbox_is_looked_up(helped: TestClient) -> None:
    with session_scope(write=True) as session:
        content = service.get(session, "helped").content
        page = content.contacts[0].model_copy(
            update={"mailbox": "", "url": "https://marsh.example.org/gates", "verified_on": "2020"}
        )
        changed = content.model_copy(update={"contacts": [page]})
        service.save(session, changed, door="form", actor="t", state="published")
    person("lib", "librarian")
    sign_in(helped, "lib")
    shown = soup(helped.get("/desk/upkeep"))
    assert "https://marsh.example.org/gates" in str(shown.find("main"))
    assert shown.find("form", action="/desk/upkeep/contacts/helped/1") is None, "nobody to mail"
    where = "/desk/upkeep/contacts/helped/1/confirm"
    assert "still right" in send(helped, "/desk/upkeep", action=where).text
    assert (contact_now()["state"], contact_now()["verified_on"]) == (
        "confirmed",
        now().date().isoformat(),
    )
    with session_scope() as session:
        assert contact_checks.due(session) == []
    assert post(helped, where.replace("1/", "7/"), [("csrf", csrf(helped))]).status_code == 410


def test_a_contact_hands_over(helped: TestClient) -> None:
    link = asked_link(helped)
    wrong = send(
        helped,
        link,
        {"said": "moved-on", "mailbox": "nonsense", "role": "The gates team"},
        action=link,
    )
    assert wrong.status_code == 400
    assert ("mailbox", "nonsense") in filled(form_of(wrong, action=link))
    assert ("role", "The gates team") in filled(form_of(wrong, action=link))
    given = {"said": "moved-on", "mailbox": "team@marsh.example.org", "role": "The gates team"}
    send(helped, link, given, action=link)
    told = contact_now()
    assert (told["mailbox"], told["role"]) == ("team@marsh.example.org", "The gates team")
    assert "Moved on, team mailbox" in main(helped, "/people")


def test_a_contact_leaves(helped: TestClient) -> None:
    link = asked_link(helped)
    send(helped, link, {"said": "not-listed"}, action=link)
    assert "Alley gate officer" not in main(helped, "/people")
    assert helped.get("/contacts/guessed-token").status_code == 410
    with session_scope() as session:
        versions = service.revisions(session, "helped")
    assert len(versions) == 2


def test_old_records_and_searches_in_vain_are_dealt_with(helped: TestClient) -> None:
    with session_scope(write=True) as session:
        row = session.get(Record, "helped")
        assert row
        row.updated_at = now() - timedelta(days=800)
        session.add(row)
        for _ in range(2):
            note_gap(session, "jet ski nuisance", {"problem": ("asb",)})
    person("lib", "librarian")
    sign_in(helped, "lib")
    told = main(helped, "/desk/upkeep")
    assert "Gates with somebody to ask" in told
    assert "jet ski nuisance" in told
    assert "still right" in send(helped, "/desk/upkeep", action="/desk/upkeep/records/helped").text
    with session_scope() as session:
        assert upkeep.due_for_review(session) == (0, [])
    assert "jet ski" not in send(helped, "/desk/upkeep", action="/desk/upkeep/gaps").text


@pytest.mark.parametrize(
    ("verified", "expected"),
    [
        ("2026-03", "green"),
        ("2025-11", "amber"),
        ("2024", "red"),
        ("", "red"),
        ("2026-11-26", "green"),
    ],
)
def test_the_light_tells_how_long_ago(verified: str, expected: str) -> None:
    assert contacts.light(verified, date(2026, 11, 26)) == expected
