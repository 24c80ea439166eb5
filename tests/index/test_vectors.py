from pathlib import Path

import numpy as np
import pytest

from index.embed import HashEmbedder, Identity
from index.errors import IndexDamaged, VectorsMixed
from index.vectors import SmallVectors, VectorFile, best_passages, embedded_text, read_exact

EMBEDDER = HashEmbedder(8)


def test_texts_are_embedded_once_and_found_again(tmp_path: Path) -> None:
    held = VectorFile(tmp_path, EMBEDDER.identity)
    assert held.add(EMBEDDER, ["one", "two", "one"]) == 2
    assert held.add(EMBEDDER, ["two", "three"]) == 1
    again = VectorFile(tmp_path, EMBEDDER.identity)
    assert len(again) == 3
    matrix = read_exact(tmp_path, EMBEDDER.identity, 3)
    assert np.allclose(matrix[again.row("three")], EMBEDDER.queries(["three"])[0])


def test_what_a_killed_writer_left_half_is_cut_off(tmp_path: Path) -> None:
    held = VectorFile(tmp_path, EMBEDDER.identity)
    held.add(EMBEDDER, ["one", "two"])
    for name, extra in (("vectors.f32", 40), ("vectors.i8", 5), ("keys", 7)):
        with (tmp_path / name).open("ab") as stream:
            stream.write(b"x" * extra)
    again = VectorFile(tmp_path, EMBEDDER.identity)
    assert len(again) == 2
    again.add(EMBEDDER, ["three"])
    matrix = read_exact(tmp_path, EMBEDDER.identity, 3)
    assert np.allclose(matrix[2], EMBEDDER.queries(["three"])[0])
    cosines = SmallVectors(tmp_path, EMBEDDER.identity, 3).cosines(matrix[2])
    assert cosines == pytest.approx((matrix @ matrix[2]).tolist(), abs=0.01)


def test_many_vectors_are_gone_through_in_halves_that_fit_together(tmp_path: Path) -> None:
    many = 8_001
    made = np.random.default_rng(3).normal(size=(many, 8)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    held = VectorFile(tmp_path, EMBEDDER.identity)
    held.append([number.to_bytes(16) for number in range(many)], made)
    small = SmallVectors(tmp_path, EMBEDDER.identity, many)
    cosines = small.cosines(made[5])
    assert cosines.shape == (many,)
    assert cosines == pytest.approx(made @ made[5], abs=0.02)
    few = SmallVectors(tmp_path, EMBEDDER.identity, many - 2).cosines(made[5])
    assert cosines[:-2].tolist() == few.tolist()


def test_models_never_mix(tmp_path: Path) -> None:
    held = VectorFile(tmp_path, EMBEDDER.identity)
    held.add(EMBEDDER, ["one"])
    for other in (Identity("hash", "2", 8), Identity("other", "1", 8), Identity("hash", "1", 9)):
        with pytest.raises(VectorsMixed, match="rebuild"):
            VectorFile(tmp_path, other)
        with pytest.raises(VectorsMixed):
            read_exact(tmp_path, other, 1)
    with pytest.raises(VectorsMixed):
        held.add(HashEmbedder(9), ["two"])
    with pytest.raises(VectorsMixed):
        held.append([b"k" * 16], np.zeros((1, 9), np.float32))


def test_fewer_vectors_than_promised_is_damage(tmp_path: Path) -> None:
    VectorFile(tmp_path, EMBEDDER.identity).add(EMBEDDER, ["one"])
    with pytest.raises(IndexDamaged):
        read_exact(tmp_path, EMBEDDER.identity, 2)
    with pytest.raises(IndexDamaged):
        read_exact(tmp_path / "nowhere", EMBEDDER.identity, 1)
    assert read_exact(tmp_path, EMBEDDER.identity, 0).shape == (0, 8)


def test_a_set_that_does_not_say_its_model_is_begun_anew(tmp_path: Path) -> None:
    VectorFile(tmp_path, EMBEDDER.identity).add(EMBEDDER, ["one"])
    (tmp_path / "identity.json").write_text("{broken")
    assert len(VectorFile(tmp_path, EMBEDDER.identity)) == 0


def test_eight_bits_keep_the_cosines_of_every_vector(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    made = chance.standard_normal((500, 96)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    made[7] = 0
    identity = Identity("m", "1", 96)
    held = VectorFile(tmp_path, identity)
    held.append([bytes([n // 256, n % 256]) * 8 for n in range(500)], made)
    (tmp_path / "vectors.i8").unlink()  # as a set from before it was kept
    VectorFile(tmp_path, identity)
    small = SmallVectors(tmp_path, identity, 500)
    asked = made[33]
    assert np.abs(small.cosines(asked) - made @ asked).max() < 0.005
    assert int(small.cosines(asked).argmax()) == 33
    middle = made[[3, 9]].mean(axis=0)
    assert float(small.middle(np.array([3, 9])) @ middle) > 0.99 * np.linalg.norm(middle)
    assert SmallVectors(tmp_path, identity, 0).cosines(asked).shape == (0,)


def test_best_passages_against_plain_python() -> None:
    chance = np.random.default_rng(5)
    for _ in range(30):
        lengths = chance.integers(0, 4, 12)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        similar = chance.choice(np.array([0.1, 0.2, 0.9], np.float32), int(starts[-1]))
        best = best_passages(similar, starts)
        for number in range(12):
            own = similar[starts[number] : starts[number + 1]].tolist()
            assert best[number] == (np.float32(max(own)) if own else -1)


def test_the_title_gives_a_passage_its_context() -> None:
    assert embedded_text("Alley gates", "They closed.") == "Alley gates. They closed."
    assert embedded_text("", "They closed.") == "They closed."
    assert embedded_text("Who cares?", "") == "Who cares?"
