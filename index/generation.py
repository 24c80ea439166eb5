"""The index on disk: generations side by side, and one pointer that says which is in use.

    index/current              name of the generation in use; replaced by one atomic rename
    index/generations/000007/  keyword/ (Tantivy), columns.npz, names.json, manifest.json
    index/vectors/<set>/       append-only vectors, shared by the generations that point into it
    index/payloads/000007.jsonl  what is shown of records, append-only and shared in the same way
    index/lock                 held by the one writer

A generation is never changed once `current` names it. The next one starts from hard links to its
keyword segments, which Tantivy never rewrites, so a small change costs little.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.columns import Columns, Row
from index.document import LISTED, Document
from index.embed import Embedder, Identity, Progress
from index.errors import IndexDamaged, IndexMissing
from index.keyword import KeywordReader, KeywordWriter, Layout
from index.payloads import Payloads, Span, added
from index.vectors import (
    SMALL,
    SmallVectors,
    VectorFile,
    embedded_text,
    refuse_mixed,
    small_width,
)

KEPT = 2  # generations that stay: the one in use, and the one a reader may still be opening


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made with and what it points to.

    `worn` is how many entries were taken out of its keyword index since that was begun: until
    their segment is merged away, the formula that weighs words still counts them.
    """

    fingerprint: str
    layout: dict[str, list[str]]
    identity: dict[str, Any]
    vector_set: str
    vector_rows: int
    payloads: str
    records: int
    passages: int
    worn: int = 0

    @property
    def model(self) -> Identity:
        """What its vectors were made with."""
        return Identity(**self.identity)

    def made_layout(self) -> Layout:
        """Which fields its keyword index has."""
        return Layout(**self.layout)


def layout_of(layout: Layout) -> dict[str, list[str]]:
    """A layout as it stands in a manifest."""
    return {
        "sections": list(layout.sections),
        "facets": list(layout.facets),
        "named": list(layout.named),
    }


class Generation:
    """One whole state of the index, open for reading."""

    def __init__(self, home: Path, name: str) -> None:
        """Open generation `name` of the index in `home`. Raises IndexDamaged."""
        self.home, self.name = home, name
        self.folder = home / "generations" / name
        try:
            manifest = json.loads((self.folder / "manifest.json").read_text("utf-8"))
            self.manifest = Manifest(**manifest)
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamaged(
                f"{self.folder} cannot be read ({error}); run `kb index rebuild`."
            ) from error
        self.columns = Columns.load(self.folder)
        self.payloads = Payloads(payload_file(home, self.manifest.payloads), self.columns.payloads)
        self.keyword = KeywordReader(self.folder / "keyword", self.manifest.made_layout())
        self._vectors: SmallVectors | None = None

    @property
    def vector_folder(self) -> Path:
        """Where its vectors lie."""
        return self.home / "vectors" / self.manifest.vector_set

    @property
    def whole(self) -> bool:
        """Whether the vectors it points to are there."""
        try:
            size = (self.vector_folder / SMALL).stat().st_size
        except OSError:
            return False
        return size >= small_width(self.manifest.model) * self.manifest.vector_rows

    def vectors(self, embedder: Embedder) -> SmallVectors:
        """Its vectors. Raises VectorsMixed when the embedder is another model's."""
        refuse_mixed(self.manifest.model, embedder.identity)
        if self._vectors is None:
            self._vectors = SmallVectors(
                self.vector_folder, self.manifest.model, self.manifest.vector_rows
            )
        return self._vectors


def payload_file(home: Path, name: str) -> Path:
    """Where what is shown of records lies, by the generation that began it."""
    return home / "payloads" / f"{name}.jsonl"


def current_name(home: Path) -> str | None:
    """The name of the generation in use, or None when there is none."""
    try:
        return (home / "current").read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def open_current(home: Path) -> Generation:
    """The generation in use. Raises IndexMissing, IndexDamaged."""
    for attempt in range(3):
        name = current_name(home)
        if name is None:
            raise IndexMissing("There is no search index yet; run `kb index rebuild`.")
        try:
            return Generation(home, name)
        except IndexDamaged:
            # The writer may have moved on twice and tidied this one away while it was opened.
            if attempt == 2 or current_name(home) == name:
                raise
    raise AssertionError("the loop returns or raises")


class Builder:
    """The next generation while it is being made; the caller holds the writer's lock.

    `start` None begins from nothing, else from that generation.
    """

    def __init__(
        self,
        home: Path,
        start: Generation | None,
        layout: Layout,
        embedder: Embedder,
        vector_set: str = "",
    ) -> None:
        """Make room beside the generation in use; `vector_set` names other vectors to use."""
        self.home, self.start, self.layout, self.embedder = home, start, layout, embedder
        self.name = f"{_last_number(home) + 1:06d}"
        self.folder = home / "generations" / self.name
        self.folder.mkdir(parents=True)
        if start is None:
            self.columns = Columns.empty([*layout.facets, *LISTED])
            self.worn = 0
            # Named by model, so that a build that was killed goes on with the vectors it made.
            self.vector_set = vector_set or set_name(embedder.identity)
            self.payload_set = self.name
            payload_file(home, self.name).unlink(missing_ok=True)  # a killed build's
        else:
            self.columns = start.columns
            self.worn = start.manifest.worn
            self.vector_set = start.manifest.vector_set
            self.payload_set = start.manifest.payloads
            _link(start.folder / "keyword", self.folder / "keyword")
        self.vectors = VectorFile(home / "vectors" / self.vector_set, embedder.identity)

    def reuse(self, folder: Path, documents: Iterable[Document]) -> None:
        """Carry over vectors of unchanged texts from another set, if it is of the same model."""
        texts = [text for document in documents for text in embedded(document)]
        old = VectorFile(folder, self.embedder.identity)
        old.copy_to(self.vectors, texts)

    def change(
        self,
        documents: Iterable[Document],
        removed: Iterable[str],
        moments: Mapping[str, int],
        progress: Progress | None = None,
    ) -> None:
        """Put these records in, in place of what stood under their ids, and take those out."""
        documents = list(documents)
        self.vectors.add(
            self.embedder, [text for one in documents for text in embedded(one)], progress
        )
        numbers = self.columns.numbers
        free = len(self.columns)
        dropped = [numbers[record] for record in removed if record in numbers]
        writer = KeywordWriter(self.folder / "keyword", self.layout, len(documents))
        try:
            put: dict[int, Document] = {}
            replaced = [numbers[one.id] for one in documents if one.id in numbers]
            writer.remove([*dropped, *replaced])
            for one in documents:
                number = numbers.get(one.id, free)
                free += number == free
                writer.add(number, one)
                put[number] = one
            # The columns are made while the writer's threads are still at work.
            spans = added(payload_file(self.home, self.payload_set), put.values())
            rows = {
                number: self._row(one, moments.get(one.id, 0), span)
                for (number, one), span in zip(put.items(), spans, strict=True)
            }
            columns = self.columns.changed(rows, dropped)
            writer.commit()
        except BaseException:
            writer.abandon()
            raise
        self.worn += len(dropped) + len(replaced)
        self.columns = columns

    def _row(self, document: Document, moment: int, payload: Span) -> Row:
        from index.facets import FACET

        return Row(
            id=document.id,
            stamp=document.stamp,
            title=document.title,
            year=document.year,
            moment=moment,
            facets={
                name: FACET[name].expanded(codes) if name in FACET else codes
                for name, codes in document.facets.items()
            }
            | document.listed,
            sections=[passage.section for passage in document.passages],
            vectors=[self.vectors.row(text) for text in embedded(document)],
            payload=payload,
            evidence=document.evidence,
        )

    def finish(self, fingerprint: str) -> str:
        """Put this generation into use, and tidy away what nobody needs; its name."""
        manifest = Manifest(
            fingerprint=fingerprint,
            layout=layout_of(self.layout),
            identity=self.embedder.identity.to_dict(),
            vector_set=self.vector_set,
            vector_rows=len(self.vectors),
            payloads=self.payload_set,
            records=len(self.columns.numbers),
            passages=len(self.columns.vectors.values),
            worn=self.worn,
        )
        self.columns.save(self.folder)
        (self.folder / "manifest.json").write_text(json.dumps(asdict(manifest)), encoding="utf-8")
        for path in self.folder.rglob("*"):
            _to_disk(path)
        _to_disk(self.folder)
        beside = self.home / "current.new"
        beside.write_text(self.name, encoding="utf-8")
        _to_disk(beside)
        beside.replace(self.home / "current")
        _to_disk(self.home)
        tidy(self.home)
        _drop_unused(self.home)
        return self.name

    def abandon(self) -> None:
        """Take away what was begun; the generation in use stays as it is."""
        shutil.rmtree(self.folder, ignore_errors=True)
        tidy(self.home)


def embedded(document: Document) -> list[str]:
    """The text embedded for each passage of a record."""
    return [embedded_text(document.title, passage.text) for passage in document.passages]


def set_name(identity: Identity) -> str:
    """The name of the vector set of a model."""
    shown = f"{identity.model}-{identity.revision}-{identity.dimension}"
    return re.sub(r"[^A-Za-z0-9.-]+", "-", shown)


def tidy(home: Path) -> None:
    """Remove what a killed writer left and generations past the last two.

    The caller holds the writer's lock.
    """
    for name in set(_names(home)) - set(_kept(home)):
        shutil.rmtree(home / "generations" / name, ignore_errors=True)


def _names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "generations").glob("*"))


def _kept(home: Path) -> list[str]:
    current = current_name(home)
    return [name for name in _names(home) if current is not None and name <= current][-KEPT:]


def _drop_unused(home: Path) -> None:
    """Remove vectors and payloads that no generation points to."""
    vectors, payloads = set(), set()
    for name in _kept(home):
        note = home / "generations" / name / "manifest.json"
        try:
            held = json.loads(note.read_text("utf-8"))
            vectors.add(held["vector_set"])
            payloads.add(payload_file(home, held["payloads"]))
        except (OSError, ValueError, KeyError):
            continue  # a damaged generation is on its way out and needs nothing
    for folder in (home / "vectors").glob("*"):
        if folder.name not in vectors:
            shutil.rmtree(folder, ignore_errors=True)
    for file in (home / "payloads").glob("*"):
        if file not in payloads:
            file.unlink(missing_ok=True)


def _last_number(home: Path) -> int:
    return max((int(name) for name in _names(home) if name.isdigit()), default=0)


def _link(source: Path, target: Path) -> None:
    """The files of `source` under `target`: as hard links, or copies where there are none."""
    target.mkdir()
    for path in source.iterdir():
        if path.name.endswith(".lock"):
            continue
        # Tantivy replaces its two lists by renaming, but they are small: a copy cannot go wrong.
        if path.name in ("meta.json", ".managed.json"):
            shutil.copyfile(path, target / path.name)
            continue
        try:
            os.link(path, target / path.name)
        except OSError:
            shutil.copyfile(path, target / path.name)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
