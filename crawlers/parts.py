"""A text parted at its headings: those marked as such, bare lines, and the labels of forms."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from crawlers.document import Block
from crawlers.document_title import title_block
from crawlers.furniture import is_furniture, is_greeting
from crawlers.stages import STAGES, WITHIN, Heading, bare_heading, heading_of

_LEAST_STAGES = 2  # that bare lines, or the labels of a form, must say to be believed
_MOST_TITLE = 12  # words
_SENTENCE_ENDS = tuple(".!?")
_FORM_LINE = re.compile(
    r"(?P<label>[A-Z][\w'\u2019/&() -]{2,50}?)(?:\??:\s+|\s\|\s)(?P<rest>[^\s|][^|]*)"
)


@dataclass(slots=True)
class Part:
    """A heading with the text under it; the first part of a text has no heading."""

    heading: Heading | None
    lines: list[str]


def parts_of(blocks: Sequence[Block]) -> Iterator[Part]:
    """A text part by part, in order; its title, letterheads and the like are in none."""
    part = Part(None, [])
    bare = _bare_headings(blocks)
    form = _form_rows(blocks) | _form_lines(blocks)
    title = _title(blocks, bare)
    for number, block in enumerate(blocks):
        if number == title or (is_furniture(block.text) and not is_greeting(block.text)):
            continue  # tells of no stage, whatever its words
        if number in form:
            yield part
            part = Part(form[number], [form[number].rest])
            continue
        alone = block.kind == "heading" or number in bare
        for piece in [block.text] if alone else WITHIN.split(block.text):
            heading = heading_of(piece, alone=alone)
            if heading is None:
                part.lines.append(piece)
                continue
            yield part
            part = Part(heading, [heading.rest] if heading.rest else [])
    yield part


def _title(blocks: Sequence[Block], bare: Collection[int]) -> int | None:
    """The number of the block that is the title; none where it is a sentence or as long as one, or
    may as well be the heading of what follows."""
    at = title_block(blocks)
    if at is None or len(blocks) == 1 or blocks[at].text.endswith(_SENTENCE_ENDS):
        return None
    if len(blocks[at].text.split()) > _MOST_TITLE:
        return None
    first = heading_of(blocks[at].text, alone=blocks[at].kind == "heading" or at in bare)
    if first is None or not first.stages:
        return at
    behind = (
        heading_of(block.text, alone=block.kind == "heading" or number in bare)
        for number, block in enumerate(blocks)
        if number > at
    )
    later = [STAGES.index(stage) for one in behind if one for stage in one.stages]
    return at if min(later, default=len(STAGES)) <= STAGES.index(first.stages[0]) else None


def _bare_headings(blocks: Sequence[Block]) -> set[int]:
    """Short lines of plain text that say a stage in other words, such as "What we did".

    Believed only where they name several stages: one such line may be anything.
    """
    found: dict[int, tuple[str, ...]] = {}
    for number, block in enumerate(blocks):
        if block.kind in ("text", "item") and (heading := bare_heading(block.text)):
            found[number] = heading.stages
    stages = {stage for named in found.values() for stage in named}
    return set(found) if len(stages) >= _LEAST_STAGES else set()


def _form_rows(blocks: Sequence[Block]) -> dict[int, Heading]:
    """The rows of a form whose first cells say several stages: "Problem | Vans were broken into".

    A row of it that says none ends what the row above told.
    """
    found: dict[int, Heading] = {}
    table: dict[int, Heading] = {}
    for number, block in enumerate([*blocks, Block("text", "")]):
        first, bar, rest = block.text.partition(" | ")
        if block.kind == "row":
            if bar:
                heading = heading_of(first, alone=True)
                stages = heading.stages if heading and not heading.rest else ()
                table[number] = Heading(stages, "otherwise", first, rest)
            continue
        told = {stage for heading in table.values() for stage in heading.stages}
        if len(told) >= _LEAST_STAGES:
            found |= table
        table = {}
    return found


def _form_lines(blocks: Sequence[Block]) -> dict[int, Heading]:
    """The lines of a form that say several stages before a colon: "Problem: vans were broken into".

    Another line of it ends what the one above told.
    """
    found: dict[int, Heading] = {}
    for number, block in enumerate(blocks):
        label = _FORM_LINE.fullmatch(block.text) if block.kind in ("text", "row") else None
        if label is not None:
            heading = heading_of(label["label"], alone=True)
            stages = heading.stages if heading and not heading.rest else ()
            found[number] = Heading(stages, "otherwise", label["label"], label["rest"])
    told = {stage for heading in found.values() for stage in heading.stages}
    return found if len(told) >= _LEAST_STAGES else {}
