"""Rows as they come in: an id, perhaps a set, and any fields; as texts to compare."""

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import FileUnreadable
from kb.imports.reading import decode, read_bytes

Numbers = NDArray[np.int64]
_APART = ("id", "set")
_MAX_BYTES = 500_000_000
_SAME_COLUMN = 0.3  # how alike the words of two columns must be to be taken for one


@dataclass(frozen=True)
class Table:
    """Texts by field, one a row. `sets` numbers each row's set; None when no row names one."""

    ids: list[str]
    set_names: list[str]
    sets: Numbers | None
    fields: dict[str, list[str]]

    def __len__(self) -> int:
        return len(self.ids)

    def whole(self, row: int) -> str:
        """All that a row says."""
        return " ".join(filter(None, (values[row] for values in self.fields.values())))


_LINE = 'named values are wanted, such as {"id": "1", "title": "Gates"}'


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of JSON lines. Raises FileUnreadable naming the line that is none."""
    text, _ = decode(read_bytes(path, _MAX_BYTES))
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise FileUnreadable(f"Line {number} of {path.name} is not JSON: {_LINE}.") from None
        if not isinstance(row, dict):
            raise FileUnreadable(f"Line {number} of {path.name} is no row: {_LINE}.")
        yield row


def read_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """The table of some rows. Raises FileUnreadable naming the row without an id, or a twin id."""
    kept = list(rows)
    ids: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(kept, 1):
        name = text_of(row.get("id"))
        if not name:
            raise FileUnreadable(f"Row {number} has no id.")
        key = (text_of(row.get("set")), name)
        if key in seen:
            raise FileUnreadable(f"Row {number} has the id '{name}' of row {seen[key]}.")
        seen[key] = number
        ids.append(name)
    names = [text_of(row.get("set")) for row in kept]
    numbered = {name: place for place, name in enumerate(dict.fromkeys(names))}
    sets = np.array([numbered[name] for name in names], np.int64) if any(names) else None
    fields = {
        field: [text_of(row.get(field)) for row in kept]
        for field in dict.fromkeys(name for row in kept for name in row)
        if field not in _APART
    }
    fields = {name: values for name, values in fields.items() if any(values)}
    if sets is not None:
        fields = _aligned(fields, sets)
    return Table(ids, names, sets, fields)


def text_of(value: Any) -> str:
    """A value as one line of text; what holds several gives them one after the other."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return " ".join(filter(None, map(text_of, value)))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def folded(text: str) -> str:
    """Small letters without accents; letters of other scripts stay as they are."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()


def words_of(text: str) -> list[str]:
    """The words and numbers of a text, folded."""
    return re.findall(r"[^\W_]+", folded(text).replace("'", "").replace("\u2019", ""))


def _aligned(fields: dict[str, list[str]], sets: Numbers) -> dict[str, list[str]]:
    """Columns that only one set has, joined to the column of the other that holds such words."""
    present = {
        name: {int(sets[row]) for row, value in enumerate(values) if value}
        for name, values in fields.items()
    }
    alone = [name for name, where in present.items() if len(where) == 1]
    profile = {name: Counter(w for v in fields[name] for w in words_of(v)) for name in alone}
    near = sorted(
        (
            (_likeness(profile[one], profile[other]), one, other)
            for place, one in enumerate(alone)
            for other in alone[place + 1 :]
            if not present[one] & present[other]
        ),
        reverse=True,
    )
    joined = dict(fields)
    taken: set[str] = set()
    for score, one, other in near:
        if score < _SAME_COLUMN or {one, other} & taken:
            continue
        taken |= {one, other}
        second = joined.pop(other)
        joined[one] = [a or b for a, b in zip(joined[one], second, strict=True)]
    return joined


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The cosine of two columns' words, the common ones held down."""
    length = math.sqrt(one.total() * other.total())
    shared = one.keys() & other.keys()
    return sum(math.sqrt(one[word] * other[word]) for word in shared) / length if length else 0.0
