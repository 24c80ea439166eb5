import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.embed import (
    PACKAGED,
    HashEmbedder,
    OnnxEmbedder,
    SentenceEmbedder,
    in_batches,
    load_embedder,
    revision_of,
)
from index.errors import ModelUnavailable
from index.onnx_model import ExportRefused, OnnxModel
from kb.settings import PROJECT, Settings, settings

NAME = "all-MiniLM-L6-v2"
TEXTS = [
    "Burglary from student houses",
    "",
    "Kids on motorbikes, all summer long! " * 40,
    "Zażółć gęślą jaźń 警察 👮",
]


def test_hash_vectors_are_unit_length_and_the_same_everywhere() -> None:
    made = HashEmbedder().queries(["alley gates", "Gates alley", "lighting"])
    assert np.allclose(np.linalg.norm(made, axis=1), 1)
    assert np.allclose(made[0], made[1])
    assert not np.allclose(made[0], made[2])
    assert np.linalg.norm(HashEmbedder().queries([""])[0]) == 0
    assert load_embedder("hash").identity.model == "hash"


def test_batches_keep_the_order_and_tell_progress() -> None:
    texts = ["x" * length for length in range(70, 0, -1)]
    told: list[int] = []

    def run(batch):  # type: ignore[no-untyped-def]
        return np.asarray([[len(text)] for text in batch], np.float32)

    for workers in (1, 3):
        told.clear()
        made = in_batches(run, texts, 1, told.append, size=8, workers=workers)
        assert made[:, 0].tolist() == [float(len(text)) for text in texts]
        assert (sum(told), len(told)) == (70, 9)
    assert in_batches(run, [], 1, None, workers=2).shape == (0, 1)


def test_an_unknown_model_says_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelUnavailable, match="KB_EMBEDDING_MODEL"):
        load_embedder("no-such-model-anywhere")


@pytest.mark.model
def test_onnx_gives_the_vectors_of_the_reference(home: Path) -> None:
    reference = load_embedder(NAME, "torch")
    fast = load_embedder(NAME, "onnx")
    assert isinstance(reference, SentenceEmbedder)
    assert isinstance(fast, OnnxEmbedder)
    assert reference.identity == fast.identity
    stored = reference.passages(TEXTS)
    assert float(np.sum(stored * fast.passages(TEXTS), axis=1).min()) > 0.9999
    # What is typed is embedded with eight bits a weight, and alone: its neighbours do not matter.
    typed = fast.queries(TEXTS)
    assert float(np.sum(reference.queries(TEXTS) * typed, axis=1).min()) > 0.97
    assert np.array_equal(typed[0], fast.queries(TEXTS[:1])[0])
    # A site that an earlier test began may still be exporting beside it; what is left for good is
    # a fault.
    for _ in range(300):
        if not (left := [path for path in (home / "models").iterdir() if path.name[0] == "."]):
            break
        time.sleep(0.1)
    assert not left
    code = (
        "import sys\nfrom index.embed import load_embedder\n"
        "load_embedder(sys.argv[1]).queries(['a'])\nprint('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, NAME],
        cwd=PROJECT,
        env={"KB_HOME": str(settings().home), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "False"


@pytest.mark.model
def test_a_model_that_cannot_be_exported_falls_back(home: Path, tmp_path: Path) -> None:
    package = __import__(PACKAGED[NAME])
    folder = tmp_path / "model"
    shutil.copytree(package.get_model_path(), folder)
    assert revision_of(folder) == revision_of(package.get_model_path())
    pooling = folder / "1_Pooling" / "config.json"
    asked = json.loads(pooling.read_text())
    pooling.write_text(
        json.dumps({**asked, "pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True})
    )
    assert isinstance(load_embedder(str(folder)), SentenceEmbedder)
    with pytest.raises(ModelUnavailable, match="auto"):
        load_embedder(str(folder), "onnx")


def test_an_export_that_differs_is_refused(tmp_path: Path) -> None:
    package = __import__(PACKAGED[NAME])

    def write(target: Path) -> None:
        raise ValueError("cannot\nmany lines")

    with pytest.raises(ExportRefused, match=r"failed \(cannot\)"):
        OnnxModel.create(
            package.get_model_path(),
            tmp_path / "made",
            write,
            texts=["a"],
            expected=np.zeros((1, 384), np.float32),
            same=0.999,
        )
    assert list(tmp_path.iterdir()) == []


def test_the_default_model_is_packaged() -> None:
    assert Settings.model_fields["embedding_model"].default in PACKAGED
