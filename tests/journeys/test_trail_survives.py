"""A trail outlives a kill in the middle of writing, and two tabs that write at once."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from index import sync
from kb.database import session_scope
from kb.trails import log
from kb.trails.models import Trail
from tests.factories import practice
from tests.web.conftest import save

Start = Callable[[], str]


@pytest.fixture
def filled(store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    save(practice(id="alley-gates"))
    sync.sync()
    return store


@pytest.fixture
def serving(filled: Path) -> Iterator[tuple[Start, Callable[[], None]]]:
    """Starts a real server, and kills it as a power cut would."""
    running: list[subprocess.Popen[str]] = []

    def start() -> str:
        server = subprocess.Popen(
            [str(Path(sys.executable).parent / "kb"), "serve", "--port", "0", "--no-worker"],
            env={**os.environ, "KB_HOME": str(filled)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(server)
        assert server.stdout
        for line in server.stdout:
            found = re.search(r"http://[\d.]+:\d+", line)
            if found:
                return found[0]
        raise AssertionError("the server did not start")

    def kill() -> None:
        running[-1].send_signal(signal.SIGKILL)
        running[-1].communicate(timeout=30)

    yield start, kill
    for server in running:
        server.kill()
        server.communicate(timeout=30)


class Tab:
    """A browser's tab: follows redirects, keeps cookies, fills in forms."""

    def __init__(self, base: str, jar: CookieJar) -> None:
        self.base = base
        self.opener = build_opener(HTTPCookieProcessor(jar))

    def get(self, path: str) -> tuple[str, str]:
        with self.opener.open(self.base + path, timeout=30) as answer:
            return answer.url.removeprefix(self.base), answer.read().decode()

    def post(self, path: str, token: str, **fields: str) -> tuple[str, str]:
        data = urlencode({"csrf": token, **fields}).encode()
        with self.opener.open(Request(self.base + path, data), timeout=30) as answer:
            return answer.url.removeprefix(self.base), answer.read().decode()

    def token(self, path: str) -> str:
        box = BeautifulSoup(self.get(path)[1], "html.parser").find("input", attrs={"name": "csrf"})
        return str(box["value"])


def begin(tab: Tab) -> tuple[str, str]:
    """Begin a trail; its address and the token of the visit."""
    token = tab.token("/trails")
    at, _ = tab.post("/trails", token, into="burglary in terraced streets")
    return at.partition("/clarify")[0], token


def whole() -> Trail:
    """The one trail, after checking that its state is what its log tells."""
    with session_scope() as session:
        trail = session.exec(select(Trail)).one()
        assert trail.state == log.refold(session, trail.id)
        return trail


def test_killed_in_the_middle(serving: tuple[Start, Callable[[], None]]) -> None:
    start, kill = serving
    jar = CookieJar()
    tab = Tab(start(), jar)
    trail, token = begin(tab)
    kept: list[str] = []

    def write() -> None:
        for number in range(500):
            try:
                tab.post(f"{trail}/dead-ends", token, what=f"attempt {number}")
            except (URLError, HTTPError, OSError):
                return
            kept.append(f"attempt {number}")

    writer = threading.Thread(target=write)
    writer.start()
    while len(kept) < 8:
        writer.join(0.01)
    kill()
    writer.join(30)
    told = {end["what"] for end in whole().state["dead_ends"].values()}
    assert set(kept) <= told
    assert len(told) <= len(kept) + 1
    again = Tab(start(), jar)
    assert kept[0] in again.get(f"{trail}/results")[1]
    again.post(f"{trail}/dead-ends", token, what="after the cut")
    assert "after the cut" in again.get(f"{trail}/results")[1]


def test_two_tabs_at_once(serving: tuple[Start, Callable[[], None]]) -> None:
    jar = CookieJar()
    base = serving[0]()
    tabs = [Tab(base, jar), Tab(base, jar)]
    trail, token = begin(tabs[0])
    faults: list[Exception] = []

    def work(number: int) -> None:
        try:
            for step in range(10):
                tabs[number].post(f"{trail}/dead-ends", token, what=f"tab {number} step {step}")
                tabs[number].get(f"/search?q=gates+{number}+{step}")
                tabs[number].get("/records/alley-gates")
        except (URLError, OSError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    state = whole().state
    assert len(state["dead_ends"]) == 20
    assert len(state["queries"]) == 20
    assert state["records"]["alley-gates"]["times"] == 20
