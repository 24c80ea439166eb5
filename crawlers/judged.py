"""How well texts are structured, measured on texts that people labelled beforehand.

The labels stand in `seeds/judged/structure/`: `own.yaml` with its texts, `listing.yaml` with line
numbers and codes only, whose texts are read from the real listing where it is at hand. Every second
text is held back: cues and thresholds are tuned on the others only.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from crawlers.document import Document, blocks_of
from crawlers.errors import JudgedInvalid
from crawlers.judged_facts import FACT_FIELDS, Label, fact_figures, found_in, labels_of
from crawlers.section import Section
from crawlers.stages import STAGES
from crawlers.structure import Structure, sections_by_headings, structure_of
from crawlers.tags import TAG_FIELDS
from kb.settings import settings

_LETTERS = {"S": "scanning", "A": "analysis", "R": "response", "E": "assessment"}
_MARK = re.compile(r"([SAREHN]) ")
LISTING = Path("pop") / "first-pages.jsonl"
_READ_TO_LEARN = 1_700  # letters of a page that labels to learn from are of


@dataclass(frozen=True)
class Judged:
    """A text with what people say it tells: text of each stage, terms of each field."""

    name: str
    title: str
    text: str
    sections: Mapping[str, str]
    labels: Mapping[str, frozenset[str]]
    held_back: bool
    facts: Mapping[str, Sequence[Label]] | None = None

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
    """Every labelled text; those of the listing only when `data` holds it.

    Raises JudgedInvalid naming the text whose labels cannot be used.
    """
    folder = settings().seeds_dir / "judged" / "structure"
    judged = list(_own(_entries(folder / "own.yaml")))
    listing = data / LISTING if data else None
    if listing is not None and listing.exists():
        judged += _listed(_entries(folder / "listing.yaml"), listing)
    return judged


def read_learnt(data: Path | None) -> list[Judged]:
    """The first pages that were labelled to learn from, as far as they were read for that.

    None where `data` does not hold the listing. Raises JudgedInvalid.
    """
    listing = data / LISTING if data else None
    if listing is None or not listing.exists():
        return []
    entries = _entries(settings().seeds_dir / "judged" / "structure" / "learnt.yaml")
    return [
        Judged(
            name=f"{entry['id']} {entry['document']}",
            title="",
            text=text[:_READ_TO_LEARN],
            sections={},
            labels=_labels(entry),
            held_back=False,
        )
        for entry, text in _with_texts(entries, listing)
    ]


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        return list(yaml.safe_load(path.read_text("utf-8"))["texts"])
    except (OSError, KeyError, TypeError, yaml.YAMLError) as error:
        raise JudgedInvalid(f"{path} cannot be used: {error}") from error


def _own(entries: Sequence[dict[str, Any]]) -> Iterable[Judged]:
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
            labels=_labels(entry),
            held_back=number % 2 == 1,
            facts=labels_of(entry),
        )


def _listed(entries: Sequence[dict[str, Any]], listing: Path) -> Iterable[Judged]:
    for number, (entry, text) in enumerate(_with_texts(entries, listing)):
        lines = text.split("\n")
        yield Judged(
            name=f"{entry['id']} {entry['document']}",
            title="",
            text=text,
            sections={stage: _lines(lines, entry["lines"][stage]) for stage in STAGES},
            labels=_labels(entry),
            held_back=number % 2 == 1,
            facts=labels_of(entry),
        )


def _with_texts(
    entries: Sequence[dict[str, Any]], listing: Path
) -> Iterable[tuple[dict[str, Any], str]]:
    """Each entry with its text in the listing."""
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
        yield entry, texts[key]


def _lines(lines: Sequence[str], ranges: Iterable[str]) -> str:
    chosen: list[str] = []
    for one in ranges:
        first, _, last = str(one).partition("-")
        chosen += lines[int(first) : int(last or first) + 1]
    return " ".join(chosen)


def _labels(entry: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {field: frozenset(codes) for field, codes in entry["labels"].items()}


def measured(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures for some texts: the section split beside headings alone, and terms by field."""
    fields = [field for field in TAG_FIELDS if any(field in one.labels for one in judged)]
    found = {field: _terms(judged, field) for field in fields}
    ticked = [item["ticked"] for item in found.values()]
    split = _split(judged, lambda one: one.structure.texts())
    alone = _split(
        judged, lambda one: {stage: section.text for stage, section in one.by_headings.items()}
    )
    return {
        "texts": len(judged),
        "sections": split,
        "sections_by_headings_alone": alone,
        "margin": round(split["macro_f1"] - alone["macro_f1"], 3),
        "terms": found,
        "ticked": _rates(
            sum(item["right"] for item in ticked),
            sum(item["given"] for item in ticked),
            sum(item["labelled"] for item in ticked),
        ),
        "facts": fact_figures(
            [(one.facts, one.facts_found) for one in judged if one.facts is not None]
        ),
    }


def _split(judged: Sequence[Judged], texts_of: Any) -> dict[str, float]:
    """Word F1 of each stage, over the texts that tell it or are said to; and their mean."""
    scores: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for one in judged:
        texts = texts_of(one)
        for stage in STAGES:
            wanted, given = _words(one.sections[stage]), _words(texts[stage])
            if wanted or given:
                shared = sum((wanted & given).values())
                scores[stage].append(2 * shared / (wanted.total() + given.total()))
    means = {stage: sum(found) / len(found) if found else 0.0 for stage, found in scores.items()}
    means["macro_f1"] = sum(means.values()) / len(STAGES)
    return {name: round(value, 3) for name, value in means.items()}


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _terms(judged: Sequence[Judged], field: str) -> dict[str, Any]:
    """For one field: F1 averaged over its terms, and rates of all terms offered and of ticked."""
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    ticked_right = ticked_given = 0
    for one in judged:
        wanted = one.labels.get(field, frozenset())
        tags = one.structure.tags[field]
        offered = {tag.code for tag in tags}
        ticked = {tag.code for tag in tags if tag.ticked}
        right.update(offered & wanted)
        given.update(offered)
        labelled.update(wanted)
        ticked_right += len(ticked & wanted)
        ticked_given += len(ticked)
    terms = set(given) | set(labelled)
    each = [2 * right[term] / (given[term] + labelled[term]) for term in terms]
    return {
        "macro_f1": round(sum(each) / len(each), 3) if each else None,
        "offered": _rates(right.total(), given.total(), labelled.total()),
        "ticked": _rates(ticked_right, ticked_given, labelled.total()),
    }


def _rates(right: int, given: int, labelled: int) -> dict[str, Any]:
    return {
        "right": right,
        "given": given,
        "labelled": labelled,
        "precision": round(right / given, 3) if given else None,
        "coverage": round(right / labelled, 3) if labelled else None,
    }


def report(data: Path | None) -> dict[str, Any]:
    """Figures of all texts, of those tuned on and of those held back."""
    judged = read_judged(data)
    return {
        "all": measured(judged),
        "tuned_on": measured([one for one in judged if not one.held_back]),
        "held_back": measured([one for one in judged if one.held_back]),
    }


def as_text(figures: Mapping[str, Any]) -> str:
    """The report as a person reads it."""
    lines = []
    for name, part in figures.items():
        split, alone = part["sections"], part["sections_by_headings_alone"]
        lines.append(f"{name.replace('_', ' ').capitalize()}: {part['texts']} texts")
        lines.append(
            "  sections, word F1: "
            + ", ".join(f"{stage} {split[stage]:.3f}" for stage in STAGES)
            + f"; mean {split['macro_f1']:.3f}, by headings alone {alone['macro_f1']:.3f}, "
            f"margin {part['margin']:+.3f}"
        )
        lines.append(f"  {'terms':<20}{'macro F1':>9}{'ticked right':>14}{'ticked cover':>14}")
        for field, found in part["terms"].items():
            lines.append(f"  {field:<20}{_shown(found['macro_f1']):>9}{_both(found['ticked'])}")
        lines.append(f"  {'all fields':<29}{_both(part['ticked'])}")
        lines += _facts_as_text(part["facts"])
    return "\n".join(lines)


def _facts_as_text(facts: Mapping[str, Any]) -> list[str]:
    lines = [
        f"  {'facts, ' + str(facts['texts']) + ' texts':<20}{'F1':>9}{'right':>14}{'found':>14}"
    ]
    for field in FACT_FIELDS:
        one = facts[field]
        lines.append(
            f"  {field:<20}{_shown(one['f1']):>9}{_shown(one['precision']):>14}"
            f"{_shown(one['recall']):>14}"
        )
    return [*lines, f"  {'mean of the fields':<20}{_shown(facts['macro_f1']):>9}"]


def _both(rates: Mapping[str, Any]) -> str:
    return f"{_shown(rates['precision']):>14}{_shown(rates['coverage']):>14}"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
