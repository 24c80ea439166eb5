"""The page about links: for librarians only, with what can be done; and the badge on a record."""

from datetime import date, timedelta

from starlette.testclient import TestClient

from kb.database import now, session_scope
from kb.directory import links, presence
from kb.directory.links import Look
from kb.records import service
from tests.factories import entry, practice
from tests.web.conftest import save
from tests.web.people import filled, form_of, person, sign_in, soup

MOVED = "https://moved.example.org/old"
NEW = "https://moved.example.org/new"
GONE = "https://gone.example.org/entry"


def noted(url: str, *looks: Look) -> None:
    """Looks at one address, each three days after the one before."""
    for number, look in enumerate(looks):
        with session_scope(write=True) as session:
            row = links.note(session, url, look)
            if number < len(looks) - 1:
                row.failed_first = row.failed_first and now() - timedelta(days=3)
                session.add(row)


def test_only_librarians_see_or_use_it(client: TestClient) -> None:
    assert client.get("/desk/links", follow_redirects=False).status_code in (303, 401)
    person("ann")
    sign_in(client, "ann")
    assert client.get("/desk/links").status_code == 403


def test_a_librarian_takes_over_a_moved_address(client: TestClient) -> None:
    record_id = save(practice(id="moved-link", title="Moved link", website=MOVED))
    noted(MOVED, Look("moved", moved_to=NEW))
    person("lib", "librarian")
    sign_in(client, "lib")
    page = client.get("/desk/links")
    text = soup(page).find("main").get_text(" ", strip=True)
    assert MOVED in text
    assert f"Now at {NEW}" in text
    form = form_of(page, "/desk/links/move")
    answer = client.post("/desk/links/move", data=dict(filled(form)))
    assert answer.status_code == 200
    assert "Nothing needs you now" in answer.text
    with session_scope() as session:
        assert service.get(session, record_id).content.website == NEW


def test_pages_that_read_otherwise_are_listed_apart(client: TestClient) -> None:
    save(practice(id="changed-link", title="Changed link", website=NEW))
    noted(NEW, Look("ok", content_hash="a"), Look("ok", content_hash="b"))
    person("lib", "librarian")
    sign_in(client, "lib")
    text = soup(client.get("/desk/links")).find("main").get_text(" ", strip=True)
    before, _, after = text.partition("Changed at their own place")
    assert "Nothing needs you now" in before
    assert NEW in after
    assert "Changed link" in after


def test_a_record_says_that_its_original_is_gone_and_keeps_its_copy(client: TestClient) -> None:
    source = {"source": "pop-datasets", "external_id": "lost", "original_url": GONE}
    record_id = save(
        entry(title="Lost Original", provenance=[source]),
        door="harvest",
        state="published-unverified",
    )
    noted(GONE, Look("gone", "404"))
    assert "The original is gone" not in client.get(f"/records/{record_id}").text
    noted(GONE, Look("gone", "404"), Look("gone", "404"))
    page = soup(client.get(f"/records/{record_id}"))
    text = page.find("main").get_text(" ", strip=True)
    assert "The original is gone" in text
    assert page.find("a", href=f"https://web.archive.org/web/2/{GONE}")


def test_a_record_says_that_its_source_tells_it_no_more(client: TestClient) -> None:
    items = {"source": "pop-datasets", "original_url": "https://dropped.example.org/"}
    record_id = ""
    for name in ("kept", "dropped"):
        item = {**items, "external_id": name}
        content = entry(title="Dropped By Its Source", provenance=[item])
        record_id = save(content, door="harvest", state="published-unverified")

    def told(*gone: str) -> str:
        with session_scope(write=True) as session:
            for name in gone:
                presence.note_gone(session, "pop-datasets", name, date(2026, 5, 1), actor="test")
        return client.get(f"/records/{record_id}").text

    assert "No longer at its source" not in told("kept")
    # Both items went into the one record: only now does the source say nothing of it.
    assert "has not listed this since 1 May 2026" in told("dropped")
