"""robots.txt, sitemap, search description, health and figures."""

import shutil
from pathlib import Path
from urllib.robotparser import RobotFileParser

from lxml import etree
from starlette.testclient import TestClient

from index.facets import FACETS
from tests.web.conftest import PAGES, the_app
from tests.web.people import parsed


def test_robots_keep_out_of_filter_combinations(client: TestClient) -> None:
    text = client.get("/robots.txt").text
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    assert parser.can_fetch("anybot", "/records/alley-gates")
    assert parser.can_fetch("anybot", "/search?q=alley")
    for facet in FACETS:
        assert not parser.can_fetch("anybot", f"/search?{facet.name}=x")
        assert f"Disallow: /search?*&{facet.name}=" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_sitemap_lists_what_everybody_may_see(client: TestClient) -> None:
    tree = etree.fromstring(client.get("/sitemap.xml").content)
    places = tree.xpath("//*[local-name()='loc']/text()")
    assert "http://testserver/records/alley-gates" in places
    assert "http://testserver/awards/goldstein/2001" in places
    for place in places:
        assert client.get(place.removeprefix("http://testserver")).status_code == 200, place


def test_sitemap_has_every_page_that_says_it_may_be_found(client: TestClient) -> None:
    tree = etree.fromstring(client.get("/sitemap.xml").content)
    places = set(tree.xpath("//*[local-name()='loc']/text()"))
    for path in PAGES:
        page = parsed(client.get(path).text)
        told = page.find("meta", attrs={"name": "robots"})
        own = page.find("link", rel="canonical")
        if "?" in path or path.startswith("/records/"):
            continue
        if own and not (told and "noindex" in told["content"]):
            assert own["href"] in places, f"name {path} in web/site_files.py"


def test_search_description(client: TestClient) -> None:
    tree = etree.fromstring(client.get("/opensearch.xml").content)
    assert tree.xpath("//*[local-name()='Url']/@template") == [
        "http://testserver/search?q={searchTerms}"
    ]


def test_health(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["store"]["records"] == told["index"]["records"] > 0
    assert told["index"]["age_seconds"] >= 0


def test_health_names_what_is_wrong(site: Path) -> None:
    shutil.rmtree(site / "index")
    with TestClient(the_app()) as client:
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "kb index rebuild" in answer.json()["index"]["reason"]
    assert answer.json()["store"]["ok"] is True


def test_figures_are_by_route(client: TestClient) -> None:
    client.get("/records/alley-gates")
    text = client.get("/metrics").text
    assert 'kb_requests_total{route="/records/{name}",status="200"}' in text
    assert "alley-gates" not in text


def test_head_answers_wherever_get_does(client: TestClient) -> None:
    for path in ("/", "/records/alley-gates", "/api/v1/records", "/healthz", "/robots.txt"):
        asked, got = client.head(path), client.get(path)
        assert asked.status_code == got.status_code, path
        assert asked.content == b""
        assert asked.headers["content-type"] == got.headers["content-type"]


def test_a_year_that_is_none_is_not_found(client: TestClient) -> None:
    answer = client.get("/awards/goldstein/abc")
    assert answer.status_code == 404
    assert "parse" not in answer.text
