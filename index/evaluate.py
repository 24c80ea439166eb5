"""How good the search is on a judged collection, measured with the product's own code.

Collections come in the BEIR layout: a corpus and queries as JSON lines, judgements as a table of
query, document and grade. Gains are linear, as trec_eval takes them.
"""

import gzip
import json
import math
import tempfile
import time
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from index.document import Document, Passage, passages
from index.embed import Embedder, default_embedder
from index.engine import Engine
from index.errors import CollectionInvalid, NothingJudged
from index.facets import FACETS
from index.generation import Builder
from index.keyword import Layout
from index.query import MODES, Mode, Query
from index.search import found_ids, search
from index.thesaurus import default_thesaurus
from kb.settings import settings
from kb.trails.feedback import Judgement

SECTION = "text"
CUT = 10
DEEP = 100

Grades = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries (id and text) and grades by query; `notes` tell what is odd in them."""

    documents: list[Document]
    queries: dict[str, str]
    grades: Grades
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """Queries and grades to tune on, the same held back, and how many queries were left out."""

    queries: dict[str, str]
    grades: Grades
    held_back: dict[str, str]
    held_back_grades: Grades
    left_out: int


def read_collection(corpus: Path, queries: Path, judgements: Path) -> Collection:
    """Read a collection; files may be packed with gzip. Raises CollectionInvalid naming the line.

    Judged documents that are not in the corpus stay in what could be found, as trec_eval has it.
    """
    documents: dict[str, Document] = {}
    doubled = empty = 0
    for row in _rows(corpus):
        one, parts = _id(row), passages([_text(row, "text")])
        doubled += one in documents
        made = tuple(Passage(SECTION, part) for part in parts) or (Passage(SECTION, ""),)
        documents.setdefault(one, Document(one, _text(row, "title"), made))
    grades = _grades(judgements)
    asked = {}
    for row in _rows(queries):
        one, text = _id(row), _text(row, "text")
        if any(grades.get(one, {}).values()):
            empty += not text.strip()
            asked[one] = text
    asked = {one: text for one, text in asked.items() if text.strip()}
    if not documents or not asked:
        raise CollectionInvalid(
            f"{corpus}, {queries} and {judgements} leave no document or no judged query; "
            "ids must be the same in all three."
        )
    judged = {key for one in asked for key, grade in grades[one].items() if grade}
    absent = len(judged - documents.keys())
    if absent == len(judged):
        raise CollectionInvalid(
            f"None of the {absent} documents judged in {judgements} is in {corpus}; "
            "ids must be the same in both."
        )
    notes = (
        _counted(absent, "judged document is", "judged documents are", "not in the corpus"),
        _counted(empty, "judged query has", "judged queries have", "no text; left out"),
        _counted(doubled, "document has", "documents have", "the id of one before; left out"),
    )
    return Collection(list(documents.values()), asked, grades, tuple(filter(None, notes)))


def _counted(number: int, one: str, many: str, rest: str) -> str:
    return f"{number} {one if number == 1 else many} {rest}." if number else ""


def _id(row: dict[str, Any]) -> str:
    return str(row["_id"]).strip()


def _text(row: dict[str, Any], name: str) -> str:
    """A text of a row; parts that stand in a list are joined."""
    value = row.get(name)
    parts = value if isinstance(value, list) else [value]
    # Half a pair of a letter outside the first plane can be in JSON, but in no index.
    joined = " ".join(str(part) for part in parts if part is not None)
    return joined.encode("utf-8", "replace").decode("utf-8")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or row.get("_id") in (None, ""):
            wanted = 'named values as JSON are wanted, such as {"_id": "1", "text": "Gates"}'
            raise CollectionInvalid(f"{path}, line {number}: {wanted}.")
        yield row


def _grades(path: Path) -> Grades:
    grades: Grades = {}
    for number, line in enumerate(_lines(path), 1):
        # An id may hold spaces where the columns are set apart by tabs.
        parts = line.rstrip("\r\n").split("\t" if "\t" in line else None)
        grade = _whole(parts[-1])
        if number == 1 and len(parts) in (3, 4) and grade is None:
            continue  # the header
        # BEIR writes query, document, grade; trec_eval a column of zeros between the first two.
        if len(parts) not in (3, 4) or grade is None:
            raise CollectionInvalid(f"{path}, line {number}: query, document and grade are wanted")
        grades.setdefault(parts[0].strip(), {})[parts[-2].strip()] = max(0, grade)
    return grades


def _whole(text: str) -> int | None:
    """The whole number that a text stands for, also when written 1.0."""
    try:
        number = float(text)
        return int(number) if number.is_integer() else None
    except (ValueError, OverflowError):
        return None


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as first:
            packed = first.read(2) == b"\x1f\x8b"
        # Line ends are looked for by hand: text may hold other signs that Python takes for one.
        with gzip.open(path) if packed else path.open("rb") as stream:
            for number, line in enumerate(stream):
                text = line.decode("utf-8-sig" if number == 0 else "utf-8")
                if text.strip():
                    yield text
    except UnicodeDecodeError:
        raise CollectionInvalid(f"{path} cannot be read: it is not text in UTF-8.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise CollectionInvalid(f"{path} cannot be read: {error}") from error


def build(
    home: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    progress: Callable[[int], None] | None = None,
) -> None:
    """An index of these documents in `home`; `progress` is told how many passages are done."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "generations").mkdir(exist_ok=True)
    sections = list(dict.fromkeys(one.section for doc in documents for one in doc.passages))
    facets = [facet.name for facet in FACETS] if any(doc.facets for doc in documents) else []
    builder = Builder(home, None, Layout(sections, facets, []), embedder)
    builder.change(documents, [], {}, progress)
    builder.finish("")


def evaluate(
    collection: Collection,
    modes: Sequence[Mode] = MODES,
    embedder: Embedder | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, dict[str, float]]:
    """Figures by mode: nDCG@10, MRR@10, Recall@100 and the time of one search.

    `progress` is told of each passage embedded and each query asked.
    """
    embedder = embedder or default_embedder()
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as folder:
        home = Path(folder)
        build(home, collection.documents, embedder, progress)
        engine = Engine(home, lambda: embedder, default_thesaurus)
        return {
            mode: figures(collection.queries, collection.grades, mode, engine, progress)
            for mode in modes
        }


def evaluate_here(
    judgements: Iterable[Judgement], modes: Sequence[Mode] = MODES
) -> dict[str, dict[str, float]]:
    """The same figures for this installation's index, by what people here found useful.

    What they said moves records in the site's own results; here it must not, or the search would
    be marked by its own answers. Raises NothingJudged, IndexMissing, IndexStale, IndexDamaged.
    """
    grades: Grades = {}
    for one in judgements:
        grades.setdefault(one.query, {})[one.record] = one.grade
    queries = {query: query for query, given in grades.items() if any(given.values())}
    if not queries:
        raise NothingJudged
    engine = Engine(settings().index_dir)
    return {mode: figures(queries, grades, mode, engine) for mode in modes}


def read_judged(folder: Path, held: Container[str]) -> Judged:
    """The project's own judged queries in `folder`: those to tune on, and those held back.

    What a query lists under `nothing` was looked at and is worth 0. Only judgements of records that
    are `held` count; a query with no record left that is worth
    anything is left out, and counted. Raises CollectionInvalid naming a broken file.
    """
    halves: dict[bool, tuple[dict[str, str], Grades]] = {False: ({}, {}), True: ({}, {})}
    left_out = 0
    for path in sorted(folder.glob("*.yaml")):
        try:
            listed = yaml.safe_load(path.read_text("utf-8"))["queries"]
            for row in listed:
                one, text = str(row["id"]), str(row["text"])
                grades = {str(key): _grade(grade) for key, grade in row["grades"].items()}
                grades |= {str(key): 0 for key in row.get("nothing", []) if str(key) not in grades}
                known = {key: grade for key, grade in grades.items() if key in held}
                if not str(row["why"]).strip():
                    raise ValueError(f"{one} does not say why it is judged so")
                if not any(known.values()):
                    left_out += 1
                    continue
                queries, judged = halves[bool(row["held_back"])]
                queries[one], judged[one] = text, known
        except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise CollectionInvalid(f"{path} cannot be used: {error!r}") from error
    return Judged(*halves[False], *halves[True], left_out)


def _grade(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= 3:
        raise ValueError(f"{value!r} is no grade from 0 to 3")
    return value


def evaluate_judged(
    folder: Path, modes: Sequence[Mode] = MODES
) -> tuple[dict[str, dict[str, dict[str, float]]], int]:
    """The figures of this installation's index on the judged queries in `folder`, by half.

    Also how many queries were left out. Raises CollectionInvalid, IndexMissing, IndexStale,
    IndexDamaged.
    """
    engine = Engine(settings().index_dir)
    own = read_judged(folder, engine.generation().columns.numbers)
    halves = (
        ("tuned on", own.queries, own.grades),
        ("held back", own.held_back, own.held_back_grades),
    )
    made: dict[str, dict[str, dict[str, float]]] = {
        name: {mode: figures(queries, grades, mode, engine) for mode in modes}
        for name, queries, grades in halves
        if queries
    }
    if not made:
        raise CollectionInvalid(
            f"None of the records judged in {folder} is in this index; run `kb seed` first."
        )
    return made, own.left_out


def figures(
    queries: Mapping[str, str],
    judged: Grades,
    mode: Mode,
    engine: Engine,
    progress: Callable[[int], None] | None = None,
) -> dict[str, float]:
    """The figures of one mode for queries (id and text) with grades, on an index that is there.

    `judged@10` is the share of the first ten that somebody judged: what nobody looked at counts as
    nothing, so the lower it is, the less the other figures say.
    """
    search(Query(text="warm up", mode=mode), engine)
    times: list[float] = []
    gains: list[float] = []
    firsts: list[float] = []
    recalls: list[float] = []
    seen: list[float] = []
    for one, text in queries.items():
        grades = judged[one]
        query = Query(text=text, mode=mode)
        started = time.perf_counter()
        search(query, engine)
        times.append((time.perf_counter() - started) * 1000)
        ranked = found_ids(query, DEEP, engine)
        gains.append(ndcg(ranked, grades))
        firsts.append(reciprocal_rank(ranked, grades))
        recalls.append(recall(ranked, grades))
        first = ranked[:CUT]
        seen.append(sum(hit in grades for hit in first) / len(first) if first else 1.0)
        if progress is not None:
            progress(1)
    times.sort()
    return {
        "ndcg@10": sum(gains) / len(gains),
        "mrr@10": sum(firsts) / len(firsts),
        "recall@100": sum(recalls) / len(recalls),
        "judged@10": sum(seen) / len(seen),
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))],
    }


def ndcg(ranked: Sequence[str], grades: dict[str, int], cut: int = CUT) -> float:
    """Discounted gain of the first `cut` as a share of the best there could be; linear gains."""
    gain = sum(grades.get(one, 0) / math.log2(spot + 2) for spot, one in enumerate(ranked[:cut]))
    best = sorted(grades.values(), reverse=True)[:cut]
    ideal = sum(grade / math.log2(spot + 2) for spot, grade in enumerate(best))
    return gain / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: dict[str, int], cut: int = CUT) -> float:
    """1 / place of the first relevant document among the first `cut`, 0 without one."""
    for spot, one in enumerate(ranked[:cut], 1):
        if grades.get(one, 0) > 0:
            return 1 / spot
    return 0.0


def recall(ranked: Sequence[str], grades: dict[str, int], cut: int = DEEP) -> float:
    """The share of the relevant documents that stand among the first `cut`."""
    relevant = {one for one, grade in grades.items() if grade > 0}
    return len(relevant & set(ranked[:cut])) / len(relevant) if relevant else 0.0
