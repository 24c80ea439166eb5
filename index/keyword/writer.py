"""Records into the index and out of it."""

from collections.abc import Iterable
from pathlib import Path

import tantivy

from index.document import Document
from index.fields import BODY, LABELS, NAMED_ALONE, TITLE
from index.keyword.analysis import title_key
from index.keyword.layout import Layout, exact_field, facet_field, section_field

MANY = 200  # records from which on writing with two threads pays
_HEAP = 128_000_000


class KeywordWriter:
    """Adds and removes entries; nothing is seen until `commit`."""

    def __init__(self, folder: Path, layout: Layout, expected: int = 1) -> None:
        """Open or create the index in `folder`; the caller holds the lock that says it may.

        `expected` is how many records will be added: for few, one thread makes one segment.
        """
        self.layout = layout
        self.index = layout.open(folder, create=True)
        self.writer = self.index.writer(_HEAP, 1 if expected < MANY else 2)

    def add(self, number: int, document: Document) -> None:
        """Put a record in, under its number; the caller has removed what stood there."""
        entry = tantivy.Document()
        entry.add_unsigned("number", number)
        if document.year is not None and document.year >= 0:
            entry.add_unsigned("year", document.year)
        entry.add_text("id", document.id)
        names = (document.title, *document.other_names)
        for name in names:
            entry.add_text("title_key", title_key(name))
        sections: dict[str, list[str]] = {}
        for passage in document.passages:
            sections.setdefault(passage.section, []).append(passage.text)
        whole = [*names, *(passage.text for passage in document.passages)]
        self._text(entry, TITLE, "\n".join(names))
        self._text(entry, BODY, "\n".join(whole))
        plain = [text for facet, text in document.labels.items() if facet not in NAMED_ALONE]
        self._text(entry, LABELS, "\n".join(filter(None, plain)))
        for section, texts in sections.items():
            if section in self.layout.sections:
                self._text(entry, section_field(section), "\n".join(texts))
        for facet, text in document.labels.items():
            self._text(entry, facet_field(facet), text)
        for name, text in document.named.items():
            self._text(entry, name, text)
        self.writer.add_document(entry)

    def _text(self, entry: tantivy.Document, field: str, text: str) -> None:
        if text:
            entry.add_text(field, text)
            if field != BODY:
                entry.add_text(exact_field(field), text)

    def remove(self, numbers: Iterable[int]) -> None:
        """Take the records with these numbers out."""
        schema = self.index.schema
        for number in numbers:
            # By query: deleting by term would take the number for a signed one and find nothing.
            found = tantivy.Query.term_query(schema, "number", number, "basic")
            self.writer.delete_documents_by_query(found)

    def commit(self) -> None:
        """Write what was added and removed, wait for segments to be merged, and close."""
        self.writer.commit()
        self.writer.garbage_collect_files()
        self.writer.wait_merging_threads()

    def abandon(self) -> None:
        """Close without writing what was added or removed since the last commit."""
        self.writer.rollback()
        self.writer.wait_merging_threads()
