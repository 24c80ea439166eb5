"""Nothing that somebody wrote is taken for markup."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index import sync
from index.query import Query
from index.results import FacetResult, FacetValue
from tests.factories import practice
from tests.web.conftest import save
from tests.web.people import parsed
from web.context import environment
from web.facet_boxes import facet_box
from web.labels import Labels

HOSTILE = "<script>alert(1)</script> \"quoted\" 'x' </script><img src=x onerror=alert(2)> {{7*7}}"
FILLED = ("title", "summary", "problem_statement", "mechanism", "learning_do", "response_summary")


@pytest.fixture
def hostile(site: Path) -> str:
    changes = {name: f"{HOSTILE} {name}" for name in FILLED}
    save(
        practice(
            id="hostile",
            keywords=[HOSTILE],
            partners=[{"organisation": HOSTILE}],
            references=[{"citation": HOSTILE}],
            awards=[{"scheme": "tilley", "year": 2005, "category": HOSTILE}],
            licence="ogl-3",
            body=[{"heading": HOSTILE, "text": HOSTILE}],
            suggested_tags=[
                {"field_name": "settings", "code": "home", "because": HOSTILE, "confidence": 0.9}
            ],
            **changes,
        )
    )
    save(practice(id="hostile", fails_if=HOSTILE, **changes))
    sync.sync()
    return "hostile"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/records/hostile",
        "/records/hostile/history?from=1&to=2",
        "/search?q=alert",
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?q=%22%3E%3Cimg+src=x+onerror=alert(2)%3E&problem=%22%3E%3Cimg+src=x%3E",
        "/browse/place?q=%22%3E%3Cimg+src=x%3E",
        "/awards/tilley/2005",
        "/people",
        "/records/%3Cimg%20src=x%3E",
        "/%3Cimg%20src=x%3E",
        "/sources/%3Cimg%20src=x%3E",
        "/people?sector=%22%3E%3Cimg+src=x%3E",
    ],
)
def test_no_markup_comes_through(client: TestClient, hostile: str, path: str) -> None:
    soup = parsed(client.get(path).text)
    for image in soup.find_all("img"):
        assert image["src"].startswith("/assets/")
    for script in soup.find_all("script"):
        assert script.get("src", "").startswith("/assets/") or script["type"] == (
            "application/ld+json"
        )
    assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert "49" not in (soup.find("h1").text if soup.find("h1") else "")


def test_json_ld_keeps_its_text(client: TestClient, hostile: str) -> None:
    import json

    soup = parsed(client.get("/records/hostile").text)
    data = json.loads(soup.find("script", type="application/ld+json").string)
    assert data["headline"] == f"{HOSTILE} title"


def test_values_of_a_filter_are_shown_as_they_are_written() -> None:
    odd = [HOSTILE, '"><b>', "&amp; & 'x'", "a b"]
    made = facet_box(
        FacetResult(
            "source", "Source", [FacetValue(code, "", 1200, selected=True) for code in odd]
        ),
        Query(),
        Labels(sources={odd[0]: odd[1], odd[1]: odd[0]}, schemes={}),
    )
    shown = environment().get_template("parts/facet.html").module.facet(made)
    boxes = parsed(shown).find_all("input", type="checkbox")
    assert [box["value"] for box in boxes] == odd
    assert {box["name"] for box in boxes} == {"source"}
    labels = [parsed(shown).find("label", attrs={"for": box["id"]}).text for box in boxes]
    named = [odd[1], odd[0], *odd[2:]]
    assert labels == [f"{name} (1,200 records)" for name in named]


def test_addresses_that_are_none_are_not_linked(site: Path, client: TestClient) -> None:
    from web.urls import is_web_address

    for odd in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "http://",
        "http://[",
        "",
    ):
        assert not is_web_address(odd), odd
