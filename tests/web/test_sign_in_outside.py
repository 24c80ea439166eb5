"""Signing in through another service, against a real one served over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pyotp
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from kb.accounts import outside
from kb.accounts.models import Account, AccountIdentity
from kb.database import session_scope
from tests.conftest import _forget
from tests.web.conftest import the_app
from tests.web.oidc_provider import CLIENT, PASSWORD, Provider, serve
from tests.web.people import person, post, send, sign_in, soup

ANN = {"sub": "s-1", "email": "Ann@example.org", "email_verified": True, "name": "Ann Ward"}


@pytest.fixture
def provider(site: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    server = serve(Provider)
    made: Provider = server.provider  # type: ignore[attr-defined]
    made.person = dict(ANN)
    for name, value in (
        ("ISSUER", made.issuer),
        ("CLIENT_ID", CLIENT),
        ("CLIENT_SECRET", PASSWORD),
        ("NAME", "Marsh Council"),
    ):
        monkeypatch.setenv(f"KB_OIDC_{name}", value)
    _forget()
    outside.forget()
    yield made
    outside.forget()
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(provider: Provider) -> Callable[[], TestClient]:
    app = the_app()
    return lambda: TestClient(app, raise_server_exceptions=False)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def there(address: str) -> str:
    """What the provider sends the browser back with: path and query."""
    with pytest.raises(HTTPError) as found:
        build_opener(_Stay).open(address)
    found.value.close()
    assert found.value.code == 302
    return found.value.headers["Location"].removeprefix("http://testserver")


def go(client: TestClient, back: str = "/trails") -> str:
    """From the sign-in page to the provider; the address it sends back to."""
    page = client.get("/account/sign-in", params={"next": back})
    link = soup(page).find("a", string="Sign in with Marsh Council")
    answer = client.get(link["href"], follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    return there(answer.headers["Location"])


def accounts() -> list[Account]:
    with session_scope() as session:
        return list(session.exec(select(Account)))


def test_there_and_back(browser: Callable[[], TestClient]) -> None:
    client = browser()
    answer = client.get(go(client))
    assert answer.url.path == "/trails"
    assert "You are signed in." in answer.text
    assert "kb_outside" not in client.cookies
    assert [(one.email, one.display_name, one.roles) for one in accounts()] == [
        ("Ann@example.org", "Ann Ward", ["practitioner", "contributor"])
    ]
    again = browser()
    assert "Ann Ward" in again.get(go(again, "/account")).text
    assert len(accounts()) == 1


def test_what_was_done_before_signing_in_is_kept(browser: Callable[[], TestClient]) -> None:
    client = browser()
    send(client, "/trails", {"into": "bikes in the park"}, button="Start a trail")
    assert "bikes in the park" in client.get(go(client)).text


def test_it_joins_the_account_of_a_verified_address(browser: Callable[[], TestClient]) -> None:
    made = person("ann")
    client = browser()
    assert "You are signed in." in client.get(go(client)).text
    with session_scope() as session:
        assert session.exec(select(AccountIdentity)).one().account_id == made


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_unverified_address_opens_nothing(
    browser: Callable[[], TestClient], provider: Provider, verified: Any
) -> None:
    person("ann")
    provider.person["email_verified"] = verified
    client = browser()
    answer = client.get(go(client))
    assert answer.status_code == 400
    assert "has not confirmed your e-mail address" in answer.text
    assert "kb_session" not in client.cookies
    with session_scope() as session:
        assert session.exec(select(AccountIdentity)).all() == []


def test_the_second_factor_is_still_asked_for(browser: Callable[[], TestClient]) -> None:
    person("ann")
    with session_scope(write=True) as session:
        account = session.exec(select(Account)).one()
        account.totp_secret = pyotp.random_base32()
        session.add(account)
        secret = account.totp_secret
    client = browser()
    asked = client.get(go(client))
    assert "Type the code" in asked.text
    assert "kb_session" not in client.cookies
    pairs = [(box["name"], box.get("value", "")) for box in soup(asked).main.find_all("input")]
    pairs = [(name, value) for name, value in pairs if name != "code"]
    done = post(client, "/account/sign-in/code", [*pairs, ("code", pyotp.TOTP(secret).now())])
    assert "You are signed in." in done.text


@pytest.mark.parametrize(
    "mischief",
    [
        "other issuer",
        "other audience",
        "expired",
        "other nonce",
        "no nonce",
        "other key",
        "nobody",
        "no signature",
        "shared secret",
        "no id token",
        "two people",
        "broken off",
        "mixed up",
        "fails",
    ],
)
def test_what_cannot_be_trusted_opens_nothing(
    browser: Callable[[], TestClient], provider: Provider, mischief: str
) -> None:
    person("ann")
    provider.mischief = mischief
    client = browser()
    answer = client.get(go(client))
    assert answer.status_code == 502
    assert "did not work" in soup(answer).find(class_="govuk-error-summary").text
    assert "kb_session" not in client.cookies
    assert client.get("/account", follow_redirects=False).status_code == 303
    with session_scope() as session:
        assert session.exec(select(AccountIdentity)).all() == []


def test_an_address_told_apart_from_the_token_is_found(
    browser: Callable[[], TestClient], provider: Provider
) -> None:
    provider.mischief = "e-mail apart"
    client = browser()
    assert "You are signed in." in client.get(go(client)).text


def test_only_the_browser_that_began_can_come_back(
    browser: Callable[[], TestClient], provider: Provider
) -> None:
    victim, attacker = browser(), browser()
    back = go(attacker)
    for client in (victim, browser()):
        assert client.get(back).status_code == 502
        assert "kb_session" not in client.cookies
    go(victim)
    assert victim.get(back).status_code == 502, "one with a sign-in of its own does not take it"
    mine = go(victim)
    assert victim.get(mine.replace("state=", "state=0")).status_code == 502
    back = go(attacker)
    assert attacker.get(back).status_code == 200
    attacker.cookies.clear()
    assert attacker.get(back).status_code == 502, "once only"


def test_odd_names_and_addresses(browser: Callable[[], TestClient], provider: Provider) -> None:
    provider.person["name"] = "\u202eeve" * 50
    client = browser()
    assert "You are signed in." in client.get(go(client)).text
    assert accounts()[0].display_name == "Ann"
    provider.person.update(sub="s-2", email="not an address")
    other = browser()
    assert other.get(go(other)).status_code == 400


def test_it_never_leads_to_another_site_afterwards(browser: Callable[[], TestClient]) -> None:
    client = browser()
    assert client.get(go(client, "https://evil.example/")).url.host == "testserver"


def test_where_it_is_off_or_set_up_wrongly(
    browser: Callable[[], TestClient], provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.mischief = "named otherwise"
    client = browser()
    answer = client.get("/account/outside")
    assert answer.status_code == 502
    assert "KB_OIDC" not in answer.text
    assert not outside.check_outside().ok
    monkeypatch.setenv("KB_OIDC_ISSUER", "http://id.example.org")
    _forget()
    assert client.get("/account/outside").status_code == 502, "not without encryption"
    monkeypatch.setenv("KB_OIDC_ISSUER", "")
    _forget()
    assert outside.check_outside().ok
    assert client.get("/account/outside").status_code == 404
    assert client.get("/account/outside/back").status_code == 404
    assert "Sign in with" not in client.get("/account/sign-in").text


def test_somebody_signed_in_is_sent_on(browser: Callable[[], TestClient]) -> None:
    person("ann")
    client = sign_in(browser())
    assert client.get("/account/outside?next=/trails").url.path == "/trails"
