"""The residents' page: plain words, early steps first, and only what everybody may see."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index import sync
from tests.factories import practice
from tests.web.conftest import SECRET, save, the_app
from tests.web.people import parsed


@pytest.fixture
def told(site: Path) -> TestClient:
    """A site with an early step that residents led, and one that agencies took later."""
    save(
        practice(
            id="agency-led",
            title="Patrols against litter",
            summary="Litter litter litter: wardens patrolled the park.",
            intervention_levels=["high-risk"],
        )
    )
    save(
        practice(
            id="resident-led",
            title="Neighbours clear the park",
            summary="Neighbours met each month and cleared litter from the park.",
            intervention_levels=["prevention"],
            community_role="empower",
            community_assets="A gardening club lent its tools.",
            lead_time_months=1,
        )
    )
    sync.sync()
    return TestClient(the_app())


def titles(client: TestClient, address: str) -> list[str]:
    page = parsed(client.get(address).text)
    return [one.text for one in page.select("main li.sp-hit h3")]


def test_early_steps_that_residents_led_come_first(told: TestClient) -> None:
    found = titles(told, "/residents?q=litter")
    assert found.index("Neighbours clear the park") < found.index("Patrols against litter")
    text = told.get("/residents?q=litter").text
    assert "A gardening club lent its tools." in text
    assert "People made the decisions themselves." in text
    assert "About 1 month to prepare" in text


def test_without_words_it_shows_where_people_had_the_say(told: TestClient) -> None:
    assert titles(told, "/residents")[0] == "Neighbours clear the park"


def test_hidden_work_is_not_told(told: TestClient) -> None:
    assert not [one for one in titles(told, f"/residents?q={SECRET}") if SECRET in one]
    assert SECRET not in told.get("/residents").text


@pytest.mark.parametrize("text", ["%00", '"(', "a" * 5000, "%F0%9F%98%80", "<script>"])
def test_any_words_are_answered(told: TestClient, text: str) -> None:
    answer = told.get(f"/residents?q={text}")
    assert answer.status_code in (200, 400)
    assert "<script>" not in answer.text.replace("<script src", "")
