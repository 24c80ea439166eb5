"""Looking at the web addresses that records name, politely, and saying how each is.

The fetcher keeps its manners: robots.txt, one request at a time to a host with a pause, limits of
bytes and time. What a look shows is kept by kb/directory/links.py.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from crawlers.archives import ARCHIVES, Archive, capture_near
from crawlers.errors import (
    AddressRefused,
    Blocked,
    FetchFailed,
    HeadRefused,
    NoCapture,
    PageGone,
    PageNotThere,
    RateLimited,
    RedirectRefused,
    RobotsRefused,
)
from crawlers.fetch import Fetched, Fetcher
from crawlers.page import Page
from kb import jobs
from kb.database import session_scope
from kb.directory import links
from kb.directory.links import Look
from kb.records.identity import canonical_url
from kb.settings import settings

logger = logging.getLogger(__name__)

JOB = "links.check"
DAYS = 30
MOST_SOUGHT = 30
"""Pages whose copies are sought in one go: archives limit how often they may be asked."""
_MOST_AT_ONCE = 300
_BLOCKED = (Blocked, RobotsRefused, RateLimited)


def look_at(fetcher: Fetcher, url: str) -> Look:
    """How an address is now."""
    try:
        fetched = _reached(fetcher, url)
    except PageNotThere as error:
        return Look("soft-404", error.reason)
    except PageGone as error:
        return Look("gone", error.reason)
    except _BLOCKED as error:
        return Look("blocked", error.reason)
    except RedirectRefused as error:
        return Look("gone", error.reason)
    except (AddressRefused, FetchFailed) as error:
        return Look("failed", error.reason)
    return _told(url, fetched)


def _reached(fetcher: Fetcher, url: str) -> Fetched:
    """What stands at an address: of a document only what its site says of it, without the file.

    A page is asked for whole, since only its words tell whether it is one; and so is all of a site
    that does not answer a question for the heads alone.
    """
    try:
        seen = fetcher.head(url)
    except HeadRefused:
        return fetcher.fetch(url)
    return fetcher.fetch(url) if _is_html(seen.page) else seen


def _told(url: str, fetched: Fetched) -> Look:
    page, reached = fetched.page, fetched.hops[-1]
    if canonical_url(reached) != canonical_url(url):
        if _is_home(reached) and not _is_home(url):
            return Look("soft-404", f"it leads to the front page, {reached}")
        return Look("moved", moved_to=reached)
    return Look("ok", content_hash=_hash(page))


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.rstrip("/").lower() in ("", "/index.html", "/home") and not parts.query


def _is_html(page: Page) -> bool:
    return "html" in page.content_type


def _hash(page: Page) -> str:
    """Of the words of a page; of the bytes of anything else, or what its site says of them."""
    if not page.body:
        marks = [page.headers.get(name, "") for name in ("last-modified", "content-length", "etag")]
        # Machines of one site often disagree on the last; it counts where it is all there is.
        told = "|".join(marks[:2] if marks[0] else marks)
        return f"head:{hashlib.sha256(told.encode()).hexdigest()}" if any(marks) else ""
    if not _is_html(page):
        return hashlib.sha256(page.body).hexdigest()
    main = page.soup.find("main") or page.soup.body or page.soup
    for part in main(["script", "style", "nav", "form"]):
        part.extract()
    words = " ".join(main.get_text(" ").split())
    return hashlib.sha256(words.encode()).hexdigest()


def check(
    urls: Iterable[str], *, fetcher: Fetcher, shown: Callable[[str, str], None] | None = None
) -> dict[str, int]:
    """Look at addresses, hosts in turn, and keep what each look showed; returns a count by state.

    `shown` is told each address with its state.
    """
    counts: dict[str, int] = defaultdict(int)
    for url in _hosts_in_turn(urls):
        look = look_at(fetcher, url)
        with session_scope(write=True) as session:
            row = links.note(session, url, look)
            counts[row.state] += 1
            if shown is not None:
                shown(url, row.state)
    return dict(counts)


def seek_copies(
    fetcher: Fetcher, *, archives: Sequence[Archive] = ARCHIVES, most: int = MOST_SOUGHT
) -> int:
    """Ask web archives for copies of the pages that are gone; returns how many were found.

    When archives do not answer, they are left in peace until the next time.
    """
    with session_scope() as session:
        lost = links.without_copy(session, most=most)
    found = 0
    for url, moment in lost.items():
        copy_url, copied_at = "", None
        try:
            capture = capture_near(fetcher, url, moment, archives=archives)
        except NoCapture as error:
            if not error.sure:
                logger.warning("copies are sought again later: %s", error)
                break
        else:
            copy_url, copied_at = capture.url, capture.captured_at
            found += 1
        with session_scope(write=True) as session:
            links.note_copy(session, url, copy_url, copied_at)
    return found


def _hosts_in_turn(urls: Iterable[str]) -> Iterator[str]:
    """One address of each host after the other, so that the pauses of hosts pass side by side."""
    waiting: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        waiting[urlsplit(url).netloc].append(url)
    while waiting:
        for host in list(waiting):
            yield waiting[host].pop(0)
            if not waiting[host]:
                del waiting[host]


def check_due(_payload: dict[str, Any]) -> None:
    """The job: look at what is due."""
    with session_scope() as session:
        urls = links.due(session, days=DAYS, most=_MOST_AT_ONCE)
    with Fetcher() as fetcher:
        counts = check(urls, fetcher=fetcher)
        copies = seek_copies(fetcher)
    logger.info("links looked at: %s; copies found: %s", counts, copies)


def queue_due() -> None:
    """Queue the job when addresses are due and it is said who asks."""
    if not settings().crawler_contact:
        return
    with session_scope(write=True) as session:
        if links.due(session, days=DAYS, most=1):
            jobs.enqueue(session, JOB, key=JOB)
