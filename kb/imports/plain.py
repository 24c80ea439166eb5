"""From plain data (as YAML and JSON give it) to rows."""

from collections.abc import Iterator
from typing import Any

from kb.errors import FileUnreadable
from kb.imports.reading import MAX_ROWS, Row

_KINDS = {
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "yes or no",
    type(None): "nothing",
}


def rows_of(data: Any, warning: str = "") -> Iterator[Row]:
    """One row a mapping. Raises FileUnreadable when the data is no record and no list of them."""
    if isinstance(data, dict):
        data = [data]
    if not isinstance(data, list):
        raise FileUnreadable(
            "The file holds neither a record (named fields) nor a list of records, "
            f"but {_KINDS.get(type(data), 'something else')}. An export shows what is wanted."
        )
    if not data:
        raise FileUnreadable("The file holds no records.")
    if len(data) > MAX_ROWS:
        raise FileUnreadable(f"More than {MAX_ROWS:,} records; split the file.")
    for number, item in enumerate(data, 1):
        note = warning if number == 1 else ""
        if isinstance(item, dict) and all(isinstance(name, str) for name in item):
            yield Row(number, item, warning=note)
        else:
            yield Row(number, None, "not a record: a set of named fields is needed", note)
