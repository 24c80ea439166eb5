"""One request at a time to each site, with a pause in between, whoever in this installation asks.

The lock and the time of the last request lie in files of KB_HOME, so threads, processes and runs
one after the other all keep the same pause.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from crawlers.errors import RateLimited
from kb.settings import settings

Sleep = Callable[[float], None]


class Turns:
    """Hands out turns to ask a host; `sleep` waits."""

    def __init__(self, sleep: Sleep = time.sleep) -> None:
        self._sleep = sleep

    @contextmanager
    def turn(self, url: str, site: str, pause: float) -> Iterator[None]:
        """Hold the only turn of a site, `pause` seconds after the turn before it ended.

        Raises RateLimited when the pause, or one that the site asked for, is longer than a run
        waits.
        """
        longest = settings().crawler_longest_wait
        if pause > longest:
            raise RateLimited(
                url,
                f"the site asks for {pause:.0f} s between pages, KB_CRAWLER_LONGEST_WAIT is "
                f"{longest:.0f}",
            )
        note = self._note(site)
        with FileLock(note.with_suffix(".lock")):
            wait = self._due(note, pause) - time.time()
            if wait > longest:
                raise RateLimited(url, f"the site asked not to be asked for another {wait:.0f} s")
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                self._write(note, f"{time.time():.3f} {self._not_before(note):.3f}")

    def postpone(self, site: str, seconds: float) -> None:
        """Note that a site asked not to be asked again for so long."""
        note = self._note(site)
        last, _ = self._read(note)
        self._write(note, f"{last:.3f} {time.time() + seconds:.3f}")

    def _due(self, note: Path, pause: float) -> float:
        last, not_before = self._read(note)
        # A clock that was set back must not make a run wait for ever.
        return max(min(last, time.time()) + pause, not_before)

    def _not_before(self, note: Path) -> float:
        return self._read(note)[1]

    @staticmethod
    def _note(site: str) -> Path:
        folder = settings().home / "turns"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{hashlib.sha256(site.encode()).hexdigest()[:32]}.txt"

    @staticmethod
    def _read(note: Path) -> tuple[float, float]:
        try:
            last, not_before = note.read_text("ascii").split()
            return float(last), float(not_before)
        except (OSError, ValueError):
            return 0.0, 0.0

    @staticmethod
    def _write(note: Path, text: str) -> None:
        new = note.with_suffix(".new")
        new.write_text(text, "ascii")
        new.replace(note)
