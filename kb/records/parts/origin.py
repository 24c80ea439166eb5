"""Rows of the group `provenance`: where the record comes from and what its facts rest on."""

from kb.records.definition import Part, field
from kb.records.values import PartialDate, WebAddress


class Provenance(Part):
    """One place the record came from."""

    source: str = field("Source", "Id of a source in the directory.", example="pop-datasets")
    external_id: str = field("Its id there", max_length=200)
    title: str = field("Its title there")
    original_url: WebAddress = field("Address", "Where the original stands or stood.")
    document_url: WebAddress = field("Document", "Address of the full document.")
    memento_url: WebAddress = field("Archived copy")
    captured_on: PartialDate = field("Captured on")
    content_hash: str = field("Content hash", "SHA-256 of what was read.", max_length=64)
    harvest_kind: str | None = field("How it came in", default=None, vocabulary="harvest_kinds")
    format: str | None = field("Format", default=None, vocabulary="formats")


class Reference(Part):
    """A work that facts in the record rest on."""

    citation: str = field(
        "Citation",
        "Author or body, year, title, where published.",
        example="Marsh Lane Council (2006) Alley gates: two years on. Marsh Lane.",
    )
    url: WebAddress = field(
        "Address", "Where it can be read.", example="https://www.example.org/report.pdf"
    )
    doi: str = field("DOI", "Without https://doi.org/.", max_length=200, example="10.1000/example")
    kind: str | None = field(
        "Kind", "What sort of work.", default=None, vocabulary="reference_kinds"
    )
    read: str | None = field(
        "How much of it was read",
        "By whoever wrote this record.",
        default=None,
        vocabulary="read_depths",
    )
    read_on: PartialDate = field("Read on", "When it was read.", example="2025-03")
    licence: str | None = field("Licence", "As printed in it.", default=None, vocabulary="licences")


class Fact(Part):
    """A figure or claim in the record and where exactly it comes from."""

    statement: str = field("Fact", "The figure or claim as the record states it.", words=60)
    reference: int | None = field(
        "Reference number", "Position in the list of references, from 1.", default=None, ge=1
    )
    passage: str = field("Where in it", "Page, table, section or heading.")
    checked_on: PartialDate = field("Checked on")
    check_note: str = field("What the check found")


class SecondCheck(Part):
    """A check of the record against its sources by somebody who did not write it."""

    checked_on: PartialDate = field("Checked on")
    sources_read: str = field("Read again", "Which references, and how much of each.", words=60)
    facts_checked: int | None = field("Facts checked", default=None, ge=0)
    facts_wrong: int | None = field("Facts that were wrong", default=None, ge=0)
    corrections: str = field("What was corrected", words=120)


class Body(Part):
    """A stretch of the full text of a document that may be stored."""

    heading: str = field("Heading")
    text: str = field("Text", max_length=2_000_000)
    url: WebAddress = field("Address")


class SuggestedTag(Part):
    """A term that fits by rule, not yet confirmed by a person."""

    field_name: str = field("Field", example="problem_types")
    code: str = field("Term")
    confidence: float = field("Confidence (0 to 1)", default=0.5, ge=0, le=1)
    because: str = field("Because", "What in the text led to it.")
