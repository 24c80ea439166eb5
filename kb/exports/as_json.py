"""JSON: an array with every filled-in field of each record, codes as they are stored."""

import json
from collections.abc import Iterable

from kb.exports.heading import fields_of, heading
from kb.records import Practice

NAME = "json"
LABEL = "JSON (every field, for other programs)"
MEDIA_TYPE = "application/json"
EXTENSION = "json"


def write(records: Iterable[Practice]) -> bytes:
    """An array of records; `kb import` reads it back."""
    rows = [{**heading(record), **fields_of(record)} for record in records]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
