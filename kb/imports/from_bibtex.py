"""BibTeX: references, each a draft record."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry

from kb.errors import FileUnreadable
from kb.exports.as_bibtex import unescape
from kb.imports.reading import MAX_ROWS, Row, decode, read_bytes
from kb.imports.reference import Reference

NAME = "bibtex"
LABEL = "BibTeX (references, as drafts)"
EXTENSIONS = (".bib", ".bibtex")
DOOR = "import"

_MAX_BYTES = 50_000_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read(path: Path) -> Iterator[Row]:
    """Every reference of the file, and a failed row for each that is broken.

    Raises FileUnreadable when there is none.
    """
    text, warning = decode(read_bytes(path, _MAX_BYTES))
    try:
        library = parse_string(text)
    except Exception as error:  # noqa: BLE001  what the library raises is open-ended
        raise FileUnreadable(
            f"Not BibTeX that can be used ({type(error).__name__}). Each entry begins with '@'."
        ) from None
    blocks = sorted([*library.entries, *library.failed_blocks], key=lambda one: one.start_line or 0)
    if not blocks:
        raise FileUnreadable(
            "The file holds no references: no entry begins with '@'. Export them anew as BibTeX."
        )
    if len(blocks) > MAX_ROWS:
        raise FileUnreadable(f"More than {MAX_ROWS:,} references; split the file.")
    for number, block in enumerate(blocks, 1):
        note = warning if number == 1 else ""
        if not isinstance(block, Entry):
            line = (block.start_line or 0) + 1
            yield Row(number, None, f"the entry at line {line} is broken: look at its braces", note)
            continue
        found = _reference(block)
        if found.title:
            yield Row(number, found.data(), warning=note)
        else:
            yield Row(number, None, f"the entry '{block.key[:60]}' has no title", note)


def _reference(entry: Entry) -> Reference:
    values = {field.key.lower(): str(field.value) for field in entry.fields}

    def plain(*names: str) -> str:
        return next((_plain(values[name]) for name in names if values.get(name)), "")

    month = plain("month")[:3].lower()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else month
    date = plain("date") or "-".join(filter(None, [plain("year"), str(number)]))
    return Reference(
        type=entry.entry_type,
        title=plain("title"),
        authors=tuple(
            name
            for part in re.split(r"\s+and\s+", values.get("author", ""))
            if (name := _plain(part))
        ),
        date=date,
        publisher=plain("publisher", "institution", "organization", "school"),
        abstract=plain("abstract"),
        keywords=tuple(filter(None, map(str.strip, re.split(r"[,;]", plain("keywords"))))),
        urls=tuple(filter(None, [plain("url")])),
        doi=plain("doi"),
        container=plain("journal", "journaltitle", "booktitle"),
        language=plain("language"),
    )


def _plain(text: str) -> str:
    """Text without TeX: our own escapes undone, the common accents set, braces gone."""
    text = unescape(text)
    text = re.sub(
        r"\{?\\([`'^\"~=.uvHcdb])\s*\{?\\?([A-Za-z])\}?\}?",
        lambda match: _accented(match[1], match[2]),
        text,
    )
    return " ".join(text.replace("{", "").replace("}", "").replace("--", "\u2013").split())


_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip


def _accented(mark: str, letter: str) -> str:

    return unicodedata.normalize("NFC", letter + _MARKS[mark])
