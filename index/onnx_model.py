"""A sentence-transformers model run by onnxruntime and its own fast tokenizer, without torch."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL = "model.onnx"
NOTE = "checked.json"

Vectors = NDArray[np.float32]


class ExportRefused(Exception):
    """This model cannot be run here; the message says why, and the caller falls back."""


class OnnxModel:
    """Tokenise, run, pool, normalise: what the model's own modules.json asks for."""

    def __init__(self, folder: Path, place: Path, threads: int) -> None:
        """`folder` holds the model's own files, `place` its ONNX form.

        Raises ExportRefused for a model with modules other than transformer, mean or CLS
        pooling, and normalisation.
        """
        import onnxruntime
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
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(place / MODEL), options, providers=["CPUExecutionProvider"]
        )
        self.dimension = int(self.encode(["a"]).shape[1])

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
            except ExportRefused:
                raise
            except Exception as error:  # exporter and runtime raise whatever they like
                reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                raise ExportRefused(f"the export failed ({reason})") from error
            lowest = float(np.min(np.sum(made * expected, axis=1)))
            if not lowest >= same:
                raise ExportRefused(f"its vectors differ (cosine {lowest:.4f}, wanted {same})")
            (beside / NOTE).write_text(json.dumps({"lowest_cosine": lowest}), encoding="utf-8")
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

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, padded to the longest of them."""
        encoded = self.tokenizer.encode_batch(list(texts))
        width = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(encoded), width), dtype=np.int64)
        mask = np.zeros((len(encoded), width), dtype=np.int64)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        tokens = self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
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
