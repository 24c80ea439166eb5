"""The kinds of file that people may send in: one list, for every form, message and command."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken: to be `kept` and given out again, or as a `document` to be read
    for its text, or both. A web page is only read: given out again it could act in our name."""

    code: str
    label: str
    media_type: str
    endings: tuple[str, ...]
    document: bool = False
    kept: bool = True


KINDS = {
    kind.code: kind
    for kind in (
        FileKind("pdf", "PDF", "application/pdf", (".pdf",), document=True),
        FileKind(
            "docx",
            "Word (.docx)",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            (".docx",),
            document=True,
        ),
        FileKind(
            "text",
            "plain text",
            "text/plain; charset=utf-8",
            (".txt", ".md", ".text", ".markdown"),
            document=True,
        ),
        FileKind(
            "html",
            "web page (.html)",
            "text/html",
            (".html", ".htm", ".xhtml"),
            document=True,
            kept=False,
        ),
        FileKind("png", "PNG", "image/png", (".png",)),
        FileKind("jpeg", "JPEG", "image/jpeg", (".jpg", ".jpeg")),
    )
}


def kinds_taken(*, to_read: bool = False) -> tuple[FileKind, ...]:
    """The kinds of file that are taken to be kept, or to be read for their text."""
    return tuple(kind for kind in KINDS.values() if (kind.document if to_read else kind.kept))


def taken(*, to_read: bool = False) -> str:
    """The same as people read it: "PDF, Word (.docx), plain text, PNG and JPEG"."""
    *labels, last = (kind.label for kind in kinds_taken(to_read=to_read))
    return f"{', '.join(labels)} and {last}"


def accepted(*, to_read: bool = False) -> str:
    """The same for the `accept` of a form's field: the endings of their names."""
    kinds = kinds_taken(to_read=to_read)
    return ",".join(ending for kind in kinds for ending in kind.endings)
