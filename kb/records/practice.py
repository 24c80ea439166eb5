"""PracticeIn: the record, and the only way in for it.

The fields stand in groups, in the order they are shown. Adding a field is one entry in the file of
its group: the record page, forms, exports, API and index read it from its definition. Sources of
the fields: the Effective Practice Database's SARA frame, the 5Is inside Response, EMMIE, and the
entry forms of the Tilley and Goldstein awards.
"""

from dataclasses import dataclass
from typing import Any

from kb.records.definition import FieldSpec, Part, field, specs_of
from kb.records.groups.analysis import Analysis
from kb.records.groups.assessment import Assessment
from kb.records.groups.identity import Identity
from kb.records.groups.origin import Origin
from kb.records.groups.recognition import Recognition
from kb.records.groups.response import Response
from kb.records.groups.scanning import Scanning
from kb.vocabularies import vocabulary

# Types that tell what one project did, so that the whole SARA frame applies to them.
CASE_TYPES = ("project", "programme", "award-entry")


class PracticeIn(Part, Origin, Recognition, Assessment, Response, Analysis, Scanning, Identity):
    """One validated record, whatever the door it came through.

    In: a dict of the fields above (YAML, JSON, a form or a crawler's finding); vocabulary fields
    take codes, labels or alternative labels. Out: clean text, known codes, real dates and
    addresses. Raises pydantic's ValidationError, which `kb.records.service.parse` turns into
    RecordInvalid with field, rule and value. What a step of the workflow requires is checked
    apart from this, in `kb.records.rules`, because it depends on record type and door.
    """

    id: str = field(
        "Id",
        "Stable part of the record's address; made from the title when left empty.",
        max_length=100,
        searched=False,
        asked="nobody",
    )

    @classmethod
    def from_snapshot(cls, data: dict[str, Any]) -> "PracticeIn":
        """A record as stored, perhaps by an older version: fields that are gone are left out."""
        fields = cls.model_fields
        known = {name: value for name, value in data.items() if name in fields}
        return cls.model_validate(known)

    def snapshot(self) -> dict[str, Any]:
        """Everything that was filled in, as plain JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def codes(self, name: str, at_least: float = 0.5) -> list[str]:
        """Terms of a vocabulary field: those stated, then those suggested with this confidence."""
        stated = getattr(self, name)
        found = list(stated) if isinstance(stated, list) else [stated] if stated else []
        terms = FIELD[name].vocabulary
        found += [
            vocabulary(terms).current(tag.code) if terms else tag.code
            for tag in self.suggested_tags
            if tag.field_name == name and tag.confidence >= at_least
        ]
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class FieldGroup:
    """A heading of the record and of its form."""

    id: str
    title: str
    help: str


GROUPS = (
    FieldGroup("identity", "In short", "What it is, where and when."),
    FieldGroup("scanning", "Scanning", "What the problem was and how it was noticed."),
    FieldGroup("analysis", "Analysis", "Why it happened, to whom, where and when."),
    FieldGroup("response", "Response", "What was done, by whom, how and at what cost."),
    FieldGroup("assessment", "Assessment", "What happened, how it is known, and what was learnt."),
    FieldGroup("recognition", "Recognition and contacts", "Awards, people and use elsewhere."),
    FieldGroup("provenance", "Where this comes from", "Sources, licence and references."),
)

FIELDS: tuple[FieldSpec, ...] = specs_of(PracticeIn)
FIELD: dict[str, FieldSpec] = {spec.name: spec for spec in FIELDS}
