"""Visiting the pages of a source: from its start addresses along its links, each page once.

What is still to visit is kept with the pages. A run that was killed goes on where it stopped: the
pages it had read come from the store, so that the run still counts as a whole. One page that
cannot be had is noted and does not stop the others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from crawlers.addresses import check_address
from crawlers.errors import (
    AddressRefused,
    Blocked,
    BodyUnreadable,
    FetchFailed,
    LayoutChanged,
    PageGone,
    PageUnreadable,
    RateLimited,
    RedirectRefused,
    RobotsRefused,
    ServerFailed,
    TooLarge,
    TooSlow,
    Unreachable,
)
from crawlers.fetch import Fetched
from crawlers.kept_pages import UNFINISHED, PageStore
from crawlers.page import Page

_KINDS: tuple[tuple[type[FetchFailed], str], ...] = (
    (RobotsRefused, "refused by robots"),
    (AddressRefused, "address refused"),
    (RateLimited, "asked to wait"),
    (Blocked, "blocked"),
    (PageGone, "gone"),
    (TooLarge, "too large"),
    (TooSlow, "too slow"),
    (RedirectRefused, "redirect refused"),
    (ServerFailed, "site failed"),
    (Unreachable, "no connection"),
    (BodyUnreadable, "body unreadable"),
)


@dataclass(frozen=True, slots=True)
class Missed:
    """A page that could not be had: `kind` in a few words, and why."""

    kind: str
    url: str
    reason: str


class Fetches(Protocol):
    """What gives the page at an address: a Fetcher, or something in its place."""

    def fetch(self, url: str, /) -> Fetched:
        """The page at an address. Raises a FetchFailed."""
        ...


class Walk:
    """The pages of one run, once each, in the order they are found.

    `links` gives the addresses that a page leads to; `most` and `depth` bound what a trap of
    endless links can cost; with `anew`, a run that was stopped does not go on. After the pages,
    `missed` says which ones could not be had, and `fetched`, `unchanged` and `from_store` how many
    were.
    """

    def __init__(
        self,
        source_id: str,
        starts: Sequence[str],
        links: Callable[[Page], Iterable[str]],
        *,
        fetcher: "Fetches",
        store: PageStore,
        most: int = 20_000,
        depth: int = 50,
        anew: bool = False,
    ) -> None:
        self.missed: list[Missed] = []
        self.fetched = self.unchanged = self.from_store = 0
        self._source_id, self._starts, self._links = source_id, starts, links
        self._fetcher, self._store = fetcher, store
        self._most, self._depth, self._anew = most, depth, anew

    def __iter__(self) -> Iterator[Page]:
        if self._anew:
            self._store.forget_plan(self._source_id)
        began = self._store.visits(self._source_id)
        for known in began:
            if known.state == "done" and (kept := self._kept(known.url)) is not None:
                yield kept
            elif known.state not in ("done", *UNFINISHED):
                self.missed.append(Missed(known.state, known.url, known.reason))
        count = len(began) + self._plan(self._starts, 0)
        while (visit := self._store.next_visit(self._source_id)) is not None:
            page = self._kept(visit.url) if visit.state == "fetched" else None
            page = page or self._visit(visit.url)
            if page is None:
                continue
            yield page
            if visit.depth < self._depth and count < self._most:
                count += self._plan(self._links_of(page), visit.depth + 1, self._most - count)
            elif count >= self._most or visit.depth >= self._depth:
                self._stopped(page)
            # Only now, so that a run killed while its taker works on the page takes it again.
            self._store.visited(self._source_id, visit.url, "done")
        self._store.forget_plan(self._source_id)

    def _kept(self, url: str) -> Page | None:
        page = self._store.newest(url)
        self.from_store += page is not None
        return page

    def _visit(self, url: str) -> Page | None:
        try:
            fetched = self._fetcher.fetch(url)
        except FetchFailed as error:
            kind = next((name for kind, name in _KINDS if isinstance(error, kind)), "failed")
            self._miss(kind, url, str(error))
            return None
        if fetched.changed:
            self.fetched += 1
        else:
            self.unchanged += 1
        self._store.visited(self._source_id, url, "fetched")
        return fetched.page

    def _miss(self, kind: str, url: str, reason: str) -> None:
        self._store.visited(self._source_id, url, kind, reason)
        self.missed.append(Missed(kind, url, reason))

    def _links_of(self, page: Page) -> list[str]:
        try:
            return list(self._links(page))
        except (LayoutChanged, PageUnreadable) as error:
            self.missed.append(Missed("layout changed", page.url, str(error)))
            return []

    def _plan(self, urls: Iterable[str], depth: int, room: int | None = None) -> int:
        planned = []
        for url in filter(None, urls):
            try:
                planned.append(check_address(url).url)
            except AddressRefused as error:
                self.missed.append(Missed("address refused", url, str(error)))
        planned = list(dict.fromkeys(planned))
        return self._store.plan(self._source_id, planned[:room], depth)

    def _stopped(self, page: Page) -> None:
        if not any(self._links_of(page)) or any(item.kind == "stopped" for item in self.missed):
            return
        self.missed.append(
            Missed(
                "stopped",
                page.url,
                f"its further links were not followed: a run visits {self._most} pages at most, "
                f"up to {self._depth} links deep.",
            )
        )
