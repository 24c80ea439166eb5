"""Small documents that tests make themselves."""

from crawlers.contacts import contacts_in
from crawlers.document import Document, blocks_of
from crawlers.draft import draft_of
from crawlers.extract import Extracted
from crawlers.facts import facts_of
from crawlers.structure import structure_of
from crawlers.tested_by import tested_by
from kb.records.practice import PracticeIn


def made_pdf(pages: list[list[tuple[str, int]]]) -> bytes:
    """A small PDF: for each page, lines of text with their height on it."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        stream = "".join(f"BT /F1 12 Tf 72 {y} Td ({text}) Tj ET\n" for text, y in lines)
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}endstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources "
            f"<< /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        body
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
        ).encode()
    )


def extracted(text: str, title: str = "") -> Extracted:
    """What a plain text says, read here and not in a process of its own."""
    blocks = blocks_of(text)
    shown = Document(blocks=blocks).text
    facts = facts_of(shown)
    return Extracted(
        name="x.txt",
        title=title,
        text=shown,
        published="",
        language="en",
        blocks=blocks,
        structure=tested_by(structure_of(blocks, title=title), facts),
        contacts=contacts_in(shown),
        facts=facts,
    )


def drafted(text: str) -> PracticeIn:
    """The entry that a document begins."""
    found = draft_of(extracted(text))
    return PracticeIn.model_validate({"title": "A title", **found["draft"]})
