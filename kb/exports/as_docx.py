"""Word: a record for printing and passing on, with real headings, lists and a results table."""

import io
from collections.abc import Iterable
from typing import Any

from kb.exports.outline import Item, Outline, outline
from kb.records import Practice
from kb.settings import settings

NAME = "docx"
LABEL = "Word (for printing and passing on)"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSION = "docx"


def write(records: Iterable[Practice]) -> bytes:
    """One document; each record begins on a new page."""
    import docx  # here, so that most commands start without it

    document: Any = docx.Document()
    outlines = [outline(record) for record in records]
    properties = document.core_properties
    properties.author = settings().site_name
    properties.comments = ""
    properties.language = "en-GB"
    # The property holds at most 255 characters.
    properties.title = outlines[0].title[:255] if len(outlines) == 1 else settings().site_name
    # The library looks through the whole body for each paragraph it adds, so each record is taken
    # out again when it is done: otherwise the time grows with the square of the records.
    body = document.element.body
    page_setup = body.sectPr  # stays the last element of the body
    done: list[Any] = []
    for number, found in enumerate(outlines):
        if number:
            document.add_page_break()
        _record(document, found)
        written = [element for element in body if element is not page_setup]
        for element in written:
            body.remove(element)
        done += written
    for element in done:
        page_setup.addprevious(element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _record(document: Any, found: Outline) -> None:
    _paragraph(document, found.title, "Heading1")
    if found.summary:
        document.add_paragraph(found.summary)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, text in found.card:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(name).bold = True
        cells[1].text = text
    for title, items in found.sections:
        _paragraph(document, title, "Heading2")
        for item in items:
            _item(document, item)
    if found.chapters:
        _paragraph(document, "Text", "Heading2")
    for heading, text in found.chapters:
        if heading:
            _paragraph(document, heading, "Heading3")
        _paragraphs(document, text)
    for line in found.colophon:
        document.add_paragraph().add_run(line).italic = True


def _paragraph(document: Any, text: str, style_id: str) -> None:
    # Through its id: looking a style up by name takes longer than all the rest of the writing.
    document.add_paragraph(text)._p.style = style_id


def _item(document: Any, item: Item) -> None:
    _paragraph(document, item.title, "Heading3")
    if item.text:
        _paragraphs(document, item.text)
    for number, line in enumerate(item.lines, 1):
        # Word's own numbering runs on from one record to the next, so numbers are written out.
        if item.numbered:
            document.add_paragraph(f"{number}. {line}")
        else:
            _paragraph(document, line, "ListBullet")
    if item.rows:
        _table(document, item)


def _table(document: Any, item: Item) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(rows=1, cols=len(item.header), style="Table Grid")
    for cell, title in zip(table.rows[0].cells, item.header, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    # Marks the first row as the header: repeated on each page and read out by screen readers.
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for row in item.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _paragraphs(document: Any, text: str) -> None:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            document.add_paragraph(paragraph.strip("\n"))
