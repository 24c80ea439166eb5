"""Fixtures of the crawling tests: a site on this machine, and a fetcher that may ask it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawlers.fetch import Fetcher
from crawlers.kept_pages import PageStore
from kb.settings import settings
from tests.crawlers.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def crawler_settings(
    home: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Settings that let the crawler ask the site of the test, and more when called."""

    def change(**changes: object) -> None:
        for name, value in changes.items():
            monkeypatch.setenv(f"KB_CRAWLER_{name.upper()}", str(value))
        settings.cache_clear()

    change(contact="crawl@example.org", allow=site.host, delay=0, seconds=20)
    return change


@pytest.fixture
def waits() -> list[float]:
    """What the fetcher would have waited for, in seconds."""
    return []


@pytest.fixture
def pages(crawler_settings: Callable[..., None]) -> PageStore:
    return PageStore()


@pytest.fixture
def new_fetcher(pages: PageStore, waits: list[float]) -> Iterator[Callable[..., Fetcher]]:
    """Makes fetchers that keep their pages and note their waits instead of waiting."""
    with ExitStack() as stack:

        def make(**changes: object) -> Fetcher:
            wanted: dict[str, object] = {"store": pages, "sleep": waits.append, **changes}
            return stack.enter_context(Fetcher(**wanted))  # type: ignore[arg-type]

        yield make


@pytest.fixture
def fetcher(new_fetcher: Callable[..., Fetcher]) -> Fetcher:
    return new_fetcher()
