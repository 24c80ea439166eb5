"""What every format reads a file into, and reading bytes and text with care."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import FileUnreadable
from kb.file_kinds import kinds_taken

MAX_ROWS = 100_000
READ_ELSEWHERE = (
    "Hand it in on the site at /contribute/document, which makes a draft of it and asks about the "
    "people it names; `kb extract FILE` prints what it says."
)


@dataclass(frozen=True)
class Row:
    """One record as a file gives it: its data, or the problem that kept it from being read.

    `number` is the row a person would look for (in a table the header is row 1). `data` holds
    fields of `PracticeIn`, and may hold what exports say beside them (`kb.exports.heading`).
    """

    number: int
    data: dict[str, Any] | None
    problem: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Reader:
    """One import format. `door` is the way its records come in when a row does not say."""

    name: str
    label: str
    extensions: tuple[str, ...]
    door: str
    read: Callable[[Path], Iterator[Row]]
    grid: Callable[[Path], Any] | None = None
    """For a format whose columns can be mapped: its table (`kb.imports.grid`) before they are."""


def readers() -> dict[str, Reader]:
    """Every import format by name."""
    import kb.imports

    found: dict[str, Reader] = {}
    for module_info in pkgutil.iter_modules(kb.imports.__path__):
        if not module_info.name.startswith("from_"):
            continue
        module = importlib.import_module(f"kb.imports.{module_info.name}")
        found[module.NAME] = Reader(
            name=module.NAME,
            label=module.LABEL,
            extensions=module.EXTENSIONS,
            door=module.DOOR,
            read=module.read,
            grid=getattr(module, "grid", None),
        )
    return found


def reader_for(path: Path, format_name: str | None) -> Reader:
    """The reader of this name, else of this file's ending. Raises FileUnreadable naming all."""
    known = readers()
    if format_name:
        if format_name in known:
            return known[format_name]
        raise FileUnreadable(
            f"There is no import format '{format_name}'; known: {', '.join(sorted(known))}."
        )
    ending = path.suffix.lower()
    for reader in known.values():
        if ending in reader.extensions:
            return reader
    if any(ending in kind.endings for kind in kinds_taken(to_read=True)):
        raise FileUnreadable(f"This kind of document is not imported. {READ_ELSEWHERE}")
    endings = sorted(ending for reader in known.values() for ending in reader.extensions)
    told = f"The ending '{ending}' tells" if ending else "A name without an ending tells"
    raise FileUnreadable(
        f"{told} no format; use one of {', '.join(endings)}, or name the format with --format "
        f"({', '.join(sorted(known))})."
    )


def read_bytes(path: Path, limit: int) -> bytes:
    """A file's bytes. Raises FileUnreadable when it cannot be read, is empty or over the limit."""
    try:
        with path.open("rb") as file:
            # One byte more than allowed tells "too large" without reading on.
            data = file.read(limit + 1)
    except OSError as error:
        raise FileUnreadable(f"Cannot read the file: {error.strerror}.") from error
    if len(data) > limit:
        raise FileUnreadable(
            f"The file is larger than {limit // 1_000_000} MB; split it into smaller ones."
        )
    if not data.strip():
        raise FileUnreadable("The file is empty; choose another.")
    return data


_KNOWN_BINARY = {
    b"%PDF": f"a PDF. {READ_ELSEWHERE}",
    b"PK\x03\x04": "a Word, Excel or ZIP file. Give it its right ending, or save it as CSV.",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file. Save it as text or CSV.",
    b"{\\rtf": "a rich-text file. Save it as plain text.",
    b"\x1f\x8b": "a compressed file. Unpack it first.",
    b"SQLite format 3": "a database. Export what it holds as CSV or JSON.",
}
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def decode(data: bytes) -> tuple[str, str]:
    """Text and, where the encoding had to be guessed, a warning. Raises FileUnreadable."""
    for start, what in _KNOWN_BINARY.items():
        if data.startswith(start):
            raise FileUnreadable(f"This is not text but {what}")
    mark = next((mark for mark in _BYTE_ORDER_MARKS if data.startswith(mark)), b"")
    encoding = _BYTE_ORDER_MARKS.get(mark, "utf-8")
    try:
        text = data.decode(encoding)
        warning = ""
    except UnicodeDecodeError:
        if mark or b"\x00" in data:
            raise FileUnreadable(
                "The file is not text but of some other kind, or it is damaged; save it as text in "
                "UTF-8."
            ) from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise FileUnreadable(
                "The file is text neither in UTF-8 nor in Windows-1252; save it as UTF-8."
            ) from None
        warning = "Read as Windows-1252, for it is not UTF-8: check accents, quotes and pounds."
    odd = sum(1 for sign in text[:20_000] if sign < " " and sign not in "\t\n\r\f\x0b")
    if "\x00" in text or odd > len(text[:20_000]) // 50:
        raise FileUnreadable("This is not text but some other kind of file; save it as text.")
    return text, warning
