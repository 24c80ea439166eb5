"""Drafts, withdrawn and restricted records never show, wherever one looks."""

import pytest
from starlette.testclient import TestClient

from index import sync
from tests.web.conftest import HIDDEN_STATES, PAGES, SECRET, set_state

HIDDEN = [*(f"hidden-{state}" for state in HIDDEN_STATES), "restricted"]
LISTS = (
    *PAGES,
    f"/search?q={SECRET}",
    f"/search?q={SECRET}&exact=1",
    "/search?award=tilley:winner",
    "/browse/award",
    "/awards/tilley",
    "/api/v1/records?per_page=100",
    f"/api/v1/search?q={SECRET}",
    "/api/v1/search?per_page=100",
    "/api/v1/records/alley-gates/related?limit=20",
    "/sitemap.xml",
    "/healthz",
    "/records/alley-gates-again.json",
)


@pytest.mark.parametrize("record_id", HIDDEN)
def test_hidden_record_is_not_there(client: TestClient, record_id: str) -> None:
    for path in (
        f"/records/{record_id}",
        f"/records/{record_id}.json",
        f"/records/{record_id}.docx",
        f"/records/{record_id}/history",
        f"/api/v1/records/{record_id}",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert SECRET not in answer.text, path


def test_only_a_withdrawn_record_says_that_it_was(client: TestClient) -> None:
    assert "was withdrawn" in client.get("/records/hidden-withdrawn").text
    assert "was withdrawn" not in client.get("/records/hidden-draft").text
    unknown = client.get("/records/never-was").text
    assert client.get("/records/restricted").text == unknown.replace("never-was", "restricted")


@pytest.mark.parametrize("path", LISTS)
def test_lists_do_not_name_hidden_records(client: TestClient, path: str) -> None:
    text = client.get(path).text
    # The words that were searched for are said again; nothing else may hold them.
    for said in (f"={SECRET}", f"%3D{SECRET}", f"“{SECRET}”", f'"{SECRET}"'):
        text = text.replace(said, "")
    text = text.replace(f"<title>{SECRET} (search)", "")
    assert SECRET not in text
    for record_id in HIDDEN:
        assert f"records/{record_id}" not in text


def test_a_round_of_hidden_entries_is_not_there(client: TestClient) -> None:
    assert client.get("/awards/tilley/2007").status_code == 404
    assert "2007" not in client.get("/awards/tilley").text


def test_hidden_before_the_index_knows(client: TestClient) -> None:
    set_state("alley-gates", "published", restricted=True)
    for path in ("/search?q=alley+gates", "/api/v1/search?q=alley+gates", "/"):
        assert '/records/alley-gates"' not in client.get(path).text.replace("&#34;", '"'), path
    title = "Alley gates against burglary in Marsh Lane"
    assert title not in client.get("/records/alley-gates-again").text
    sync.sync()
    assert title not in client.get("/search?q=alley+gates").text
