"""Real passages to measure with: a judged collection as it is, and as many records as wanted.

Records beyond the collection are recombined: each takes its passages by chance from different
documents, so words and lengths are those of real text though no record is one.
"""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.document import Document, Passage, document
from index.embed import Embedder, Identity, Progress, Vectors
from index.evaluate import Collection, read_collection
from index.vectors import VectorFile, embedded_text, read_exact
from kb.records.service import Practice
from kb.settings import PROJECT, settings
from tests.index.collection import contents

PASSAGES = 4


def data_folder() -> Path:
    """The folder with the real data, which is kept apart from the project."""
    base = Path(os.environ.get("KB_DATA") or PROJECT.parent / "shared" / "data")
    if not base.is_dir():
        raise SystemExit(f"{base} is not there: set KB_DATA to the folder with the real data.")
    return base


def collection() -> Collection:
    """The judged collection CACM of the shared data folder."""
    base = data_folder() / "ir" / "cacm"
    return read_collection(base / "corpus.jsonl", base / "queries.jsonl", base / "qrels.tsv")


def tagged() -> list[Document]:
    """The starter records and the real listing, as the index takes them."""
    now = datetime.now(UTC)
    return [
        document(Practice(one, 1, "published", False, "file", content, 50, "", None, now, now))
        for one, content in contents(data_folder() / "pop" / "content.json").items()
    ]


def recombined(
    documents: Sequence[Document], count: int, tags: Sequence[Document] = (), seed: int = 1
) -> Iterator[Document]:
    """`count` records of four real passages each, with the tags of one of `tags` each."""
    chance = random.Random(seed)
    texts = [one.text for document in documents for one in document.passages if one.text]
    titles = [document.title for document in documents]
    for number in range(count):
        parts = chance.sample(texts, PASSAGES)
        made = tuple(Passage(f"part{spot}", text) for spot, text in enumerate(parts))
        record = Document(id=f"record-{number}", title=chance.choice(titles), passages=made)
        if tags:
            tag = chance.choice(tags)
            record = replace(record, facets=tag.facets, labels=tag.labels, card=tag.card)
        yield record


class KeptVectors:
    """The default model, whose passage vectors are kept in KB_HOME between runs.

    A recombined record has the vectors of the passages it took, without its new title: embedding
    a hundred thousand records is not what is measured.
    """

    def __init__(self, real: Embedder, documents: Sequence[Document]) -> None:
        self.real = real
        self.kept = VectorFile(settings().home / "bench", real.identity)
        self.rows: dict[str, int] = {}
        self.texts = {
            embedded_text(document.title, one.text): one.text
            for document in documents
            for one in document.passages
        }

    @property
    def identity(self) -> Identity:
        return self.real.identity

    def prepare(self, progress: Progress | None = None) -> int:
        """Embed what has no vector yet; how many passages that were."""
        new = self.kept.add(self.real, list(self.texts), progress)
        self.rows = {text: self.kept.row(whole) for whole, text in self.texts.items()}
        return new

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.real.queries(texts)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        exact = read_exact(self.kept.folder, self.identity, len(self.kept))
        return exact[[self._row(text) for text in texts]]

    def middle(self, document: Document) -> Vectors:
        """The direction that a record's passages share."""
        made = self.passages([embedded_text(document.title, one.text) for one in document.passages])
        summed = made.sum(axis=0)
        return np.asarray(summed / max(float(np.linalg.norm(summed)), 1e-9), np.float32)

    def _row(self, text: str) -> int:
        if text in self.texts:
            return self.kept.row(text)
        # A recombined record's passage: what is embedded begins with a title that is not its own.
        at = text.find(" ")
        while at >= 0:
            if (row := self.rows.get(text[at + 1 :])) is not None:
                return row
            at = text.find(" ", at + 1)
        raise KeyError(text)
