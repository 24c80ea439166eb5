"""`make bench`: how fast the search is, beside other engines, on the same documents in one run.

Times vary with the machine; the ratios are what to compare. Nothing here is a test.
"""

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from index.document import Document
from index.embed import Embedder, Identity, Progress, Vectors, default_embedder
from index.engine import Engine
from index.evaluate import build
from index.generation import Builder, open_current
from index.query import Mode, Query
from index.search import found_ids, search
from index.thesaurus import default_thesaurus
from tests.benchmarks import made_up
from tests.benchmarks.peers import Fts5, Peer, Whoosh


class QuickPassages:
    """Real vectors for queries, random ones for passages: embedding those is not measured here."""

    def __init__(self, real: Embedder) -> None:
        self.real = real
        self.chance = np.random.default_rng(1)

    @property
    def identity(self) -> Identity:
        return self.real.identity

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.real.queries(texts)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        made = self.chance.standard_normal((len(texts), self.identity.dimension))
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentiles(times: Iterable[float]) -> dict[str, float]:
    ordered = sorted(one * 1000 for one in times)
    return {
        "p50_ms": round(statistics.median(ordered), 2),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 2),
    }


def both_clocks(work: Iterable[Callable[[], object]]) -> dict[str, object]:
    """Time on the wall, and the calling thread's own, which a busy machine disturbs less."""
    wall, own = [], []
    for one in work:
        before = time.thread_time()
        wall.append(timed(one))
        own.append(time.thread_time() - before)
    return {**percentiles(wall), "thread": percentiles(own)}


def ours(home: Path, documents: Sequence[Document], embedder: Embedder) -> dict[str, object]:
    """Build, ask in each mode, change one record, and look at the memory."""
    asked = made_up.queries(200)
    found: dict[str, object] = {"records": len(documents)}
    found["build_s"] = round(timed(lambda: build(home, documents, embedder)), 2)
    engine = Engine(home, lambda: embedder, default_thesaurus)
    modes: tuple[Mode, ...] = ("keyword", "hybrid")
    for mode in modes:
        for text in made_up.queries(20, seed=3):
            search(Query(text=text, mode=mode), engine)
        found[mode] = both_clocks(
            partial(search, Query(text=text, mode=mode), engine) for text in asked
        )

    def edit() -> None:
        start = open_current(home)
        builder = Builder(home, start, start.manifest.made_layout(), embedder)
        builder.change([documents[len(documents) // 2]], [], {})
        builder.finish("")
        search(Query(text=asked[0]), engine)

    found["edit_searchable_s"] = round(statistics.median(timed(edit) for _ in range(5)), 3)
    return found


def peer(engine: Peer, documents: Sequence[Document]) -> dict[str, object]:
    """The same for another engine: build and ask."""
    asked = made_up.queries(200)
    seconds = timed(lambda: engine.build(documents))
    for text in made_up.queries(20, seed=3):
        engine.ask(text)
    times = [timed(partial(engine.ask, text)) for text in asked]
    return {"build_s": round(seconds, 2), **percentiles(times)}


def compared(documents: Sequence[Document], embedder: Embedder) -> dict[str, dict[str, object]]:
    """Every engine on the same documents, ratios to ours beside the figures."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        own = ours(place / "ours", documents, embedder)
        keyword = own["keyword"]
        assert isinstance(keyword, dict)
        engine = Engine(place / "ours", lambda: embedder, default_thesaurus)
        bare = percentiles(
            timed(partial(found_ids, Query(text=text, mode="keyword"), 10, engine))
            for text in made_up.queries(200)
        )
        # The others give ten ids; a whole search of ours counts all, facets them and cuts snippets.
        table: dict[str, dict[str, object]] = {
            "ours": {"build_s": own["build_s"], **bare},
            "ours, whole": {
                "build_s": own["build_s"],
                **{name: keyword[name] for name in ("p50_ms", "p95_ms")},
            },
        }
        for other in (Whoosh(place / "whoosh"), Fts5(place / "fts5")):
            table[other.name] = peer(other, documents)
        for row in table.values():
            for name in ("build_s", "p50_ms", "p95_ms"):
                row[f"{name} ratio"] = round(_number(row, name) / _number(table["ours"], name), 1)
    return table


def _number(row: dict[str, object], name: str) -> float:
    value = row[name]
    assert isinstance(value, (int, float))
    return max(float(value), 1e-6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--records",
        type=int,
        nargs="+",
        default=[1_000, 10_000],
        help="records for our own figures; several show the curve",
    )
    parser.add_argument("--shared", type=int, default=1_000, help="records for the comparison")
    parser.add_argument("--json", action="store_true", help="print data as JSON")
    chosen = parser.parse_args()
    embedder = QuickPassages(default_embedder())
    curve = []
    for records in sorted(chosen.records):
        with tempfile.TemporaryDirectory() as folder:
            own = ours(Path(folder) / "index", list(made_up.documents(records)), embedder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        own["peak_memory_mb"] = round(peak / (1024 if sys.platform != "darwin" else 1024 * 1024))
        curve.append(own)
    table = compared(list(made_up.documents(chosen.shared)), embedder)
    if chosen.json:
        print(json.dumps({"ours": curve, "compared": table}))
        return
    print("Ours; records of four passages, made up of words of the field:")
    for own in curve:
        print("  " + "\n    ".join(f"{name}: {value}" for name, value in own.items()))
    print(f"\nKeyword search beside others, {chosen.shared} records (ratio: theirs / ours):")
    for name, row in table.items():
        print(f"  {name:<12} " + "  ".join(f"{key} {value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
