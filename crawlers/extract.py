"""What a document says: its text, date, language, SARA sections, terms and contacts.

Web pages, PDF, Word and plain text. Reading is done in a process of its own with limits of time
and memory (crawlers/read_child.py), so no document can stop or crash a run.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawlers.contacts import ContactFound, contacts_in
from crawlers.dates import published_in
from crawlers.document import Block, Document
from crawlers.document_title import title_of
from crawlers.errors import ExtractionFailed
from crawlers.facts import Facts, facts_of
from crawlers.facts.known import known_names
from crawlers.languages import language_of
from crawlers.minutes import minutes_note
from crawlers.page import Page, wide_charset
from crawlers.structure import Structure, structure_of
from crawlers.telling import TELLS_NOTHING, tells_nothing
from crawlers.tested_by import tested_by
from kb.errors import FileUnreadable
from kb.settings import PROJECT, settings

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSUPPORTED = (
    (_OLD_OFFICE, "an old or password-protected Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a picture; it needs OCR"),
    (b"\xff\xd8\xff", "a picture; it needs OCR"),
    (b"GIF8", "a picture; it needs OCR"),
    (b"II*\x00", "a picture; it needs OCR"),
    (b"MM\x00*", "a picture; it needs OCR"),
    (b"\x1f\x8b", "a packed file; unpack it first"),
    (b"Rar!", "a packed file; unpack it first"),
    (b"7z\xbc\xaf", "a packed file; unpack it first"),
)
_MAY_BE = {"email": "may name a person", "phone": "may be one person's"}
_MOST_STRUCTURED = 600_000  # letters looked through for sections and terms: about 250 pages


@dataclass(slots=True)
class Extracted:
    """What was found in a document. `title` and `published` are "" when it does not say."""

    name: str
    title: str
    text: str
    published: str
    language: str
    blocks: list[Block]
    structure: Structure
    contacts: list[ContactFound]
    facts: Facts
    warnings: list[str] = field(default_factory=list)
    minutes: str = ""
    """What to tell whoever hands in minutes of a meeting, of which only the title is taken."""

    @property
    def tells_nothing(self) -> bool:
        """Whether nothing of a practice was found in it."""
        return not self.minutes and tells_nothing(self.structure, self.facts)

    def as_dict(self) -> dict[str, Any]:
        """As `kb extract --json` prints it."""
        return {
            "title": self.title,
            "text": self.text,
            "published": self.published,
            "language": self.language,
            "sections": self.structure.texts(),
            "sections_found": self.structure.sections_as_dicts(),
            "tags": self.structure.tags_as_dicts(),
            **self.facts.as_dict(),
            "contacts": [contact.as_dict() for contact in self.contacts],
            "warnings": self.warnings,
        }

    def as_text(self) -> str:
        """As a person reads it."""
        lines = [f"Title: {self.title or '(none found)'}"]
        lines.append(f"Published: {self.published or '(not found)'}   Language: {self.language}")
        lines += [f"Warning: {warning}" for warning in self.warnings]
        for name, section in self.structure.sections.items():
            if section.text:
                lines.append(
                    f"\n{name.capitalize()} (found by {section.found_by}, "
                    f"confidence {section.confidence:.2f})\n{section.text}"
                )
        if not any(self.structure.texts().values()):
            lines.append(f"\n{self.text}")
        for name, tags in self.structure.tags.items():
            shown = ", ".join(f"{tag.code} {tag.shown:.2f} “{tag.because}”" for tag in tags)
            if shown:
                lines.append(f"{name}: {shown}")
        lines += self.facts.as_lines()
        for contact in self.contacts:
            mark = f" ({_MAY_BE[contact.kind]})" if contact.personal else ""
            lines.append(f"{contact.kind}: {contact.value}{mark}")
        return "\n".join(lines)


def extract_file(path: Path) -> Extracted:
    """What a file says. Raises FileUnreadable, or ExtractionFailed with the reason."""
    limit = int(settings().crawler_megabytes * 1_000_000)
    if path.is_dir():
        raise FileUnreadable(f"{path} is a folder; name a file in it.")
    try:
        if path.stat().st_size > limit:
            raise ExtractionFailed(str(path), "too-large", f"it has more than {limit:,} bytes")
        body = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(
            f"{path} cannot be read: {error.strerror}. Look at its name and its folder."
        ) from error
    return extract(path.name, body)


def extract_page(page: Page) -> Extracted:
    """What a fetched page says. Raises ExtractionFailed with the reason."""
    return extract(page.url, page.body, page.content_type)


def extract(name: str, body: bytes, content_type: str = "") -> Extracted:
    """What a document says. Raises ExtractionFailed with the reason.

    `name` stands in messages, and its ending counts where the content says nothing.
    """
    document = read_document(name, body, content_type)
    text = document.text
    title = title_of(document)
    structure = structure_of(_first(document.blocks), title=title)
    facts = facts_of(text, known_names())
    structure = tested_by(structure, facts)
    minutes = "" if structure.named else minutes_note(document.blocks)
    if minutes:
        structure, facts = Structure(warnings=[minutes]), Facts(people=facts.people)
    nothing = not minutes and tells_nothing(structure, facts)
    told = [TELLS_NOTHING] if nothing else structure.warnings
    language, doubt = language_of(text, document.language)
    return Extracted(
        name=name,
        title=title,
        text=text,
        published=document.published or ("" if minutes else published_in(document.blocks)),
        language=language,
        blocks=document.blocks,
        structure=structure,
        contacts=contacts_in(f"{text}\n{document.contact_text}"),
        facts=facts,
        warnings=[*document.warnings, *([doubt] if doubt else []), *told],
        minutes=minutes,
    )


def _first(blocks: list[Block]) -> list[Block]:
    """The blocks that are looked through: all but of a very long document."""
    length = 0
    for number, block in enumerate(blocks):
        length += len(block.text)
        if length > _MOST_STRUCTURED:
            return blocks[:number]
    return blocks


def read_document(name: str, body: bytes, content_type: str = "") -> Document:
    """The document as read by a process of its own. Raises ExtractionFailed with the reason."""
    kind = kind_of(name, body, content_type)
    command = [sys.executable, "-m", "crawlers.read_child", name[:200], kind, content_type[:200]]
    try:
        done = subprocess.run(  # noqa: S603 - our own reader, and no shell
            [*command, str(settings().extract_megabytes)],
            input=body,
            capture_output=True,
            timeout=settings().extract_seconds,
            check=False,
            cwd=PROJECT,
        )
    except subprocess.TimeoutExpired:
        raise ExtractionFailed(
            name, "too-slow", f"reading takes longer than {settings().extract_seconds:g} seconds"
        ) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise ExtractionFailed(
            name,
            "crashed",
            f"its reader ended without an answer (exit {done.returncode}): it is broken, or takes "
            "more memory than KB_EXTRACT_MEGABYTES allows",
        ) from None
    if "document" not in answer:
        raise ExtractionFailed(name, answer["code"], answer["reason"])
    return Document.from_dict(answer["document"])


def kind_of(name: str, body: bytes, content_type: str = "") -> str:
    """pdf, docx, html or text, by the content first. Raises ExtractionFailed for other kinds."""
    start = body[:1024]
    if charset := wide_charset(start):
        start = start.decode(charset, "ignore").encode()
    if b"%PDF-" in start:
        return "pdf"
    for mark, what in _UNSUPPORTED:
        if body.startswith(mark):
            raise ExtractionFailed(name, "unsupported", f"it is {what}")
    if body.startswith(_ZIP):
        if b"word/" in body:
            return "docx"
        raise ExtractionFailed(name, "unsupported", "it is a packed file that is not a .docx")
    if not body.strip():
        raise ExtractionFailed(name, "no-text", "the file is empty")
    ending = name.lower().rpartition(".")[2]
    tagged = re.search(rb"<(?:!doctype html|html|head|body|div|article|main|p)\b", start, re.I)
    if tagged or "html" in content_type or ending in ("html", "htm", "xhtml"):
        return "html"
    if b"\0" in start:
        raise ExtractionFailed(name, "unsupported", "it is no kind of document known here")
    return "text"
