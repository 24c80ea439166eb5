"""How well costs, dates, places, organisations and roles are found, on labelled texts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crawlers.errors import JudgedInvalid
from crawlers.facts import Facts, facts_of
from crawlers.facts.found import CostFound, DateFound, RoleFound
from crawlers.facts.gazetteer import place_key
from crawlers.facts.organisations import organisation_key

FACT_FIELDS = ("costs", "dates", "places", "organisations", "role_contacts")
_SURE = 0.5  # what is less sure is offered to nobody
_COST = re.compile(
    r"(?P<currency>[A-Z]{3}) (?P<low>\d+)(?:-(?P<high>\d+))? (?P<kind>spent|saved|lost)"
    r"(?: (?P<year>\d{4}))?"
)

# A label as what it takes to be right: any of several forms.
Label = frozenset[str]


def labels_of(entry: Mapping[str, Any]) -> dict[str, list[Label]] | None:
    """The labelled facts of a text by field; None for a text that has none labelled.

    Raises JudgedInvalid for a label that cannot be read.
    """
    if "facts" not in entry:
        return None
    labels: dict[str, list[Label]] = {}
    for field in FACT_FIELDS:
        listed = entry["facts"].get(field)
        if not isinstance(listed, list):
            raise JudgedInvalid(f"'{entry['id']}': its facts have no list of {field}.")
        labels[field] = [_READ[field](str(label)) for label in listed]
    return labels


def found_in(text: str) -> dict[str, list[str]]:
    """What the product finds in a text, each as its label would be."""
    facts = facts_of(text)
    return {
        field: [
            _written(one)
            for one in getattr(facts, field)
            # Readers were not asked for the period that a practice is compared with.
            if one.confidence >= _SURE and getattr(one, "kind", "") != "baseline"
        ]
        for field in FACT_FIELDS
    }


def fact_figures(
    pairs: Sequence[tuple[Mapping[str, Sequence[Label]], Mapping[str, Sequence[str]]]],
) -> dict[str, Any]:
    """Precision, recall and F1 of each field over texts given as (labelled, found); their mean."""
    figures: dict[str, Any] = {"texts": len(pairs)}
    for field in FACT_FIELDS:
        right = given = labelled = 0
        for wanted, found in pairs:
            right += _right(wanted[field], found[field])
            given += len(found[field])
            labelled += len(wanted[field])
        figures[field] = {
            "right": right,
            "given": given,
            "labelled": labelled,
            "precision": round(right / given, 3) if given else None,
            "recall": round(right / labelled, 3) if labelled else None,
            "f1": round(2 * right / (given + labelled), 3) if given + labelled else None,
        }
    scores = [figures[field]["f1"] for field in FACT_FIELDS if figures[field]["f1"] is not None]
    figures["macro_f1"] = round(sum(scores) / len(scores), 3) if scores else None
    return figures


def _right(wanted: Sequence[Label], found: Iterable[str]) -> int:
    """How many labels are met; a second form of one that is met already counts as wrong."""
    open_labels = list(wanted)
    for one in found:
        met = next((label for label in open_labels if one in label), None)
        if met is not None:
            open_labels.remove(met)
    return len(wanted) - len(open_labels)


def _cost_label(label: str) -> Label:
    match = _COST.fullmatch(label)
    if match is None:
        raise JudgedInvalid(f"'{label}' is no label of a cost.")
    high = f"-{match['high']}" if match["high"] else ""
    return frozenset(
        {f"{match['currency']} {match['low']}{high} {match['kind']} {match['year'] or ''}".strip()}
    )


def _forms(key: Callable[[str], str]) -> Callable[[str], Label]:
    return lambda label: frozenset(key(form) for form in label.split(" = "))


def _role_label(label: str) -> Label:
    roles, _, bodies = label.partition("|")
    bodies = bodies if bodies.strip() else " "
    return frozenset(
        _role(role, body) for role in roles.split(" = ") for body in re.split(r" =(?: |$)", bodies)
    )


def _role(role: str, body: str) -> str:
    return f"{organisation_key(role.strip())} | {organisation_key(body.strip())}"


_READ: dict[str, Callable[[str], Label]] = {
    "costs": _cost_label,
    "dates": lambda label: frozenset({label}),
    "places": _forms(place_key),
    "organisations": _forms(organisation_key),
    "role_contacts": _role_label,
}


def _written(one: Any) -> str:
    """A found thing as its label would be."""
    if isinstance(one, CostFound):
        high = f"-{one.high:.0f}" if one.high else ""
        year = one.price_year or ""
        return f"{one.currency} {one.low:.0f}{high} {one.kind} {year}".strip()
    if isinstance(one, DateFound):
        return f"{one.kind} {one.date}" + (f"/{one.until}" if one.until else "")
    if isinstance(one, RoleFound):
        return _role(one.role, one.organisation)
    name: str = one.name
    return organisation_key(name) if hasattr(one, "known") else place_key(name)


__all__ = ["FACT_FIELDS", "Facts", "Label", "fact_figures", "found_in", "labels_of"]
