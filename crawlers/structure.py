"""The structure of a text: what in it is Scanning, Analysis, Response and Assessment, and which
terms of the vocabularies fit it. Suggestions for a person to check, each with how sure it is and
the words that led to it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crawlers.cues import cue_counts, sentences_of, split_in_order
from crawlers.document import Block
from crawlers.parts import Part, parts_of
from crawlers.section import Section
from crawlers.stages import STAGES, Heading
from crawlers.tag import Tag
from crawlers.tags import tags_of
from crawlers.told_apart import joined_paragraphs, letter_in, sections_by_meaning

_SURE = {"named": 0.95, "leaning": 0.8, "otherwise": 0.75}
_LEAST_WORDS = 5  # under a heading, unless they are a sentence: a list of contents has fewer
_ENDS = tuple(".!?")
_LEAST_SENTENCE = 8  # words
_LEAST_STACKED = 3
_LEAST_STACKED_WORDS = 60


@dataclass(slots=True)
class Structure:
    """Sections by stage and tags by field."""

    sections: dict[str, Section] = field(
        default_factory=lambda: {stage: Section() for stage in STAGES}
    )
    tags: dict[str, list[Tag]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def named(self) -> bool:
        """Whether headings give stages by their own names."""
        least = _SURE["named"] * 0.85
        return any(
            section.found_by == "heading" and section.confidence > least
            for section in self.sections.values()
        )

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
        return {name: [tag.as_dict() for tag in tags] for name, tags in self.tags.items()}


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
    parts = list(parts_of(blocks))
    return _by_stacked_headings(parts) or _by_headings(parts) or _by_meaning(parts)


def sections_by_headings(blocks: Sequence[Block]) -> dict[str, Section]:
    """What the headings of a text give by themselves: what the rest is measured against."""
    return _by_headings(list(parts_of(blocks))) or {stage: Section() for stage in STAGES}


def _by_stacked_headings(parts: Sequence[Part]) -> dict[str, Section] | None:
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
        (sentence, number) for number, line in enumerate(lines) for sentence in sentences_of(line)
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
        sections[stage] = Section(joined_paragraphs(chosen), 0.55, "heading", stage)
    return sections


def _by_headings(parts: Sequence[Part]) -> dict[str, Section] | None:
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
        if len(text.split()) >= _LEAST_WORDS or text[-1:] in _ENDS:
            sections[stage].text = text
            sections[stage].found_by = "heading"
    found = [stage for stage in STAGES if sections[stage].text]
    if len(found) < 2 and not (named and found):
        return None
    if "scanning" not in found:
        sections["scanning"] = _before_analysis(parts)
        found += ["scanning"] * bool(sections["scanning"].text)
    return {stage: sections[stage] if stage in found else Section() for stage in STAGES}


def _before_analysis(parts: Sequence[Part]) -> Section:
    """What stands before the heading of the analysis, where it speaks of a problem.

    Many a summary begins with the problem under its title, or under a heading of its own making.
    """
    first = next((part.heading for part in parts if part.heading and part.heading.stages), None)
    if first is None or first.stages != ("analysis",):
        return Section()
    lines = [
        line
        for part in parts[:1]
        for line in part.lines
        if len(line.split()) >= _LEAST_SENTENCE
        and line.rstrip("\"'\u201d\u2019)").endswith((".", "!"))
    ]
    counts = [cue_counts(sentence) for line in lines for sentence in sentences_of(line)]
    scanning, analysis, response, assessment = (
        map(sum, zip(*counts, strict=True)) if counts else (0.0,) * 4
    )
    if max(scanning, analysis) <= max(response, assessment):
        return Section()
    return Section("\n\n".join(lines), 0.5, "meaning", lines[0][:300])


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


def _by_meaning(parts: Sequence[Part]) -> dict[str, Section]:
    """Sections from what each sentence tells; none when the text tells no such story."""
    told = [(part, line) for part in parts for line in part.lines]
    first, last = letter_in([line for _, line in told])
    return sections_by_meaning(
        [
            line
            for part, line in told[first:last]
            # References, contacts and the like tell none of it.
            if part.heading is None or part.heading.stages
        ]
    )
