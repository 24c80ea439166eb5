"""The structure of a text: what in it is Scanning, Analysis, Response and Assessment, and which
terms of the vocabularies fit it. Suggestions for a person to check, each with how sure it is and
the words that led to it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawlers.cues import cue_counts, likely_stages, sentences_of, split_in_order
from crawlers.document import Block
from crawlers.stages import STAGES, WITHIN, Heading, heading_of
from index.classify import Suggestion, suggest_terms
from kb.vocabularies import vocabulary

# Field of the record, vocabulary, and the section that tells most about it.
TAG_FIELDS = {
    "problem_types": ("problem_types", ("scanning", "analysis")),
    "response_types": ("response_types", ("response",)),
    "settings": ("settings", ("scanning", "analysis", "response")),
    "populations": ("populations", ("scanning", "analysis", "response")),
    "agencies": ("agencies", ("response",)),
    "area_types": ("area_types", ("scanning", "analysis")),
    "intervention_levels": ("intervention_levels", ("response",)),
    "stages": ("stages", ("assessment",)),
    "awards": ("award_levels", ()),
    "outcomes": ("outcomes", ("assessment",)),
}
_MOST_TAGS = 6
# Levels reached are common words ("final", "submitted") wherever no award is spoken of.
_OF_AWARDS = re.compile(r"\b(?:awards?|prizes?|goldstein|tilley|commended|commendation)\b", re.I)
_LEAST_CONFIDENCE = 0.25
_TICKED = 0.75
_SURE = {"named": 0.95, "leaning": 0.8, "otherwise": 0.75}
_LEAST_WORDS = 5
_LEAST_STACKED = 3
_LEAST_STACKED_WORDS = 60
_LEAST_CUE_RATE = 0.015  # cues a word; below that a text tells no such story
_LEAST_CUES = 6


@dataclass(slots=True)
class Section:
    """One stage: `text` is all of it, `found_by` is heading or meaning, "" when not found.

    `passage` is the heading, or the sentence that speaks of the stage most clearly.
    """

    text: str = ""
    confidence: float = 0.0
    found_by: str = ""
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A term that fits, with how sure that is and the words that led to it."""

    code: str
    label: str
    confidence: float
    because: str

    @property
    def ticked(self) -> bool:
        """Whether it is sure enough to be ticked before a person has looked."""
        return self.confidence >= _TICKED


@dataclass(slots=True)
class Structure:
    """Sections by stage and tags by field."""

    sections: dict[str, Section] = field(
        default_factory=lambda: {stage: Section() for stage in STAGES}
    )
    tags: dict[str, list[Tag]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def texts(self) -> dict[str, str]:
        """The text of each stage, "" where it was not found."""
        return {stage: section.text for stage, section in self.sections.items()}

    def sections_as_dicts(self) -> dict[str, dict[str, Any]]:
        """How each stage that was found was found."""
        return {
            stage: {
                "found_by": section.found_by,
                "confidence": section.confidence,
                "passage": section.passage,
            }
            for stage, section in self.sections.items()
            if section.text
        }

    def tags_as_dicts(self) -> dict[str, list[dict[str, Any]]]:
        """The tags as plain data."""
        return {
            name: [
                {
                    "code": tag.code,
                    "label": tag.label,
                    "confidence": tag.confidence,
                    "because": tag.because,
                    "ticked": tag.ticked,
                }
                for tag in tags
            ]
            for name, tags in self.tags.items()
        }


def structure_of(blocks: Sequence[Block], *, title: str = "") -> Structure:
    """Sections and tags of a text given as blocks."""
    structure = Structure(sections=sections_of(blocks))
    found_by = {section.found_by for section in structure.sections.values()} - {""}
    if "meaning" in found_by:
        structure.warnings.append("Sections were told apart by meaning, not by headings: check.")
    elif not found_by:
        structure.warnings.append("No SARA sections were found.")
    structure.tags = tags_of(blocks, structure.sections, title=title)
    return structure


# --- sections


def sections_of(blocks: Sequence[Block]) -> dict[str, Section]:
    """The four stages of a text: by its headings when it has them, else by what its words say."""
    parts = list(_parts(blocks))
    return _by_stacked_headings(parts) or _by_headings(parts) or _by_meaning(parts)


@dataclass(slots=True)
class _Part:
    """A heading with the text under it; the first part of a text has no heading."""

    heading: Heading | None
    lines: list[str]


def _parts(blocks: Iterable[Block]) -> Iterable[_Part]:
    part = _Part(None, [])
    for block in blocks:
        alone = block.kind == "heading"
        for piece in [block.text] if alone else WITHIN.split(block.text):
            heading = heading_of(piece, alone=alone)
            if heading is None:
                part.lines.append(piece)
                continue
            yield part
            part = _Part(heading, [heading.rest] if heading.rest else [])
    yield part


def _by_stacked_headings(parts: Sequence[_Part]) -> dict[str, Section] | None:
    """Sections of a page that lists its headings beside the text: a reader that takes one column
    after the other meets all headings first. The text is then parted by what it tells."""
    stack: list[str] = []
    for part in parts:
        heading = part.heading
        if heading is None or len(heading.stages) != 1 or heading.sure == "leaning":
            stack = []
            continue
        if heading.stages[0] not in stack:
            stack.append(heading.stages[0])
        elif len(stack) < _LEAST_STACKED:
            stack = [heading.stages[0]]
        if not part.lines:
            continue
        if len(stack) >= _LEAST_STACKED and stack == sorted(stack, key=STAGES.index):
            return _parted(part.lines, stack)
        stack = []
    return None


def _parted(lines: Sequence[str], stages: Sequence[str]) -> dict[str, Section] | None:
    sentences = [
        (sentence, (0, number))
        for number, line in enumerate(lines)
        for sentence in sentences_of(line)
    ]
    if sum(len(sentence.split()) for sentence, _ in sentences) < _LEAST_STACKED_WORDS:
        return None  # a table of contents
    if len(sentences) < len(stages):
        return None
    sections = {stage: Section() for stage in STAGES}
    path = split_in_order(
        [cue_counts(sentence) for sentence, _ in sentences],
        [STAGES.index(stage) for stage in stages],
    )
    for stage in stages:
        chosen = [
            item for item, at in zip(sentences, path, strict=True) if at == STAGES.index(stage)
        ]
        sections[stage] = Section(_joined(chosen), 0.55, "heading", stage)
    return sections


def _by_headings(parts: Sequence[_Part]) -> dict[str, Section] | None:
    """Sections from headings; none when headings name fewer than two stages."""
    named = {
        stage
        for part in parts
        if part.heading and part.heading.sure == "named"
        for stage in part.heading.stages
    }
    sections = {stage: Section() for stage in STAGES}
    texts: dict[str, list[str]] = defaultdict(list)
    current: tuple[str, ...] = ()
    for part in parts:
        heading = part.heading
        lines = list(part.lines)
        if heading and _counts(heading, named):
            current = heading.stages
            for stage in current:
                sure = _SURE[heading.sure] * (0.85 if len(current) > 1 else 1.0)
                if round(sure, 2) > sections[stage].confidence:
                    sections[stage].confidence = round(sure, 2)
                    sections[stage].passage = heading.name
        elif heading:
            lines.insert(0, heading.name)
            if heading.rest:
                lines[:2] = [f"{heading.name} {heading.rest}"]
        for stage in current:
            texts[stage] += lines
    for stage, lines in texts.items():
        text = "\n\n".join(line for line in lines if line)
        if len(text.split()) >= _LEAST_WORDS:
            sections[stage].text = text
            sections[stage].found_by = "heading"
    found = [stage for stage in STAGES if sections[stage].text]
    if len(found) < 2 and not (named and found):
        return None
    return {stage: sections[stage] if stage in found else Section() for stage in STAGES}


def _counts(heading: Heading, named: set[str]) -> bool:
    """Whether a heading parts the text, given the stages that are named elsewhere by name.

    Where the stages are named, other words ("Results", "The project") are headings inside them.
    """
    if heading.sure == "named":
        return True
    if heading.sure == "leaning":
        return len(named) >= 2 and not set(heading.stages) & named
    if not heading.stages:
        return True
    return len(named) < 2 or not set(heading.stages) & named


def _by_meaning(parts: Sequence[_Part]) -> dict[str, Section]:
    """Sections from what each sentence tells; none when the text tells no such story."""
    sections = {stage: Section() for stage in STAGES}
    sentences, paragraphs = [], []
    for part in parts:
        if part.heading is not None and not part.heading.stages:
            continue  # references, contacts and the like
        for number, line in enumerate(part.lines):
            for sentence in sentences_of(line):
                sentences.append(sentence)
                paragraphs.append((id(part), number))
    counts = [cue_counts(sentence) for sentence in sentences]
    words = sum(len(sentence.split()) for sentence in sentences)
    cues = sum(map(sum, counts))
    if cues < _LEAST_CUES or cues < _LEAST_CUE_RATE * words:
        return sections
    path = likely_stages(counts)
    for number, stage in enumerate(STAGES):
        chosen = [index for index, item in enumerate(path) if item == number]
        text = _joined([(sentences[index], paragraphs[index]) for index in chosen])
        if len(text.split()) < _LEAST_WORDS:
            continue
        own = sum(counts[index][number] for index in chosen)
        other = max(
            (sum(counts[index][rival] for index in chosen) for rival in _others(number)), default=0
        )
        clear = own / (own + other) if own + other else 0.0
        clearest = max(chosen, key=lambda index: counts[index][number])
        sections[stage] = Section(
            text=text,
            confidence=round(min(0.6, 0.2 + 0.5 * clear * min(1.0, own / 4)), 2),
            found_by="meaning",
            passage=sentences[clearest][:300],
        )
    return sections


def _others(stage: int) -> list[int]:
    return [item for item in range(len(STAGES)) if item != stage]


def _joined(sentences: Sequence[tuple[str, tuple[int, int]]]) -> str:
    """Sentences as text, with an empty line where another paragraph begins."""
    text, before = "", None
    for sentence, paragraph in sentences:
        text += (" " if paragraph == before else "\n\n" if text else "") + sentence
        before = paragraph
    return text


# --- terms


def tags_of(
    blocks: Sequence[Block], sections: dict[str, Section], *, title: str = ""
) -> dict[str, list[Tag]]:
    """Terms that fit a text, for each field, the surest first.

    A term counts more in the title and near the top, in the section that tells of its kind, and
    when it comes again.
    """
    units = _units(blocks)
    length = sum(len(text.split()) for text, _ in units)
    telling = {
        name: "\n".join(sections[stage].text for stage in stages)
        for name, (_, stages) in TAG_FIELDS.items()
    }
    pieces = [(title, 1.0), *units] if title else units
    # Text by text, not field by field: a text is then told apart into words only once.
    found: dict[str, list[tuple[Suggestion, float]]] = {name: [] for name in TAG_FIELDS}
    for text, weight in pieces:
        for name, (vocabulary_id, _) in TAG_FIELDS.items():
            if name != "awards" or _OF_AWARDS.search(text):
                terms = suggest_terms(text, vocabulary_id, most=20, at_least=0.2)
                found[name] += [(term, weight) for term in terms]
    return {
        name: _tags_of_field(vocabulary_id, title, found[name], telling[name], length)
        for name, (vocabulary_id, _) in TAG_FIELDS.items()
    }


def _units(blocks: Sequence[Block]) -> list[tuple[str, float]]:
    """Pieces of text with their weight: the top of a text says what it is about."""
    units, words = [], 0
    for block in blocks:
        weight = 0.95 if words < 150 or block.kind == "heading" else 0.75
        units.append((block.text, weight))
        words += len(block.text.split())
    return units


def _tags_of_field(
    vocabulary_id: str,
    title: str,
    suggestions: Sequence[tuple[Suggestion, float]],
    telling: str,
    length: int,
) -> list[Tag]:
    best: dict[str, tuple[float, str]] = {}
    mentions: dict[str, int] = defaultdict(int)
    for found, weight in suggestions:
        mentions[found.code] += 1
        inside = found.because in telling
        sure = found.confidence * max(weight, 0.9 if inside else 0.0)
        if sure > best.get(found.code, (0.0, ""))[0]:
            best[found.code] = (sure, found.because)
    in_title = {item.code for item in suggest_terms(title, vocabulary_id, most=20)}
    terms = vocabulary(vocabulary_id)
    broader = {code for found in best for code in terms.ancestors(found)}
    tags = []
    for code, (sure, because) in best.items():
        if code in broader and code not in in_title:
            continue
        worth = _repeated(mentions[code], length) if code not in in_title else 1.0
        confidence = round(min(sure * worth, 0.99), 2)
        if confidence >= _LEAST_CONFIDENCE:
            tags.append(Tag(code, terms.label(code), confidence, because))
    return sorted(tags, key=lambda tag: -tag.confidence)[:_MOST_TAGS]


def _repeated(mentions: int, length: int) -> float:
    """What one, two or more mentions are worth in a text of so many words."""
    if length < 150:
        return 0.9 if mentions == 1 else 1.0
    return {1: 0.6, 2: 0.85}.get(mentions, 1.0)
