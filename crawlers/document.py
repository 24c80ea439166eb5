"""A document as read: its blocks in reading order, with what it says of itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from crawlers.stages import stage_named

Kind = Literal["heading", "text", "item", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list or a row of a table (cells parted by ` | `)."""

    kind: Kind
    text: str


@dataclass(slots=True)
class Document:
    """What was read from a file. `language` is what the file states, which may be wrong."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    published: str = ""
    language: str = ""
    contact_text: str = ""
    """Addresses and the like that stand outside the main text."""
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All blocks, parted by empty lines; items and rows of one list or table by line ends."""
        parts: list[str] = []
        before = ""
        for block in self.blocks:
            together = block.kind in ("item", "row") and before == block.kind
            parts += ["\n" if together else "\n\n"] if parts else []
            parts.append(block.text)
            before = block.kind
        return "".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """As plain data, to hand from one process to another."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Document":
        """Back from plain data."""
        blocks = [Block(item["kind"], item["text"]) for item in data["blocks"]]
        return cls(**{**data, "blocks": blocks})


def one_line(text: str) -> str:
    """Text with single spaces, without characters that cannot be shown."""
    return re.sub(
        r"\s+", " ", re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff]", "", text)
    ).strip()


def blocks_of(text: str) -> list[Block]:
    """The blocks of plain text: paragraphs stand between empty lines, headings on short lines."""
    return list(_blocks(text.splitlines()))


_BULLET = re.compile(r"(?:[-*\u2022\u2023\u25aa\u25cf\u00b7]|\(?\d{1,2}[.)])\s+(?=\S)")


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    """Lines joined to paragraphs."""
    held: list[str] = []
    kind: Kind = "text"
    for raw in [*lines, ""]:
        line = one_line(raw)
        bullet = _BULLET.match(line)
        stage = stage_named(line)
        heading = looks_like_heading(line) or (stage is not None and not stage.rest)
        if held and (not line or bullet or heading or stage is not None):
            yield Block(kind, joined(held))
            held, kind = [], "text"
        if heading:
            yield Block("heading", line.lstrip("# "))
        elif bullet:
            held, kind = [line[bullet.end() :]], "item"
        elif line:
            held.append(line)


def looks_like_heading(line: str) -> bool:
    """Whether a line by itself reads as a heading: marked as one, in capitals, or ending in `:`."""
    if re.match(r"#{1,6}\s", line):
        return True
    words = line.split()
    if len(words) > 8 or len(line) < 3 or not re.search(r"[A-Za-z]{3}", line):
        return False
    if line.endswith(":"):
        return line[0].isupper() or line[0].isdigit()
    letters = [letter for letter in line if letter.isalpha()]
    return len(letters) > 3 and all(letter.isupper() for letter in letters)


def joined(lines: list[str]) -> str:
    """Lines of one paragraph as one, with words that a line end parted put together again."""
    text = lines[0]
    for line in lines[1:]:
        if re.search(r"[a-z]-$", text) and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}"
    return text
