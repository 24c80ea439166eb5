"""The headers that every answer carries, faults included."""

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import the_app
from web.security import HEADERS

EVERY_KIND = (
    "/",
    "/search?q=alley",
    "/records/alley-gates",
    "/records/alley-gates.ris",
    "/api/v1/records",
    "/api/v1/openapi.json",
    "/nothing-here",
    "/api/v1/records/nothing-here",
    "/robots.txt",
    "/sitemap.xml",
    "/opensearch.xml",
    "/healthz",
    "/metrics",
    "/assets/nothing.css",
)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers
    assert "strict-transport-security" not in headers


def test_https_is_asked_to_stay(site: object) -> None:
    with TestClient(the_app(), base_url="https://testserver") as client:
        assert "max-age" in client.get("/about").headers["strict-transport-security"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_changed(client: TestClient, method: str) -> None:
    for path in ("/", "/search", "/records/alley-gates", "/api/v1/records"):
        answer = getattr(client, method)(path)
        assert answer.status_code == 405, path
        assert answer.headers["x-content-type-options"] == "nosniff"
