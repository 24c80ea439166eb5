"""Looking for one known item of the real listing, with the pinning of exact titles off."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.embed import HashEmbedder, load_embedder
from index.engine import Engine
from index.evaluate import build
from index.thesaurus import default_thesaurus
from tests.benchmarks.known_items import asked, documents, found_high, listing, misspelt

EACH = 50  # questions of each kind
NOISE = 0.01  # by which so few questions differ by chance; `make bench` asks all of them


@pytest.mark.data
@pytest.mark.model
def test_fusion_finds_a_known_item_at_least_as_high_as_words_alone(
    data_dir: Callable[[str], Path], home: Path, tmp_path: Path
) -> None:
    items = listing(data_dir("pop").parent)[::6]
    embedder = load_embedder("all-MiniLM-L6-v2")
    build(tmp_path, documents(items), embedder)
    engine = Engine(tmp_path, lambda: embedder, default_thesaurus, pins=False)
    for way, pairs in asked(items).items():
        some = pairs if way == "top line" else pairs[:EACH]
        hybrid, keyword = (found_high(some, engine, mode) for mode in ("hybrid", "keyword"))
        assert hybrid >= keyword - (NOISE if way == "top line" else 0), way
        assert hybrid > (0.3 if way == "top line" else 0.95), way


@pytest.mark.data
def test_one_slip_costs_at_most_half_of_what_it_costs_plain_matching(
    data_dir: Callable[[str], Path], tmp_path: Path
) -> None:
    data = data_dir("pop").parent
    items = listing(data)
    embedder = HashEmbedder()
    build(tmp_path, documents(items), embedder)
    engine = Engine(tmp_path, lambda: embedder, default_thesaurus, pins=False)
    engine.speller(wait=True)
    right, wrong = misspelt(items, data)
    right, wrong = right[: 5 * EACH], wrong[: 5 * EACH]
    ours = found_high(right, engine, "keyword") - found_high(wrong, engine, "keyword")
    plain = found_high(right, engine, "keyword", helped=False)
    plain -= found_high(wrong, engine, "keyword", helped=False)
    assert plain > 0.1
    assert ours <= plain / 2
