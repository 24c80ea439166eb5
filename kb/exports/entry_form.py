"""A record as an award scheme's form: headings, texts and word counts, as Markdown or Word."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kb.exports.as_docx import MEDIA_TYPE as WORD_TYPE
from kb.exports.as_markdown import MEDIA_TYPE as MARKDOWN_TYPE
from kb.exports.as_markdown import escape
from kb.settings import settings

MEDIA_TYPES = {"md": MARKDOWN_TYPE, "docx": WORD_TYPE}
"""The formats by extension."""


@dataclass(frozen=True)
class Part:
    """One heading with its text and what is said of its length."""

    title: str
    text: str
    length: str


def write(extension: str, title: str, subtitle: str, parts: Sequence[Part]) -> bytes:
    """The whole form as a file. Raises KeyError for an extension that is not in MEDIA_TYPES."""
    return {"md": _markdown, "docx": _word}[extension](title, subtitle, parts)


def _markdown(title: str, subtitle: str, parts: Sequence[Part]) -> bytes:
    lines = [f"# {escape(' '.join(title.split()))}", f"*{escape(subtitle)}*"]
    for part in parts:
        lines += [f"## {escape(part.title)}", f"*{escape(part.length)}*"]
        if part.text:
            lines.append(escape(part.text))
    return ("\n\n".join(lines) + "\n").encode()


def _word(title: str, subtitle: str, parts: Sequence[Part]) -> bytes:
    import docx  # here, so that most commands start without it

    document: Any = docx.Document()
    document.core_properties.title = title[:255]
    document.core_properties.author = settings().site_name
    document.core_properties.comments = ""
    document.add_heading(title, 1)
    document.add_paragraph().add_run(subtitle).italic = True
    for part in parts:
        document.add_heading(part.title, 2)
        document.add_paragraph().add_run(part.length).italic = True
        for paragraph in part.text.split("\n\n"):
            if paragraph.strip():
                document.add_paragraph(paragraph.strip())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
