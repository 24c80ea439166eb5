"""Every route that changes something refuses what no page of this site sent."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from tests.web.people import form_of, person, post, send, sign_in, soup
from web.app import create_app
from web.forms import OWN_SECRET, SAFE


def every_route() -> list[tuple[str, str]]:
    """Each method with each path of the app, those of included routers too."""

    def walk(routes: list[object]) -> Iterator[tuple[str, str]]:
        for route in routes:
            if isinstance(route, APIRoute):
                for method in sorted(route.methods):
                    yield method, route.path
            else:
                inner = getattr(route, "original_router", None) or getattr(route, "router", None)
                yield from walk(getattr(inner, "routes", []))

    return sorted(set(walk(list(create_app().routes))))


UNSAFE = [(method, path) for method, path in every_route() if method not in SAFE]


def made_up(path: str) -> str:
    """The path with something in place of what it leaves open."""
    return re.sub(r"\{[^}]+\}", "0123456789abcdef", re.sub(r"\{\w+:int\}", "7", path))


def test_the_walk_finds_them() -> None:
    assert ("POST", "/account/sign-in") in UNSAFE
    assert len(UNSAFE) > 10


@pytest.mark.parametrize("name", ["", "ann"])
def test_each_refuses_without_the_token(client: TestClient, name: str) -> None:
    if name:
        person(name, "admin", "practitioner")
        sign_in(client, name)
    for method, path in UNSAFE:
        if path in OWN_SECRET:
            continue
        address = made_up(path)
        for pairs in ([], [("csrf", "")], [("csrf", "0" * 64)]):
            answer = client.request(method, address, content=None)
            assert answer.status_code == 403, (method, path)
            answer = post(client, address, pairs)
            assert answer.status_code == 403, (method, path, pairs)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_each_refuses_what_another_site_sends(client: TestClient, headers: dict[str, str]) -> None:
    token = soup(client.get("/account/sign-in")).find("input", attrs={"name": "csrf"})["value"]
    for method, path in UNSAFE:
        if path in OWN_SECRET:
            continue
        address = made_up(path)
        answer = post(client, address, [("csrf", token)], **headers)
        assert answer.status_code == 403, (method, path)


def test_our_own_origin_is_let_in(client: TestClient) -> None:
    token = soup(client.get("/account/sign-up")).find("input", attrs={"name": "csrf"})["value"]
    pairs = [("csrf", token), ("email", "a@example.org"), ("name", "A")]
    assert post(client, "/account/sign-up", pairs, Origin="http://testserver").status_code == 200


def test_a_page_of_an_older_session_loses_nothing(client: TestClient) -> None:
    person("ann")
    old = client.get("/account/sign-up")
    token = soup(old).find("input", attrs={"name": "csrf"})["value"]
    sign_in(client)
    pairs = [
        ("csrf", token),
        ("email", "b@example.org"),
        ("name", "Bea <b>"),
        ("password", "must not be shown"),
    ]
    answer = post(client, "/account/sign-up", pairs, Origin="http://testserver")
    assert answer.status_code == 403
    form = form_of(answer, action="/account/sign-up")
    assert form.find("input", attrs={"name": "name"})["value"] == "Bea <b>"
    assert "must not be shown" not in answer.text
    from tests.web.people import filled

    assert post(client, "/account/sign-up", filled(form)).status_code == 200


def test_odd_bodies(client: TestClient) -> None:
    token = soup(client.get("/account/sign-up")).find("input", attrs={"name": "csrf"})["value"]
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for body, status in (
        (b"\xff\xfe", 400),
        (b"name=%ff", 400),
        (b"a=1&" * 3000, 400),
        (b"a" * 600_000, 413),
    ):
        answer = client.post("/account/sign-up", content=body, headers=kind)
        assert answer.status_code == status
    assert send(client, "/account/sign-up", {"email": "\x00", "name": "x"}).status_code == 400
    assert token
