"""Vectors on disk, kept by the hash of their text, and exact search over them.

A vector file only grows: a text that was seen before is never embedded again, and a generation of
the index can point into it while the next is being written. Rows that no record points to any more
are left behind when the index is rebuilt.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder, Identity, Progress, Vectors
from index.errors import IndexDamaged, VectorsMixed

KEY_BYTES = 16
Rows = NDArray[np.int64]


def text_key(text: str) -> bytes:
    """What a text is found again by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


class VectorFile:
    """One append-only set of vectors of one model: `vectors.f32`, `keys`, `identity.json`."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        """The set in `folder` for this model, made when there is none.

        Raises VectorsMixed when the set was made by another model.
        """
        self.folder, self.identity = folder, identity
        folder.mkdir(parents=True, exist_ok=True)
        note = folder / "identity.json"
        try:
            refuse_mixed(Identity(**json.loads(note.read_text("utf-8"))), identity)
        except (OSError, ValueError, TypeError):
            # Missing or damaged: nothing says what its vectors were made with, so they are nothing.
            for name in ("keys", "vectors.f32"):
                (folder / name).unlink(missing_ok=True)
            beside = folder / "identity.json.new"
            beside.write_text(json.dumps(identity.to_dict()), encoding="utf-8")
            beside.replace(note)
        self._width = 4 * identity.dimension
        self._known = self._read_keys()

    def __len__(self) -> int:
        return len(self._known)

    def _read_keys(self) -> dict[bytes, int]:
        """Keys whose vectors were wholly written; what a killed writer left half is cut off."""
        keys, vectors = self.folder / "keys", self.folder / "vectors.f32"
        for path in (keys, vectors):
            path.touch()
        whole = min(keys.stat().st_size // KEY_BYTES, vectors.stat().st_size // self._width)
        for path, width in ((keys, KEY_BYTES), (vectors, self._width)):
            if path.stat().st_size != whole * width:
                os.truncate(path, whole * width)
        raw = keys.read_bytes()
        return {
            raw[at : at + KEY_BYTES]: row for row, at in enumerate(range(0, len(raw), KEY_BYTES))
        }

    def missing(self, texts: Sequence[str]) -> list[str]:
        """The texts without a vector, each once."""
        return list(
            {key: text for text in texts if (key := text_key(text)) not in self._known}.values()
        )

    def row(self, text: str) -> int:
        """Where a text's vector stands. Raises KeyError for a text without one."""
        return self._known[text_key(text)]

    def add(
        self, embedder: Embedder, texts: Sequence[str], progress: Progress | None = None
    ) -> int:
        """Embed and keep the texts that have no vector yet; how many there were.

        Raises VectorsMixed when the embedder is not the one of this set.
        """
        refuse_mixed(self.identity, embedder.identity)
        new = self.missing(texts)
        step = 256  # what a killed writer loses at most
        for start in range(0, len(new), step):
            part = new[start : start + step]
            self.append([text_key(text) for text in part], embedder.passages(part, progress))
        return len(new)

    def append(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Write vectors, then the keys that make them count."""
        if vectors.shape != (len(keys), self.identity.dimension):
            raise VectorsMixed(
                f"Vectors of shape {vectors.shape} do not fit {len(keys)} texts of "
                f"{self.identity.dimension} numbers each; run `kb index rebuild`."
            )
        _append(self.folder / "vectors.f32", np.ascontiguousarray(vectors, np.float32).tobytes())
        _append(self.folder / "keys", b"".join(keys))
        for key in keys:
            self._known[key] = len(self._known)

    def copy_to(self, other: "VectorFile", texts: Sequence[str]) -> None:
        """Carry the vectors of these texts, where known, over to another set of the same model."""
        refuse_mixed(self.identity, other.identity)
        known = {
            key: text for text in other.missing(texts) if (key := text_key(text)) in self._known
        }
        if known:
            rows = [self._known[key] for key in known]
            other.append(list(known), read_matrix(self.folder, self.identity, len(self))[rows])


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def refuse_mixed(there: Identity, here: Identity) -> None:
    """Raise VectorsMixed unless both are one model, one revision and one size."""
    if there != here:
        raise VectorsMixed(
            f"The index holds vectors of {there.model} ({there.revision}, {there.dimension}), "
            f"but {here.model} ({here.revision}, {here.dimension}) is in use; "
            "run `kb index rebuild`."
        )


def read_matrix(folder: Path, identity: Identity, rows: int) -> Vectors:
    """The first `rows` vectors in `folder`, mapped and not read.

    Never more than the caller knows to be whole: what lies behind may be cut off while it is
    mapped. Raises IndexDamaged, VectorsMixed.
    """
    try:
        there = Identity(**json.loads((folder / "identity.json").read_text("utf-8")))
        size = (folder / "vectors.f32").stat().st_size
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(f"{folder} cannot be read ({error}); run `kb index rebuild`.") from error
    refuse_mixed(there, identity)
    if rows > size // (4 * identity.dimension):
        raise IndexDamaged(f"{folder} holds fewer than {rows} vectors; run `kb index rebuild`.")
    if rows == 0:
        return np.empty((0, identity.dimension), np.float32)
    shape = (rows, identity.dimension)
    return np.memmap(folder / "vectors.f32", np.float32, mode="r", shape=shape)


def embedded_text(title: str, passage: str) -> str:
    """What is embedded for a passage: its record's title gives it the context it stood in."""
    ended = title if re.search(r"[.!?]$", title) else f"{title}."
    return f"{ended} {passage}".strip()


def best_passages(
    similar: NDArray[np.float32], starts: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """For each record its best passage: similarity and position; -1 and -1 where it has none.

    `similar` has one value a passage, records in order; `starts` where each record's begin, and
    the end of the last.
    """
    lengths = np.diff(starts)
    best = np.full(len(lengths), -1.0, np.float32)
    where = np.full(len(lengths), -1, np.int64)
    filled = np.flatnonzero(lengths)
    if len(filled):
        best[filled] = np.maximum.reduceat(similar, starts[filled])
        owners = np.repeat(np.arange(len(lengths)), lengths)
        tops = np.flatnonzero(similar == best[owners])
        where[owners[tops[::-1]]] = tops[::-1]
    return best, where
