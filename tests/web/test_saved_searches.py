"""Saved searches: keeping them, news, mails, the way out of mails, and feeds."""

from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from sqlmodel import select
from starlette.testclient import TestClient

from index import sync
from kb import jobs
from kb.alerts import commands as alerts
from kb.cli import cli
from kb.database import now, session_scope
from kb.trails.models import SavedSearch
from tests.factories import practice
from tests.web.conftest import save, set_state, the_app
from tests.web.people import mails, person, send, send_again, sign_in, soup
from tests.web.test_trails import main
from web.running import run_search

Browser = Callable[[], TestClient]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def browsers(site: object) -> Browser:
    app = the_app()
    return lambda: TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def ann(browsers: Browser) -> TestClient:
    person("ann")
    return sign_in(browsers())


def keep(client: TestClient, frequency: str = "daily") -> None:
    results = soup(client.get("/search?q=alley+gates&exact=1&problem=burglary-dwelling"))
    link = results.find("a", string=lambda text: text and text.startswith("Save this search"))
    answer = send(client, link["href"], {"name": "Gates", "frequency": frequency}, button="Save")
    assert "The search was saved." in answer.text


def make_due() -> None:
    with session_scope(write=True) as session:
        for row in session.exec(select(SavedSearch)):
            row.due_at = now() - timedelta(seconds=1)
            session.add(row)


def add_record(name: str = "newest") -> None:
    save(practice(id=name, title=f"Alley gates, {name}"))
    sync.sync()


def test_a_search_is_kept_as_it_was(ann: TestClient) -> None:
    keep(ann)
    page = soup(ann.get("/account/searches"))
    href = page.find("h3").a["href"]
    assert href == "/search?q=alley+gates&problem=burglary-dwelling&exact=1"
    assert "Nothing new since" in page.text


def test_visitors_are_asked_to_sign_in(browsers: Browser) -> None:
    results = soup(browsers().get("/search?q=alley"))
    assert results.find("a", string=lambda text: text and text.startswith("Sign in to save"))
    assert browsers().get("/account/searches").url.path == "/account/sign-in"


def test_a_name_is_needed(ann: TestClient) -> None:
    answer = send(ann, "/account/searches/new?q=alley", {"name": ""}, button="Save")
    assert answer.status_code == 400
    assert "The search was saved" in send_again(ann, answer, {"name": "A"}, button="Save").text


def test_news_on_the_site(ann: TestClient) -> None:
    keep(ann, "none")
    add_record()
    assert "Alley gates, newest" in main(ann.get("/account/searches"))
    send(ann, "/account/searches", button="Mark as read")
    assert "Alley gates, newest" not in main(ann.get("/account/searches"))
    send(ann, "/account/searches", button="Delete")
    assert "None yet" in main(ann.get("/account/searches"))


def test_a_mail_tells_what_is_new_once(ann: TestClient, browsers: Browser) -> None:
    keep(ann)
    assert alerts.send_due(run_search).due == 0
    add_record()
    make_due()
    sent = alerts.send_due(run_search)
    assert (sent.due, sent.mails, sent.problems) == (1, 1, ())
    found = mails("digest")
    assert len(found) == 1
    assert "Alley gates, newest" in found[0].text
    assert "/records/newest" in found[0].html
    make_due()
    assert alerts.send_due(run_search).mails == 0
    path = found[0].unsubscribe.partition("8000")[2]
    stranger = browsers()
    asked = stranger.get(path)
    assert "Stop these mails?" in asked.text
    with session_scope() as session:
        assert session.exec(select(SavedSearch.frequency)).one() == "daily"
    one_click = stranger.post(path, content="List-Unsubscribe=One-Click")
    assert one_click.status_code == 200
    with session_scope() as session:
        assert session.exec(select(SavedSearch.frequency)).one() == "none"
    assert stranger.post("/unsubscribe/" + "x" * 32).status_code == 404


def test_hidden_records_are_never_told(ann: TestClient) -> None:
    keep(ann)
    add_record()
    set_state("newest", "withdrawn")
    make_due()
    assert alerts.send_due(run_search).mails == 0
    assert "newest" not in ann.get("/account/searches").text


def test_the_job_sees_to_the_next_round(ann: TestClient) -> None:
    keep(ann)

    def waiting() -> list[jobs.Job]:
        with session_scope() as session:
            rows = session.exec(select(jobs.Job).where(jobs.Job.name == alerts.JOB)).all()
        return [job for job in rows if job.state == "queued" and job.not_before > now()]

    assert len(waiting()) == 1
    keep(ann, "weekly")
    assert len(waiting()) == 1, "an earlier round sees to the later one"
    make_due()
    with session_scope(write=True) as session:
        alerts.schedule(session)
    alerts.run_job({})
    assert waiting()
    with session_scope() as session:
        assert session.exec(select(SavedSearch.due_at)).one() > now()


def test_another_persons_search_cannot_be_touched(ann: TestClient, browsers: Browser) -> None:
    keep(ann)
    person("eve")
    eve = sign_in(browsers(), "eve")
    token = soup(eve.get("/account")).find("input", attrs={"name": "csrf"})["value"]
    with session_scope() as session:
        number = session.exec(select(SavedSearch.id)).one()
    for act in ("change", "read", "remove"):
        answer = eve.post(
            f"/account/searches/{number}/{act}", data={"csrf": token, "frequency": "none"}
        )
        assert answer.status_code == 404
    assert "Gates" not in main(eve.get("/account/searches"))


def test_feed(client: TestClient) -> None:
    answer = client.get("/feeds/search.atom?q=alley+gates&exact=1")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert "Alley gates against burglary in Marsh Lane" in titles
    assert "Zanzibarquokka" not in answer.text
    for entry in [feed, *feed.findall(f"{ATOM}entry")]:
        assert entry.findtext(f"{ATOM}id").startswith("http://testserver/")
        assert entry.findtext(f"{ATOM}updated").endswith("Z")
    odd = client.get("/feeds/search.atom", params={"q": "<&\x00\ud7ff “ü”"})
    assert ElementTree.fromstring(odd.content).findtext(f"{ATOM}title")
    results = soup(client.get("/search?q=alley"))
    assert results.find("link", type="application/atom+xml")["href"].startswith("/feeds/")


def test_command_and_job_are_there() -> None:
    assert alerts.JOB in jobs.handlers()
    told = CliRunner().invoke(cli, ["alerts", "send", "--help"])
    assert told.exit_code == 0
    assert "Usage:" in told.output
