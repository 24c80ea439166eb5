"""BibTeX, for LaTeX and reference managers: UTF-8, with TeX's own signs escaped."""

import re
from collections.abc import Iterable

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from kb.exports.citation import Citation, citation, is_inverted_name
from kb.records import Practice

NAME = "bibtex"
LABEL = "BibTeX (LaTeX and reference managers)"
MEDIA_TYPE = "application/x-bibtex"
EXTENSION = "bib"

# Braces go as commands: BibTeX counts "\{" as an open brace all the same.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_SIGNS = re.compile(r"[\\{}~^&%$#_]")
_WORDS_OF_COMMANDS = {text: sign for sign, text in _ESCAPES.items()}
_COMMANDS = re.compile("|".join(sorted(map(re.escape, _WORDS_OF_COMMANDS), key=len, reverse=True)))


def escape(text: str) -> str:
    """Text in which no sign has a meaning to TeX."""
    return _SIGNS.sub(lambda match: _ESCAPES[match[0]], text)


def unescape(text: str) -> str:
    """The text that `escape` was given."""
    return _COMMANDS.sub(lambda match: _WORDS_OF_COMMANDS[match[0]], text)


def write(records: Iterable[Practice]) -> bytes:
    """One entry a record, its key the record's id."""
    library = Library([_entry(citation(record)) for record in records])
    # The values already stand in braces, so nothing is left for the library's own steps.
    return write_string(library, unparse_stack=[]).encode()


def _entry(work: Citation) -> Entry:
    texts = {
        "title": f"{{{escape(work.title)}}}",  # the second pair keeps the capitals
        "author": " and ".join(_name(name) for name in work.authors),
        "year": work.date[:4],
        "month": str(int(work.date[5:7])) if len(work.date) >= 7 else "",
        "institution": escape(work.publisher) if work.type.bibtex == "techreport" else "",
        "publisher": escape(work.publisher) if work.type.bibtex != "techreport" else "",
        "type": escape(work.kind),
        "abstract": escape(work.abstract),
        "keywords": ", ".join(escape(word) for word in work.keywords),
        "url": _plain_address(work.urls[0]) if work.urls else "",
        "language": escape(work.language),
        "note": escape(work.note),
    }
    fields = [Field(name, f"{{{text}}}") for name, text in texts.items() if text]
    return Entry(work.type.bibtex, work.id, fields)


def _name(name: str) -> str:
    """A name that BibTeX neither turns round nor takes for two."""
    text = escape(name)
    if is_inverted_name(name) and not re.search(r"\band\b", name, re.IGNORECASE):
        return text
    return f"{{{text}}}"


def _plain_address(url: str) -> str:
    # An address is read letter by letter, so only what would end the field is coded.
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
