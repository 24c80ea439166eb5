"""The pages of sources say how far each has come, and librarians tick off what they asked."""

from datetime import UTC, datetime

from sqlmodel import select
from starlette.testclient import TestClient

from kb.audit import AuditEntry
from kb.database import session_scope
from kb.directory.models import SourceRun
from tests.web.people import person, send, sign_in, soup


def main(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return soup(answer).find("main").get_text(" ", strip=True)


def test_nothing_is_called_run_that_was_not(client: TestClient) -> None:
    assert "Built, never run live." in main(client, "/sources/howard-league-community-awards")
    assert "Archive, never run live." in main(client, "/sources/beacon-scheme")
    page = main(client, "/sources/crp-news")
    assert "Directory entry with what to ask." in page
    assert "How it could be brought in" in page
    every = main(client, "/sources")
    assert "Run live" not in every
    assert "In this collection: built, never run live" in every


def test_a_stored_run_over_the_web_is_dated(client: TestClient) -> None:
    with session_scope(write=True) as session:
        for how, outcome in (("live", "done"), ("live", "failed"), ("file", "done")):
            session.add(
                SourceRun(
                    source_id="tilley-awards",
                    started_at=datetime(2026, 3, 5, tzinfo=UTC),
                    outcome=outcome,
                    how=how,
                    counts={"found": 41},
                )
            )
        session.add(
            SourceRun(
                source_id="crimnet",
                started_at=datetime(2026, 3, 6, tzinfo=UTC),
                outcome="failed",
                how="live",
            )
        )
    page = main(client, "/sources/tilley-awards")
    assert "Run live on 5 March 2026. 41 records found on its site" in page
    assert "How often it is to be read Every 30 days" in main(client, "/sources/eucpn")
    failed = main(client, "/sources/crimnet")
    assert "Built, never run live." in failed
    assert "Last tried on 6 March 2026: failed." in failed


def test_a_librarian_ticks_off_what_was_asked(client: TestClient) -> None:
    person("ann")
    sign_in(client, "ann")
    assert client.get("/sources/crp-news/tick").status_code == 403
    assert "by hand" not in main(client, "/sources/crp-news")
    client.cookies.clear()
    person("lib", "librarian")
    sign_in(client, "lib")
    assert "Note that you went through it by hand" in main(client, "/sources/crp-news")
    answer = send(client, "/sources/crp-news/tick", {"note": "Nobody <b>knows</b> it any more."})
    assert "Noted that it was gone through by hand today." in answer.text
    told = client.get("/sources/crp-news").text
    assert "Gone through by hand on" in told
    assert "Nobody &lt;b&gt;knows&lt;/b&gt; it any more." in told
    with session_scope() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry))]
    assert "source.ticked" in actions
    assert client.get("/sources/no-such/tick").status_code == 404
