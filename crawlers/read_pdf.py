"""The text of a PDF: what its pages print and where, and which of them hold none.

In which order it is read, crawlers/pdf_layout.py says.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from math import sin

import pypdfium2
import pypdfium2.raw as pdfium_c

from crawlers.document import Document, one_line
from crawlers.errors import ExtractionFailed
from crawlers.pdf_layout import Line, PageLines, blocks_in_order

_MOST_PAGES = 2000
_MOST_CHARACTERS = 5_000_000
_UNREADABLE_SHARE = 0.2
_REASONS = {
    pdfium_c.FPDF_ERR_PASSWORD: ("password", "it is protected by a password"),
    pdfium_c.FPDF_ERR_SECURITY: ("password", "its protection is of an unknown kind"),
    pdfium_c.FPDF_ERR_FORMAT: ("broken", "it is not a proper PDF"),
}


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
    pages: list[PageLines] = []
    characters = 0
    for number in range(min(len(pdf), _MOST_PAGES)):
        try:
            page = _page_lines(pdf[number])
        except pypdfium2.PdfiumError:
            document.warnings.append(f"Page {number + 1} is broken and was left out.")
            page = PageLines(1, 1, [], False)
        pages.append(page)
        characters += sum(len(line.text) for line in page.lines)
        if characters > _MOST_CHARACTERS:
            document.warnings.append(f"Only the first {number + 1} pages were read.")
            break
    if len(pdf) > _MOST_PAGES:
        document.warnings.append(f"Only the first {_MOST_PAGES} pages were read.")
    _warn_of_missing_text(name, document, pages)
    document.blocks += blocks_in_order(pages)
    if not document.blocks:
        raise ExtractionFailed(name, "no-text", "it holds nothing but page numbers and headers")
    return document


def _page_lines(page: pypdfium2.PdfPage) -> PageLines:
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
            Line(0, height - 12 * (number + 1), width, height - 12 * number, text)
            for number, text in enumerate(filter(None, texts))
        ]
    has_image = any(
        True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    )
    return PageLines(width, height, lines, has_image)


def _lines(text_page: pypdfium2.PdfTextPage) -> tuple[list[Line], int]:
    """Lines of the page in the order of the file, parted where a column or cell ends.

    Also gives how many letters were left out because they are turned.
    """
    lines: list[Line] = []
    line: Line | None = None
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
            line = Line(*box, letter)
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


def _goes_on(line: Line, box: _Box, letter: str) -> bool:
    """Whether a letter belongs to a line: on the same height, and next to what stands there."""
    height = max(line.height, box[3] - box[1], 1.0)
    if abs(line.middle - (box[1] + box[3]) / 2) >= 0.6 * height:
        return False
    if unicodedata.bidirectional(letter) in ("R", "AL"):
        return -height < line.left - box[2] < 1.5 * height or box[0] >= line.left
    return -height < box[0] - line.right < 1.5 * height


def _without_shadows(lines: Sequence[Line]) -> list[Line]:
    """A line printed twice in one place (a shadow, a bold made by hand) counts once."""
    kept: list[Line] = []
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


def _warn_of_missing_text(name: str, document: Document, pages: Sequence[PageLines]) -> None:
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
