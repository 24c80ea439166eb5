"""Keeps the index like the store. Derived data: what it holds is compared, never remembered.

`sync` takes the difference between the stamps of the store and those in the index, so nothing can
be missed and running it again is always right. A fingerprint of everything that shapes the index
decides when it has to be built anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from index import fields
from index.document import Document, document
from index.embed import Embedder, default_embedder
from index.errors import IndexDamaged, IndexLocked, IndexMissing, IndexProblem
from index.facets import FACETS
from index.generation import Builder, Generation, embedded, open_current, set_name, tidy
from index.keyword import Layout
from kb.database import session_scope
from kb.records import FIELDS
from kb.records import service as records
from kb.settings import settings
from kb.vocabularies import published

CHUNK = 500  # records that become searchable together, and that a kill can lose the work of
LOCK_SECONDS = 60.0
# Once this share of the entries has been replaced, the keyword index is written afresh, so that
# words are weighed by the records that are there. What is saved is searchable before that.
WORN = 0.01
WASTE = 20_000  # vectors that no record uses, from which on they are left behind

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What was done: records added, replaced and removed, and whether all was built anew."""

    added: int = 0
    replaced: int = 0
    removed: int = 0
    rebuilt: bool = False

    @property
    def changed(self) -> int:
        """How many records were touched."""
        return self.added + self.replaced + self.removed


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Where index and store differ; empty lists when they agree."""

    records: int
    passages: int
    missing: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the index agrees with the store."""
        return not (self.missing or self.surplus or self.outdated or self.problems)


def layout() -> Layout:
    """The keyword fields that the record, the facets and the named fields call for."""
    sections = [spec.section for spec in FIELDS if spec.section]
    return Layout(
        list(dict.fromkeys(sections)),
        [facet.name for facet in FACETS],
        [named.name for named in fields.NAMED_FIELDS],
    )


def fingerprint(embedder: Embedder, seeds: Path | None = None) -> str:
    """Changes with anything that shapes the index: fields, facets, text rules, words, model."""
    seeds = seeds or settings().seeds_dir
    digest = hashlib.blake2b(digest_size=16)
    shape = {
        "fields": [(spec.name, spec.section, spec.vocabulary) for spec in FIELDS],
        "facets": [
            (facet.name, facet.vocabulary, facet.hierarchical, facet.names) for facet in FACETS
        ],
        "named": [named.name for named in fields.NAMED_FIELDS],
        "stop": fields.STOP_WORDS,
        "model": embedder.identity.to_dict(),
    }
    digest.update(json.dumps(shape, sort_keys=True).encode())
    here = Path(__file__).parent
    names = ("document.py", "facets.py", "fields.py", "payloads.py")
    shaping = [*(here / name for name in names), *sorted((here / "keyword").glob("*.py"))]
    for folder in ("vocabularies", "thesaurus"):
        shaping += sorted((seeds / folder).glob("*.yaml"))
    if published.file().exists():
        shaping.append(published.file())
    for path in shaping:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def writing(home: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Be the one writer of the index. Raises IndexLocked when another is, for this long."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "lock")
    try:
        lock.acquire(timeout=seconds, poll_interval=0.05)
    except Timeout as error:
        raise IndexLocked(
            "Another process is writing the search index; try again when it has finished."
        ) from error
    try:
        tidy(home)
        yield
    finally:
        lock.release()


def sync(
    home: Path | None = None,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the index up to the store; build it anew when its fingerprint has changed.

    `progress` is told how many more records are done. Raises IndexLocked, ModelUnavailable.
    """
    home = home or settings().index_dir
    embedder = embedder or default_embedder()
    with writing(home):
        print_now = fingerprint(embedder)
        try:
            current = open_current(home)
        except IndexProblem:
            return _rebuild(home, None, embedder, print_now, progress)
        if current.manifest.fingerprint != print_now or not current.whole:
            return _rebuild(home, current, embedder, print_now, progress)
        return _catch_up(home, current, embedder, progress)


def rebuild(
    home: Path | None = None,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> SyncReport:
    """Build the index anew beside the one in use, then put it in its place."""
    home = home or settings().index_dir
    embedder = embedder or default_embedder()
    with writing(home):
        try:
            current = open_current(home)
        except IndexProblem:
            current = None
        return _rebuild(home, current, embedder, fingerprint(embedder), progress)


def _catch_up(
    home: Path, current: Generation, embedder: Embedder, progress: Progress | None
) -> SyncReport:
    with session_scope() as session:
        wanted = records.stamps(session)
    held = current.columns.held()
    changed = [record for record, stamp in wanted.items() if held.get(record) != stamp]
    removed = [record for record in held if record not in wanted]
    added = sum(1 for record in changed if record not in held)
    for part in _parts(changed) or ([[]] if removed else []):
        builder = Builder(home, current, layout(), embedder)
        with _abandoned_on_error(builder):
            _change(builder, part, removed)
            builder.finish(current.manifest.fingerprint)
        removed = []
        current = open_current(home)
        if progress:
            progress(len(part))
    if current.manifest.worn > WORN * max(len(wanted), 1):
        _rebuild(home, current, embedder, current.manifest.fingerprint, None)
    gone = len(held) - sum(1 for record in held if record in wanted)
    return SyncReport(added=added, replaced=len(changed) - added, removed=gone)


def _rebuild(
    home: Path,
    current: Generation | None,
    embedder: Embedder,
    print_now: str,
    progress: Progress | None,
) -> SyncReport:
    with session_scope() as session:
        wanted = list(records.stamps(session))
    compact = current is not None and _wasteful(current, embedder)
    name = f"{set_name(embedder.identity)}-{current.name}" if compact and current else ""
    if current and not compact and current.manifest.model == embedder.identity:
        name = current.manifest.vector_set
    builder = Builder(home, None, layout(), embedder, name)
    with _abandoned_on_error(builder):
        for part in _parts(wanted):
            _change(builder, part, [], current.vector_folder if compact and current else None)
            if progress:
                progress(len(part))
        if not wanted:
            builder.change([], [], {})
        builder.finish(print_now)
    return SyncReport(added=len(builder.columns.numbers), rebuilt=True)


def _change(
    builder: Builder, ids: Sequence[str], removed: Sequence[str], old: Path | None = None
) -> None:
    documents: list[Document] = []
    moments: dict[str, int] = {}
    with session_scope() as session:
        for practice in records.load(session, ids):
            if practice.visible:
                documents.append(document(practice))
                moments[practice.id] = int(practice.updated_at.timestamp())
    if old is not None:
        builder.reuse(old, documents)
    # A record hidden since the stamps were read must not stay as it was.
    hidden = set(ids) - set(moments)
    builder.change(documents, [*removed, *hidden], moments)


@contextmanager
def _abandoned_on_error(builder: Builder) -> Iterator[None]:
    try:
        yield
    except BaseException:
        builder.abandon()
        raise


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


def _wasteful(current: Generation, embedder: Embedder) -> bool:
    if current.manifest.model != embedder.identity:
        return False
    used = len(set(current.columns.vectors.values.tolist()))
    return current.manifest.vector_rows - used > max(WASTE, used)


def check(home: Path | None = None) -> CheckReport:
    """Compare the index with the store: records, stamps, passages and vectors.

    Raises IndexMissing when there is no index.
    """
    home = home or settings().index_dir
    generation = open_current(home)
    columns, manifest = generation.columns, generation.manifest
    held = columns.held()
    with session_scope() as session:
        wanted = records.stamps(session)
        outdated = [one for one, stamp in held.items() if one in wanted and wanted[one] != stamp]
        expected: dict[str, int] = {}
        for practice in records.load(session, [one for one in held if one in wanted]):
            expected[practice.id] = len(embedded(document(practice)))
    problems = []
    if len(generation.keyword) != len(held):
        problems.append(f"the keyword index has {len(generation.keyword)} records, not {len(held)}")
    stored, _ = generation.keyword.run(generation.keyword.everything())
    if set(stored.tolist()) != set(columns.numbers.values()):
        problems.append("the keyword index has other records than the columns")
    problems += _unread(generation)
    rows = columns.vectors.values
    if not generation.whole:
        problems.append("vectors are missing")
    if len(rows) and int(rows.max()) >= manifest.vector_rows:
        problems.append("passages point to vectors that are not there")
    if len(rows) != len(columns.sections.values):
        problems.append(f"{len(columns.sections.values)} passages have {len(rows)} vectors")
    uneven = [
        one
        for one, count in expected.items()
        if one not in outdated and len(columns.vectors.row(columns.numbers[one])) != count
    ]
    problems += [f"{one} has the wrong number of passages" for one in uneven]
    return CheckReport(
        records=len(held),
        passages=len(rows),
        missing=sorted(set(wanted) - set(held)),
        surplus=sorted(set(held) - set(wanted)),
        outdated=sorted(outdated),
        problems=problems,
    )


def _unread(generation: Generation) -> list[str]:
    """Records of which another is shown, or nothing."""
    wrong = []
    for record, number in generation.columns.numbers.items():
        try:
            (payload,) = generation.payloads.of([number])
        except IndexDamaged:
            payload = {}
        if payload.get("id") != record:
            wrong.append(f"what is shown of {record} cannot be read")
    return wrong


def status(home: Path | None = None) -> dict[str, object]:
    """What the index in use was made with and how large it is; `exists` False without one."""
    home = home or settings().index_dir
    try:
        generation = open_current(home)
    except IndexMissing:
        return {"exists": False}
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    shown = asdict(generation.manifest)
    return {"exists": True, "generation": generation.name, "bytes": size, **shown}
