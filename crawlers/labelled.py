"""Texts that people labelled, to measure structuring on and to learn from.

They lie in `seeds/judged/structure/`. Measured on: `own.yaml` with its texts, `listing.yaml` with
line numbers and codes only, and `again.yaml`, what two more readers ticked, who saw neither the
first labels nor each other's. Every second text is held back: cues and thresholds are tuned on the
others only. Learnt from: `learnt.yaml`, pages of the listing, and `learnt-own.yaml` with its texts.
The texts of the listing are read from the folder of real data, where it is at hand.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from crawlers.document import Document, blocks_of
from crawlers.errors import JudgedInvalid
from crawlers.judged_facts import Label, found_in, labels_of
from crawlers.section import Section
from crawlers.stages import STAGES
from crawlers.structure import Structure, sections_by_headings, structure_of
from kb.errors import KbError
from kb.seeding import read_yaml
from kb.settings import settings

_LETTERS = {"S": "scanning", "A": "analysis", "R": "response", "E": "assessment"}
_MARK = re.compile(r"([SAREHN]) ")
LISTING = Path("pop") / "first-pages.jsonl"
_DOUBTFUL = "*"  # behind a code that a reader was unsure of
_HALF = 0.5  # of the readers, who must be sure of a term for it to count

Labels = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Reading:
    """What one reader ticked of the fields that they went through, surely and doubtfully."""

    sure: Labels
    doubtful: Labels


def share(readings: Iterable[Reading], field: str, code: str) -> float:
    """Which share of the readers who went through a field ticked a term; a doubtful one is half."""
    spoke = [one for one in readings if field in one.sure]
    ticks = sum(
        1.0 if code in one.sure[field] else 0.5 if code in one.doubtful[field] else 0.0
        for one in spoke
    )
    return ticks / len(spoke) if spoke else 0.0


def agreed(readings: Sequence[Reading]) -> dict[str, frozenset[str]]:
    """By field, the terms that at least half of its readers were sure of."""
    labels = {}
    for field in dict.fromkeys(field for one in readings for field in one.sure):
        spoke = [one.sure[field] for one in readings if field in one.sure]
        labels[field] = frozenset(
            code
            for code in frozenset().union(*spoke)
            if sum(code in codes for codes in spoke) >= _HALF * len(spoke)
        )
    return labels


@dataclass(frozen=True)
class Judged:
    """A text with what people say it tells: text of each stage, terms of each field.

    `cues` says that cues were written from it.
    """

    name: str
    title: str
    text: str
    sections: Mapping[str, str]
    readings: Sequence[Reading]
    held_back: bool = False
    cues: bool = False
    facts: Mapping[str, Sequence[Label]] | None = None

    @cached_property
    def labels(self) -> Labels:
        """The terms of each field that its readers agreed on."""
        return agreed(self.readings)

    @cached_property
    def structure(self) -> Structure:
        """What the product makes of it."""
        return structure_of(blocks_of(self.text), title=self.title)

    @cached_property
    def facts_found(self) -> dict[str, list[str]]:
        """What costs, dates and the like the product finds in it."""
        return found_in(Document(blocks=blocks_of(self.text)).text)

    @cached_property
    def by_headings(self) -> dict[str, Section]:
        """What its headings alone give."""
        return sections_by_headings(blocks_of(self.text))


def read_judged(data: Path | None) -> list[Judged]:
    """Every text that is measured on; those of the listing only when `data` holds it.

    Raises JudgedInvalid naming the text whose labels cannot be used.
    """
    again = {entry["name"]: _readings(entry) for entry in _entries("again.yaml")}
    judged = list(_with_own_text(_entries("own.yaml"), again))
    listing = data / LISTING if data else None
    if listing is not None and listing.exists():
        judged += _listed(_entries("listing.yaml"), again, listing)
    return judged


def read_learnt(data: Path | None) -> list[Judged]:
    """The texts that were labelled to learn from; those of the listing only when `data` holds it.

    Raises JudgedInvalid.
    """
    learnt = list(_with_own_text(_entries("learnt-own.yaml"), {}))
    listing = data / LISTING if data else None
    if listing is not None and listing.exists():
        learnt += [
            Judged(name, "", text, {}, _readings(entry))
            for name, entry, text in _with_texts(_entries("learnt.yaml"), listing)
        ]
    return learnt


def _entries(name: str) -> list[dict[str, Any]]:
    path = settings().seeds_dir / "judged" / "structure" / name
    try:
        return list(read_yaml(path)["texts"])
    except (KbError, KeyError, TypeError) as error:
        raise JudgedInvalid(f"{path} cannot be used: {error}") from error


def _with_own_text(
    entries: Sequence[dict[str, Any]], again: Mapping[str, Sequence[Reading]]
) -> Iterable[Judged]:
    for number, entry in enumerate(entries):
        sections: dict[str, list[str]] = defaultdict(list)
        shown = []
        for line in entry["text"].strip().split("\n"):
            mark = _MARK.match(line)
            if mark is None:
                raise JudgedInvalid(f"'{entry['id']}': a paragraph has no mark: {line[:40]}")
            text = line[mark.end() :]
            shown.append(f"# {text}" if mark[1] == "H" else text)
            if mark[1] in _LETTERS:
                sections[_LETTERS[mark[1]]].append(text)
        yield Judged(
            name=entry["id"],
            title=entry["title"],
            text="\n\n".join(shown),
            sections={stage: " ".join(sections[stage]) for stage in STAGES},
            readings=[*_readings(entry), *again.get(entry["id"], ())],
            held_back=number % 2 == 1,
            cues=bool(entry.get("cues")),
            facts=labels_of(entry),
        )


def _listed(
    entries: Sequence[dict[str, Any]], again: Mapping[str, Sequence[Reading]], listing: Path
) -> Iterable[Judged]:
    for number, (name, entry, text) in enumerate(_with_texts(entries, listing)):
        lines = text.split("\n")
        yield Judged(
            name=name,
            title="",
            text=text,
            sections={stage: _lines(lines, entry["lines"][stage]) for stage in STAGES},
            readings=[*_readings(entry), *again.get(name, ())],
            held_back=number % 2 == 1,
            facts=labels_of(entry),
        )


def _with_texts(
    entries: Sequence[dict[str, Any]], listing: Path
) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Each entry with its name before it and its text in the listing behind it."""
    wanted = {(entry["id"], entry["document"]): entry for entry in entries}
    texts = {}
    with listing.open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            key = (row["id"], row["pdf"].rpartition("/")[2])
            if key in wanted:
                texts[key] = row["text"]
    for key, entry in wanted.items():
        if key not in texts:
            raise JudgedInvalid(f"{listing} has no text {key[0]}, {key[1]}.")
        yield f"{key[0]} {key[1]}", entry, texts[key]


def _lines(lines: Sequence[str], ranges: Iterable[str]) -> str:
    chosen: list[str] = []
    for one in ranges:
        first, _, last = str(one).partition("-")
        chosen += lines[int(first) : int(last or first) + 1]
    return " ".join(chosen)


def _readings(entry: Mapping[str, Any]) -> list[Reading]:
    """What each reader of a text ticked, the first of them under `labels` where others followed."""
    told = [entry["labels"]] if "labels" in entry else entry["readings"]
    return [
        Reading(
            {field: frozenset(filter(_is_sure, codes)) for field, codes in one.items()},
            {
                field: frozenset(c.removesuffix(_DOUBTFUL) for c in codes if not _is_sure(c))
                for field, codes in one.items()
            },
        )
        for one in told
    ]


def _is_sure(code: str) -> bool:
    return not code.endswith(_DOUBTFUL)
