"""The record: what it holds, what it must hold, and how it is kept."""

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
