"""Plain text or Markdown: one document, taken in whole as a standard or a paper.

It is held to the same as a document handed in on the site, by the folder that reads those: it
offers the service `title_or_refusal` (name and bytes to its title, and to why it is no use).
"""

from collections.abc import Iterator
from pathlib import Path

from kb.errors import FileUnreadable
from kb.folders import service
from kb.imports.document import record_from
from kb.imports.reading import Row, decode, read_bytes

NAME = "text"
LABEL = "Text or Markdown (one document)"
EXTENSIONS = (".txt", ".md", ".text", ".markdown")
DOOR = "document"

_MAX_BYTES = 10_000_000


def read(path: Path) -> Iterator[Row]:
    """The document as one row. Raises FileUnreadable when it is no text, or tells nothing."""
    data = read_bytes(path, _MAX_BYTES)
    text, warning = decode(data)
    read_by = service("title_or_refusal")
    title = ""
    # The format was named or told from the ending already, so the name's own ending says nothing.
    if read_by:
        title, why = read_by(f"{path.stem}{EXTENSIONS[0]}", data)
        if why:
            raise FileUnreadable(why)
    values = record_from(text, file_name=path.name, data=data, title=title)
    yield Row(1, values, warning=warning)
