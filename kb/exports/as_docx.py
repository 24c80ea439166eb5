"""Word: a record for printing and passing on, with real headings, lists and a results table."""

from collections.abc import Iterable
from typing import Any

from kb.exports import word
from kb.exports.outline import Outline, outline
from kb.records import Practice
from kb.settings import settings

NAME = "docx"
LABEL = "Word (for printing and passing on)"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSION = "docx"


def write(records: Iterable[Practice]) -> bytes:
    """One document; each record begins on a new page."""
    outlines = [outline(record) for record in records]
    document = word.new_document(outlines[0].title if len(outlines) == 1 else settings().site_name)
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
    return word.as_file(document)


def _record(document: Any, found: Outline) -> None:
    word.add_heading(document, found.title, 1)
    if found.summary:
        document.add_paragraph(found.summary)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, text in found.card:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(name).bold = True
        cells[1].text = text
    for title, items in found.sections:
        word.add_heading(document, title, 2)
        for item in items:
            word.add_item(document, item)
    if found.chapters:
        word.add_heading(document, "Text", 2)
    for heading, text in found.chapters:
        if heading:
            word.add_heading(document, heading, 3)
        word.add_text(document, text)
    for line in found.colophon:
        word.add_italic(document, line)
