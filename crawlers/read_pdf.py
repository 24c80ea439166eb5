"""The text of a PDF in reading order: columns one after the other, without headers and footers."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sin
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium_c

from crawlers.document import Block, Document, joined, looks_like_heading, one_line
from crawlers.errors import ExtractionFailed
from crawlers.stages import stage_named

_MOST_PAGES = 2000
_MOST_CHARACTERS = 5_000_000
_MARGIN = 0.11  # share of the height in which headers and footers stand
_HEADING_SIZE = 1.18  # times the size of the running text
_SHORTEST_COLUMN_LINE = 15  # letters, in the middle
_MOST_COLUMN_DEPTH = 3
_UNREADABLE_SHARE = 0.2
_REASONS = {
    pdfium_c.FPDF_ERR_PASSWORD: ("password", "it is protected by a password"),
    pdfium_c.FPDF_ERR_SECURITY: ("password", "its protection is of an unknown kind"),
    pdfium_c.FPDF_ERR_FORMAT: ("broken", "it is not a proper PDF"),
}


@dataclass(slots=True)
class _Line:
    """Words that stand beside each other; `y` counts upwards from the foot of the page."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class _PageLines:
    width: float
    height: float
    lines: list[_Line]
    has_image: bool


def read_pdf(name: str, body: bytes) -> Document:
    """The text of a PDF, with warnings about pages that hold none.

    Raises ExtractionFailed when it is protected, broken, or holds no text (scanned: needs OCR).
    """
    try:
        pdf = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        code, reason = _REASONS.get(
            pdfium_c.FPDF_GetLastError(), ("broken", f"it cannot be opened ({error})")
        )
        if "password" in str(error).lower():
            code, reason = _REASONS[pdfium_c.FPDF_ERR_PASSWORD]
        raise ExtractionFailed(name, code, reason) from None
    try:
        return _read(name, pdf)
    finally:
        pdf.close()


def _read(name: str, pdf: pypdfium2.PdfDocument) -> Document:
    document = Document(title=one_line(str(pdf.get_metadata_dict().get("Title") or "")))
    pages: list[_PageLines] = []
    characters = 0
    for number in range(min(len(pdf), _MOST_PAGES)):
        try:
            page = _page_lines(pdf[number])
        except pypdfium2.PdfiumError:
            document.warnings.append(f"Page {number + 1} is broken and was left out.")
            page = _PageLines(1, 1, [], False)
        pages.append(page)
        characters += sum(len(line.text) for line in page.lines)
        if characters > _MOST_CHARACTERS:
            document.warnings.append(f"Only the first {number + 1} pages were read.")
            break
    if len(pdf) > _MOST_PAGES:
        document.warnings.append(f"Only the first {_MOST_PAGES} pages were read.")
    _warn_of_missing_text(name, document, pages)
    running = _running_lines(pages)
    size = _text_size(pages)
    for page in pages:
        kept = [line for line in page.lines if not _is_running(line, page, running)]
        document.blocks += _paragraphs(_in_order(kept, 0, page.width), size)
    if not document.blocks:
        raise ExtractionFailed(name, "no-text", "it holds nothing but page numbers and headers")
    return document


def _page_lines(page: pypdfium2.PdfPage) -> _PageLines:
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        whole = text_page.get_text_range()
        lines, turned = _lines(text_page)
    finally:
        text_page.close()
    # A turned page has no proper lines: then the order of the file is the better one. A little
    # turned text is a mark in the margin, and left out.
    if turned > 0.3 * sum(len(line.text) for line in lines):
        texts = [one_line(line) for line in whole.splitlines()]
        lines = [
            _Line(0, height - 12 * (number + 1), width, height - 12 * number, text)
            for number, text in enumerate(filter(None, texts))
        ]
    has_image = any(
        True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    )
    return _PageLines(width, height, lines, has_image)


def _lines(text_page: pypdfium2.PdfTextPage) -> tuple[list[_Line], int]:
    """Lines of the page in the order of the file, parted where a column or cell ends.

    Also gives how many letters were left out because they are turned.
    """
    lines: list[_Line] = []
    line: _Line | None = None
    turned = 0
    for index, letter, box in _letters(text_page):
        if box is not None and abs(sin(pdfium_c.FPDFText_GetCharAngle(text_page.raw, index))) > 0.1:
            turned += 1
        elif letter in "\r\n":
            line = None
        elif box is None:
            if line is not None:
                line.text += letter
        elif line is None or not _goes_on(line, box, letter):
            line = _Line(*box, letter)
            lines.append(line)
        else:
            line.text += letter
            line.left, line.right = min(line.left, box[0]), max(line.right, box[2])
            line.bottom, line.top = min(line.bottom, box[1]), max(line.top, box[3])
    for line in lines:
        line.text = one_line(line.text)
    return _without_shadows([line for line in lines if line.text]), turned


_Box = tuple[float, float, float, float]


def _letters(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[int, str, _Box | None]]:
    """Each letter with its place in the file and its box; spaces and line ends have none."""
    raw = text_page.raw
    rectangle = pdfium_c.FS_RECTF()
    for index in range(text_page.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
            letter = "-" if code == 0xFFFE else "\ufffd"  # U+FFFE: a hyphen at a line end
            if code == 0:
                continue
        else:
            letter = chr(code) if code != 2 else "-"
        if letter.isspace() or not pdfium_c.FPDFText_GetLooseCharBox(raw, index, rectangle):
            yield index, letter, None
        else:
            yield index, letter, (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)


def _goes_on(line: _Line, box: _Box, letter: str) -> bool:
    """Whether a letter belongs to a line: on the same height, and next to what stands there."""
    height = max(line.height, box[3] - box[1], 1.0)
    if abs(line.middle - (box[1] + box[3]) / 2) >= 0.6 * height:
        return False
    if unicodedata.bidirectional(letter) in ("R", "AL"):
        return -height < line.left - box[2] < 1.5 * height or box[0] >= line.left
    return -height < box[0] - line.right < 1.5 * height


def _without_shadows(lines: Sequence[_Line]) -> list[_Line]:
    """A line printed twice in one place (a shadow, a bold made by hand) counts once."""
    kept: list[_Line] = []
    for line in lines:
        twin = kept[-1] if kept else None
        if (
            twin is None
            or twin.text != line.text
            or abs(twin.left - line.left) > 2
            or abs(twin.middle - line.middle) > 2
        ):
            kept.append(line)
    return kept


def _warn_of_missing_text(name: str, document: Document, pages: Sequence[_PageLines]) -> None:
    empty = [number for number, page in enumerate(pages, 1) if not page.lines]
    scanned = [number for number in empty if pages[number - 1].has_image]
    if len(empty) == len(pages):
        if scanned:
            raise ExtractionFailed(
                name, "needs-ocr", "its pages are pictures without a text layer: it needs OCR"
            )
        raise ExtractionFailed(name, "no-text", "its pages hold no text")
    if scanned:
        listed = ", ".join(map(str, scanned[:20]))
        document.warnings.append(f"Pages without a text layer, which need OCR: {listed}.")
    text = "".join(line.text for page in pages for line in page.lines)
    odd = sum(1 for letter in text if letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff")
    if odd > _UNREADABLE_SHARE * len(text):
        document.warnings.append(
            "Much of the text cannot be read: the fonts do not say which letters they show."
        )


def _running_key(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text.lower())


def _in_margin(line: _Line, page: _PageLines) -> bool:
    return line.bottom > page.height * (1 - _MARGIN) or line.top < page.height * _MARGIN


def _running_lines(pages: Sequence[_PageLines]) -> set[str]:
    """Headers and footers: lines that stand in the margin of at least half of the pages."""
    if len(pages) < 2:
        return set()
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_running_key(line.text) for line in page.lines if _in_margin(line, page)})
    # Left and right pages may carry different ones.
    least = 2 if len(pages) < 4 else max(3, round(len(pages) * 0.4))
    return {key for key, count in counts.items() if count >= least}


def _is_running(line: _Line, page: _PageLines, running: set[str]) -> bool:
    if not _in_margin(line, page):
        return False
    key = _running_key(line.text)
    return key in running or bool(re.fullmatch(r"\W*(?:page )?#(?: of #)?\W*", key))


def _text_size(pages: Sequence[_PageLines]) -> float:
    heights = [
        line.height for page in pages for line in page.lines for _ in range(len(line.text) // 20)
    ]
    return median(heights) if heights else 0.0


def _in_order(lines: Sequence[_Line], left: float, right: float, depth: int = 0) -> list[_Line]:
    """Lines between two edges as they are read.

    What goes across parts them into bands, read from the top; within a band one column is read
    after the other. A column may again have columns.
    """
    gutter = _gutter(lines, left, right) if depth < _MOST_COLUMN_DEPTH else None
    if gutter is None:
        return _by_rows(lines)
    ordered: list[_Line] = []
    band: list[_Line] = []
    for line in sorted(lines, key=lambda item: -item.middle):
        if line.left < gutter - 2 and line.right > gutter + 2:
            ordered += _columns(band, left, gutter, right, depth)
            ordered.append(line)
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, left, gutter, right, depth)


def _columns(
    band: Sequence[_Line], left: float, gutter: float, right: float, depth: int
) -> list[_Line]:
    first = [line for line in band if line.right <= gutter + 2]
    second = [line for line in band if line.right > gutter + 2]
    return [
        *_in_order(first, left, gutter, depth + 1),
        *_in_order(second, gutter, right, depth + 1),
    ]


def _gutter(lines: Sequence[_Line], left: float, right: float) -> float | None:
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


def _by_rows(lines: Sequence[_Line]) -> list[_Line]:
    """From the top, and from the left within a row; a stable order where rows overlap."""
    ordered = sorted(lines, key=lambda item: (-item.middle, item.left))
    rows: list[list[_Line]] = []
    for line in ordered:
        if rows and abs(rows[-1][0].middle - line.middle) < 0.4 * max(line.height, 1):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda item: item.left)]


def _paragraphs(lines: Sequence[_Line], size: float) -> Iterator[Block]:
    held: list[_Line] = []
    for line in lines:
        heading = _is_heading(line, size)
        if held and (heading or _begins_anew(held[-1], line)):
            yield Block("text", joined([item.text for item in held]))
            held = []
        if heading:
            yield Block("heading", line.text)
        else:
            held.append(line)
    if held:
        yield Block("text", joined([item.text for item in held]))


def _is_heading(line: _Line, size: float) -> bool:
    if len(line.text.split()) > 14 or not re.search(r"[^\W\d_]{3}", line.text):
        return False
    large = size > 0 and line.height > _HEADING_SIZE * size and not line.text.endswith((".", ","))
    stage = stage_named(line.text)
    return large or looks_like_heading(line.text) or (stage is not None and not stage.rest)


def _begins_anew(before: _Line, line: _Line) -> bool:
    """Whether a line begins a paragraph: after a gap, in another column, or with a bullet."""
    same_row = abs(before.middle - line.middle) < 0.4 * max(before.height, line.height, 1)
    if same_row:
        return False
    gap = before.bottom - line.top
    return (
        gap > 0.75 * max(line.height, 1)
        or line.middle > before.middle
        or stage_named(line.text) is not None
        or bool(re.match(r"[\u2022\u25aa\u25cf\u2023\u00b7]|\(?\d{1,2}[.)]\s", line.text))
    )
