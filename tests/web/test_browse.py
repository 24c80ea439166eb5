"""Every value of a facet, in several orders and as a table."""

import csv
import io
from collections.abc import Callable

from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from index import sync
from tests.factories import practice
from tests.web.conftest import save

Page = Callable[..., BeautifulSoup]


def table(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def shown(soup: BeautifulSoup) -> list[str]:
    return [line.find("a").text for line in soup.select("ul.sp-values li")]


def test_values_come_from_a_to_z_or_the_fullest_first(page: Page) -> None:
    labels = shown(page("/browse/problem?order=a-z"))
    assert labels == sorted(labels, key=str.casefold)
    assert {"Burglary", "Burglary of homes"} <= set(labels)
    lines = page("/browse/problem?order=count").select("ul.sp-values li span")
    counts = [int(line.text.strip("()")) for line in lines]
    assert counts == sorted(counts, reverse=True)
    current = page("/browse/problem?order=nonsense").select_one("ul.sp-sort [aria-current]")
    assert current.text == "By broader term"


def test_the_table_holds_what_the_page_counts(client: TestClient, page: Page) -> None:
    rows = table(client, "/browse/problem.csv")
    held = {row["label"]: row["records"] for row in rows}
    lines = page("/browse/problem?order=a-z").select("ul.sp-values li")
    assert held == {line.find("a").text: line.find("span").text.strip("()") for line in lines}
    homes = next(row for row in rows if row["code"] == "burglary-dwelling")
    assert homes["broader"] == "Burglary"
    found = client.get(homes["address"]).text
    assert f"{homes['records']} record" in found
    within = table(client, "/browse/problem.csv?q=alley&exact=1")
    assert {row["label"] for row in within} < set(held)


def test_a_table_runs_nothing_and_needs_a_facet(client: TestClient) -> None:
    place = {"name": "x", "country": "gb-eng", "local_authority": "=cmd()"}
    save(practice(id="formula", title="Formula", place=place))
    sync.sync()
    assert "'=cmd()" in [row["label"] for row in table(client, "/browse/place.csv")]
    assert client.get("/browse/nothing.csv").status_code == 404


def test_a_filter_that_there_is_not_is_said(page: Page) -> None:
    text = page("/browse/response?problem=bogus").find("main").text
    assert "“bogus” is not one of the choices of “Problem”" in text
    assert "No record of these has a value here" in text
