"""Other engines, doing the same work on the same documents with the same vectors."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from index.document import Document
from index.embed import Vectors

Embed = Callable[[str], Vectors]


class Peer(Protocol):
    """An engine that can be filled and asked for the ids of the ten best records."""

    name: str

    def build(self, documents: Sequence[Document], vectors: Vectors) -> None: ...

    def ask(self, text: str, vector: Vectors | None) -> list[str]: ...


def _text(document: Document) -> str:
    return "\n".join(passage.text for passage in document.passages)


class Whoosh:
    """Whoosh (the fork that is kept up), stemmed, any word, BM25F."""

    name = "Whoosh"
    hybrid = False

    def __init__(self, folder: Path) -> None:
        from whoosh import index as whoosh_index
        from whoosh.analysis import StemmingAnalyzer
        from whoosh.fields import ID, TEXT, Schema
        from whoosh.qparser import MultifieldParser, OrGroup

        folder.mkdir()
        analyser = StemmingAnalyzer()
        schema = Schema(id=ID(stored=True), title=TEXT(analyser), body=TEXT(analyser))
        self.index = whoosh_index.create_in(str(folder), schema)
        self.parser = MultifieldParser(["title", "body"], schema, group=OrGroup)

    def build(self, documents: Sequence[Document], vectors: Vectors) -> None:
        writer = self.index.writer(limitmb=256)
        for document in documents:
            writer.add_document(id=document.id, title=document.title, body=_text(document))
        writer.commit()
        self.searcher = self.index.searcher()

    def ask(self, text: str, vector: Vectors | None) -> list[str]:
        found = self.searcher.search(self.parser.parse(text), limit=10)
        return [hit["id"] for hit in found]


class Fts5:
    """SQLite FTS5, stemmed, any word, bm25."""

    name = "SQLite FTS5"
    hybrid = False

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder.with_suffix(".sqlite"))
        self.connection.execute(
            "CREATE VIRTUAL TABLE record USING "
            "fts5(id UNINDEXED, title, body, tokenize='porter unicode61')"
        )

    def build(self, documents: Sequence[Document], vectors: Vectors) -> None:
        rows = [(document.id, document.title, _text(document)) for document in documents]
        with self.connection:
            self.connection.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)

    def ask(self, text: str, vector: Vectors | None) -> list[str]:
        joined = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split())
        found = self.connection.execute(
            "SELECT id FROM record WHERE record MATCH ? ORDER BY bm25(record, 1, 2, 1) LIMIT 10",
            (joined,),
        )
        return [row[0] for row in found]


class Lance:
    """LanceDB hybrid: its own full text index, stemmed, and exact vectors, joined by RRF."""

    name = "LanceDB hybrid"
    hybrid = True

    def __init__(self, folder: Path) -> None:
        import lancedb

        self.base: Any = lancedb.connect(str(folder))

    def build(self, documents: Sequence[Document], vectors: Vectors) -> None:
        rows = [
            {"id": one.id, "text": f"{one.title}\n{_text(one)}", "vector": vector}
            for one, vector in zip(documents, vectors, strict=True)
        ]
        self.table = self.base.create_table("record", rows)
        self.table.create_fts_index("text", stem=True, remove_stop_words=True)

    def ask(self, text: str, vector: Vectors | None) -> list[str]:
        found = self.table.search(query_type="hybrid").vector(vector).text(text).limit(10)
        return [row["id"] for row in found.select(["id"]).to_list()]


class Txtai:
    """txtai hybrid: its own BM25 and faiss, joined as it does by default."""

    name = "txtai hybrid"
    hybrid = True

    def __init__(self, folder: Path) -> None:
        from txtai import Embeddings

        self.given: list[Vectors] = []

        def take(inputs: Any) -> Any:  # it wants a plain function, and calls a method at once
            return self._take(inputs)

        self.embeddings: Any = Embeddings(
            {"method": "external", "transform": take, "hybrid": True, "content": False}
        )

    def _take(self, inputs: Any) -> Any:
        """The vectors that were made outside, in the order in which they are asked for."""
        import numpy as np

        taken, self.given = self.given[: len(inputs)], self.given[len(inputs) :]
        return np.stack(taken)

    def build(self, documents: Sequence[Document], vectors: Vectors) -> None:
        self.given = list(vectors)
        self.embeddings.index((one.id, f"{one.title}\n{_text(one)}", None) for one in documents)

    def ask(self, text: str, vector: Vectors | None) -> list[str]:
        assert vector is not None
        self.given = [vector]
        return [str(one) for one, _ in self.embeddings.search(text, 10)]


PEERS: tuple[type[Any], ...] = (Whoosh, Fts5, Lance, Txtai)
