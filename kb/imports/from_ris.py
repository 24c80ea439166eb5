"""RIS: references out of Zotero, EndNote or a library's site, each a draft record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rispy

from kb.errors import FileUnreadable
from kb.imports.reading import MAX_ROWS, Row, decode, read_bytes
from kb.imports.reference import Reference

NAME = "ris"
LABEL = "RIS (references, as drafts)"
EXTENSIONS = (".ris",)
DOOR = "import"

_MAX_BYTES = 50_000_000


def read(path: Path) -> Iterator[Row]:
    """Every reference of the file. Raises FileUnreadable when it holds none."""
    text, warning = decode(read_bytes(path, _MAX_BYTES))
    try:
        entries: list[dict[str, Any]] = rispy.loads(text, skip_unknown_tags=True)
    except Exception as error:  # noqa: BLE001  what the library raises is open-ended
        raise FileUnreadable(
            f"Not RIS that can be used ({type(error).__name__}: {error}). Each entry begins with "
            "'TY  - ' and ends with 'ER  - '."
        ) from None
    if not entries:
        raise FileUnreadable(
            "The file holds no references: no line begins with 'TY  - '. Export them anew as RIS."
        )
    if len(entries) > MAX_ROWS:
        raise FileUnreadable(f"More than {MAX_ROWS:,} references; split the file.")
    for number, entry in enumerate(entries, 1):
        note = warning if number == 1 else ""
        title = _first(entry, "title", "primary_title", "short_title")
        if not title:
            yield Row(number, None, "the reference has no title (TI)", note)
            continue
        yield Row(number, _reference(entry, title).data(), warning=note)


def _reference(entry: dict[str, Any], title: str) -> Reference:
    authors = [*_many(entry, "authors"), *_many(entry, "first_authors")]
    return Reference(
        type=_first(entry, "type_of_reference"),
        title=title,
        authors=tuple(dict.fromkeys(authors)),
        date=_first(entry, "date", "publication_year", "year"),
        publisher=_first(entry, "publisher"),
        abstract=_first(entry, "abstract", "notes_abstract"),
        keywords=tuple(_many(entry, "keywords")),
        urls=tuple(_many(entry, "urls")),
        doi=_first(entry, "doi"),
        container=_first(entry, "journal_name", "secondary_title", "alternate_title3"),
        language=_first(entry, "language"),
    )


def _first(entry: dict[str, Any], *names: str) -> str:
    for name in names:
        value = entry.get(name)
        text = (
            " ".join(str(part) for part in value) if isinstance(value, list) else str(value or "")
        )
        if text.strip():
            return " ".join(text.split())
    return ""


def _many(entry: dict[str, Any], name: str) -> list[str]:
    value = entry.get(name) or []
    values = value if isinstance(value, list) else [value]
    return [" ".join(str(one).split()) for one in values if str(one).strip()]
