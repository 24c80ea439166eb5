"""A run over the web: the pages of a source's own site, or their copies in web archives.

A site that is gone is read as it was: each page in the copy nearest to the day that the source
names, found in the archives' indexes. Its address stays the original one, and the moment of the
capture and the address of the copy go into the record.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from crawlers.archives import ARCHIVES, Archive, Capture, archived_page, captures, fetch_capture
from crawlers.errors import FetchFailed, NoCapture, SourceNeedsFile
from crawlers.fetch import Fetched, Fetcher
from crawlers.harvest import Harvest
from crawlers.harvested import Repository
from crawlers.kept_pages import PageStore
from crawlers.page import Page
from crawlers.run import Ending, run
from crawlers.run_report import RunReport
from crawlers.source import Source
from crawlers.starts import starts_of
from crawlers.walk import Missed, Walk
from kb.records.identity import canonical_url

_MOST_CAPTURES = 5_000


def crawl(
    source: Source,
    *,
    fetcher: Fetcher | None = None,
    store: PageStore | None = None,
    archives: Sequence[Archive] = ARCHIVES,
    only: Sequence[str] = (),
    full: bool = False,
    dry_run: bool = False,
    progress: bool = False,
) -> RunReport:
    """Read a source over the web and save what it holds; a run that was killed goes on.

    With `only`, no more than the pages at these addresses are read; a run of them may find little.
    With `full`, a run begins anew, and of a repository everything is asked for, not only what has
    changed since the run before.

    Raises SourceNeedsFile for a source that is read from a file, ContactMissing when the setting
    that says who crawls is empty, and what `run` raises.
    """
    if source.kind == "file":
        raise SourceNeedsFile(source.id, source.files)
    store = store or PageStore()
    if fetcher is None:
        with Fetcher(store) as own:
            return crawl(
                source,
                fetcher=own,
                store=store,
                archives=archives,
                only=only,
                full=full,
                dry_run=dry_run,
                progress=progress,
            )
    if isinstance(source, Repository) and not only:
        harvest = Harvest(source, fetcher=fetcher, store=store, whole=full)
        return run(
            source, harvest, how="live", after=harvest.ending, dry_run=dry_run, progress=progress
        )
    starts: list[str] = list(only)
    missed: list[Missed] = []
    plan = f"{source.id} list" if only else source.id
    # A run that goes on knows its addresses already.
    if not only and (full or not store.visits(plan)):
        starts, missed = starts_of(source, fetcher)
    asks: Fetcher | Copies = fetcher
    if source.kind == "archive":
        asks = Copies(fetcher, store, _moment(source.near), archives)
        for prefix in () if only else source.prefixes:
            try:
                starts += asks.under(prefix)
            except NoCapture as error:
                missed.append(Missed("no copy", prefix, str(error)))
    links = _no_links if only else source.links
    walk = Walk(plan, starts, links, fetcher=asks, store=store, anew=full)
    return run(
        source,
        walk,
        how=source.kind,
        after=lambda: Ending(whole=not only, missed=[*missed, *walk.missed]),
        dry_run=dry_run,
        progress=progress,
    )


def read_kept(
    source: Source, *, store: PageStore | None = None, dry_run: bool = False, progress: bool = False
) -> RunReport:
    """Read the pages that are kept of a source again, asking nobody: after its parser was mended.

    Raises SourceNeedsFile for a source that is read from a file, and what `run` raises.
    """
    if source.kind == "file":
        raise SourceNeedsFile(source.id, source.files)
    kept = Kept(store or PageStore())
    starts = [url for url in kept.addresses if _is_of(source, url)]
    if not isinstance(source, Repository):
        starts.sort()  # the newest answers of a repository go first, for they tell what holds now

    def links(page: Page) -> Iterable[str]:
        return (url for url in source.links(page) if url in kept.addresses)

    walk = Walk(f"{source.id} kept", starts, links, fetcher=kept, store=kept.store)
    pages = (page for page in walk if not isinstance(source, Repository) or source.lists(page))
    return run(
        source,
        pages,
        how="kept",
        after=lambda: Ending(missed=walk.missed),
        dry_run=dry_run,
        progress=progress,
    )


def _is_of(source: Source, url: str) -> bool:
    """Whether a kept address is one of those that a run of a source begins from or leads to."""
    if isinstance(source, Repository):
        return source.is_answer(url)
    own = (*source.starts, source.home) if not source.prefixes else source.starts
    return (
        url in own
        or url.startswith(source.prefixes or ("\0",))
        or (source.follow is not None and source.follow.search(url) is not None)
    )


class Kept:
    """Gives pages as they were last kept."""

    def __init__(self, store: PageStore) -> None:
        self.store = store
        self.addresses = dict.fromkeys(store.addresses())

    def fetch(self, url: str) -> Fetched:
        """The newest kept version of a page. Raises FetchFailed when there is none."""
        page = self.store.newest(url)
        if page is None:
            raise FetchFailed(url, "no copy of it is kept")
        return Fetched(page, changed=False, hops=(url,))


def _no_links(_: Page) -> Iterable[str]:
    return ()


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else datetime.now(UTC)


class Copies:
    """Fetches the copy of a page instead of the page, the one nearest to a moment."""

    def __init__(
        self, fetcher: Fetcher, store: PageStore, moment: datetime, archives: Sequence[Archive]
    ) -> None:
        self._fetcher, self._store = fetcher, store
        self._moment, self._archives = moment, archives
        self._known: dict[str, Capture] = {}

    def under(self, prefix: str) -> list[str]:
        """Every address that begins with `prefix` and has a copy, each once. Raises NoCapture."""
        found = captures(
            self._fetcher, prefix, archives=self._archives, prefix=True, most=_MOST_CAPTURES
        )
        nearest: dict[str, Capture] = {}
        for capture in found:
            # One page answered at several spellings of its address: they count as one.
            key = canonical_url(capture.original)
            if key not in nearest or self._far(capture) < self._far(nearest[key]):
                nearest[key] = capture
        self._known |= {capture.original: capture for capture in nearest.values()}
        return sorted(capture.original for capture in nearest.values())

    def _far(self, capture: Capture) -> float:
        return abs((capture.captured_at - self._moment).total_seconds())

    def fetch(self, url: str) -> Fetched:
        """The copy of a page, kept under its original address. Raises a FetchFailed."""
        known = self._known.get(url)
        try:
            if known is not None:
                copy = fetch_capture(self._fetcher, known)
            else:
                copy = archived_page(self._fetcher, url, self._moment, archives=self._archives)
        except NoCapture as error:
            raise FetchFailed(url, _told(error.tried)) from None
        changed = self._store.keep(url, copy.page)
        return Fetched(copy.page, changed=changed, hops=(copy.capture.raw_url,))


def _told(tried: Iterable[str]) -> str:
    return "no web archive has a copy: " + "; ".join(tried)
