"""Joining two people's changes to the same text, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.records.definition import FieldSpec
from kb.records.practice import FIELD

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Clash:
    """A field that both changed, each to something else. Values are as in a snapshot."""

    spec: FieldSpec
    base: Any
    mine: Any
    theirs: Any


def three_way(
    base: Values, mine: Values, theirs: Values, names: Iterable[str]
) -> tuple[dict[str, Any], list[Clash]]:
    """`theirs` with what I changed since `base`, and the fields where we differ.

    A field that only one of us changed takes that change; in a field that both changed alike
    there is nothing to decide. Where we differ the result keeps theirs until somebody chooses.
    """
    joined = dict(theirs)
    clashes: list[Clash] = []
    for name in names:
        before, my, their = base.get(name), mine.get(name), theirs.get(name)
        if my in (before, their):
            continue
        if their == before:
            put(joined, name, my)
        else:
            clashes.append(Clash(FIELD[name], before, my, their))
    return joined, clashes


def put(content: dict[str, Any], name: str, value: Any) -> None:
    """Set a field as a snapshot does: an empty one is left out."""
    if value in (None, "", [], {}):
        content.pop(name, None)
    else:
        content[name] = value
