"""CSL-JSON, for Zotero, pandoc and other citation processors."""

import json
from collections.abc import Iterable
from typing import Any

from kb.exports.citation import Citation, citation, is_inverted_name
from kb.records import Practice

NAME = "csljson"
LABEL = "CSL-JSON (citation processors)"
MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
EXTENSION = "csl.json"


def write(records: Iterable[Practice]) -> bytes:
    """An array with one item a record."""
    items = [_item(citation(record)) for record in records]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()


def _item(work: Citation) -> dict[str, Any]:
    parts = [int(part) for part in work.date.split("-")] if work.date else []
    values: dict[str, Any] = {
        "id": work.id,
        "type": work.type.csl,
        "genre": work.kind,
        "title": work.title,
        "author": [_name(name) for name in work.authors],
        "issued": {"date-parts": [parts]} if parts else None,
        "publisher": work.publisher,
        "abstract": work.abstract,
        "keyword": ", ".join(work.keywords),
        "URL": work.urls[0] if work.urls else "",
        "language": work.language,
        "license": work.licence,
        "source": work.site,
        "note": work.note,
    }
    return {name: value for name, value in values.items() if value}


def _name(name: str) -> dict[str, str]:
    if is_inverted_name(name):
        family, _, given = name.partition(", ")
        return {"family": family, "given": given}
    return {"literal": name}
