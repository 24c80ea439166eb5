"""A document as read: its blocks in reading order, with what it says of itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any, Literal

from crawlers.stages import bare_heading, stage_named

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
    """The blocks of plain text: paragraphs stand between empty lines, headings on short lines.

    Where lines are as long as paragraphs, as in what is pasted from a word processor, each is one.
    """
    lines = text.splitlines()
    whole = any(len(line) > _LONGEST_WRAPPED and line.count(" ") > _WORDS for line in lines)
    return list(_blocks(lines, whole=whole))


_LONGEST_WRAPPED, _WORDS = 160, 20
# A row of a table: cells parted by tabs or bars, or a word or two with a sum of money behind.
_CELLS = re.compile(r"\s*\t\s*|\s+\|\s+")
_CELL = re.compile(r"[^\Wa-z]|[\u00a3$\u20ac(-]")  # how the text of a cell begins
_PRICED = re.compile(
    r"(?P<what>[A-Z][^\u00a3$\u20ac|.;]{1,60}?"
    r"(?:\(?\d+\s*(?:@|x|\u00d7|at)\s*[\u00a3$\u20ac]\s?[\d,.]+(?:\s+each)?\)?)?)"
    r"(?:\s*[:=\u2013\u2014-]\s*|\s+)"
    r"(?P<sum>[\u00a3$\u20ac]\s?\d[\d,]*(?:\.\d\d?)?(?:k|m)?)"
)
# A line of a form, such as "Funding: Safer Streets Fund".
_FORM_LINE = re.compile(r"[A-Z][\w/&'\u2019()-]*(?: [\w/&'\u2019()-]+){0,3}:\s+\S")
_BULLET = re.compile(
    r"(?:[-*\u2022\u2023\u25aa\u25cf\u00b7]\s+(?=[^\W_]|[\u00a3$\u20ac]\s?\d)|"
    r"(?:\(?\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+(?=[^\W\d_]))"
)


def _blocks(lines: Iterable[str], *, whole: bool) -> Iterator[Block]:
    """Lines joined to paragraphs; `whole` says that each line is one already."""
    held: list[str] = []
    kind: Kind = "text"
    for raw, after in pairwise([*lines, "", ""]):
        line = one_line(raw)
        row = row_of(raw)
        bullet = _BULLET.match(line)
        stage = stage_named(line)
        heading = not row and (looks_like_heading(line) or (stage is not None and not stage.rest))
        starts = not held or held[-1][-1:] in ".?!"
        bare = starts and line and after[:1].isupper() and bare_heading(line)
        begins = bullet or heading or row or stage is not None or bare or _FORM_LINE.match(line)
        if held and (whole or not line or begins):
            yield Block(kind, joined(held))
            held, kind = [], "text"
        if row:
            yield Block("row", row)
        elif heading:
            yield Block("heading", line.lstrip("# "))
        elif bullet:
            held, kind = [line[bullet.end() :]], "item"
        elif bare:
            yield Block("text", line)  # whoever sees the whole text says whether it is a heading
        elif line:
            held.append(line)


def row_of(line: str) -> str:
    """The cells of a line that is a row of a table; "" for another line."""
    cells = [cell for cell in map(one_line, _CELLS.split(line.strip())) if cell]
    # A lone bar in read print is a letter l or I as often as the border of a cell.
    if len(cells) > 1 and ("\t" in line or all(_CELL.match(cell) for cell in cells)):
        return " | ".join(cells)
    priced = _PRICED.fullmatch(line.strip())
    return f"{one_line(priced['what'])} | {priced['sum']}" if priced else ""


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
