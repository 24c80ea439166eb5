import random
from pathlib import Path

import numpy as np
import pytest

from index.columns import Columns, Ragged, Row
from index.errors import IndexDamaged


def row(id: str, codes: list[str], vectors: list[int], **changes: object) -> Row:
    values = {
        "id": id,
        "stamp": "s",
        "title": id.upper(),
        "year": None,
        "moment": 0,
        "facets": {"problem": codes},
        "sections": ["summary"] * len(vectors),
        "vectors": vectors,
    }
    return Row(**{**values, **changes})  # type: ignore[arg-type]


def test_ragged_rows_are_replaced_as_lists_would_be() -> None:
    chance = random.Random(3)
    for _ in range(50):
        lists = [[chance.randint(0, 9) for _ in range(chance.randint(0, 4))] for _ in range(8)]
        ragged = Ragged.empty().replaced(dict(enumerate(lists)), len(lists))
        changes = {
            number: [chance.randint(0, 9)] * chance.randint(0, 3)
            for number in chance.sample(range(12), 4)
        }
        size = max(12, len(lists))
        changed = ragged.replaced(changes, size)
        expected = [changes.get(n, lists[n] if n < len(lists) else []) for n in range(size)]
        assert [changed.row(number).tolist() for number in range(size)] == expected
        assert changed.owners.tolist() == [n for n, one in enumerate(expected) for _ in one]
        rows = np.array([chance.random() < chance.choice([0.1, 0.9]) for _ in range(size)])
        wanted = [value for number in np.flatnonzero(rows) for value in expected[number]]
        assert changed.among(rows).tolist() == wanted


def test_all_facets_are_counted_at_once_as_one_by_one() -> None:
    chance = random.Random(4)
    names = ["problem", "place", "year", "name"]
    rows = {
        number: row(
            f"r{number}",
            [],
            [],
            facets={name: chance.sample("abcdef", chance.randint(0, 3)) for name in names},
        )
        for number in range(40)
    }
    columns = Columns.empty(names).changed(rows, [])
    for least in (0.0, 0.5, 0.9, 1.0):
        among = np.array([chance.random() >= least for _ in rows])
        counted, spans = columns.every_count(among)
        assert list(spans) == ["problem", "place", "year"]  # a name is listed, and no facet
        for name, span in spans.items():
            assert counted[span].tolist() == columns.counts(name, among).tolist()
    counted, spans = Columns.empty(names).every_count(np.empty(0, np.bool_))
    assert counted.tolist() == []
    assert spans["place"] == slice(0, 0)


def test_changes_keep_the_rest_and_survive_saving(tmp_path: Path) -> None:
    start = Columns.empty(["problem"])
    first = start.changed({0: row("a", ["x"], [5]), 1: row("b", ["x", "y"], [6, 7])}, [])
    second = first.changed({2: row("c", ["z"], [8], year=2001), 1: row("b", ["y"], [9])}, [0])
    assert len(start) == 0
    assert first.held() == {"a": "s", "b": "s"}
    assert second.held() == {"b": "s", "c": "s"}
    assert second.with_facet("problem", ["x"]).tolist() == [False, False, False]
    assert second.with_facet("problem", ["y", "z", "unknown"]).tolist() == [False, True, True]
    assert second.counts("problem", second.alive).tolist() == [0, 1, 1]
    second.save(tmp_path)
    loaded = Columns.load(tmp_path)
    assert loaded.held() == second.held()
    assert loaded.vectors.row(1).tolist() == [9]
    assert loaded.years.tolist() == [-1, -1, 2001]
    assert np.array_equal(loaded.alive, second.alive)
    (tmp_path / "names.json").unlink()
    with pytest.raises(IndexDamaged, match="rebuild"):
        Columns.load(tmp_path)
