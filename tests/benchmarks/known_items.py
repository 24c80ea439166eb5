"""Known-item search: the titles of the real listing asked for in the ways that people ask.

Whoever looks for one item types its title, or most of it, or what stands at the top of its first
page. What joins words and meaning may not find it lower than words alone; a slip may not cost much.
"""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.document import Document, Passage
from index.engine import Engine
from index.keyword import stems, words
from index.query import Mode, Query
from index.search import found_ids

DEEP = 50
"""Places that are looked through for the item."""

Pairs = list[tuple[str, str]]
"""What is asked, and the id of the item that is meant."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the listing; `top` is the first line of its first page, where that is known."""

    id: str
    title: str
    text: str
    top: str


def listing(data: Path) -> list[Item]:
    """The items in `data`/pop, each under a number of its own: the listing uses some ids twice."""
    tops = {}
    for line in (data / "pop" / "first-pages.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        lines = [one.strip() for one in page["text"].splitlines()]
        tops[page["pdf"]] = next((one for one in lines if len(words(one)) > 1), "")
    items = []
    for number, row in enumerate(json.loads((data / "pop" / "content.json").read_text("utf-8"))):
        told = [row.get(name) for name in ("author", "location", "description")]
        text = ". ".join(str(one) for one in (*told, row.get("resource_year")) if one)
        items.append(Item(str(number), row["title"], text, tops.get(row.get("resource_link"), "")))
    return items


def documents(items: Sequence[Item]) -> list[Document]:
    """The items as the index takes them."""
    return [Document(one.id, one.title, (Passage("summary", one.text),)) for one in items]


def asked(items: Sequence[Item], seed: int = 1) -> dict[str, Pairs]:
    """Questions for items whose title is no other's: as it is and in three other ways."""
    chance = random.Random(seed)
    times = Counter(tuple(words(one.title)) for one in items)
    ways: dict[str, Pairs] = {"as typed": [], "a word dropped": [], "reordered": [], "top line": []}
    for one in items:
        parts = one.title.split()
        if times[tuple(words(one.title))] > 1 or len(parts) < 3:
            continue
        left = parts.copy()
        del left[chance.randrange(len(left))]
        mixed = chance.sample(parts, len(parts))
        ways["as typed"].append((one.title, one.id))
        ways["a word dropped"].append((" ".join(left), one.id))
        ways["reordered"].append((" ".join(mixed), one.id))
        if one.top:
            ways["top line"].append((one.top, one.id))
    return ways


def misspelt(items: Sequence[Item], data: Path, seed: int = 1) -> tuple[Pairs, Pairs]:
    """Two words of each title, and the same with one word as people really misspell it."""
    chance = random.Random(seed)
    slips: dict[str, list[str]] = {}
    for line in (data / "spelling" / "domain-misspellings.tsv").read_text("utf-8").splitlines():
        wrong, right, *_ = line.split("\t")
        slips.setdefault(right, []).append(wrong)
    right, wrong = [], []
    for title, item in asked(items, seed)["as typed"]:
        told = [word for word in words(title) if stems(word)]
        known = [word for word in told if word in slips]
        others = [word for word in told if word not in known[:1]]
        if known and others:
            other = chance.choice(others)
            right.append((f"{other} {known[0]}", item))
            wrong.append((f"{other} {chance.choice(slips[known[0]])}", item))
    return right, wrong


def found_high(pairs: Pairs, engine: Engine, mode: Mode, *, helped: bool = True) -> float:
    """The mean of 1 / place of the item; `helped` by thesaurus and corrections, or not."""
    worth = 0.0
    for text, item in pairs:
        query = Query(text=text, mode=mode, expand=helped, correct=helped)
        places = found_ids(query, DEEP, engine)
        worth += 1 / (places.index(item) + 1) if item in places else 0.0
    return worth / len(pairs)


def figures(engine: Engine, items: Sequence[Item], data: Path) -> dict[str, dict[str, float]]:
    """All figures, by way of asking and then by mode; `plain` is bare BM25."""
    made: dict[str, dict[str, float]] = {}
    for way, pairs in asked(items).items():
        made[way] = {mode: found_high(pairs, engine, mode) for mode in ("hybrid", "keyword")}
    for name, pairs in zip(("spelt right", "one slip"), misspelt(items, data), strict=True):
        made[name] = {mode: found_high(pairs, engine, mode) for mode in ("hybrid", "keyword")}
        made[name]["plain"] = found_high(pairs, engine, "keyword", helped=False)
    return made
