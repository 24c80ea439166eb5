"""RIS, for Zotero, EndNote, Mendeley and other reference managers."""

from collections.abc import Iterable
from typing import Any

import rispy

from kb.exports.citation import Citation, citation
from kb.records import Practice

NAME = "ris"
LABEL = "RIS (reference managers)"
MEDIA_TYPE = "application/x-research-info-systems"
EXTENSION = "ris"


class _Writer(rispy.RisWriter):  # type: ignore[misc]  # rispy has no types
    NEWLINE = "\r\n"

    def set_header(self, count: int) -> str:
        """No running number before each entry: it is no part of the format."""
        return ""


def write(records: Iterable[Practice]) -> bytes:
    """One entry a record; every value on one line, for a second line could pass for a tag."""
    entries = [_entry(citation(record)) for record in records]
    text: str = rispy.dumps(entries, implementation=_Writer)
    return text.encode()


def _entry(work: Citation) -> dict[str, Any]:
    values: dict[str, Any] = {
        "type_of_reference": work.type.ris,
        "id": work.id,
        "title": work.title,
        "authors": list(work.authors),
        "year": work.date[:4],
        "date": work.date.replace("-", "/"),
        "type_of_work": work.kind,
        "publisher": work.publisher,
        "abstract": work.abstract,
        "keywords": list(work.keywords),
        "language": work.language,
        # RIS parts several addresses by ";", so one inside an address is written in its coded form.
        "urls": [url.replace(";", "%3B") for url in work.urls],
        "name_of_database": work.site,
        "notes": [work.note] if work.note else [],
    }
    return {name: value for name, value in values.items() if value}
