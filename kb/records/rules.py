"""What each step asks of a record, and how complete a record is.

What is required depends on the kind of record and on the door it came through: a contributor can
be asked to fill a gap, a web page cannot.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal, cast

from kb.records.definition import FieldSpec, Part
from kb.records.errors import FieldError
from kb.records.practice import CASE_TYPES, FIELDS, PracticeIn

Door = Literal["form", "import", "file", "harvest", "document"]
DOORS: dict[str, str] = {
    "form": "filled in by a contributor",
    "import": "imported from a table or reference file",
    "file": "written up from published sources",
    "harvest": "collected from another site",
    "document": "a document taken in whole",
}
COLLECTED: tuple[Door, ...] = ("harvest", "document")
"""Doors of what came in by itself: nobody was asked to fill a form."""
Step = Literal["save", "submit", "publish"]

# Only a case tells a problem, a response and a result; a guide, paper or organisation need not.
_FOR_CASES = {"scanning", "analysis", "response", "assessment"}
_FOR_CASES_BY_NAME = {"place", "started", "intervention_levels", "problem_types"}
# Published accounts often leave these out; a guess would be worse than a gap.
_MAY_BE_UNKNOWN_IN_FILES = {"started"}


def edit_door(door: str) -> Door:
    """The door that a change by people counts as coming through, to a record that came by `door`.

    What was written up from sources or imported stays that. A collected record becomes one that
    people edited: by its own door the change would be taken for an item of its source, and a
    crawl could undo what they said.
    """
    return "form" if door in COLLECTED else cast("Door", door)


def applies(spec: FieldSpec, record_type: str) -> bool:
    """Whether what is required of a field holds for this kind of record."""
    if record_type in CASE_TYPES:
        return True
    return spec.group not in _FOR_CASES and spec.name not in _FOR_CASES_BY_NAME


def is_empty(value: Any) -> bool:
    """Whether a field says nothing: empty text, list or row. False and 0 say something."""
    if value is None or (isinstance(value, (str, list)) and not value):
        return True
    return isinstance(value, Part) and not value.model_dump(exclude_defaults=True)


def word_count(text: str) -> int:
    """Words as a word limit counts them."""
    return len(re.findall(r"\S+", text))


def check(content: PracticeIn, *, door: Door, step: Step) -> list[FieldError]:
    """Every rule the record breaks at this step; empty when it may go on.

    A harvested record or document needs title, source and address; what it lacks shows as not
    reported. A record written up from published sources needs what is required to submit (but for
    what its sources may not say) and at least one reference. A form needs everything its step
    names.
    """
    errors = [] if door == "harvest" else _too_long(content)
    if not content.title:
        errors.append(_required("title"))
    if door in COLLECTED:
        if not any(item.source for item in content.provenance):
            errors.append(FieldError("provenance", "Where this came from", "name its source", ""))
        if door == "harvest" and not any(
            item.original_url or item.document_url for item in content.provenance
        ):
            errors.append(
                FieldError(
                    "provenance", "Where this came from", "give the address it came from", ""
                )
            )
        return errors
    if step == "save":
        return errors
    if door == "file" and not content.references:
        errors.append(_required("references"))
    wanted = ("submit",) if step == "submit" or door == "file" else ("submit", "publish")
    filled_sets = {
        spec.any_of for spec in FIELDS if spec.any_of and not is_empty(getattr(content, spec.name))
    }
    named: set[str] = set()
    for spec in FIELDS:
        if spec.required not in wanted or not applies(spec, content.record_type):
            continue
        if door == "file" and spec.name in _MAY_BE_UNKNOWN_IN_FILES:
            continue
        if spec.any_of:
            if spec.any_of not in filled_sets and spec.any_of not in named:
                named.add(spec.any_of)
                titles = " or ".join(f"'{s.title}'" for s in FIELDS if s.any_of == spec.any_of)
                errors.append(FieldError(spec.name, spec.title, f"fill in {titles}", ""))
        elif spec.name != "title" and is_empty(getattr(content, spec.name)):
            errors.append(_required(spec.name))
    return errors


def _required(name: str) -> FieldError:
    title = next(spec.title for spec in FIELDS if spec.name == name)
    return FieldError(name, title, "required", "")


def _too_long(
    content: Part, specs: tuple[FieldSpec, ...] = FIELDS, path: str = ""
) -> list[FieldError]:
    found: list[FieldError] = []
    for spec in specs:
        value = getattr(content, spec.name)
        here = f"{path}{spec.name}"
        if spec.kind == "row" and value is not None:
            found += _too_long(value, spec.columns, f"{here}.")
        elif spec.kind == "rows":
            for number, row in enumerate(value, 1):
                found += _too_long(row, spec.columns, f"{here}.{number}.")
        elif spec.words and isinstance(value, str) and (count := word_count(value)) > spec.words:
            found.append(
                FieldError(here, spec.title, f"at most {spec.words} words", f"{count} words")
            )
    return found


@dataclass(frozen=True)
class Completeness:
    """How much of the frame is filled in. Says what is missing; never a mark of quality."""

    percent: int
    sections: dict[str, int]
    missing: tuple[FieldSpec, ...]


# Analysis and Assessment count double, as in the marking of the 2009 Tilley Awards.
_SECTION_WEIGHT = {"scanning": 1, "analysis": 2, "response": 1, "assessment": 2}


def completeness(content: PracticeIn) -> Completeness:
    """Percent filled per SARA section and in all, and the weightier fields that are missing."""
    sections: dict[str, int] = {}
    missing: list[FieldSpec] = []
    for section in _SECTION_WEIGHT:
        total = filled = 0
        for spec in FIELDS:
            if spec.group != section or not spec.weight:
                continue
            total += spec.weight
            if is_empty(getattr(content, spec.name)):
                missing.append(spec)
            else:
                filled += spec.weight
        sections[section] = round(100 * filled / total)
    weighted = sum(sections[name] * weight for name, weight in _SECTION_WEIGHT.items())
    missing.sort(key=lambda spec: -spec.weight * _SECTION_WEIGHT[spec.group])
    return Completeness(
        percent=round(weighted / sum(_SECTION_WEIGHT.values())),
        sections=sections,
        missing=tuple(missing),
    )
