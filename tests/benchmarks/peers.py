"""Other engines, doing the same work on the same documents."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from whoosh import index as whoosh_index
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.qparser import MultifieldParser, OrGroup

from index.document import Document


class Peer(Protocol):
    """An engine that can be filled and asked for the ids of the ten best records."""

    name: str

    def build(self, documents: Sequence[Document]) -> None: ...

    def ask(self, text: str) -> list[str]: ...


def _text(document: Document) -> str:
    return "\n".join(passage.text for passage in document.passages)


class Whoosh:
    """Whoosh (the maintained fork), stemmed, any word, BM25F."""

    name = "Whoosh"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        analyser = StemmingAnalyzer()
        schema = Schema(id=ID(stored=True), title=TEXT(analyser), body=TEXT(analyser))
        self.index = whoosh_index.create_in(str(folder), schema)
        self.parser = MultifieldParser(["title", "body"], schema, group=OrGroup)

    def build(self, documents: Sequence[Document]) -> None:
        writer = self.index.writer(limitmb=256)
        for document in documents:
            writer.add_document(id=document.id, title=document.title, body=_text(document))
        writer.commit()
        self.searcher = self.index.searcher()

    def ask(self, text: str) -> list[str]:
        found = self.searcher.search(self.parser.parse(text), limit=10)
        return [hit["id"] for hit in found]


class Fts5:
    """SQLite FTS5, stemmed, any word, bm25."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder.with_suffix(".sqlite"))
        self.connection.execute(
            "CREATE VIRTUAL TABLE record USING "
            "fts5(id UNINDEXED, title, body, tokenize='porter unicode61')"
        )

    def build(self, documents: Sequence[Document]) -> None:
        rows = [(document.id, document.title, _text(document)) for document in documents]
        with self.connection:
            self.connection.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)

    def ask(self, text: str) -> list[str]:
        joined = " OR ".join(f'"{word}"' for word in text.split())
        found = self.connection.execute(
            "SELECT id FROM record WHERE record MATCH ? ORDER BY bm25(record, 1, 2, 1) LIMIT 10",
            (joined,),
        )
        return [row[0] for row in found]
