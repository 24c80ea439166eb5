"""A sentence-transformers model run by onnxruntime and its own fast tokenizer, without torch.

Two forms of it: the whole one makes what is stored, and one with eight bits a weight makes what is
typed, in half the time. Alone, because there the vector of a text depends a little on the texts
beside it.
"""

import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL, SMALL = "model.onnx", "model.8bit.onnx"
NOTE = "checked-forms.json"
# The least cosine to the whole form's vectors. The default model reaches .98, and what it finds on
# CACM is as good: nDCG@10 .607 to .610 for .611, which is less than any other change to it makes.
SMALL_SAME = 0.95

Vectors = NDArray[np.float32]


class ExportRefused(Exception):
    """This model cannot be run here; the message says why, and the caller falls back."""


class OnnxModel:
    """Tokenise, run, pool, normalise: what the model's own modules.json asks for."""

    def __init__(self, folder: Path, place: Path, threads: int) -> None:
        """`folder` holds the model's own files, `place` its ONNX forms; `threads` for one query.

        Raises ExportRefused for a model with modules other than transformer, mean or CLS
        pooling, and normalisation.
        """
        from tokenizers import Tokenizer

        self.pooling, self.normalise = _modules(folder)
        prompts = _read(folder / "config_sentence_transformers.json").get("prompts") or {}
        self.query_prompt = str(prompts.get("query") or "")
        self.passage_prompt = str(prompts.get("document") or prompts.get("passage") or "")
        tokenizer_file = folder / "tokenizer.json"
        if not tokenizer_file.is_file():
            raise ExportRefused("it has no tokenizer.json")
        self.tokenizer = Tokenizer.from_file(str(tokenizer_file))
        longest = _read(folder / "sentence_bert_config.json").get("max_seq_length") or 512
        self.tokenizer.enable_truncation(int(longest))
        self.tokenizer.no_padding()
        self.place = place
        small = place / SMALL
        self.quick = _session(small, threads) if small.is_file() else self.whole
        self.dimension = int(self.alone("a").shape[0])

    @cached_property
    def whole(self) -> Any:
        """The whole form, loaded when something is to be stored; one thread for each batch."""
        return _session(self.place / MODEL, 1)

    @staticmethod
    def ready(place: Path) -> bool:
        """Whether a checked export lies in `place`."""
        return (place / NOTE).is_file() and (place / MODEL).is_file()

    @classmethod
    def create(
        cls,
        folder: Path,
        place: Path,
        write: Callable[[Path], None],
        *,
        texts: Sequence[str],
        expected: Vectors,
        same: float,
    ) -> None:
        """Write the export beside `place` and move it there once it gives the same vectors.

        Raises ExportRefused when it cannot be written or its vectors differ by more than
        `same` (a cosine) allows.
        """
        _modules(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".export-", dir=place.parent))
        beside.chmod(0o755)
        try:
            try:
                write(beside / MODEL)
                made = cls(folder, beside, threads=1).encode(texts)
                quick = _shrunk(cls, folder, beside, texts, made)
            except ExportRefused:
                raise
            except Exception as error:  # exporter and runtime raise whatever they like
                reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                raise ExportRefused(f"the export failed ({reason})") from error
            lowest = float(np.min(np.sum(made * expected, axis=1)))
            if not lowest >= same:
                raise ExportRefused(f"its vectors differ (cosine {lowest:.4f}, wanted {same})")
            told = {"lowest_cosine": lowest, "lowest_cosine_8bit": quick}
            (beside / NOTE).write_text(json.dumps(told), encoding="utf-8")
            if place.exists():
                shutil.rmtree(place)
            try:
                beside.replace(place)
            except OSError:
                # Another process made the same export first: as good as ours.
                if not cls.ready(place):
                    raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def alone(self, text: str) -> Vectors:
        """The vector of one text, by the quick form."""
        made: Vectors = self._run(self.quick, [text])[0]
        return made

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector a text by the whole form, padded to the longest of them."""
        return self._run(self.whole, texts)

    def _run(self, session: Any, texts: Sequence[str]) -> Vectors:
        encoded = self.tokenizer.encode_batch(list(texts))
        width = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(encoded), width), dtype=np.int64)
        mask = np.zeros((len(encoded), width), dtype=np.int64)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        tokens = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return self._pool(np.asarray(tokens, dtype=np.float32), mask)

    def _pool(self, tokens: Vectors, mask: NDArray[np.int64]) -> Vectors:
        if self.pooling == "cls":
            made = tokens[:, 0]
        else:
            weights = mask[:, :, None].astype(np.float32)
            made = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        if self.normalise:
            made = made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)
        return np.asarray(made, dtype=np.float32)


def _session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _shrunk(
    cls: type[OnnxModel], folder: Path, place: Path, texts: Sequence[str], expected: Vectors
) -> float | None:
    """Write the small form beside the whole one, and say how near it comes at the least.

    It is taken away again, and None returned, where its vectors are too far off.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.disable(logging.WARNING)  # it advises a preparation that brings nothing here
    try:
        # With seven of the eight bits, processors without wide sums do not overflow.
        quantize_dynamic(
            place / MODEL,
            place / SMALL,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
    finally:
        logging.disable(logging.NOTSET)
    small = cls(folder, place, threads=1)
    made = np.stack([small.alone(text) for text in texts])
    lowest = float(np.min(np.sum(made * expected, axis=1)))
    if lowest >= SMALL_SAME:
        return lowest
    (place / SMALL).unlink()
    return None


def _modules(folder: Path) -> tuple[str, bool]:
    """How to pool, and whether to normalise; ExportRefused for anything not done here."""
    modules = _read(folder / "modules.json")
    kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules or []]
    if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
        raise ExportRefused(f"its modules are {kinds or 'not stated'}")
    pooling = _read(folder / str(modules[1]["path"]) / "config.json")
    modes = {key for key, on in pooling.items() if key.startswith("pooling_mode_") and on is True}
    if modes == {"pooling_mode_mean_tokens"}:
        return "mean", True
    if modes == {"pooling_mode_cls_token"}:
        return "cls", True
    raise ExportRefused(f"its pooling is {sorted(modes)}")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
