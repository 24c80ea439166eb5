"""A draft of a record from what a document says: values for fields, each with the words behind it.

A person checks every value; nothing here is published by itself.
"""

from typing import Any

from crawlers.extract import Extracted
from kb.records.definition import MAX_TEXT

_NARRATIVES = {
    "scanning": "problem_statement",
    "analysis": "analysis_findings",
    "response": "response_summary",
    "assessment": "assessment_summary",
}
_STATED = 0.8  # confidence in what the document says of itself


def draft_of(found: Extracted) -> dict[str, Any]:
    """The draft as plain data; kb/imports/uploads.py tells its shape."""
    draft: dict[str, Any] = {}
    passages: dict[str, dict[str, Any]] = {}

    def fill(field: str, value: Any, passage: str, confidence: float, found_by: str) -> None:
        if value:
            draft[field] = value
            passages[field] = {
                "passage": passage,
                "confidence": confidence,
                "found_by": found_by,
            }

    fill("title", found.title, found.title, _STATED, "document")
    fill("published_on", found.published, found.published, _STATED, "document")
    fill("language", found.language, "", _STATED, "document")
    for stage, section in found.structure.sections.items():
        fill(
            _NARRATIVES[stage],
            _within(section.text),
            section.passage,
            section.confidence,
            section.found_by,
        )
    return {
        "title": found.title,
        "published": found.published,
        "language": found.language,
        "text": found.text,
        "draft": draft,
        "passages": passages,
        "sections": {
            stage: {"text": section.text, **found.structure.sections_as_dicts()[stage]}
            for stage, section in found.structure.sections.items()
            if section.text
        },
        "tags": {
            _FIELDS.get(name, name): tags for name, tags in found.structure.tags_as_dicts().items()
        },
        "contacts": [contact.as_dict() for contact in found.contacts],
        "warnings": found.warnings,
    }


# What `kb extract` calls a group of terms, where the record's field has another name.
_FIELDS = {"stages": "stage_of_practice", "outcomes": "intended_outcomes"}


def _within(text: str) -> str:
    """As many whole paragraphs as a field holds."""
    if len(text) <= MAX_TEXT:
        return text
    return text[:MAX_TEXT].rpartition("\n\n")[0] or text[:MAX_TEXT]
