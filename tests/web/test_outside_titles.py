"""A page noted by its address gets its title by a polite job, or keeps its address."""

from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from kb import jobs
from kb.database import session_scope
from kb.trails.models import Trail
from tests.conftest import _forget
from tests.crawlers.site import Answer, Site, html, serving
from tests.web.people import person, send, sign_in
from tests.web.test_trails import main, start

TITLE = "Gates & alleys <in> Marsh"


@pytest.fixture
def elsewhere(site: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Another site, and a crawler that may ask it."""
    with serving() as served:
        monkeypatch.setenv("KB_CRAWLER_CONTACT", "crawl@example.org")
        monkeypatch.setenv("KB_CRAWLER_ALLOW", served.host)
        monkeypatch.setenv("KB_CRAWLER_DELAY", "0")
        _forget()
        title = "Gates &amp; alleys &lt;in&gt; Marsh"
        served.routes["/gates"] = html(
            f"<html><head><title>{title}</title></head><body><p>Text.</p></body></html>"
        )
        served.routes["/scripts"] = html(f"<html><title>\n{title}</title><body></body></html>")
        yield served


def noted(client: TestClient, trail: str, url: str, **more: str) -> str:
    """Note an address, let the worker do its work, and read the results."""
    answer = send(client, f"{trail}/results", {"url": url, **more}, action=f"{trail}/results")
    assert answer.status_code == 200
    jobs.run_due()
    return main(client.get(f"{trail}/results"))


def test_the_title_is_fetched(elsewhere: Site, client: TestClient) -> None:
    person("ann")
    trail = start(sign_in(client))
    assert elsewhere.paths() == []
    assert TITLE in noted(client, trail, elsewhere.url("/gates"))
    assert elsewhere.paths() == ["/gates"]
    assert "/robots.txt" in elsewhere.counts(), "it asks whether it may"
    assert "SaferPracticeBot" in elsewhere.headers_of("/gates")[0]["user-agent"]


def test_a_page_that_scripts_fill_has_a_title_too(elsewhere: Site, client: TestClient) -> None:
    person("ann")
    assert TITLE in noted(client, start(sign_in(client)), elsewhere.url("/scripts"))


def test_what_somebody_wrote_stays(elsewhere: Site, client: TestClient) -> None:
    person("ann")
    trail = start(sign_in(client))
    assert TITLE not in noted(client, trail, elsewhere.url("/gates"), title="My own words")
    assert elsewhere.paths() == []
    url = {"url": elsewhere.url("/gates")}
    send(client, f"{trail}/results", url, action=f"{trail}/results")
    with session_scope() as session:
        found = session.exec(select(Trail)).one().state["results"]
    number = next(key for key, value in found.items() if not value.get("title"))
    address = f"{trail}/results?edit={number}"
    send(client, address, {"title": "Named meanwhile"}, action=f"{trail}/results")
    jobs.run_due()
    told = main(client.get(f"{trail}/results"))
    assert "Named meanwhile" in told
    assert TITLE not in told


@pytest.mark.parametrize("why", ["forbidden", "gone", "inside", "picture"])
def test_the_address_stands_where_there_is_no_title(
    elsewhere: Site, client: TestClient, why: str
) -> None:
    person("ann")
    trail = start(sign_in(client))
    url = elsewhere.url("/gates")
    if why == "forbidden":
        elsewhere.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
    elif why == "gone":
        url = elsewhere.url("/nothing")
    elif why == "picture":
        elsewhere.routes["/gates"] = Answer(
            b"\x89PNG\r\n\x1a\n", headers={"Content-Type": "image/png"}
        )
    else:
        url = "http://127.0.0.1:1/secret"
    assert url in noted(client, trail, url)
    assert jobs.failed() == []
    with session_scope() as session:
        assert session.exec(select(jobs.Job).where(jobs.Job.state == "queued")).all() == []


def test_nobody_unknown_can_make_the_site_fetch(elsewhere: Site, client: TestClient) -> None:
    trail = start(client)
    assert elsewhere.url("/gates") in noted(client, trail, elsewhere.url("/gates"))
    assert elsewhere.asked == []
