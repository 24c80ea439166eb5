"""A record as an award scheme's form: headings, texts and word counts, as Markdown or Word."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.exports import word
from kb.exports.as_docx import MEDIA_TYPE as WORD_TYPE
from kb.exports.as_markdown import MEDIA_TYPE as MARKDOWN_TYPE
from kb.exports.as_markdown import escape

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
    document = word.new_document(title)
    word.add_heading(document, title, 1)
    word.add_italic(document, subtitle)
    for part in parts:
        word.add_heading(document, part.title, 2)
        word.add_italic(document, part.length)
        word.add_text(document, part.text)
    return word.as_file(document)
