"""Runs on a source's page: a table that says what came in and what went wrong."""

from datetime import UTC, datetime

from starlette.testclient import TestClient

from kb.database import session_scope
from kb.directory.models import SourceRun
from tests.web.people import soup


def test_runs_stand_in_a_table_with_what_went_wrong(client: TestClient) -> None:
    with session_scope(write=True) as session:
        for day, outcome in ((1, "done"), (2, "failed")):
            session.add(
                SourceRun(
                    source_id="howard-league-community-awards",
                    started_at=datetime(2026, 5, day, tzinfo=UTC),
                    finished_at=datetime(2026, 5, day, tzinfo=UTC),
                    outcome=outcome,
                    how="live",
                    counts={"found": 3, "new": 2, "changed": 1, "same": 0, "broken": 1},
                    problems=[
                        {"kind": "run", "name": "", "reason": "3 records found; too few."},
                        {"kind": "missed", "name": "u1", "reason": "refused by robots: no"},
                        {"kind": "missed", "name": "u2", "reason": "blocked: 403"},
                        {"kind": "page", "name": "u3", "reason": "u3 has changed: a list"},
                        {"kind": "missed", "name": "u4", "reason": "gone: <b>404</b>"},
                        {"kind": "broken", "name": "An item", "reason": "no title"},
                    ],
                )
            )
    answer = client.get("/sources/howard-league-community-awards")
    page = soup(answer)
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.find("table").find_all("tr")
    ]
    assert rows[0][:5] == ["Day", "Read from", "Outcome", "Found", "New"]
    assert rows[1][1:-1] == ["its site", "Failed", "3", "2", "1", "0"]
    assert rows[1][-1] == "1 refused by robots.txt, 1 blocked, 1 layout changed, 2 other"
    assert rows[2][2] == "Done"
    text = page.find("main").get_text(" ", strip=True)
    assert "3 records found; too few." in text
    assert "An item: no title" in text
    assert "<b>404</b>" not in answer.text
