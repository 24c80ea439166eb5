"""Printed lines in the order in which they are read: columns one after the other, without running
headers and footers, joined to paragraphs and headings.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from crawlers.document import Block, joined, looks_like_heading, row_of
from crawlers.stages import stage_named

_MARGIN = 0.11  # share of the height in which headers and footers stand
_HEADING_SIZE = 1.18  # times the size of the running text
_SHORTEST_COLUMN_LINE = 15  # letters, in the middle
_MOST_COLUMN_DEPTH = 3
_PRICE = re.compile(r"\| [\u00a3$\u20ac]\s?\d[\d,.]*(?:k|m)?$")
_LEAST_PRICED = 2  # rows of a table


@dataclass(slots=True)
class Line:
    """Words that stand beside each other; `y` counts upwards from the foot of the page."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """How high its letters are."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class PageLines:
    """What one page prints, in the order of the file, and whether it holds a picture."""

    width: float
    height: float
    lines: list[Line]
    has_image: bool


def blocks_in_order(pages: Sequence[PageLines]) -> Iterator[Block]:
    """The paragraphs and headings of all pages as they are read."""
    running = _running_lines(pages)
    size = _text_size(pages)
    for page in pages:
        kept = [line for line in page.lines if not _is_running(line, page, running)]
        yield from _paragraphs(_in_order(kept, 0, page.width), size)


def _running_key(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text.lower())


def _in_margin(line: Line, page: PageLines) -> bool:
    return line.bottom > page.height * (1 - _MARGIN) or line.top < page.height * _MARGIN


def _running_lines(pages: Sequence[PageLines]) -> set[str]:
    """Headers and footers: lines that stand in the margin of at least half of the pages."""
    if len(pages) < 2:
        return set()
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_running_key(line.text) for line in page.lines if _in_margin(line, page)})
    # Left and right pages may carry different ones.
    least = 2 if len(pages) < 4 else max(3, round(len(pages) * 0.4))
    return {key for key, count in counts.items() if count >= least}


def _is_running(line: Line, page: PageLines, running: set[str]) -> bool:
    if not _in_margin(line, page):
        return False
    key = _running_key(line.text)
    return key in running or bool(re.fullmatch(r"\W*(?:page )?#(?: of #)?\W*", key))


def _text_size(pages: Sequence[PageLines]) -> float:
    heights = [
        line.height for page in pages for line in page.lines for _ in range(len(line.text) // 20)
    ]
    return median(heights) if heights else 0.0


def _in_order(lines: Sequence[Line], left: float, right: float, depth: int = 0) -> list[Line]:
    """Lines between two edges as they are read.

    What goes across parts them into bands, read from the top; within a band one column is read
    after the other. A column may again have columns.
    """
    gutter = _gutter(lines, left, right) if depth < _MOST_COLUMN_DEPTH else None
    if gutter is None:
        return _by_rows(lines)
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda item: -item.middle):
        if line.left < gutter - 2 and line.right > gutter + 2:
            ordered += _columns(band, left, gutter, right, depth)
            ordered.append(line)
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, left, gutter, right, depth)


def _columns(
    band: Sequence[Line], left: float, gutter: float, right: float, depth: int
) -> list[Line]:
    first = [line for line in band if line.right <= gutter + 2]
    second = [line for line in band if line.right > gutter + 2]
    return [
        *_in_order(first, left, gutter, depth + 1),
        *_in_order(second, gutter, right, depth + 1),
    ]


def _gutter(lines: Sequence[Line], left: float, right: float) -> float | None:
    """The place of the empty strip between two columns, when the lines have them."""
    if len(lines) < 10:
        return None
    width = right - left
    best, fewest = left, len(lines)
    for step in range(25, 76):
        place = left + width * step / 100
        crossing = sum(1 for line in lines if line.left < place - 2 and line.right > place + 2)
        if crossing < fewest or (
            crossing == fewest and abs(place - left - width / 2) < abs(best - left - width / 2)
        ):
            best, fewest = place, crossing
    before = [line for line in lines if line.right <= best + 2]
    after = [line for line in lines if line.left >= best - 2]
    least = max(5, 0.2 * len(lines))
    if fewest > 0.35 * len(lines) or min(len(before), len(after)) < least:
        return None
    # Cells of a table are short; lines of a column are sentences.
    length = min(median(len(line.text) for line in side) for side in (before, after))
    return best if length >= _SHORTEST_COLUMN_LINE else None


def _by_rows(lines: Sequence[Line]) -> list[Line]:
    """From the top, and from the left within a row; a stable order where rows overlap."""
    ordered = sorted(lines, key=lambda item: (-item.middle, item.left))
    rows: list[list[Line]] = []
    for line in ordered:
        if rows and abs(rows[-1][0].middle - line.middle) < 0.4 * max(line.height, 1):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda item: item.left)]


def _paragraphs(lines: Sequence[Line], size: float) -> Iterator[Block]:
    held: list[Line] = []
    for line in lines:
        heading = _is_heading(line, size)
        if held and (heading or _begins_anew(held[-1], line)):
            yield from _paragraph(held)
            held = []
        if heading:
            yield Block("heading", line.text)
        else:
            held.append(line)
    if held:
        yield from _paragraph(held)


def _paragraph(lines: Sequence[Line]) -> Iterator[Block]:
    """Lines that stand together: a table where each names a price, else one paragraph."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _same_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    priced = [row_of("\t".join(item.text for item in row)) for row in rows]
    if sum(_PRICE.search(row) is not None for row in priced) < _LEAST_PRICED:
        yield Block("text", joined([line.text for line in lines]))
        return
    for row, cells in zip(rows, priced, strict=True):
        yield Block("row", cells or " ".join(item.text for item in row))


def _same_row(before: Line, line: Line) -> bool:
    return abs(before.middle - line.middle) < 0.4 * max(before.height, line.height, 1)


def _is_heading(line: Line, size: float) -> bool:
    if len(line.text.split()) > 14 or not re.search(r"[^\W\d_]{3}", line.text):
        return False
    large = size > 0 and line.height > _HEADING_SIZE * size and not line.text.endswith((".", ","))
    stage = stage_named(line.text)
    return large or looks_like_heading(line.text) or (stage is not None and not stage.rest)


def _begins_anew(before: Line, line: Line) -> bool:
    """Whether a line begins a paragraph: after a gap, in another column, or with a bullet."""
    if _same_row(before, line):
        return False
    gap = before.bottom - line.top
    return (
        gap > 0.75 * max(line.height, 1)
        or line.middle > before.middle
        or stage_named(line.text) is not None
        or bool(re.match(r"[\u2022\u25aa\u25cf\u2023\u00b7]|\(?\d{1,2}[.)]\s", line.text))
    )
