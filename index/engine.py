"""The index as one process uses it: the generation in use, reopened when there is a new one."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder, Vectors, default_embedder
from index.errors import IndexStale
from index.facets import FACETS
from index.fields import NAMED_FIELDS
from index.generation import Generation, open_current
from index.thesaurus import Thesaurus, default_thesaurus
from kb.settings import settings

KEPT_VECTORS = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Likeness:
    """For each record how near its nearest passage is, and which passage that is."""

    similar: NDArray[np.float32]
    passage: NDArray[np.int64]


class Engine:
    """Opens the index in `home` and keeps it open; safe to share between threads."""

    def __init__(
        self,
        home: Path,
        embedder: Callable[[], Embedder] = default_embedder,
        thesaurus: Callable[[], Thesaurus] = default_thesaurus,
    ) -> None:
        """`embedder` and `thesaurus` are called when first needed."""
        self.home = home
        self.embedder, self.thesaurus = embedder, thesaurus
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="embed")
        self._seen: tuple[int, int] | None = None
        self._open: Generation | None = None

    def generation(self) -> Generation:
        """The generation in use. Raises IndexMissing, IndexStale, IndexDamaged."""
        try:
            found = (self.home / "current").stat()
            mark = (found.st_ino, found.st_mtime_ns)
        except FileNotFoundError:
            mark = None
        opened = self._open
        if opened is not None and mark is not None and mark == self._seen:
            return opened
        with self._lock:
            if self._open is None or mark is None or mark != self._seen:
                self._open = self._checked(open_current(self.home))
                self._seen = mark
            return self._open

    def begin_vector(self, text: str) -> "Future[Vectors]":
        """Start embedding what was typed; words can be looked for meanwhile.

        The result raises what the embedder raises.
        """
        return self._pool.submit(self._vector, text)

    def _vector(self, text: str) -> Vectors:
        # The next page, or another filter, asks for the same text again.
        with self._lock:
            known = self._vectors.get(text)
        if known is not None:
            return known
        made: Vectors = self.embedder().queries([text])[0]
        with self._lock:
            self._vectors[text] = made
            while len(self._vectors) > KEPT_VECTORS:
                self._vectors.popitem(last=False)
        return made

    def _checked(self, generation: Generation) -> Generation:
        layout = generation.manifest.made_layout()
        if tuple(layout.facets) and layout.facets != tuple(facet.name for facet in FACETS):
            raise IndexStale(
                "The index has other facets than this version; run `kb index rebuild`."
            )
        if tuple(layout.named) and layout.named != tuple(named.name for named in NAMED_FIELDS):
            raise IndexStale(
                "The index has other fields than this version; run `kb index rebuild`."
            )
        return generation


@lru_cache(maxsize=2)
def _engine(home: Path) -> Engine:
    return Engine(home)


def default_engine() -> Engine:
    """The engine of this process's index."""
    return _engine(settings().index_dir)
