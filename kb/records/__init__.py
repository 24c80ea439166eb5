"""The record: what it holds, what it must hold, and how it is kept."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.records.definition import FieldSpec
    from kb.records.practice import CASE_TYPES, FIELD, FIELDS, GROUPS, PracticeIn
    from kb.records.service import Practice, Saved

__all__ = [
    "CASE_TYPES",
    "FIELD",
    "FIELDS",
    "GROUPS",
    "FieldSpec",
    "Practice",
    "PracticeIn",
    "Saved",
]
# Imported when first asked for: whoever reads a table only would else wait for every field of it.
_STANDS_IN = {"FieldSpec": "definition", "Practice": "service", "Saved": "service"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_STANDS_IN.get(name, 'practice')}"), name)
