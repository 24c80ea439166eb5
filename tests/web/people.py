"""People of tests: accounts, browsers that sign in, and forms as a browser sends them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx2
from bs4 import BeautifulSoup, Tag
from sqlmodel import col, select
from starlette.testclient import TestClient

from kb.accounts import administration
from kb.alerts.mail import Mail
from kb.database import session_scope

PASSWORD = "wet-lantern-gravel-41"


def person(name: str = "ann", *roles: str) -> str:
    """An account that can sign in; returns its id."""
    return administration.add(
        f"{name}@example.org",
        name.capitalize(),
        roles=roles or ("practitioner", "contributor"),
        password=PASSWORD,
        actor="a test",
    ).id


def soup(answer: Any) -> BeautifulSoup:
    return parsed(answer.text)


def parsed(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "lxml")  # a good deal quicker than Python's own reader


_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_TRAIL_BAR = re.compile(r"<section\b[^>]*sp-trail-bar.*?</section>", re.DOTALL)


def form_of(answer: Any, action: str = "", button: str = "") -> Tag:
    """The form of a page that posts to this address, or that has this button.

    Only that form is parsed: whole pages are long, and tests ask for many forms.
    """
    text = answer.text if action or button else _TRAIL_BAR.sub("", answer.text)
    for found in _FORM.findall(text):
        if 'method="post"' not in found[: found.index(">")] or button not in unescape(found):
            continue
        form = parsed(found).find("form")
        if form["action"] == (action or form["action"]) and button in form.get_text(" "):
            return form  # type: ignore[no-any-return]
    raise AssertionError(f"no form {action or button} among {_FORM.findall(text)}")


def filled(form: Tag) -> list[tuple[str, str]]:
    """What a browser would send if nothing was typed."""
    pairs: list[tuple[str, str]] = []
    for box in form.find_all(["input", "textarea", "select"]):
        name, kind = box.get("name"), box.get("type", "")
        if not name or kind in ("submit", "button"):
            continue
        if box.name == "select":
            chosen = box.find("option", selected=True) or box.find("option")
            pairs.append((name, chosen.get("value", "") if chosen else ""))
        elif box.name == "textarea":
            pairs.append((name, box.text))
        elif kind not in ("checkbox", "radio") or box.has_attr("checked"):
            pairs.append((name, box.get("value", "on")))
    return pairs


def send(client: TestClient, path: str, changes: dict[str, Any] | None = None, **which: str) -> Any:
    """Open a page, fill in its form and send it; follows where it leads."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return send_again(client, answer, changes, **which)


def send_again(
    client: TestClient, answer: Any, changes: dict[str, Any] | None = None, **which: str
) -> Any:
    """Fill in the form of a page that is already open and send it."""
    form = form_of(answer, **which)
    given = changes or {}
    pairs = [(name, value) for name, value in filled(form) if name not in given]
    for name, value in given.items():
        pairs += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return post(client, str(form["action"]), pairs)


def csrf(client: TestClient) -> str:
    """The token that this browser's forms carry."""
    return str(form_of(client.get("/account")).find("input", attrs={"name": "csrf"})["value"])


def post(client: TestClient, path: str, pairs: list[tuple[str, str]], **headers: str) -> Any:
    """Post pairs as a form."""
    return client.post(
        path,
        content=urlencode(pairs),
        headers={"Content-Type": "application/x-www-form-urlencoded", **headers},
    )


@dataclass(frozen=True)
class Ask:
    """One request: `pairs` stand in the address of a GET and in the form of a POST."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]


def ask_all(client: TestClient, asks: Iterable[Ask]) -> list[tuple[Ask, Any]]:
    """Send many requests as this browser would, following where they lead; each with its answer.

    They go from within the event loop: to hand each over from outside takes as long as its answer.
    """

    async def walk() -> list[tuple[Ask, Any]]:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(client.app, raise_app_exceptions=False),
            base_url=str(client.base_url),
            cookies=client.cookies,
            headers={"User-Agent": client.headers["User-Agent"]},
            follow_redirects=True,
        ) as browser:
            return [(ask, await send_one(browser, ask)) for ask in asks]

    async def send_one(browser: httpx2.AsyncClient, ask: Ask) -> Any:
        if ask.method == "POST":
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            return await browser.post(ask.path, content=urlencode(ask.pairs), headers=kind)
        return await browser.request(ask.method, ask.path, params=ask.pairs)

    assert TestClient.portal is not None, "made for the whole run"
    return TestClient.portal.call(walk)


def sign_in(client: TestClient, name: str = "ann") -> TestClient:
    """Sign a browser in."""
    answer = send(
        client,
        "/account/sign-in",
        {"email": f"{name}@example.org", "password": PASSWORD},
        button="Sign in",
    )
    assert "You are signed in." in answer.text, soup(answer).find("main").text
    return client


def mails(template: str = "") -> list[Mail]:
    """What was sent or waits, newest first."""
    with session_scope() as session:
        found = session.exec(select(Mail).order_by(col(Mail.queued_at).desc())).all()
    return [mail for mail in found if not template or mail.template == template]


def link_in(mail: Mail) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/account/\S+)", mail.text)
    assert found, mail.text
    return found[1]
