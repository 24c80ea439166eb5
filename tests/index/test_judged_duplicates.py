"""The rule for records, measured on judged pairs of the starter collection and the real listing."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.records.sameness import compare
from kb.settings import PROJECT
from tests.index.collection import contents

PAIRS = PROJECT / "seeds" / "judged" / "duplicates" / "pairs.tsv"


@pytest.fixture(scope="module")
def judged() -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.data
def test_the_rule_on_judged_pairs(
    data_dir: Callable[[str], Path], judged: list[dict[str, str]]
) -> None:
    known = contents(data_dir("pop/content.json"))
    assert len(judged) >= 60
    counts = {"hit": 0, "false": 0, "missed": 0}
    joined_wrongly = []
    for row in judged:
        found = compare(known[row["one"]], known[row["other"]])
        if row["verdict"] == "same":
            counts["hit" if found else "missed"] += 1
        elif found:
            counts["false"] += found.level == "likely"
            joined_wrongly += [row] if found.level == "same" else []
    assert joined_wrongly == []
    assert counts["false"] == 0, counts
    assert counts["hit"] / (counts["hit"] + counts["missed"]) >= 0.95, counts
