"""The text of a Word document, with its headings, lists and tables in order."""

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.oxml.exceptions import InvalidXmlError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import ErrorTypes, XMLSyntaxError  # type: ignore[import-untyped]

from crawlers.document import Block, Document, Kind, one_line
from crawlers.errors import ExtractionFailed

_MOST_UNPACKED = 300_000_000


def read_word(name: str, body: bytes) -> Document:
    """The text of a `.docx`. Raises ExtractionFailed when it is broken, a bomb or empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(item.file_size for item in packed.infolist()) > _MOST_UNPACKED:
                raise ExtractionFailed(name, "too-large", "it unpacks to more than 300 MB")
        word = docx.Document(io.BytesIO(body))
    except ExtractionFailed:
        raise
    except XMLSyntaxError as error:
        if error.code == ErrorTypes.ERR_NO_MEMORY or not error.lineno:
            raise MemoryError from None  # what the XML library says when it gets no more
        raise ExtractionFailed(name, "broken", f"it is not a proper Word file ({error})") from None
    except (zipfile.BadZipFile, KeyError, ValueError, InvalidXmlError, SyntaxError) as error:
        raise ExtractionFailed(name, "broken", f"it is not a proper Word file ({error})") from None
    properties = word.core_properties
    document = Document(
        title=one_line(properties.title or ""),
        language=(properties.language or "")[:2].lower(),
        blocks=list(_blocks(word)),
    )
    if not document.blocks:
        raise ExtractionFailed(name, "no-text", "the document holds no text")
    return document


def _blocks(word: WordDocument) -> Iterator[Block]:
    for part in word.iter_inner_content():
        if isinstance(part, Table):
            yield from _rows(part)
        elif text := one_line(part.text):
            yield Block(_kind(part), text)


def _rows(table: Table) -> Iterator[Block]:
    for row in table.rows:
        # A merged cell is listed once for each that it takes up.
        once = {cell._tc: cell for cell in row.cells}
        if cells := [text for cell in once.values() if (text := one_line(cell.text))]:
            yield Block("row", " | ".join(cells))


def _kind(paragraph: Paragraph) -> Kind:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style.startswith(("Heading", "Title", "Subtitle")):
        return "heading"
    if style.startswith("List"):
        return "item"
    runs = [run for run in paragraph.runs if run.text.strip()]
    # Many authors make a heading by hand: a short paragraph that is bold all through.
    if runs and all(run.bold for run in runs) and len(paragraph.text.split()) <= 12:
        return "heading"
    return "text"
