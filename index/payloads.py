"""What is shown of each record found, in one file from which it is read as it lies.

A keyword index packs what it stores; to unpack that takes longer than all else that a hit needs.
The file only grows, and generations of the index point into it by where each record's part begins
and ends. Parts that no record points to any more are left behind when the index is rebuilt.
"""

import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from index.columns import Ints
from index.document import Document
from index.errors import IndexDamaged

Span = tuple[int, int]


def added(path: Path, documents: Iterable[Document]) -> list[Span]:
    """Write what is shown of records behind what is in the file; where each begins and ends.

    The file is made when there is none. The caller holds the writer's lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    spans: list[Span] = []
    with path.open("ab") as file:
        for document in documents:
            start = file.tell()  # behind what a killed writer may have left
            spans.append((start, start + file.write(orjson.dumps(_payload(document)) + b"\n")))
        file.flush()
        os.fsync(file.fileno())
    return spans


class Payloads:
    """What is shown of the records of one generation."""

    def __init__(self, path: Path, spans: Ints) -> None:
        """Open the file; `spans` has for each number where its part begins and ends.

        Raises IndexDamaged when it is not there or too short.
        """
        self.path, self.spans = path, spans
        self._held: mmap.mmap | bytes = b""
        if not len(spans) or not spans.max():
            return
        try:
            with path.open("rb") as file:
                self._held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexDamaged(
                f"{path} cannot be read ({error}); run `kb index rebuild`."
            ) from error
        if len(self._held) < spans.max():
            raise IndexDamaged(f"{path} has lost its end; run `kb index rebuild`.")

    def of(self, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """What is shown of these records. Raises IndexDamaged when one cannot be read."""
        return [self._one(number) for number in numbers]

    def _one(self, number: int) -> dict[str, Any]:
        start, end = self.spans[number].tolist()
        try:
            payload: dict[str, Any] = orjson.loads(self._held[start:end])
        except orjson.JSONDecodeError as error:
            raise IndexDamaged(
                f"Record {number} cannot be read in {self.path} ({error}); run `kb index rebuild`."
            ) from error
        return payload


def _payload(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "card": document.card,
        "passages": [[passage.section, passage.text] for passage in document.passages],
    }
