"""Vectors on disk, kept by the hash of their text, and how near each is to what was asked.

Two forms lie side by side: `vectors.f32` as the model made them, and `vectors.i8` with eight bits a
number, which is all that a search reads: a quarter of the memory to go through, and cosines within
about .002 of the whole ones. Every vector is compared with, every time: there is no cut-off list.

A vector file only grows: a text that was seen before is never embedded again, and a generation of
the index can point into it while the next is being written. Rows that no record points to any more
are left behind when the index is rebuilt.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import simsimd
from numpy.typing import NDArray

from index.embed import Embedder, Identity, Progress, Vectors
from index.errors import IndexDamaged, VectorsMixed

KEY_BYTES = 16
EXACT, SMALL = "vectors.f32", "vectors.i8"
_SCALE_BYTES = 4  # behind the numbers of each small vector: what one step of them stands for
_LEVELS = 127
# So many vectors are gone through in two halves at once: memory is what it takes long to read, and
# each processor reads for itself.
_MANY = 8_000
_BESIDE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vectors")

Rows = NDArray[np.int64]


def text_key(text: str) -> bytes:
    """What a text is found again by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


class VectorFile:
    """One append-only set of vectors of one model: both forms, `keys`, `identity.json`."""

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
            for name in ("keys", EXACT, SMALL):
                (folder / name).unlink(missing_ok=True)
            beside = folder / "identity.json.new"
            beside.write_text(json.dumps(identity.to_dict()), encoding="utf-8")
            beside.replace(note)
        self._width = 4 * identity.dimension
        self._known = self._read_keys()
        self._complete_small()

    def __len__(self) -> int:
        return len(self._known)

    def _read_keys(self) -> dict[bytes, int]:
        """Keys whose vectors were wholly written; what a killed writer left half is cut off."""
        keys, vectors = self.folder / "keys", self.folder / EXACT
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

    def _complete_small(self) -> None:
        """Make the small form of vectors that have none, and cut off what was half written."""
        path, width = self.folder / SMALL, small_width(self.identity)
        path.touch()
        there = min(path.stat().st_size // width, len(self))
        if path.stat().st_size != there * width:
            os.truncate(path, there * width)
        step = 10_000
        for start in range(there, len(self), step):
            exact = read_exact(self.folder, self.identity, len(self))
            _append(path, in_eight_bits(exact[start : start + step]).tobytes())

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
        _append(self.folder / EXACT, np.ascontiguousarray(vectors, np.float32).tobytes())
        _append(self.folder / SMALL, in_eight_bits(vectors).tobytes())
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
            other.append(list(known), read_exact(self.folder, self.identity, len(self))[rows])


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


def read_exact(folder: Path, identity: Identity, rows: int) -> Vectors:
    """The first `rows` vectors in `folder` as they were made, mapped and not read.

    Never more than the caller knows to be whole: what lies behind may be cut off while it is
    mapped. Raises IndexDamaged, VectorsMixed.
    """
    _checked(folder, EXACT, identity, rows, 4 * identity.dimension)
    if rows == 0:
        return np.empty((0, identity.dimension), np.float32)
    shape = (rows, identity.dimension)
    return np.memmap(folder / EXACT, np.float32, mode="r", shape=shape)


class SmallVectors:
    """The first `rows` vectors of a set in their small form, mapped."""

    def __init__(self, folder: Path, identity: Identity, rows: int) -> None:
        """Raises IndexDamaged, VectorsMixed."""
        width = small_width(identity)
        _checked(folder, SMALL, identity, rows, width)
        self.dimension = identity.dimension
        mapped: NDArray[np.int8] = (
            np.memmap(folder / SMALL, np.int8, mode="r", shape=(rows, width))
            if rows
            else np.empty((0, width), np.int8)
        )
        self._numbers = mapped[:, : self.dimension]
        self._steps = _steps(mapped)

    def __len__(self) -> int:
        return len(self._steps)

    def cosines(self, vector: Vectors) -> NDArray[np.float32]:
        """How near each vector is to this one: one cosine a row."""
        if not len(self):
            return np.empty(0, np.float32)
        asked = in_eight_bits(vector[np.newaxis])
        products = _products(asked[0, : self.dimension], self._numbers)
        return np.asarray(products * (self._steps * _steps(asked)[0]), np.float32)

    def middle(self, rows: Rows) -> Vectors:
        """The direction that these rows share, of length 1."""
        summed = (self._numbers[rows] * self._steps[rows, np.newaxis]).sum(axis=0)
        return np.asarray(summed / max(float(np.linalg.norm(summed)), 1e-9), np.float32)


def _products(asked: NDArray[np.int8], numbers: NDArray[np.int8]) -> NDArray[Any]:
    """The product of each row with what was asked."""
    if len(numbers) < _MANY:
        return np.asarray(simsimd.dot(asked, numbers))
    middle = len(numbers) // 2
    beside = _BESIDE.submit(simsimd.dot, asked, numbers[:middle])
    behind = np.asarray(simsimd.dot(asked, numbers[middle:]))
    return np.concatenate([np.asarray(beside.result()), behind])


def small_width(identity: Identity) -> int:
    """Bytes of one vector in the small form."""
    return identity.dimension + _SCALE_BYTES


def in_eight_bits(vectors: Vectors) -> NDArray[np.int8]:
    """Vectors with eight bits a number; the last four bytes of a row hold the size of a step."""
    steps = np.abs(vectors).max(axis=1, keepdims=True).astype("<f4") / np.float32(_LEVELS)
    safe = np.where(steps > 0, steps, 1)
    small = np.empty((len(vectors), vectors.shape[1] + _SCALE_BYTES), np.int8)
    small[:, : vectors.shape[1]] = np.rint(vectors / safe)
    small[:, vectors.shape[1] :] = np.ascontiguousarray(steps).view(np.int8)
    return small


def _steps(small: NDArray[np.int8]) -> NDArray[np.float32]:
    return np.ascontiguousarray(small[:, -_SCALE_BYTES:]).view("<f4")[:, 0]


def _checked(folder: Path, name: str, identity: Identity, rows: int, width: int) -> None:
    """Raise unless `folder` holds at least `rows` vectors of this model."""
    try:
        there = Identity(**json.loads((folder / "identity.json").read_text("utf-8")))
        size = (folder / name).stat().st_size
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(f"{folder} cannot be read ({error}); run `kb index rebuild`.") from error
    refuse_mixed(there, identity)
    if rows > size // width:
        raise IndexDamaged(f"{folder} holds fewer than {rows} vectors; run `kb index rebuild`.")


def embedded_text(title: str, passage: str) -> str:
    """What is embedded for a passage: its record's title gives it the context it stood in."""
    ended = title if not title or re.search(r"[.!?]$", title) else f"{title}."
    return f"{ended} {passage}".strip()


def best_passages(similar: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """For each record how near its nearest passage is; -1 where it has none.

    `similar` has one value a passage, records in order; `starts` where each record's begin, and
    the end of the last.
    """
    filled = starts[1:] > starts[:-1]
    if len(filled) and filled.all():
        return np.maximum.reduceat(similar, starts[:-1])
    best = np.full(len(filled), -1.0, np.float32)
    if filled.any():
        best[filled] = np.maximum.reduceat(similar, starts[:-1][filled])
    return best
