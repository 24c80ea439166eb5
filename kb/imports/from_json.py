"""JSON: our own export, or any list of records with our field names."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.errors import FileUnreadable
from kb.imports.plain import rows_of
from kb.imports.reading import Row, decode, read_bytes

NAME = "json"
LABEL = "JSON (as exported here)"
EXTENSIONS = (".json",)
DOOR = "file"

_MAX_BYTES = 200_000_000


def read(path: Path) -> Iterator[Row]:
    """Every record of the file. Raises FileUnreadable saying where it is wrong."""
    text, warning = decode(read_bytes(path, _MAX_BYTES))
    try:
        data = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FileUnreadable(
            f"Not JSON: it cannot be read at line {error.lineno}, column {error.colno}. "
            "`kb export --format json` shows what is wanted."
        ) from None
    except (ValueError, RecursionError) as error:
        raise FileUnreadable(f"Not JSON that can be used: {error}.") from None
    yield from rows_of(data, warning)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"'{twice}' is given twice in one place")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number that JSON knows")
