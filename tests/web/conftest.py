"""A site over a real store and a real index: real records, made-up ones, and hidden ones."""

import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from bs4 import BeautifulSoup
from fastapi import FastAPI
from starlette.testclient import TestClient

from index import sync
from kb import seeding
from kb.database import session_scope
from kb.records import service
from kb.settings import PROJECT
from tests.conftest import _forget, at_home
from tests.factories import entry, practice
from tests.web.people import parsed
from web.app import create_app
from web.search_limit import SearchLimit

REAL = ("scared-straight-programmes-usa", "nuisance-motels-chula-vista")
HIDDEN_STATES = ("draft", "submitted", "in-review", "changes-asked", "withdrawn")
SECRET = "Zanzibarquokka"
"""A word that only hidden records hold."""


def save(content: Any, *, door: str = "file", state: str = "published") -> str:
    with session_scope(write=True) as session:
        return service.save(
            session,
            content,
            door=door,
            actor="a test",
            state=state,  # type: ignore[arg-type]
        ).id


def set_state(record_id: str, state: str, **changes: Any) -> None:
    with session_scope(write=True) as session:
        service.set_state(session, record_id, state, actor="a test", **changes)


def fill() -> None:
    """Everything the tests look at."""
    for name in REAL:
        data = seeding.read_yaml(PROJECT / "seeds" / "records" / f"{name}.yaml")
        save(service.parse(data))
    save(practice(id="alley-gates"))
    save(
        practice(
            id="alley-gates-again",
            title="Alley gates in Hill Street",
            related=["alley-gates", "hidden-draft"],
            replicates=["alley-gates"],
        )
    )
    save(entry(), door="harvest", state="published-unverified")
    save(
        entry(
            title="Paper boats on the canal",
            awards=[{"scheme": "goldstein", "year": 2001, "level": "not-stated"}],
            provenance=[
                {
                    "source": "pop-datasets",
                    "external_id": "two",
                    "document_url": "https://example.org/two.pdf",
                }
            ],
            suggested_tags=[
                {
                    "field_name": "problem_types",
                    "code": "burglary",
                    "confidence": 0.8,
                    "because": "the word burglary",
                }
            ],
        ),
        door="harvest",
        state="published-unverified",
    )
    for state in HIDDEN_STATES:
        save(
            practice(
                id=f"hidden-{state}",
                title=f"{SECRET} {state} alley gates",
                partners=[{"organisation": f"{SECRET} Council"}],
                awards=[{"scheme": "tilley", "year": 2007, "level": "winner"}],
            ),
            state=state if state != "withdrawn" else "published",
        )
        if state == "withdrawn":
            set_state(f"hidden-{state}", state)
    save(practice(id="restricted", title=f"{SECRET} restricted alley gates"))
    set_state("restricted", "published", restricted=True)
    sync.sync()


@pytest.fixture(scope="session")
def _site_template(tmp_path_factory: pytest.TempPathFactory, _store_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(_store_template, folder)
    with at_home(folder):
        fill()
    return folder


@pytest.fixture
def site(home: Path, monkeypatch: pytest.MonkeyPatch, _site_template: Path) -> Path:
    """A filled KB_HOME of this test's own, its index made without a model."""
    monkeypatch.setenv("KB_EMBEDDING_MODEL", "hash")
    _forget()
    shutil.copytree(_site_template, home)
    return home


@pytest.fixture(scope="session", autouse=True)
def _one_loop() -> Iterator[None]:
    """One event loop for all browsers: making one for each request takes as long as its answer."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@lru_cache(maxsize=1)
def _made_once() -> FastAPI:
    return create_app()


def the_app() -> FastAPI:
    """The site, made once for all tests: a new one takes long over its first answer.

    It looks at settings, store and index anew for each request; only the count of searches is its
    own, and begins afresh here.
    """
    app = _made_once()
    app.state.search_limit = SearchLimit()
    return app


@pytest.fixture
def client(site: Path) -> Iterator[TestClient]:
    """Asks the real app; faults come back as pages, as they would to a visitor."""
    with TestClient(the_app(), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def page(client: TestClient) -> Callable[..., BeautifulSoup]:
    """A page that answers with the status expected, parsed."""

    def read(path: str, status: int = 200) -> BeautifulSoup:
        answer = client.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return parsed(answer.text)

    return read


PAGES = (
    "/",
    "/search",
    "/search?q=alley+gates",
    "/search?q=alley+gates&problem=burglary",
    "/search?q=qqqzzz",
    "/search?page=2&per_page=2",
    "/records/alley-gates",
    "/records/scared-straight-programmes-usa",
    "/records/alley-gates/history",
    "/browse",
    "/browse/problem",
    "/browse/place",
    "/browse/problem?q=alley",
    "/search?q=alley+gates&view=aspect",
    "/search?q=alley+nonsenseword&problem=burglary",
    "/problem-like-mine",
    "/gaps",
    "/residents",
    "/residents?q=back+alleys",
    "/residents?q=qqqzzz",
    "/gaps?problem=crime&response=situational&show=stage",
    "/sources",
    "/sources?state=dead&aspect=who",
    "/sources/beacon-scheme",
    "/awards",
    "/awards/goldstein",
    "/awards/goldstein?problem=burglary&level=winner",
    "/awards/goldstein/2001",
    "/records/alley-gates/since",
    "/records/alley-gates/enter",
    "/records/alley-gates/enter/tilley",
    "/people",
    "/people?sector=council",
    "/people?q=alley+gates&problem=burglary&offer=talk",
    "/people?page=99999",
    "/about",
    "/help",
    "/accessibility",
    "/privacy",
    "/api/docs",
    "/account/sign-in",
    "/account/sign-up",
    "/account/forgot",
    "/trails",
    "/lists",
    "/lists/add?id=alley-gates",
    "/compare",
    "/compare?id=alley-gates",
    "/compare?id=alley-gates&id=scared-straight-programmes-usa",
    "/records/alley-gates/useful",
    "/unsubscribe/nothing",
)
"""Every kind of page, in the states that matter."""
