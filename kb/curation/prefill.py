"""What a new entry can begin with: a record that was tried again, or what a document says.

Nothing that is filled in this way is taken as said: each field keeps the passage it came from, and
the author sees both side by side before anything is sent in.
"""

from collections.abc import Mapping
from typing import Any

from kb.imports.from_csv import grid_of
from kb.imports.grid import rows
from kb.imports.reading import Row
from kb.records import FIELD, Practice

# What stays true of a practice when somebody else does it; results, place and costs are their own.
_CARRIED = (
    "record_type",
    "problem_types",
    "intervention_levels",
    "aspects",
    "response_types",
    "mechanism",
    "works_best_if",
    "fails_if",
    "settings",
    "populations",
)


def from_practice(practice: Practice) -> tuple[dict[str, Any], dict[str, Any]]:
    """Content and passages for "we tried it too": what was taken over, said to be so."""
    told = practice.content.snapshot()
    content = {name: told[name] for name in _CARRIED if name in told}
    content["replicates"] = [practice.id]
    note = "from the record you copied; change what differs"
    passages: dict[str, Any] = {
        name: {"text": told[name], "note": note}
        for name in ("mechanism", "works_best_if", "fails_if")
        if name in told
    }
    if practice.content.response_summary:
        passages["response_summary"] = {"text": practice.content.response_summary, "note": note}
    return content, passages


def from_document(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Content and passages from what was read in a document (`kb.imports.uploads`).

    Terms are taken where they are sure enough to be ticked; why is told beside them.
    """
    content = {name: value for name, value in found.get("draft", {}).items() if name in FIELD}
    passages = {
        name: _passage(told, content.get(name))
        for name, told in found.get("passages", {}).items()
        if name in FIELD
    }
    for name, terms in found.get("tags", {}).items():
        spec = FIELD.get(name)
        if spec is None or spec.asked != "all" or not terms:
            continue
        ticked = [term["code"] for term in terms if term.get("ticked")]
        if ticked and name not in content:
            content[name] = ticked if spec.many else ticked[0]
        passages[name] = {"text": "\n".join(map(_term, terms)), "note": "terms that seem to fit"}
    return content, passages


_FOUND_BY = {
    "meaning": "by what it says",
    "document": "from the file",
    "words": "by these words",
}


def _passage(told: dict[str, Any], value: Any) -> dict[str, str]:
    """The words a value was made from; of a part found by its heading, the part itself."""
    words, found_by = str(told.get("passage", "")), str(told.get("found_by", ""))
    note = f"{round(100 * float(told.get('confidence', 0)))}% sure"
    if found_by == "heading" and isinstance(value, str):
        return {"text": value, "note": f"{note}, under the heading “{words}”"}
    how = _FOUND_BY.get(found_by)
    return {"text": words, "note": f"{note}, {how}" if how else note}


def _term(term: dict[str, Any]) -> str:
    mark = "ticked" if term.get("ticked") else "not ticked"
    because = str(term.get("because", ""))
    return f"{term.get('label', '')} ({mark}){': ' + because if because else ''}"


def from_table(text: str, mapping: Mapping[str, str]) -> list[Row]:
    """The rows of a pasted table, its first line the headings.

    Raises ColumnsUnknown for headings that are neither fields nor mapped, FileUnreadable.
    """
    return list(rows(grid_of(text), mapping))
