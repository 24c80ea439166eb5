"""What is built and served holds nothing that may only be used on gov.uk."""

import json
import os
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kb.settings import PROJECT
from tests.web.conftest import PAGES
from web import build

FORBIDDEN = re.compile(
    r"gds transport|crown|\bcrest|govuk-crest|royal-arms|@font-face|\.woff|logotype|"
    r"govuk-icon|assets/images/govuk",
    re.IGNORECASE,
)


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of built files, built here if need be."""
    build.build()
    return build.BUILT


def test_built_files_hold_no_marks_of_gov_uk(built: Path) -> None:
    names = {path.name for path in built.iterdir()}
    assert names == {build.STYLE_SHEET, *build.COPIED.values()}
    for path in built.iterdir():
        assert not FORBIDDEN.search(path.read_text("utf-8")), path.name
    assert "url(" not in (built / build.STYLE_SHEET).read_text("utf-8")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_marks_of_gov_uk(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert not FORBIDDEN.search(text)
    assert "<svg" not in text or "govuk-header" not in text


def test_assets_are_served_with_a_version(built: Path, client: TestClient) -> None:
    from web import urls

    address = urls.asset(build.STYLE_SHEET)
    assert "?v=" in address
    assert address in client.get("/about").text
    kept = client.get(address)
    assert kept.status_code == 200
    assert "immutable" in kept.headers["cache-control"]
    assert client.get("/assets/site.css").headers["cache-control"] == "no-cache"
    assert client.get("/favicon.ico").status_code == 200


def test_stale_only_when_a_source_is_newer(built: Path) -> None:
    assert not build.is_stale()
    assert build.build() is False
    source = build.SOURCES / "scripts" / "site.js"
    before = source.stat()
    try:
        later = (built / build.STYLE_SHEET).stat().st_mtime + 10
        os.utime(source, (later, later))
        assert build.is_stale()
    finally:
        os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not build.is_stale()


def test_lock_names_no_registry() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))
    assert lock["packages"]["node_modules/govuk-frontend"]["version"].startswith("6.3.")
    assert not [name for name, item in lock["packages"].items() if "resolved" in item]
    assert "registry=" not in (PROJECT / ".npmrc").read_text("utf-8")
