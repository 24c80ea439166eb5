"""What a new entry can begin with: a record that was tried again, or what a document says.

Nothing that is filled in this way is taken as said: each field keeps the passage it came from, and
the author sees both side by side before anything is sent in.
"""

from typing import Any

from kb.records import Practice

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
