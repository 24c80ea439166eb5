"""Files that people send in: what kind each really is, a safe name, and where they are kept.

What a file calls itself is not believed: its kind is told from its bytes, and whatever could hide
a program, unfold without end or be two kinds at once is refused.
"""

import hashlib
import re
import unicodedata
import zipfile
from pathlib import Path

from kb.errors import FileUnreadable
from kb.file_kinds import KINDS, FileKind, taken
from kb.imports.reading import decode
from kb.settings import settings

_MOST_UNPACKED = 200_000_000
_MOST_PARTS = 5_000
_HIGHEST_RATIO = 200  # of unpacked to packed bytes; text in a Word file reaches about 20
_NAME_LENGTH = 100


class FileRefused(FileUnreadable):
    """A file is not taken; the message says why and what would be. Nothing of it is kept."""


_GIF = b"GIF8"
# Told by their first bytes, so that of a damaged one too it is said that it is a picture.
_PICTURES = (_GIF, b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"8BPS")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_REFUSED = {
    _OLD_OFFICE: "an old Word, Excel or PowerPoint file. Save it as .docx or PDF",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"#!": "a program",
    b"{\\rtf": "a rich-text file. Save it as .docx or PDF",
    b"\x1f\x8b": "a compressed file. Unpack it first",
    b"Rar!": "a compressed file. Unpack it first",
    b"7z\xbc\xaf": "a compressed file. Unpack it first",
    _GIF: "a GIF. Save it as PNG or JPEG",
}
_TEXTS = ("text", "html")  # what stands behind a text is text too
_MARKED_UP = re.compile(r"\s*(?:<!--|<!doctype|<html|<\?xml|<svg|<script|%!ps)", re.I)
_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,1500}?-->\s*)*(?:<!doctype\s+html|<html)\b",
    re.I | re.S,
)
_MACROS = ("vbaproject.bin", "vbadata.xml", "activex", "oleobject", "embeddings/")


def most_bytes() -> int:
    """The most bytes that one file which somebody hands in may have, whatever it is for."""
    return int(settings().upload_megabytes * 1_000_000)


def most_megabytes() -> str:
    """The same as people read it, such as "25"."""
    return f"{settings().upload_megabytes:g}"


def safe_name(text: str, kind: FileKind | None = None) -> str:
    """A file name that is one, whatever was sent: no folders, no marks, the ending of its kind."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFKC", text))[-1]
    name = "".join(c if c.isalnum() or c in " ._-()" else " " for c in last)
    name = re.sub(r"\s+", " ", name).strip(" .-_")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if kind is not None:
        ending = ending.lower() if f".{ending.lower()}" in kind.endings else kind.endings[0][1:]
    stem = " ".join(stem.replace(".", " ").split())[: _NAME_LENGTH - len(ending) - 1]
    stem = stem.strip(" -_") or "file"
    return f"{stem}.{ending}" if ending else stem


def kind_of(path: Path) -> FileKind:
    """What kind of file this is, told from its bytes, to be kept. Raises FileRefused."""
    return _kind(path, to_read=False)


def document_kind_of(path: Path, name: str) -> FileKind:
    """What kind of document this is, to be read for its text. Raises FileRefused: for what no text
    can be read from too, and for a web page whose name says that it is something else."""
    kind = _kind(path, to_read=True)
    if not kind.document:
        raise _picture()
    if kind.code == "html" and not name.lower().endswith(kind.endings):
        raise FileRefused(
            "This is a web page, but its name says otherwise. Save it again with a name that ends "
            f"in {kind.endings[0]}, or paste its text."
        )
    return kind


def _picture() -> FileRefused:
    return FileRefused(
        f"This is a picture, and no text can be read in one. Taken are {taken(to_read=True)}."
    )


def _kind(path: Path, *, to_read: bool) -> FileKind:
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("The file is empty.")
    if size > most_bytes():
        raise FileRefused(f"The file is larger than {most_megabytes()} MB.")
    with path.open("rb") as file:
        start = file.read(4096)
    if to_read and start.startswith(_PICTURES):
        raise _picture()
    for mark, what in _REFUSED.items():
        if start.startswith(mark):
            raise FileRefused(f"This is {what}. Taken are {taken(to_read=to_read)}.")
    if start.startswith(b"PK"):
        return _word(path, to_read=to_read)
    kind = _by_mark(path, start, to_read=to_read)
    if kind.code not in _TEXTS and zipfile.is_zipfile(path):
        raise FileRefused("The file is two kinds of file at once, so it is not taken.")
    return kind


def _by_mark(path: Path, start: bytes, *, to_read: bool) -> FileKind:
    data = path.read_bytes()
    if start.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise FileRefused("The PDF is cut short. Save it again and send that.")
        return KINDS["pdf"]
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        _whole(data.rstrip(b"\0").endswith(b"IEND\xaeB`\x82"))
        return KINDS["png"]
    if start.startswith(b"\xff\xd8\xff"):
        _whole(data.rstrip(b"\0").endswith(b"\xff\xd9"))
        return KINDS["jpeg"]
    return _kind_of_text(data, to_read=to_read)


def _whole(ends_well: bool) -> None:
    if not ends_well:
        raise FileRefused("The image is cut short or has something behind it. Save it again.")


def _kind_of_text(data: bytes, *, to_read: bool) -> FileKind:
    try:
        text, _ = decode(data)
    except FileUnreadable:
        raise FileRefused(
            "What is in the file is of no kind that is taken "
            f"({taken(to_read=to_read)}), or it is damaged. Open it, save it again and send that."
        ) from None
    if not _MARKED_UP.match(text[:2000]):
        return KINDS["text"]
    if to_read and _WEB_PAGE.match(text[:2000]):
        return KINDS["html"]
    raise FileRefused(f"This is a web page or a drawing. Taken are {taken(to_read=to_read)}.")


def _word(path: Path, *, to_read: bool) -> FileKind:
    """A Word file without macros that unfolds to a sane size."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeError):
        raise FileRefused("The file is damaged and cannot be opened.") from None
    names = {part.filename.lower() for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or unpacked > packed * _HIGHEST_RATIO:
        raise FileRefused("The file unfolds to far more than its size, so it is not opened.")
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("The file is locked with a password. Take that off and send it again.")
    if any(".." in name or name.startswith(("/", "\\")) or ":" in name for name in names):
        raise FileRefused("The file holds paths that lead out of it, so it is not opened.")
    if {"[content_types].xml", "word/document.xml"} - names:
        raise FileRefused(
            f"This is a ZIP, Excel or PowerPoint file. Taken are {taken(to_read=to_read)}."
        )
    if any(mark in name for name in names for mark in _MACROS):
        raise FileRefused(
            "The file holds macros or other files inside it. Save it as .docx without them, or as "
            "PDF."
        )
    return KINDS["docx"]


def sha256(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder() -> Path:
    """Where files that people sent in are kept; backups take it along."""
    return settings().home / "files"


def place(file_id: str) -> Path:
    """Where a kept file lies. Its name there is its id, never what somebody called it.

    Raises ValueError for what is no id, so that nothing outside the folder can be named.
    """
    if not re.fullmatch(r"[0-9a-f]{16,64}", file_id):
        raise ValueError(file_id)
    return folder() / file_id[:2] / file_id
