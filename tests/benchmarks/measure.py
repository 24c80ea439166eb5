"""What is measured of each engine. Every function runs in a process of its own."""

import gc
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.document import Document
from index.embed import Vectors, default_embedder
from index.engine import Engine
from index.evaluate import Collection, build, ndcg
from index.generation import Builder, open_current
from index.query import Mode, Query
from index.search import found_ids, search
from index.suggest import Suggester, suggest
from index.thesaurus import default_thesaurus
from tests.benchmarks.known_items import documents, figures, listing
from tests.benchmarks.peers import PEERS
from tests.benchmarks.real import KeptVectors, collection, data_folder, recombined, tagged

WARM = 5
Row = dict[str, Any]


def clocks(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the wall and of this process's processors."""
    wall, own = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - own) * 1000


def shares(times: Sequence[tuple[float, float]]) -> Row:
    wall = sorted(one for one, _ in times)
    return {
        "p50_ms": round(statistics.median(wall), 2),
        "p95_ms": round(wall[min(len(wall) - 1, int(len(wall) * 0.95))], 2),
        "cpu_ms": round(statistics.median(own for _, own in times), 2),
    }


class Pace:
    """How quiet the machine is: how much longer a fixed piece of work takes than at its quickest.

    Times are told as they were. Where this is far above 1 others had the processors, so they are
    told as on a quiet machine as well: each over that of the work done right before and after it,
    times the quickest of all.
    """

    def __init__(self) -> None:
        self.times: list[float] = []

    def take(self) -> float:
        """Do the work once more, about half a millisecond of it; the time it took."""
        self.times.append(clocks(lambda: sum(range(20_000)))[0])
        return self.times[-1]

    def clocks(self, work: Callable[[], object]) -> tuple[float, float, float]:
        """What `clocks` gives of `work`, and the first in times of the fixed work."""
        before = self.take()
        wall, own = clocks(work)
        return wall, own, 2 * wall / (before + self.take())

    def shares(self, times: Sequence[tuple[float, float, float]]) -> Row:
        """What `shares` gives, and as on a quiet machine."""
        quiet = shares([(steps * min(self.times), own) for _, own, steps in times])
        row = shares([(wall, own) for wall, own, _ in times])
        return {**row, "quiet_p50_ms": quiet["p50_ms"], "quiet_p95_ms": quiet["p95_ms"]}

    def row(self) -> Row:
        least, ordered = min(self.times), sorted(self.times)
        return {
            "p50": round(statistics.median(ordered) / least, 2),
            "p95": round(ordered[int(len(ordered) * 0.95)] / least, 2),
        }


def resident_mb() -> float:
    """Memory of this process that is its own; files mapped by it are left out where known."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        held = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if "kB" in line}
        return int(held["RssAnon"]) / 1024
    except (OSError, KeyError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def settled() -> None:
    """Leave what is there out of the search for rubbish, as a server does once it has started."""
    gc.collect()
    gc.freeze()


def measured(
    ask: Callable[[str, Vectors | None], list[str]],
    judged: Collection,
    embed: Callable[[str], list[str]] | None = None,
) -> Row:
    """Query times without and with embedding, and how good the answers are where that is known.

    `embed` answers a text of which no vector is known yet; without it, no vectors are needed.
    """
    embedder = default_embedder()
    texts = judged.queries
    vectors = dict(zip(texts, embedder.queries(list(texts.values())), strict=True))
    for one in list(texts)[:WARM]:
        ask(texts[one], vectors[one])
    settled()
    bare, whole, gains = [], [], []
    for one, text in texts.items():
        found: list[str] = []
        bare.append(clocks(lambda: found.extend(ask(text, vectors[one]))))  # noqa: B023
        if judged.grades:
            gains.append(ndcg(found, judged.grades[one]))
        if embed is not None:
            whole.append(clocks(lambda: embed(text)))  # noqa: B023
    row: Row = {"search": shares(bare)}
    if gains:
        row["ndcg@10"] = round(statistics.mean(gains), 4)
    if embed is not None:
        row["with embedding"] = shares(whole)
    return row


class Given:
    """The default model, except that a query's vector may be given instead of made."""

    def __init__(self, kept: KeptVectors) -> None:
        self.kept, self.vector = kept, None
        self.identity, self.passages = kept.identity, kept.passages

    def queries(self, texts: Sequence[str]) -> Vectors:
        if self.vector is None:
            return self.kept.queries(texts)
        return np.stack([self.vector for _ in texts])


def ours(folder: Path, judged: Collection, kept: KeptVectors, mode: Mode) -> Row:
    """Our own engine, asked for ten ids like the others, and for a whole page."""
    before, embedder = resident_mb(), Given(kept)
    wall, _ = clocks(lambda: build(folder, judged.documents, embedder))
    engine = Engine(folder, lambda: embedder, default_thesaurus)
    engine.prepare()  # as the site does when it starts

    def ask(text: str, vector: Vectors | None) -> list[str]:
        embedder.vector = vector  # type: ignore[assignment]
        engine.forget_vectors()
        return found_ids(Query(text=text, mode=mode), 10, engine)

    # As it is used: the query is embedded while its words are looked for.
    embed = (lambda text: ask(text, None)) if mode == "hybrid" else None
    row = {"index_s": round(wall / 1000, 2), **measured(ask, judged, embed)}
    page = [
        clocks(lambda: search(Query(text=text, mode=mode), engine))  # noqa: B023
        for text in judged.queries.values()
    ]
    return {**row, "whole page": shares(page), "memory_mb": round(resident_mb() - before)}


def theirs(made: type[Any], folder: Path, judged: Collection, kept: KeptVectors) -> Row:
    """Another engine; a record's vector is the middle of its passages', as it takes one each."""
    before = resident_mb()
    engine = made(folder)
    vectors = np.stack([kept.middle(document) for document in judged.documents])
    wall, _ = clocks(lambda: engine.build(judged.documents, vectors))

    def embed(text: str) -> list[str]:
        return engine.ask(text, default_embedder().queries([text])[0])  # type: ignore[no-any-return]

    asked = measured(engine.ask, judged, embed if made.hybrid else None)
    row = {"index_s": round(wall / 1000, 2), **asked}
    return {**row, "memory_mb": round(resident_mb() - before)}


def in_process_of_its_own(work: Callable[..., Row], *given: object) -> Row:
    """Run `work` where no other engine has left memory or threads behind."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def one_system(name: str, records: int | None = None) -> Row:
    """Everything of one system on the judged collection; an error is its row.

    With `records`, on so many recombined records instead, of which no answers are judged.
    """
    judged = collection()
    kept = KeptVectors(default_embedder(), judged.documents)
    kept.prepare()
    if records is not None:
        judged = Collection(list(recombined(judged.documents, records)), judged.queries, {})
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "index"
        if name in ("ours keyword", "ours hybrid"):
            mode: Mode = "hybrid" if name.endswith("hybrid") else "keyword"
            return ours(folder, judged, kept, mode)
        made = next(peer for peer in PEERS if peer.name == name)
        try:
            return theirs(made, folder, judged, kept)
        except ImportError as error:
            return {"missing": f"{error}; pip install '.[bench]'"}


def one_size(records: int) -> Row:
    """Our own engine on so many recombined records, and how soon an edit can be found."""
    judged = collection()
    kept = KeptVectors(default_embedder(), judged.documents)
    kept.prepare()
    made = list(recombined(judged.documents, records, tagged()))
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        before = resident_mb()
        wall, own = clocks(lambda: build(home, made, kept))
        engine = Engine(home, lambda: kept, default_thesaurus)
        prepared, _ = clocks(engine.prepare)
        asked = list(judged.queries.values())
        short = [" ".join(text.split()[:4]) for text in asked]
        row: Row = {"index_s": round(wall / 1000, 2), "index_cpu_s": round(own / 1000, 2)}
        row["prepare_s"] = round(prepared / 1000, 2)
        pace = Pace()

        modes: tuple[Mode, ...] = ("keyword", "hybrid")
        times: dict[str, list[tuple[float, float, float]]] = {}
        ways = {"ten ids": lambda query, of: found_ids(query, 10, of), "page": search}
        for mode in modes:
            for name, texts in (("short", short), ("long", asked)):
                for way, kind in ways.items():
                    for text in texts[:WARM]:
                        kind(Query(text=text, mode=mode), engine)
                    engine.forget_vectors()
                    settled()
                    times[f"{mode}, {name}, {way}"] = [
                        pace.clocks(lambda: kind(Query(text=text, mode=mode), engine))  # noqa: B023
                        for text in texts
                    ]
        row |= {way: pace.shares(taken) for way, taken in times.items()}
        row["suggest"] = suggestions(engine, [one.title for one in made[:40]])
        row["memory_mb"] = round(resident_mb() - before)
        row["pace"] = pace.row()

        def edit(document: Document) -> None:
            start = open_current(home)
            builder = Builder(home, start, start.manifest.made_layout(), kept)
            builder.change([document], [], {})
            builder.finish("")
            search(Query(text=asked[0]), engine)

        edits = [clocks(lambda: edit(made[spot])) for spot in range(3)]  # noqa: B023
        row["edit_searchable_s"] = round(statistics.median(one for one, _ in edits) / 1000, 3)
    return row


def suggestions(engine: Engine, titles: Sequence[str]) -> Row:
    """What is offered for the beginnings of titles and of their words, each asked for once."""
    beginnings = [title[:length] for title in titles for length in (1, 2, 3, 5, 9, 14)]
    beginnings += [word[:3] for title in titles for word in title.split()[1:3]]
    engine.derived(Suggester, wait=True)
    suggest("a", engine=engine)
    times = [clocks(lambda: suggest(text, engine=engine)) for text in beginnings]  # noqa: B023
    return {**shares(times), "worst_cpu_ms": round(max(own for _, own in times), 2)}


def known_items() -> dict[str, dict[str, float]]:
    """The listing's items looked for by title, by parts of it and with slips, pinning off."""
    data = data_folder()
    items = listing(data)
    embedder = default_embedder()
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        build(home, documents(items), embedder)
        engine = Engine(home, lambda: embedder, default_thesaurus, pins=False)
        engine.speller(wait=True)
        return figures(engine, items, data)


def bulk_embedding() -> Row:
    """Passages embedded by ours and by plain SentenceTransformer.encode with its own settings."""
    from sentence_transformers import SentenceTransformer

    from index.embed import _folder_of
    from kb.settings import settings

    judged = collection()
    texts = [one.text for document in judged.documents[:600] for one in document.passages][:256]
    embedder = default_embedder()
    plain = SentenceTransformer(str(_folder_of(settings().embedding_model)), device="cpu")
    embedder.passages(texts[:32])
    plain.encode(texts[:32])
    own, _ = clocks(lambda: embedder.passages(texts))
    other, _ = clocks(lambda: plain.encode(texts))
    single = [clocks(lambda: embedder.queries([text])) for text in judged.queries.values()]  # noqa: B023
    return {
        "passages": len(texts),
        "ours_per_s": round(len(texts) / own * 1000, 1),
        "plain_per_s": round(len(texts) / other * 1000, 1),
        "ratio": round(other / own, 2),
        "one query": shares(single),
    }
