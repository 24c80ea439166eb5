"""Word documents: a new one on A4, headings, texts and items of an outline in it, and the file."""

import io
from typing import Any

from kb.exports.outline import Item
from kb.settings import settings

_TABLE_POINTS = 9  # many columns have to fit beside each other


def new_document(title: str) -> Any:
    """An empty document with a title, which is cut where its property ends."""
    import docx  # here, so that most commands start without it
    from docx.shared import Mm

    document: Any = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    properties = document.core_properties
    properties.author, properties.comments = settings().site_name, ""
    properties.language, properties.title = "en-GB", title[:255]
    return document


def as_file(document: Any) -> bytes:
    """The document as it is kept in a file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_heading(document: Any, text: str, level: int) -> None:
    """A heading; 1 is the highest level."""
    _styled(document, text, f"Heading{level}")


def add_text(document: Any, text: str) -> None:
    """A paragraph for each that an empty line parts from the next."""
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            document.add_paragraph(paragraph.strip("\n"))


def add_italic(document: Any, text: str) -> None:
    """A paragraph in italics: what is said of the text beside it."""
    document.add_paragraph().add_run(text).italic = True


def add_item(document: Any, item: Item) -> None:
    """A heading of the third level, then the item's text, lines and table."""
    add_heading(document, item.title, 3)
    add_text(document, item.text)
    for number, line in enumerate(item.lines, 1):
        # Word's own numbering runs on from one list to the next, so numbers are written out.
        if item.numbered:
            document.add_paragraph(f"{number}. {line}")
        else:
            _styled(document, line, "ListBullet")
    if item.rows:
        _add_table(document, item)


def _styled(document: Any, text: str, style_id: str) -> None:
    # Through its id: looking a style up by name takes longer than all the rest of the writing.
    document.add_paragraph(text)._p.style = style_id


def _add_table(document: Any, item: Item) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(rows=1, cols=len(item.header), style="Table Grid")
    _fill(table.rows[0], item.header, bold=True)
    # Marks the first row as the header: repeated on each page and read out by screen readers.
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for row in item.rows:
        _fill(table.add_row(), row)


def _fill(row: Any, texts: list[str], *, bold: bool = False) -> None:
    from docx.shared import Pt

    for cell, text in zip(row.cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = bold, Pt(_TABLE_POINTS)
