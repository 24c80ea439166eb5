"""Errors: the right status, a page that helps, JSON for programs."""

import shutil
from pathlib import Path

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from index import errors as index_errors
from kb import errors as kb_errors
from kb.records.errors import RecordNotFound
from tests.web.conftest import the_app
from tests.web.people import parsed
from web.app import create_app
from web.errors import PageNotFound, answer_to
from web.security import HEADERS


@pytest.mark.parametrize(
    "path",
    [
        "/nothing-here",
        "/records/nothing-here",
        "/records/alley-gates.nothing",
        "/records/UPPER%20case",
        "/records/" + "a" * 300,
        "/sources/nothing-here",
        "/awards/nothing-here",
        "/awards/goldstein/1800",
        "/browse/nothing-here",
    ],
)
def test_not_found_helps(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    soup = parsed(answer.text)
    assert soup.find("main").find("input", attrs={"name": "q"})
    assert soup.find("main").find("a", href="/sources")
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"


@pytest.mark.parametrize(
    ("referer", "leads_back"),
    [
        ("http://testserver/sources?q=a%22b", "/sources?q=a%22b"),
        ("https://elsewhere.example/sources", None),
        ("http://testserver//elsewhere.example/", None),
        ("", None),
    ],
)
def test_a_refused_form_leads_back_to_its_page(
    client: TestClient, referer: str, leads_back: str | None
) -> None:
    answer = client.post("/desk/records/nothing", headers={"referer": referer})
    assert answer.status_code == 403
    link = parsed(answer.text).find("a", string="Back to the page you came from")
    assert (link["href"] if link else None) == leads_back


def test_api_errors_are_json(client: TestClient) -> None:
    answer = client.get("/api/v1/records/nothing-here")
    assert answer.json() == {
        "error": {
            "status": 404,
            "title": "Record not found",
            "detail": "There is no record at this address.",
        }
    }
    bad = client.get("/api/v1/records?page=0")
    assert bad.status_code == 400
    assert "page" in bad.json()["error"]["detail"]


def test_without_an_index_records_can_still_be_read(site: Path) -> None:
    shutil.rmtree(site / "index")
    with TestClient(the_app(), raise_server_exceptions=False) as client:
        assert client.get("/search?q=alley").status_code == 503
        assert client.get("/browse/problem").status_code == 503
        assert client.get("/api/v1/search").status_code == 503
        for path in ("/", "/records/alley-gates", "/sources/beacon-scheme", "/awards", "/people"):
            assert client.get(path).status_code == 200, path


def test_without_a_store_every_page_says_so(home: Path) -> None:
    with TestClient(the_app(), raise_server_exceptions=False) as client:
        for path in ("/", "/records/alley-gates", "/sources", "/api/v1/records"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert "cannot be reached" in answer.text
            assert "no such table" not in answer.text


def test_our_own_fault_tells_nothing_inside(site: Path) -> None:
    app = create_app()
    router = APIRouter()

    @router.get("/broken")
    def broken() -> None:
        raise RuntimeError("the secret path /srv/secret")

    app.include_router(router)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_the_table_answers_every_known_error() -> None:
    assert answer_to(RecordNotFound("x")).status == 404
    assert answer_to(PageNotFound("x")).status == 404
    assert answer_to(kb_errors.InputInvalid("x")).status == 400
    assert answer_to(kb_errors.StoreUnavailable("x")).status == 503
    assert answer_to(index_errors.IndexMissing("x")).status == 503
    assert answer_to(kb_errors.KbError("x")).status == 500
    assert answer_to(ValueError("x")).status == 500
