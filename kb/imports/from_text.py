"""Plain text or Markdown: one document, taken in whole as a standard or a paper.

It is held to the same as a document handed in on the site, by the folder that reads those: it
offers the service `refusal` (name and bytes to why it is no use).
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
    refusal = service("refusal")
    # The format was named or told from the ending already, so the name's own ending says nothing.
    if refusal and (why := refusal(f"{path.stem}{EXTENSIONS[0]}", data)):
        raise FileUnreadable(why)
    yield Row(1, record_from(text, file_name=path.name, data=data), warning=warning)
