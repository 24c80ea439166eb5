"""A real server and a real browser: Debian's Chromium, or the one that KB_CHROMIUM names.

The one without windows (`chromium-headless-shell`) is taken where it is installed: it does the same
in half the time.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kb import jobs
from tests.browser.looks import SMALL, WIDE
from tests.conftest import at_home, need
from tests.web.conftest import _site_template
from tests.web.people import PASSWORD, person
from web import build

__all__ = ["_site_template"]

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; skipped where there is none, a failure where CI promises one."""
    found = map(shutil.which, ("chromium-headless-shell", "chromium"))
    path = os.environ.get("KB_CHROMIUM") or next(filter(None, found), None)
    need(bool(path and Path(path).exists()), "no Chromium found (set KB_CHROMIUM to its path)")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def served(_site_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled store that the browsers' server works on: what they do stays in it."""
    folder = tmp_path_factory.mktemp("served") / "var"
    shutil.copytree(_site_template, folder)
    return folder


@pytest.fixture(scope="session")
def address(served: Path) -> Iterator[str]:
    """Where the site is: a server of its own over the filled store."""
    build.build()
    server = subprocess.Popen(
        [str(Path(sys.executable).parent / "kb"), "serve", "--port", "0", "--no-worker"],
        env={**os.environ, "KB_HOME": str(served), "KB_EMBEDDING_MODEL": "hash"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout
        found = re.search(r"http://[\d.]+:\d+", server.stdout.readline())
        assert found, server.stdout.read()
        yield found[0]
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _context(browser: Browser, address: str, **options: object) -> BrowserContext:
    made = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]
    # A busy machine may need long for the first page; that is no fault of the site.
    made.set_default_navigation_timeout(120_000)
    return made


def _complaints(page: Page) -> list[str]:
    """What the browser complains of from now on, but for pages that are not there (any more)."""
    said: list[str] = []

    def keep(text: str) -> None:
        if "404 (Not Found)" not in text and "410 (Gone)" not in text:
            said.append(text)

    page.on("console", lambda message: keep(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: keep(str(error)))
    return said


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page at full width; anything the browser complains of fails the test."""
    context = _context(browser, address, viewport=WIDE)
    made = context.new_page()
    complaints = _complaints(made)
    yield made
    context.close()
    assert not complaints


@pytest.fixture(scope="module")
def _looked_at(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    context = _context(browser, address, viewport=WIDE)
    made = context.new_page()
    yield made, _complaints(made)
    context.close()


@pytest.fixture
def visitor_page(_looked_at: tuple[Page, list[str]]) -> Iterator[Page]:
    """A visitor's page shared by a file's tests that only look: opening a new one takes a second.

    Anything the browser complains of fails the test.
    """
    page, complaints = _looked_at
    complaints.clear()
    yield page
    assert not complaints


@pytest.fixture(scope="session")
def member(served: Path) -> Callable[..., tuple[str, str]]:
    """Makes an account; returns its address and password."""

    def make(name: str, *roles: str) -> tuple[str, str]:
        with at_home(served):
            person(name, *(roles or ("practitioner",)))
        return f"{name}@example.org", PASSWORD

    return make


@pytest.fixture
def work(served: Path) -> Callable[[], None]:
    """Does the site's queued jobs, as its worker would, in this process."""

    def due() -> None:
        with at_home(served):
            while jobs.due_jobs():
                jobs.run_due()

    return due


@pytest.fixture
def small_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page 320 pixels wide."""
    context = _context(browser, address, viewport=SMALL)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page without scripts."""
    context = _context(browser, address, viewport=WIDE, java_script_enabled=False)
    yield context.new_page()
    context.close()
