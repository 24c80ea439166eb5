"""Why two rows are taken for the same, in words a reviewer can check."""

import numpy as np

from index.matching.likeness import Likeness, Measures
from index.matching.table import Numbers, Table, words_of

_SHOWN = 4
_ALIKE, _UNLIKE = 0.75, 0.3


def reasons(table: Table, likeness: Likeness, left: Numbers, right: Numbers) -> list[str]:
    """For each pair one sentence: what is the same, what is alike, what differs."""
    if not len(left):
        return []
    measured = likeness.fields(left, right)
    return [
        _reason(table, likeness.names, int(one), int(other), row)
        for one, other, row in zip(left, right, measured, strict=True)
    ]


def _reason(table: Table, names: list[str], left: int, right: int, measured: Measures) -> str:
    same, like, differ = [], [], []
    for name, score in zip(names, measured, strict=True):
        if np.isnan(score):
            continue
        if words_of(table.fields[name][left]) == words_of(table.fields[name][right]):
            same.append(name)
        elif score >= _ALIKE:
            like.append(name)
        elif score < _UNLIKE:
            differ.append(name)
    parts = [
        f"{word} {', '.join(found[:_SHOWN])}"
        for word, found in (("same", same), ("alike in", like), ("differs in", differ))
        if found
    ]
    if not same and not like:
        shared = set(words_of(table.whole(left))) & set(words_of(table.whole(right)))
        telling = sorted(shared, key=lambda word: (-len(word), word))[:_SHOWN]
        parts.insert(0, f"shares {', '.join(telling)}" if telling else "alike in spelling")
    return "; ".join(parts)
