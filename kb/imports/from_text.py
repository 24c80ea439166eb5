"""Plain text or Markdown: one document, taken in whole as a standard or a paper."""

from collections.abc import Iterator
from pathlib import Path

from kb.imports.document import record_from
from kb.imports.reading import Row, decode, read_bytes

NAME = "text"
LABEL = "Text or Markdown (one document)"
EXTENSIONS = (".txt", ".md", ".text", ".markdown")
DOOR = "document"

_MAX_BYTES = 10_000_000


def read(path: Path) -> Iterator[Row]:
    """The document as one row. Raises FileUnreadable when it is not text."""
    data = read_bytes(path, _MAX_BYTES)
    text, warning = decode(data)
    yield Row(1, record_from(text, file_name=path.name, data=data), warning=warning)
