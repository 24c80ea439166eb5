"""The index as one process uses it: the generation in use, reopened when there is a new one."""

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import SQLAlchemyError

from index.embed import Embedder, Vectors, default_embedder
from index.errors import IndexStale
from index.facets import FACETS
from index.fields import NAMED_FIELDS
from index.fuse import Scores
from index.generation import Generation, open_current
from index.grammar import without_each_part
from index.spelling import Speller, speller
from index.thesaurus import Thesaurus, default_thesaurus
from index.vectors import best_passages
from kb.database import session_scope
from kb.settings import settings
from kb.trails.verdicts import PRIOR_LIMIT, priors

KEPT_VECTORS = 500
VERDICTS_SECONDS = 300.0

Given = ParamSpec("Given")
Made = TypeVar("Made")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near each record's nearest passage is, and each passage."""

    similar: NDArray[np.float32]
    passages: NDArray[np.float32]


def nearness(
    generation: Generation, vector: Vectors, embedder: Embedder, sections: Collection[str] = ()
) -> Likeness:
    """How near every record is to a vector, by its passages in these sections or in all."""
    columns = generation.columns
    similar = generation.vectors(embedder).cosines(vector)[columns.vectors.values]
    if sections:
        wanted = [spot for spot, name in enumerate(columns.section_names) if name in sections]
        similar = np.where(np.isin(columns.sections.values, wanted), similar, np.float32(-1))
    return Likeness(best_passages(similar, columns.vectors.starts), similar)


class Engine:
    """Opens the index in `home` and keeps it open; safe to share between threads."""

    def __init__(
        self,
        home: Path,
        embedder: Callable[[], Embedder] = default_embedder,
        thesaurus: Callable[[], Thesaurus] = default_thesaurus,
        verdicts: Callable[[], Mapping[str, float]] = dict,
        *,
        pins: bool = True,
    ) -> None:
        """`embedder` and `thesaurus` are called when first needed.

        `verdicts` gives how useful people found records, by id and from -1 to 1; it is asked again
        after a while. Without `pins` an exact title or id is ranked like everything else, to
        measure by.
        """
        self.home, self.verdicts, self.pins = home, verdicts, pins
        self._pointer = str(home / "current")
        self.embedder, self.thesaurus = embedder, thesaurus
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="embed")
        # Of its own, so that what a search waits for never stands behind what takes seconds.
        self._beside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="search")
        self._seen: tuple[int, int] | None = None
        self._open: Generation | None = None
        self._useful: tuple[float, Generation | None, Scores] = (0.0, None, np.empty(0, np.float32))
        # By what makes it: the generation it is of, what was made, and what is being made.
        self._derived: dict[Any, tuple[Generation, Any, Future[Any] | None]] = {}

    def generation(self) -> Generation:
        """The generation in use. Raises IndexMissing, IndexStale, IndexDamaged."""
        try:
            found = os.stat(self._pointer)  # noqa: PTH116  every search asks several times
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

    def prepare(self) -> None:
        """Make ready what the first searches would wait for. Raises as `generation` does."""
        self.speller(wait=True)
        self.generation().keyword.keep_common()

    def derived(self, make: Callable[[Generation], Made], *, wait: bool = False) -> Made:
        """What `make` makes of the generation in use, made once for each.

        While it is made of a new generation, what it made of the one before is given: whoever uses
        it checks what it finds there against the generation in use. `wait` waits instead.
        """
        generation = self.generation()
        with self._lock:
            known = self._derived.get(make)
            if known is None or (known[0] is not generation and known[2] is None):
                before = None if known is None else known[1]
                known = (generation, before, self._pool.submit(make, generation))
                self._derived[make] = known
        of, made, started = known
        if started is not None and (wait or made is None or started.done()):
            made = started.result()
            with self._lock:
                self._derived[make] = (of, made, None)
        result: Made = made
        return result

    def usefulness(self) -> Scores:
        """How useful people found each record, from -1 to 1, as known some minutes ago."""
        generation = self.generation()
        until, of, known = self._useful
        if of is generation and time.monotonic() < until:
            return known
        made = np.zeros(len(generation.columns), np.float32)
        numbers = generation.columns.numbers
        for record, worth in self.verdicts().items():
            if record in numbers:
                made[numbers[record]] = worth
        self._useful = (time.monotonic() + VERDICTS_SECONDS, generation, made)
        return made

    def speller(self, *, wait: bool = False) -> Speller:
        """The speller of this collection, which may lag one generation behind."""
        return self.derived(_speller, wait=wait)

    def parts(self, text: str, *, exact: bool = False) -> list[tuple[str, str]]:
        """Each part of a search text that must hold, and the text without it."""
        layout = self.generation().keyword.layout
        return without_each_part(text, layout.names, words=exact)

    def likeness(self, text: str, sections: Collection[str] = ()) -> Likeness:
        """How near every record is to a text, in these sections or in all.

        Raises ModelUnavailable, VectorsMixed and what the embedder raises.
        """
        generation = self.generation()
        return nearness(generation, self.begin_vector(text).result(), self.embedder(), sections)

    def begin_vector(self, text: str) -> "Future[Vectors]":
        """Start embedding what was typed; words can be looked for meanwhile.

        The result raises what the embedder raises.
        """
        with self._lock:
            known = self._vectors.get(text)
        if known is None:
            return self._pool.submit(self._vector, text)
        # Another thread, only to give what is known, would take longer than everything else.
        done: Future[Vectors] = Future()
        done.set_result(known)
        return done

    def begin(
        self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs
    ) -> "Future[Made]":
        """Start what the keyword index does by itself while this thread goes on."""
        return self._beside.submit(work, *given, **named)

    def forget_vectors(self) -> None:
        """Forget what was typed, so that it is embedded again when it is next asked for."""
        with self._lock:
            self._vectors.clear()

    def _vector(self, text: str) -> Vectors:
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


def _speller(generation: Generation) -> Speller:
    return speller(generation.keyword.word_counts())


@lru_cache(maxsize=2)
def _engine(home: Path) -> Engine:
    return Engine(home, verdicts=_verdicts)


def _verdicts() -> dict[str, float]:
    """People's verdicts as the store holds them; none, with a warning, when it cannot be read."""
    try:
        with session_scope() as session:
            return {one: prior / PRIOR_LIMIT for one, prior in priors(session).items()}
    except SQLAlchemyError as error:
        log.warning("verdicts cannot be read: %s", error)
        return {}


def default_engine() -> Engine:
    """The engine of this process's index."""
    return _engine(settings().index_dir)
