"""Markdown: a record for reading, with its 60-second card, sections, results and references."""

import re
from collections.abc import Iterable, Iterator

from kb.exports.outline import Item, outline
from kb.records import Practice

NAME = "markdown"
LABEL = "Markdown (for reading and reuse in documents)"
MEDIA_TYPE = "text/markdown; charset=utf-8"
EXTENSION = "md"

_MARKS = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, with no mark-up and no HTML of its own."""
    marked = _MARKS.sub(r"\\\1", text)
    return _LINE_START.sub(_escape_start, marked)


def _escape_start(match: re.Match[str]) -> str:
    # "1." would begin a list, "#" a heading; a digit itself cannot be escaped, its point can.
    start, mark = match.groups()
    return f"{start}{mark}&#8203;" if mark[0].isdigit() else f"{start}\\{mark}"


def write(records: Iterable[Practice]) -> bytes:
    """The records one after another, parted by a rule."""
    return "\n---\n\n".join("".join(_record(record)) for record in records).encode()


def _record(practice: Practice) -> Iterator[str]:
    found = outline(practice)
    yield f"# {_one_line(found.title)}\n\n"
    if found.summary:
        yield f"{_paragraphs(found.summary)}\n\n"
    for name, text in found.card:
        yield f"- **{name}:** {_one_line(text)}\n"
    for title, items in found.sections:
        yield f"\n## {title}\n"
        for item in items:
            yield from _item(item)
    if found.chapters:
        yield "\n## Text\n"
    for heading, text in found.chapters:
        if heading:
            yield f"\n### {_one_line(heading)}\n"
        yield f"\n{_paragraphs(text)}\n"
    yield "\n" + "  \n".join(f"*{_one_line(line)}*" for line in found.colophon) + "\n"


def _item(item: Item) -> Iterator[str]:
    yield f"\n### {item.title}\n\n"
    if item.text:
        yield f"{_paragraphs(item.text)}\n"
    for number, line in enumerate(item.lines, 1):
        yield f"{f'{number}.' if item.numbered else '-'} {_one_line(line)}\n"
    if item.rows:
        yield f"| {' | '.join(item.header)} |\n|{' --- |' * len(item.header)}\n"
        for row in item.rows:
            yield f"| {' | '.join(_one_line(cell) for cell in row)} |\n"


def _one_line(text: str) -> str:
    return escape(" ".join(text.split()))


def _paragraphs(text: str) -> str:
    """Text with its paragraphs kept; single line ends stay line ends."""
    lines = [line.strip() for line in escape(text).split("\n")]
    joined = "\n".join(lines)
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", re.sub(r"\n{3,}", "\n\n", joined))
