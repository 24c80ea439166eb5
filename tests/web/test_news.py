"""What concerns somebody is told on the site, to nobody else, and no longer than it holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from index import sync
from kb.accounts import personal_data
from kb.alerts import commands as alerts
from kb.alerts import news
from kb.alerts.news import KEPT, News
from kb.database import now, session_scope
from kb.trails.models import SavedSearch
from tests.factories import practice
from tests.web.conftest import save, the_app
from tests.web.people import person, post, send, sign_in, soup
from tests.web.test_trails import main, start
from web.running import run_search

Browser = Callable[[], TestClient]


@pytest.fixture
def browsers(site: object) -> Browser:
    app = the_app()
    return lambda: TestClient(app, raise_server_exceptions=False)


def header(client: TestClient, path: str = "/about") -> str:
    return soup(client.get(path)).find("ul", class_="sp-you").get_text(" ", strip=True)


def test_sharing_and_inviting(browsers: Browser) -> None:
    for name in ("ann", "bob", "eve"):
        person(name)
    ann, bob, eve = (sign_in(browsers(), name) for name in ("ann", "bob", "eve"))
    trail = start(ann, "a private matter")
    share = {"email": "bob@example.org"}
    send(ann, f"{trail}/share", share, button="Share with them")
    send(ann, f"{trail}/share", {**share, "may_write": "1"}, button="Share with them")
    send(ann, "/account/teams", {"name": "Marsh"}, action="/account/teams")
    send(ann, "/account/teams", share, button="Invite")
    assert "News 2 not read" in header(bob)
    assert "News" not in header(eve)
    assert "News" not in header(ann)
    told = bob.get("/account/news")
    assert "Ann shared a search trail with you." in main(told)
    assert "Ann invited you to a team." in main(told)
    assert "private matter" not in main(told), "a title is shown only where one may look"
    form = next(one for one in soup(told).main.find_all("form") if "shared" in one.text)
    pairs = [(box["name"], box["value"]) for box in form.find_all("input")]
    assert post(eve, form["action"], pairs).status_code == 403
    there = post(bob, form["action"], pairs)
    assert there.url.path == trail
    assert "a private matter" in there.text
    assert "News 1 not read" in header(bob)
    send(bob, "/account/news", button="Mark all as read")
    assert "News" not in header(bob)
    assert "Ann shared" in main(bob.get("/account/news")), "read news can be looked up"


def test_another_s_news_cannot_be_read_or_marked(browsers: Browser) -> None:
    for name in ("bob", "eve"):
        person(name)
    with session_scope(write=True) as session:
        news.tell(session, personal("bob"), "team-invited", "/account/teams")
        number = session.exec(select(News.id)).one()
    eve = sign_in(browsers(), "eve")
    token = soup(eve.get("/account")).find("input", attrs={"name": "csrf"})["value"]
    for wrong in (str(number), "9" * 30, "-1", "x"):
        answer = post(eve, "/account/news/read", [("csrf", token), ("id", wrong)])
        assert answer.status_code == 404
    with session_scope() as session:
        assert session.exec(select(News.read_at)).one() is None
    assert browsers().get("/account/news").url.path == "/account/sign-in"


def personal(name: str) -> str:
    from kb.accounts import people

    with session_scope() as session:
        found = people.by_email(session, f"{name}@example.org")
        assert found
        return found.id


def test_a_share_taken_back_leaves_no_news(browsers: Browser) -> None:
    for name in ("ann", "bob"):
        person(name)
    ann, bob = (sign_in(browsers(), name) for name in ("ann", "bob"))
    trail = start(ann)
    send(ann, f"{trail}/share", {"email": "bob@example.org"}, button="Share with them")
    assert "News 1" in header(bob)
    send(ann, f"{trail}/share", button="End this")
    assert "News" not in header(bob)
    send(ann, f"{trail}/share", {"email": "bob@example.org"}, button="Share with them")
    assert "News 1" in header(bob)
    send(ann, f"{trail}/delete", button="Delete it")
    assert "News" not in header(bob), "a trail that is gone leaves none either"


def test_what_is_new_in_a_saved_search(browsers: Browser) -> None:
    person("ann")
    ann = sign_in(browsers())
    new = "/account/searches/new?q=alley+gates&exact=1"
    send(ann, new, {"name": "Gates <b>", "frequency": "daily"}, button="Save")
    save(practice(id="third-gates", title="Third alley gates"))
    sync.sync()
    with session_scope(write=True) as session:
        row = session.exec(select(SavedSearch)).one()
        row.due_at = now() - timedelta(minutes=1)
        session.add(row)
    alerts.send_due(run_search)
    alerts.send_due(run_search)
    told = ann.get("/account/news")
    assert main(told).count("in your saved search “Gates <b>”.") == 1
    assert "<b>”" not in told.text


def test_only_so_many_are_kept_and_all_go_with_the_account(site: object) -> None:
    account = person("ann")
    with session_scope(write=True) as session:
        for number in range(KEPT + 5):
            news.tell(session, account, "team-invited", f"/account/teams?{number}", by="x")
        assert news.unread(session, account) == KEPT
        assert news.newest(session, account)[-1].path == "/account/teams?5"
        news.tell(session, "other", "trail-shared", "/trails/1", by=account)
        given = personal_data.export(session, account)
        assert len(given["news"]) == KEPT
        personal_data.erase(session, account)
        left = session.exec(select(News)).one()
        assert (left.account_id, left.by) == ("other", "")
