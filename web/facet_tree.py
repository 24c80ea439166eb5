"""Facet values in the order of their tree: each broader term followed by what stands under it."""

from collections.abc import Iterable

from index.results import FacetValue


def in_tree_order(values: Iterable[FacetValue]) -> list[tuple[FacetValue, int]]:
    """The values with their depth; a value whose broader term is not listed stands at the top."""
    listed = list(values)
    known = {value.code for value in listed}
    below: dict[str | None, list[FacetValue]] = {}
    for value in listed:
        below.setdefault(value.broader if value.broader in known else None, []).append(value)
    found: list[tuple[FacetValue, int]] = []

    def walk(parent: str | None, depth: int) -> None:
        for value in below.get(parent, ()):
            found.append((value, depth))
            walk(value.code, depth + 1)

    walk(None, 0)
    return found
