"""Reads one document in a process of its own, which may be ended at any moment.

In: the document on standard input; its name, kind, charset line and most megabytes of memory as
arguments. Out: the Document as JSON on standard output, or the reason why there is none. Nothing
else is printed there.
"""

import contextlib
import json
import os
import sys
from typing import Any

from crawlers.document import Document, blocks_of
from crawlers.errors import ExtractionFailed

TOO_MUCH = "reading it takes more memory than KB_EXTRACT_MEGABYTES allows"


def read(name: str, kind: str, content_type: str, body: bytes) -> Document:
    """The document read by the reader for its kind. Raises ExtractionFailed."""
    if kind == "pdf":
        from crawlers.read_pdf import read_pdf

        return read_pdf(name, body)
    if kind == "docx":
        from crawlers.read_word import read_word

        return read_word(name, body)
    from crawlers.page import decoded

    text = decoded(body, content_type)
    if kind == "html":
        from crawlers.read_html import read_html

        return read_html(name, text)
    blocks = blocks_of(text)
    if not blocks:
        raise ExtractionFailed(name, "no-text", "the file holds no text")
    return Document(blocks=blocks)


def _limit(megabytes: int) -> None:
    """Bound memory and turn off crash dumps, as far as the system knows how."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000,) * 2)


def main() -> None:
    """Read what the arguments name, and print the result."""
    name, kind, content_type, megabytes = sys.argv[1:]
    # Libraries that print must not disturb the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    body = sys.stdin.buffer.read()
    _limit(int(megabytes))
    result: dict[str, Any]
    try:
        result = {"document": read(name, kind, content_type, body).as_dict()}
    except ExtractionFailed as error:
        result = {"code": error.code, "reason": error.reason}
    except (MemoryError, RecursionError):
        result = {"code": "too-large", "reason": TOO_MUCH}
    except Exception as error:  # noqa: BLE001 - a reader's fault must be a reason, not a crash
        result = {"code": "broken", "reason": f"it cannot be read ({error!r})"[:300]}
    with answer:
        json.dump(result, answer)


if __name__ == "__main__":
    main()
