"""Pages as they were fetched, so that parsing can be repeated without asking the site again.

One SQLite file in KB_HOME. Every version of a page is kept: one whose body has changed stands
beside the older one, one that has not is noted as seen again. Bodies are kept packed. The same
file holds the addresses that a run has still to visit, so that a killed run can go on.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawlers.page import Page
from kb.settings import settings

_TABLES = """
CREATE TABLE IF NOT EXISTS body (hash TEXT PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS page (
    asked TEXT NOT NULL,
    hash TEXT NOT NULL REFERENCES body(hash),
    url TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    headers TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (asked, hash)
);
CREATE INDEX IF NOT EXISTS page_seen ON page (asked, seen_at);
CREATE TABLE IF NOT EXISTS visit (
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    position INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (source, url)
);
CREATE INDEX IF NOT EXISTS visit_state ON visit (source, state, position);
"""
_KEPT_HEADERS = (
    "etag",
    "last-modified",
    "content-language",
    "link",
    "memento-datetime",
    "content-location",
    "x-robots-tag",
    "tdm-reservation",
    "content-disposition",
)


UNFINISHED = ("waiting", "fetched")
"""States of an address that a run has still to deal with; `fetched` is kept, and not yet taken."""


@dataclass(frozen=True, slots=True)
class Visit:
    """An address of a run: how many links it is away from the start, and what became of it."""

    url: str
    depth: int
    state: str
    reason: str


class PageStore:
    """The kept pages. Usable from several threads and processes."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings().home / "pages.sqlite"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.executescript(_TABLES)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=60)
        try:
            with database:
                yield database
        finally:
            database.close()

    # --- pages

    def keep(self, asked: str, page: Page) -> bool:
        """Keep a page under the address it was asked for. Gives whether the body is a new one."""
        digest = hashlib.sha256(page.body).hexdigest()
        moment = _written(page.fetched_at)
        headers = {name: page.headers[name] for name in _KEPT_HEADERS if name in page.headers}
        with self._open() as database:
            newest = self._newest(database, asked)
            database.execute(
                "INSERT OR IGNORE INTO body VALUES (?, ?)", (digest, zlib.compress(page.body, 6))
            )
            database.execute(
                "INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asked, hash) DO "
                "UPDATE SET url = excluded.url, headers = excluded.headers, "
                "content_type = excluded.content_type, seen_at = excluded.seen_at",
                (
                    asked,
                    digest,
                    page.url,
                    page.status,
                    page.content_type,
                    json.dumps(headers),
                    moment,
                    moment,
                ),
            )
        return newest is None or newest[0] != digest

    def seen_again(self, asked: str, moment: datetime) -> None:
        """Note that the newest version of a page is still what the site has."""
        with self._open() as database:
            newest = self._newest(database, asked)
            if newest is not None:
                database.execute(
                    "UPDATE page SET seen_at = ? WHERE asked = ? AND hash = ?",
                    (_written(moment), asked, newest[0]),
                )

    def newest(self, asked: str) -> Page | None:
        """The version of a page that was seen last."""
        with self._open() as database:
            row = self._newest(database, asked)
            if row is None:
                return None
            (packed,) = database.execute(
                "SELECT packed FROM body WHERE hash = ?", (row[0],)
            ).fetchone()
        _, url, status, content_type, headers, fetched_at = row
        return Page(
            url=url,
            body=zlib.decompress(packed),
            content_type=content_type,
            fetched_at=datetime.fromisoformat(fetched_at),
            status=status,
            headers=json.loads(headers),
        )

    def conditions(self, asked: str, url: str) -> Mapping[str, str]:
        """Headers by which `url` can answer that the page it gave for `asked` is unchanged."""
        with self._open() as database:
            row = self._newest(database, asked)
        if row is None or row[1] != url:
            return {}
        held = json.loads(row[4])
        wanted = {"If-None-Match": held.get("etag"), "If-Modified-Since": held.get("last-modified")}
        return {name: value for name, value in wanted.items() if value}

    def addresses(self) -> list[str]:
        """Every address that a page is kept of, those seen last first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT asked FROM page GROUP BY asked ORDER BY MAX(seen_at) DESC, asked"
            ).fetchall()
        return [row[0] for row in rows]

    def versions(self, asked: str) -> int:
        """How many different bodies of a page are kept."""
        with self._open() as database:
            found = database.execute("SELECT COUNT(*) FROM page WHERE asked = ?", (asked,))
            return int(found.fetchone()[0])

    @staticmethod
    def _newest(
        database: sqlite3.Connection, asked: str
    ) -> tuple[str, str, int, str, str, str] | None:
        found: tuple[str, str, int, str, str, str] | None = database.execute(
            "SELECT hash, url, status, content_type, headers, fetched_at FROM page "
            "WHERE asked = ? ORDER BY seen_at DESC, rowid DESC LIMIT 1",
            (asked,),
        ).fetchone()
        return found

    # --- what a run has still to visit

    def plan(self, source: str, urls: list[str], depth: int) -> int:
        """Add addresses to a source's run; known ones are left as they are. Gives how many."""
        with self._open() as database:
            (last,) = database.execute(
                "SELECT COALESCE(MAX(position), 0) FROM visit WHERE source = ?", (source,)
            ).fetchone()
            return sum(
                database.execute(
                    "INSERT OR IGNORE INTO visit VALUES (?, ?, ?, ?, 'waiting', '')",
                    (source, url, last + number, depth),
                ).rowcount
                for number, url in enumerate(urls, 1)
            )

    def visits(self, source: str) -> list[Visit]:
        """Every address of a source's run, in the order they were found."""
        with self._open() as database:
            rows = database.execute(
                "SELECT url, depth, state, reason FROM visit WHERE source = ? ORDER BY position",
                (source,),
            ).fetchall()
        return [Visit(*row) for row in rows]

    def next_visit(self, source: str) -> Visit | None:
        """The next address to visit or to go on with; none when the run is complete."""
        with self._open() as database:
            row = database.execute(
                "SELECT url, depth, state, reason FROM visit WHERE source = ? "
                "AND state IN (?, ?) ORDER BY position LIMIT 1",
                (source, *UNFINISHED),
            ).fetchone()
        return Visit(*row) if row else None

    def visited(self, source: str, url: str, state: str, reason: str = "") -> None:
        """Note what became of an address: `fetched`, `done`, or why it was missed."""
        with self._open() as database:
            database.execute(
                "UPDATE visit SET state = ?, reason = ? WHERE source = ? AND url = ?",
                (state, reason, source, url),
            )

    def forget_plan(self, source: str) -> None:
        """Forget a run that is complete, so that the next one begins anew."""
        with self._open() as database:
            database.execute("DELETE FROM visit WHERE source = ?", (source,))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
