"""Nobody reads, changes, finds or exports what is another's, by any address."""

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select
from starlette.testclient import TestClient

from kb.alerts import news
from kb.alerts.news import News
from kb.database import session_scope
from kb.trails.models import ReadingList, SavedSearch, Trail
from tests.web.conftest import the_app
from tests.web.people import Ask, ask_all, person, post, send, sign_in, soup
from tests.web.test_trails import start
from tests.web.test_unsafe_routes import every_route
from web.forms import row_number

Browser = Callable[[], TestClient]
SECRET = "quincunxwombat"
"""A word that only the owner's private things hold."""
ROLES = (
    ("",),
    ("practitioner", "contributor"),
    ("contributor",),
    ("librarian",),
    ("awards",),
    ("admin",),
)


ODD_NUMBERS = ("9" * 5000, "-1", "٣", "1e3")


@pytest.fixture
def browsers(site: object) -> Browser:
    app = the_app()
    return lambda: TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def owned(browsers: Browser) -> dict[str, str]:
    """Everything of one person's, each holding the word; ids by the name of the parameter."""
    person("owner")
    owner = sign_in(browsers(), "owner")
    trail = start(owner, f"{SECRET} trail")
    send(owner, f"{trail}/clarify", {"problem": SECRET, "not_wanted": SECRET})
    send(owner, f"{trail}/talk", {"who": SECRET, "lead": SECRET}, action=f"{trail}/talk")
    send(
        owner,
        f"{trail}/results",
        {"title": SECRET, "note": SECRET},
        action=f"{trail}/results",
    )
    send(
        owner,
        "/records/alley-gates/useful?useful=key",
        {"note": SECRET, "visibility": "me"},
        action="/records/alley-gates/useful",
    )
    send(owner, "/lists/add?id=alley-gates", {"name": SECRET}, action="/lists/add")
    send(owner, "/account/searches/new?q=alley", {"name": SECRET}, button="Save")
    send(owner, "/account/teams", {"name": SECRET}, action="/account/teams")
    with session_scope(write=True) as session:
        found = session.exec(select(Trail)).one()
        owner_id = found.owner.removeprefix("account:")
        news.tell(session, owner_id, "search-news", "/account/searches", detail=SECRET)
        return {
            "trail_id": found.id,
            "talk": next(iter(found.state["talks"])),
            "list_id": session.exec(select(ReadingList.id)).one(),
            "saved_id": str(session.exec(select(SavedSearch.id)).one()),
            "team_id": "1",
            "record_id": "alley-gates",
            "name": "alley-gates",
            "source_id": "beacon-scheme",
        }


def addresses(owned: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every route, with the owner's ids filled in."""
    for method, path in every_route():
        mine = owned["trail_id" if path.startswith("/trails") else "list_id"]
        known = {**owned, "subject_id": mine}
        filled = re.sub(r"\{\w+:int\}", "1", path)
        filled = re.sub(r"\{(\w+)\}", lambda found, known=known: known.get(found[1], "x"), filled)
        if filled.endswith(("report.x", "list.x")):
            for extension in ("docx", "md", "csv", "ris", "json"):
                yield method, filled[:-1] + extension
        else:
            yield method, filled


@pytest.mark.parametrize("roles", ROLES, ids=lambda roles: "+".join(roles) or "visitor")
def test_no_route_shows_it(
    browsers: Browser, owned: dict[str, str], roles: tuple[str, ...]
) -> None:
    client = browsers()
    if roles != ("",):
        person("other", *roles)
        sign_in(client, "other")
    token = soup(client.get("/account/sign-up")).find("input", attrs={"name": "csrf"})["value"]
    asked = (("q", "alley"), ("trail", owned["trail_id"]), ("edit", owned["talk"]))
    filled = (
        *(("csrf", token), ("id", owned["talk"]), ("from", owned["trail_id"])),
        *(("list", owned["list_id"]), ("task", "done"), ("state", "done")),
        *(("since", "0"), ("question", "changed"), ("title", "changed")),
        *(("frequency", "daily"), ("team", "1"), ("email", "a@example.org")),
    )
    asks = [
        Ask(method, path, asked if method == "GET" else filled)
        for method, path in addresses(owned)
        # These are about one's own browser.
        if not ("/sign-out" in path or "/account/erase" in path or path.endswith("/leave"))
    ]
    asks.append(Ask("POST", "/account/news/read", (*filled, ("id", "1"))))
    seen = 0
    for ask, answer in ask_all(client, asks):
        path = ask.path
        assert SECRET not in answer.content.decode("utf-8", "replace"), ask
        if owned["trail_id"] in path or owned["list_id"] in path or "/searches/1/" in path:
            seen += 1
            assert answer.status_code in (400, 403, 404) or answer.url.path == "/account/sign-in"
    assert seen > 40
    with session_scope() as session:
        trail = session.exec(select(Trail).where(Trail.id == owned["trail_id"])).one()
        assert trail.state["title"] == f"{SECRET} trail"
        assert trail.state["brief"]["problem"] == SECRET
        assert session.exec(select(News.read_at)).all() == [None]
        assert SECRET in session.exec(select(SavedSearch.name)).all()


def test_searching_for_it_finds_nothing(browsers: Browser, owned: dict[str, str]) -> None:
    person("other")
    for client in (browsers(), sign_in(browsers(), "other")):
        for path in (
            "/trails",
            "/search",
            "/feeds/search.atom",
            "/api/v1/search",
            "/browse/problem",
        ):
            answer = client.get(path, params={"q": SECRET[:8]})
            assert SECRET not in answer.text


def test_a_colleague_who_may_read_may_not_write(browsers: Browser, owned: dict[str, str]) -> None:
    person("reader")
    owner = sign_in(browsers(), "owner")
    trail = f"/trails/{owned['trail_id']}"
    send(owner, f"{trail}/share", {"email": "reader@example.org"}, button="Share with them")
    reader = sign_in(browsers(), "reader")
    assert SECRET in reader.get(trail).text
    token = soup(reader.get("/account")).find("input", attrs={"name": "csrf"})["value"]
    for method, path in every_route():
        if method == "POST" and path.startswith("/trails/{trail_id}/") and "copy" not in path:
            address = path.replace("{trail_id}", owned["trail_id"]).replace(
                "{source_id}", "beacon-scheme"
            )
            if address.endswith(("/leave", "/changes")):
                continue  # these change nothing of the trail for a reader
            pairs = [("csrf", token), ("id", owned["talk"]), ("what", "x"), ("title", "x")]
            pairs += [("question", "x"), ("who", "x")]
            pairs += [("task", "done"), ("state", "done"), ("from", owned["trail_id"])]
            answer = post(reader, address, pairs)
            assert answer.status_code == 403, address


@given(st.text() | st.from_regex(r"\A-?\d{1,30}\Z") | st.sampled_from(ODD_NUMBERS))
def test_a_number_that_was_sent_is_that_of_a_row_or_none(text: str) -> None:
    assert 0 <= row_number(text) < 2**63


def test_numbers_that_no_row_has(browsers: Browser) -> None:
    person("admin", "admin", "librarian", "practitioner")
    client = sign_in(browsers(), "admin")
    token = soup(client.get("/account")).find("input", attrs={"name": "csrf"})["value"]
    names = {"GET": ("id", "year", "from"), "POST": ("id", "team", "share")}
    asks = []
    for method, path in every_route():
        if "/sign-out" in path or "/erase" in path or "metrics" in path:
            continue
        # All of a form and a query is read by `row_number`, which has its own test: there the two
        # that Python's own reading of numbers would trip over or take are enough.
        for number in ODD_NUMBERS if "{" in path else ODD_NUMBERS[:2]:
            address = re.sub(r"\{\w+(:int)?\}", number, path)
            pairs = tuple((name, number) for name in names[method])
            asks.append(Ask(method, address, (("csrf", token), *pairs)))
    for ask, answer in ask_all(client, asks):
        assert answer.status_code < 500, ask
