"""Which fields an index has, and how it is opened."""

from collections.abc import Sequence
from pathlib import Path

import tantivy

from index.errors import IndexDamaged
from index.fields import BODY, LABELS, TITLE
from index.keyword.analysis import EXACT, STEMMED, analyser


def section_field(section: str) -> str:
    """The field that holds one section's text."""
    return f"section_{section}"


def facet_field(facet: str) -> str:
    """The field that holds the words of one facet's terms."""
    return f"facet_{facet}"


def exact_field(field: str) -> str:
    """The unstemmed twin of a text field."""
    return f"{field}_exact"


class Layout:
    """Which fields an index has: the sections, facets and named fields it was made for."""

    def __init__(
        self, sections: Sequence[str], facets: Sequence[str], named: Sequence[str]
    ) -> None:
        """Sections, facets and named fields by name."""
        self.sections, self.facets, self.named = tuple(sections), tuple(facets), tuple(named)

    @property
    def texts(self) -> list[str]:
        """Every text field; all but the whole text have an exact form."""
        return [
            BODY,
            *self.whole,
            LABELS,
            *(facet_field(name) for name in self.facets),
            *self.named,
        ]

    @property
    def whole(self) -> list[str]:
        """The fields that hold the whole text between them."""
        return [*(section_field(name) for name in self.sections), TITLE]

    @property
    def names(self) -> set[str]:
        """What may be typed before a colon, sections left out."""
        return {*self.facets, *self.named, TITLE}

    def schema(self) -> tantivy.Schema:
        """The schema of the index."""
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", indexed=True, fast=True)
        builder.add_unsigned_field("year", indexed=True, fast=True)
        builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title_key", tokenizer_name="raw", index_option="basic")
        for name in self.texts:
            # The place of a stemmed word counts for nearness in the whole text and the labels;
            # leaving it out elsewhere makes building a good deal quicker.
            kept = "position" if name in (BODY, LABELS) else "freq"
            builder.add_text_field(name, tokenizer_name=STEMMED, index_option=kept)
            if name != BODY:
                builder.add_text_field(exact_field(name), tokenizer_name=EXACT)
        return builder.build()

    def open(self, folder: Path, *, create: bool) -> tantivy.Index:
        """The index in `folder`. Raises IndexDamaged when it cannot be opened."""
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
                index = tantivy.Index(self.schema(), str(folder), reuse=True)
            else:
                index = tantivy.Index.open(str(folder))
        except (ValueError, OSError) as error:
            raise IndexDamaged(
                f"The keyword index in {folder} cannot be opened ({error}); run `kb index rebuild`."
            ) from error
        for kind in (STEMMED, EXACT):
            index.register_tokenizer(kind, analyser(kind))
        return index
