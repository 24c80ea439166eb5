"""Joining what several items say about the same project into one record."""

from kb.records.definition import Part
from kb.records.practice import FIELDS, PracticeIn
from kb.records.rules import is_empty

# Lists in which each item adds rows of its own, and what tells two rows apart.
_ROW_KEYS: dict[str, tuple[str, ...]] = {
    "provenance": ("source", "external_id"),
    "awards": ("scheme", "year", "category"),
    "references": ("citation",),
    "adoptions": ("who", "where", "started"),
}


def join(first: PracticeIn, other: PracticeIn) -> PracticeIn:
    """`first` with what only `other` has: empty fields filled, lists united, awards kept apart.

    Where both say something different the first keeps its word. An award entry in the same round
    keeps the level that says more (a result over "not stated").
    """
    data = first.snapshot()
    for spec in FIELDS:
        mine, theirs = getattr(first, spec.name), getattr(other, spec.name)
        if is_empty(theirs):
            continue
        if spec.name in _ROW_KEYS:
            data[spec.name] = _joined_rows(mine, theirs, _ROW_KEYS[spec.name])
        elif is_empty(mine):
            data[spec.name] = other.snapshot()[spec.name]
        elif spec.kind in ("terms", "texts"):
            data[spec.name] = list(dict.fromkeys([*mine, *theirs]))
        elif spec.kind == "row" and mine is not None:
            data[spec.name] = {
                **theirs.model_dump(mode="json", exclude_defaults=True),
                **mine.model_dump(mode="json", exclude_defaults=True),
            }
    return PracticeIn.model_validate(data)


def replace_item(stored: PracticeIn, item: PracticeIn) -> PracticeIn:
    """`stored` after one of its items changed at the source.

    The item that the record was made from (the first it names) brings all its fields; a joined one
    only brings its own provenance and awards.
    """
    data = stored.snapshot()
    fresh = item.snapshot()
    leading = bool(stored.provenance) and _item_of(stored) == _item_of(item)
    for spec in FIELDS:
        if spec.name in _ROW_KEYS:
            mine, theirs = getattr(stored, spec.name), getattr(item, spec.name)
            data[spec.name] = _joined_rows(theirs, mine, _ROW_KEYS[spec.name])
        elif leading and spec.name != "id":
            if spec.name in fresh:
                data[spec.name] = fresh[spec.name]
            else:
                data.pop(spec.name, None)
    return PracticeIn.model_validate(data)


def carried_over(stored: PracticeIn, before: PracticeIn, after: PracticeIn) -> PracticeIn:
    """`stored` with the fields in which `after` differs from `before`, as `after` has them."""
    data, old, new = stored.snapshot(), before.snapshot(), after.snapshot()
    for name in (old.keys() | new.keys()) - {"id"}:
        if old.get(name) == new.get(name):
            continue
        if name in new:
            data[name] = new[name]
        else:
            data.pop(name, None)
    return PracticeIn.model_validate(data)


def _item_of(content: PracticeIn) -> tuple[str, str | None]:
    return content.provenance[0].source, content.provenance[0].external_id


def _joined_rows(
    mine: list[Part], theirs: list[Part], key: tuple[str, ...]
) -> list[dict[str, object]]:
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for row in (*mine, *theirs):
        values = row.model_dump(mode="json", exclude_defaults=True)
        name = tuple(getattr(row, part) for part in key)
        if name not in rows:
            rows[name] = values
        elif rows[name].get("level") in (None, "not-stated") and values.get("level"):
            rows[name] = {**rows[name], **values}
    return list(rows.values())
