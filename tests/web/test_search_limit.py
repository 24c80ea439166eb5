"""Searching faster than anybody reads ends in a page that says what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.conftest import _forget
from tests.web.people import person, sign_in, soup
from web.search_limit import SearchLimit


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_fine_and_then_one_at_a_time() -> None:
    clock = Clock()
    limit = SearchLimit(clock)
    assert [limit.take("a", 3) for _ in range(3)] == [0, 0, 0]
    assert limit.take("a", 3) == 20
    assert limit.take("b", 3) == 0
    clock.now = 19
    assert limit.take("a", 3) == pytest.approx(1)
    clock.now = 20
    assert limit.take("a", 3) == 0
    assert limit.take("a", 3) == pytest.approx(20)
    clock.now = 10_000
    assert [limit.take("a", 3) > 0 for _ in range(4)] == [False, False, False, True]


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 20))
def test_never_more_than_the_burst_and_the_rate(pauses: list[float], most: int) -> None:
    clock = Clock()
    limit = SearchLimit(clock)
    ran = 0
    for pause in pauses:
        clock.now += pause
        wait = limit.take("a", most)
        assert 0 <= wait <= 60 / most + 1e-6
        ran += wait == 0
    assert ran <= most + clock.now * most / 60 + 1e-6


@pytest.fixture
def few(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("KB_SEARCHES_PER_MINUTE", "2")
    _forget()
    return client


@pytest.mark.parametrize("path", ["/search", "/api/v1/search", "/feeds/search.atom"])
def test_too_many(few: TestClient, path: str) -> None:
    assert [few.get(f"{path}?q=gates").status_code for _ in range(3)] == [200, 200, 429]
    refused = few.get(f"{path}?q=gates")
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    if path.startswith("/api/"):
        said = refused.json()["error"]
        assert said["status"] == 429
        assert "Retry-After" in said["detail"]
    else:
        page = soup(refused)
        assert page.h1.text == "Too many searches"
        assert "sign in" in page.main.text
    assert few.get("/records/alley-gates").status_code == 200


def test_an_account_is_counted_by_itself(few: TestClient) -> None:
    for _ in range(3):
        few.get("/search?q=gates")
    person("ann")
    sign_in(few)
    assert few.get("/search?q=gates").status_code == 200
    few.get("/search?q=gates")
    refused = few.get("/search?q=gates")
    assert refused.status_code == 429
    assert "share one connection" not in refused.text


def test_it_can_be_turned_off(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_SEARCHES_PER_MINUTE", "0")
    _forget()
    assert {client.get("/api/v1/search?per_page=1").status_code for _ in range(10)} == {200}
