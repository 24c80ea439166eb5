"""The pages of accounts, as a browser uses them."""

from collections.abc import Callable, Iterator

import pyotp
import pytest
import segno
from starlette.testclient import TestClient

from kb.accounts import people
from kb.accounts.attempts import LIMITS
from kb.database import session_scope
from tests.web.conftest import the_app
from tests.web.people import (
    PASSWORD,
    link_in,
    mails,
    parsed,
    person,
    post,
    send,
    send_again,
    sign_in,
    soup,
)

NEW_PASSWORD = "quiet-teapot-harbour-7"


@pytest.fixture
def browsers(site: object) -> Iterator[Callable[[], TestClient]]:
    """As many browsers as are asked for."""
    app = the_app()

    def browser() -> TestClient:
        return TestClient(app, raise_server_exceptions=False)

    return browser


def test_from_sign_up_to_account(client: TestClient) -> None:
    answer = send(client, "/account/sign-up", {"email": "New@Example.org", "name": "Nia"})
    assert "Look in your mail" in answer.text
    link = link_in(mails("confirm")[0])
    page = client.get(link)
    assert client.get(link).status_code == 200, "looking does not use it up"
    bad = send_again(client, page, {"password": "password1234"})
    assert bad.status_code == 400
    assert soup(bad).find("title").text.startswith("Error:")
    assert soup(bad).find(id="password-error")
    done = send_again(client, bad, {"password": PASSWORD})
    assert "Your account is ready" in done.text
    assert done.url.path == "/account"
    used = client.get(link)
    assert used.status_code == 410
    assert soup(used).find("main").find("a", href="/account/forgot"), "it leads to a new one"
    cookie = next(one for one in client.cookies.jar if one.name == "kb_session")
    assert cookie.has_nonstandard_attr("HttpOnly")


def test_sign_up_says_the_same_for_a_known_address(client: TestClient) -> None:
    person("ann")
    known = send(client, "/account/sign-up", {"email": "ann@example.org", "name": "A"})
    new = send(client, "/account/sign-up", {"email": "bob@example.org", "name": "A"})
    assert soup(known).find("main").text == soup(new).find("main").text
    assert [mail.template for mail in mails()].count("already_registered") == 1


def test_wrong_password_and_unknown_address_say_the_same(client: TestClient) -> None:
    person("ann")
    told = []
    for email in ("ann@example.org", "nobody@example.org"):
        answer = send(client, "/account/sign-in", {"email": email, "password": "wrong"})
        assert answer.status_code == 400
        told.append(soup(answer).find(class_="govuk-error-summary").text)
        assert soup(answer).find(id="email")["value"] == email
        assert not soup(answer).find(id="password")["value"]
    assert told[0] == told[1]


def test_too_many_attempts(client: TestClient) -> None:
    person("ann")
    for _ in range(LIMITS["password"].account):
        send(client, "/account/sign-in", {"email": "ann@example.org", "password": "wrong"})
    answer = send(client, "/account/sign-in", {"email": "ann@example.org", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Try again in" in answer.text


def test_session_is_new_at_sign_in_and_dies_at_sign_out(client: TestClient) -> None:
    person("ann")
    client.cookies.set("kb_session", "chosen-by-somebody-else", domain="testserver.local")
    sign_in(client)
    token = client.cookies["kb_session"]
    assert token != "chosen-by-somebody-else"
    send(client, "/account", action="/account/sign-out")
    assert "kb_session" not in client.cookies
    client.cookies.set("kb_session", token, domain="testserver.local")
    assert client.get("/account", follow_redirects=False).status_code == 303


def test_sign_out_everywhere(browsers: Callable[[], TestClient]) -> None:
    person("ann")
    here, there = sign_in(browsers()), sign_in(browsers())
    answer = send(here, "/account", button="Sign out all other devices")
    assert "All other devices are signed out." in answer.text
    assert there.get("/account", follow_redirects=False).status_code == 303
    there = sign_in(browsers())
    send(here, "/account", button="Sign out everywhere")
    for browser in (here, there):
        assert browser.get("/account", follow_redirects=False).status_code == 303


def test_after_signing_in_one_comes_back(client: TestClient) -> None:
    person("ann")
    asked = client.get("/account/name", follow_redirects=False)
    assert asked.headers["location"] == "/account/sign-in?next=%2Faccount%2Fname"
    answer = send(
        client,
        asked.headers["location"],
        {"email": "ann@example.org", "password": PASSWORD},
    )
    assert answer.url.path == "/account/name"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "///evil.example",
        " /x",
        "http:/evil.example",
    ],
)
def test_next_never_leads_away(client: TestClient, address: str) -> None:
    person("ann")
    answer = client.get("/account/sign-in", params={"next": address})
    again = send_again(client, answer, {"email": "ann@example.org", "password": PASSWORD})
    assert str(again.url).startswith("http://testserver/account")


def test_forgotten_password(client: TestClient) -> None:
    person("ann")
    send(client, "/account/forgot", {"email": "ann@example.org"})
    send(client, "/account/forgot", {"email": "nobody@example.org"})
    found = mails("reset")
    assert len(found) == 1
    link = link_in(found[0])
    answer = send(client, link, {"password": NEW_PASSWORD})
    assert "Your password was changed" in answer.text
    assert client.get(link).status_code == 410
    again = send_again(client, answer, {"email": "ann@example.org", "password": NEW_PASSWORD})
    assert "You are signed in" in again.text


def test_changing_the_account(client: TestClient) -> None:
    person("ann")
    sign_in(client)
    assert "Anna Bell" in send(client, "/account/name", {"name": "Anna Bell"}).text
    assert send(client, "/account/name", {"name": ""}).status_code == 400
    before = client.cookies["kb_session"]
    answer = send(client, "/account/password", {"password": NEW_PASSWORD})
    assert "Your password was changed" in answer.text
    assert client.cookies["kb_session"] != before
    send(client, "/account/change-email", {"email": "anna@example.org"})
    answer = send(client, link_in(mails("email_confirm")[0]))
    assert "anna@example.org" in answer.text


def test_risky_changes_ask_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from kb.accounts import sessions

    person("ann")
    sign_in(client)
    form = client.get("/account/erase")
    monkeypatch.setattr(sessions, "PROVED", timedelta(0))
    for path in ("password", "change-email", "second-factor", "erase", "data"):
        answer = client.get(f"/account/{path}", follow_redirects=False)
        assert answer.headers["location"] == f"/account/prove?next=%2Faccount%2F{path}"
    answer = send_again(client, form, {"word": "erase"})
    assert answer.url.path == "/account/prove"
    wrong = send_again(client, answer, {"password": "wrong"})
    assert wrong.status_code == 400
    monkeypatch.undo()
    before = client.cookies["kb_session"]
    again = send_again(client, wrong, {"password": PASSWORD})
    assert again.status_code == 200
    assert client.cookies["kb_session"] != before


def test_second_factor(browsers: Callable[[], TestClient]) -> None:
    person("ann")
    client = sign_in(browsers())
    offered = send(client, "/account/second-factor")
    secret = soup(offered).find(id="key")["value"].replace(" ", "")
    uri = pyotp.TOTP(secret).provisioning_uri(name="ann@example.org", issuer_name="Safer Practice")
    drawn = segno.make_qr(uri, error="m").svg_inline(scale=5, light="#ffffff")
    path = parsed(drawn).find("path", class_="qrline")["d"]
    wrong = send_again(client, offered, {"code": "000000"})
    for page in (offered, wrong):
        assert soup(page).find("main").find("path", class_="qrline")["d"] == path
    assert wrong.status_code == 400
    assert soup(wrong).find(id="key")["value"].replace(" ", "") == secret
    on = send_again(client, wrong, {"code": pyotp.TOTP(secret).now()})
    codes = [code.text for code in soup(on).find_all("code")]
    assert len(codes) == 10
    other = browsers()
    asked = send(other, "/account/sign-in", {"email": "ann@example.org", "password": PASSWORD})
    assert "Type the code" in asked.text
    assert "kb_session" not in other.cookies
    again = send_again(other, asked, {"code": "999999"})
    assert again.status_code == 400
    within = send_again(other, again, {"code": codes[0].lower()})
    assert "You are signed in" in within.text
    assert "9 recovery codes left" in other.get("/account").text
    new = send(other, "/account/second-factor", button="Make new recovery codes")
    assert len(soup(new).find_all("code")) == 10
    off = send(other, "/account/second-factor/off")
    assert "The second factor is off" in off.text


def test_a_copy_and_erasure(client: TestClient) -> None:
    account_id = person("ann")
    sign_in(client)
    copy = send(client, "/account/data")
    assert copy.headers["content-disposition"].startswith("attachment")
    assert copy.json()["account"]["email"] == "ann@example.org"
    assert "password" not in copy.text.replace("password_changed", "")
    kept = send(client, "/account/erase", {"word": "no"})
    assert kept.status_code == 400
    gone = send_again(client, kept, {"word": "erase"})
    assert "Your account was erased" in gone.text
    with session_scope() as session:
        assert people.get(session, account_id).state == "erased"
    assert client.get("/account", follow_redirects=False).status_code == 303


def test_the_last_admin_stays(client: TestClient) -> None:
    person("root", "admin")
    sign_in(client, "root")
    answer = send(client, "/account/erase", {"word": "erase"})
    assert answer.status_code == 409
    assert "last active admin" in answer.text


def test_roles_are_given_by_admins(browsers: Callable[[], TestClient]) -> None:
    person("root", "admin")
    ann = person("ann")
    admin, other = sign_in(browsers(), "root"), sign_in(browsers())
    path = f"/account/people/{ann}"
    for refused in ("/account/people", path, f"{path}/disable"):
        assert other.get(refused).status_code == 403
    listed = admin.get("/account/people?q=ann")
    assert "ann@example.org" in listed.text
    assert "root@example.org" not in soup(listed).find("main").text
    send(admin, path, {"roles": ["practitioner", "librarian"]})
    with session_scope() as session:
        assert people.get(session, ann).roles == ["practitioner", "librarian"]
    assert other.get("/account", follow_redirects=False).status_code == 303
    send(admin, f"{path}/disable")
    with session_scope() as session:
        assert people.get(session, ann).state == "disabled"
    send(admin, f"{path}/enable")
    with session_scope() as session:
        assert people.get(session, ann).state == "active"
    assert admin.get("/account/people/nobody").status_code == 404


def test_private_pages_are_kept_by_nobody(client: TestClient) -> None:
    person("ann")
    assert "cache-control" not in client.get("/about").headers
    assert "Cookie" in client.get("/about").headers["vary"]
    sign_in(client)
    for path in ("/about", "/account", "/search?q=alley"):
        assert client.get(path).headers["cache-control"] == "no-store"


def test_cookies_are_kept_from_scripts_and_plain_http(site: object) -> None:
    person("ann")
    with TestClient(the_app(), base_url="https://testserver") as client:
        answer = client.get("/account/sign-in")
        assert "; Secure" in answer.headers["set-cookie"]
        answer = post(
            client,
            "/account/sign-in",
            [
                ("csrf", soup(answer).find("input", attrs={"name": "csrf"})["value"]),
                ("email", "ann@example.org"),
                ("password", PASSWORD),
            ],
        )
        for cookie in answer.history[0].headers.get_list("set-cookie"):
            assert "HttpOnly" in cookie
            assert "SameSite=lax" in cookie
            assert "Secure" in cookie
