"""Matching rows of any table: made-up tables here, real ones where they are at hand."""

import csv
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import HashEmbedder
from index.matching import find, read_lines, read_table
from index.matching.decide import STANDARD, split
from kb.errors import FileUnreadable

NAMES = [
    "Amber",
    "Birch",
    "Cedar",
    "Dover",
    "Elm",
    "Fern",
    "Grove",
    "Hazel",
    "Iris",
    "Juniper",
    "Kestrel",
    "Linden",
]
KINDS = [
    "Bakery",
    "Garage",
    "Library",
    "Nursery",
    "Surgery",
    "Theatre",
    "Workshop",
    "Tavern",
    "Gallery",
    "Clinic",
]
STREETS = ["Mill", "Church", "Station", "Bridge", "Castle", "Market", "Orchard", "Priory"]

Row = dict[str, Any]
Gold = set[tuple[str, str]]


def places(count: int, seed: int = 3) -> list[Row]:
    """Made-up places, each with a name, address and telephone of its own."""
    chance = random.Random(seed)
    names = [f"{one} {other} {kind}" for one in NAMES for other in NAMES[:5] for kind in KINDS]
    chance.shuffle(names)
    return [
        {
            "id": f"p{number}",
            "name": names[number],
            "address": f"{chance.randint(1, 400)} {chance.choice(STREETS)} Street",
            "phone": f"0{chance.randint(10**9, 10**10 - 1)}",
        }
        for number in range(count)
    ]


def slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1 :]


def doubled(rows: list[Row], seed: int = 4) -> list[Row]:
    """The rows as somebody else wrote them down: slips, short forms, gaps, swapped columns."""
    chance = random.Random(seed)
    made = []
    for row in rows:
        other = {**row, "id": row["id"] + "x", "name": slip(row["name"], chance)}
        other["address"] = row["address"].replace("Street", "St")
        turn = chance.random()
        if turn < 0.15:
            other["phone"] = ""
        elif turn < 0.3:
            other["name"], other["address"] = other["address"], other["name"]
        made.append(other)
    return made


def score(rows: list[Row], gold: Iterable[tuple[str, str]], **options: Any) -> float:
    wanted = {tuple(sorted(pair)) for pair in gold}
    found = {
        tuple(sorted((rows[pair.left]["id"], rows[pair.right]["id"])))
        for pair in find(rows, **options)
    }
    return 2 * len(found & wanted) / (len(found) + len(wanted)) if found or wanted else 1.0


def test_pairs_across_sets_despite_slips_gaps_and_swapped_columns() -> None:
    ours = [{**row, "set": "a"} for row in places(300)]
    theirs = [{**row, "set": "b"} for row in doubled(ours[:120])]
    theirs += [{**row, "id": f"o{n}", "set": "b"} for n, row in enumerate(places(500)[320:])]
    gold = [(row["id"], row["id"] + "x") for row in ours[:120]]
    assert score(ours + theirs, gold) >= 0.94


def test_pairs_within_one_set_in_clusters_of_any_size() -> None:
    base = places(150)
    rows = base + [
        {**copy, "id": f"{copy['id']}{turn}"}
        for turn in range(3)
        for copy in doubled(base[: 60 - 20 * turn], seed=turn)
    ]
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row["id"].split("x")[0], []).append(row["id"])
    gold = [(a, b) for ids in groups.values() for n, a in enumerate(ids) for b in ids[n + 1 :]]
    assert score(rows, gold) >= 0.9


def test_columns_of_other_names_are_joined_by_what_they_hold() -> None:
    ours = [{**row, "set": "a"} for row in places(200)]
    theirs = [
        {"id": row["id"], "set": "b", "title": row["name"], "where": row["address"]}
        for row in doubled(ours[:100])
    ]
    assert set(read_table(ours + theirs).fields) == {"name", "address", "phone"}
    gold = [(row["id"], row["id"] + "x") for row in ours[:100]]
    assert score(ours + theirs, gold) >= 0.9


def test_a_table_without_doubles_gives_none_and_rows_are_said_why() -> None:
    rows = places(200)
    assert len(find(rows)) <= 2
    twins = [*rows, {**rows[7], "id": "twin"}]
    found = [pair for pair in find(twins, HashEmbedder()) if pair.right == 200]
    assert found
    assert "same name, address, phone" in found[0].reason
    assert found[0].score > 0.9


def test_an_id_may_return_in_another_set_but_not_in_its_own() -> None:
    table = read_table([{"id": 1, "set": "a", "t": "x"}, {"id": 1, "set": "b", "t": "x"}])
    assert table.ids == ["1", "1"]
    with pytest.raises(FileUnreadable, match="Row 2 has the id '1' of row 1"):
        read_table([{"id": 1}, {"id": 1}])
    with pytest.raises(FileUnreadable, match="Row 1 has no id"):
        read_table([{"title": "x"}])


def test_lines_that_are_no_rows_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 1}\n\n[2]\n', encoding="utf-8")
    with pytest.raises(FileUnreadable, match=r"Line 3 of rows\.jsonl is no row"):
        list(read_lines(path))
    path.write_text('{"id": 1}\n{"id"\n', encoding="utf-8")
    with pytest.raises(FileUnreadable, match=r"Line 2 of rows\.jsonl is not JSON"):
        list(read_lines(path))


values = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.lists(st.text(max_size=8), max_size=3),
)


@settings(max_examples=25)
@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b", "set"]), values, max_size=3), max_size=12)
)
def test_no_table_breaks_it(rows: list[Row]) -> None:
    numbered = [{**row, "id": number} for number, row in enumerate(rows)]
    table = read_table(numbered)
    for pair in find(table):
        assert 0 <= pair.score <= 1
        assert pair.left != pair.right
        assert table.sets is None or table.sets[pair.left] != table.sets[pair.right]


def test_one_heap_is_not_split() -> None:
    chance = np.random.default_rng(1)
    assert split(np.clip(chance.normal(0.2, 0.05, 2000), 0, 1)) == STANDARD
    two = np.r_[chance.normal(0.2, 0.05, 2000), chance.normal(0.8, 0.08, 100)]
    assert 0.3 < split(two) < 0.7


def dblp_acm(folder: Path) -> tuple[list[Row], Gold]:
    def table(name: str) -> list[Row]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter="%"))

    rows = [
        {**row, "id": name + row["id"], "set": name}
        for name in ("acm", "dblp")
        for row in table(f"{name}.csv")
        if row["year"] >= "1999"  # a part of it is enough here, and quicker
    ]
    titles = {row["id"]: row["title"].lower()[:12] for row in rows}
    gold = [(row["D1"], row["D2"]) for row in table("gt.csv")]
    sides = max(
        (("acm", "dblp"), ("dblp", "acm")),
        key=lambda side: sum(titles.get(side[0] + a) == titles.get(side[1] + b) for a, b in gold),
    )
    pairs = {(sides[0] + a, sides[1] + b) for a, b in gold}
    return rows, {pair for pair in pairs if titles.keys() >= set(pair)}


@pytest.mark.data
def test_real_publications(data_dir: Callable[[str], Path]) -> None:
    rows, gold = dblp_acm(data_dir("dedupe/dblp_acm"))
    assert score(rows, gold) >= 0.98


@pytest.mark.data
def test_made_up_people_with_real_mistakes(data_dir: Callable[[str], Path]) -> None:
    path = data_dir("dedupe/febrl") / "dataset1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file, skipinitialspace=True))
    rows = [{name.strip(): value.strip() for name, value in row.items()} for row in read]
    rows = [{"id": row.pop("rec_id"), **row} for row in rows]
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row["id"].split("-")[1], []).append(row["id"])
    gold = [(a, b) for ids in groups.values() for n, a in enumerate(ids) for b in ids[n + 1 :]]
    assert score(rows, gold) >= 0.99
