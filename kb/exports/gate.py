"""What of a record may be kept, found by and passed on: text under its licence, people who agreed.

A source declares its licence once, in its directory entry. What is harvested from it passes
`storable` before it is saved, so that text which may not be kept is not there to leak; what is
indexed passes `indexable`, and what leaves the store passes `open_content`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kb.records import FIELDS, FieldSpec, Practice, PracticeIn
from kb.records.parts import Contact
from kb.vocabularies import vocabulary

BROUGHT_IN = "imported-document"  # the source of documents that an operator imports
_NOT_LISTED = "not-listed"  # code of contact_states: asked not to be listed


def _allows(licence: str | None, *what: str) -> bool:
    """Whether a licence allows all of this (flags of the vocabulary).

    No licence stated counts as not known, which is treated as all rights reserved.
    """
    terms = vocabulary("licences")
    term = terms.term(licence if licence and licence in terms else "unknown")
    return all(term.flag(flag) for flag in what)


def may_pass_on_text(licence: str | None) -> bool:
    """Whether the full text of an original under this licence may be given away."""
    return _allows(licence, "store_full", "show_summary")


def storable(content: PracticeIn, *licences: str | None) -> PracticeIn:
    """A harvested record with only what every one of these licences allows to be kept.

    The full text goes where it may not be stored and shown. Where not even a summary may be shown,
    every narrative goes too: names, dates, terms and the address stay, and the summary says so.
    """
    changes: dict[str, Any] = {}
    if content.body and not all(map(may_pass_on_text, licences)):
        changes["body"] = []
    if not all(_allows(licence, "show_summary") for licence in licences):
        changes |= {
            spec.name: told
            for spec in FIELDS
            if (told := _facts_only(spec, getattr(content, spec.name)))
            != getattr(content, spec.name)
        }
        changes["body"] = []
        changes["sections_there"] = []
        changes["summary"] = (
            "Facts and a link only: the terms of this source allow no summary of its text. "
            "Read it at its own address."
        )
    return content.model_copy(update=changes) if changes else content


def _facts_only(spec: FieldSpec, value: Any) -> Any:
    """A value without running text; rows lose the columns that hold such text."""
    if spec.kind == "text" and spec.long:
        return ""
    if spec.columns and value:
        if not isinstance(value, list):
            return _row_facts(spec.columns, value)
        return [_row_facts(spec.columns, row) for row in value]
    return value


def _row_facts(columns: Sequence[FieldSpec], row: Any) -> Any:
    running = [column.name for column in columns if column.kind == "text" and column.long]
    changes = {name: "" for name in running if getattr(row, name)}
    return row.model_copy(update=changes) if changes else row


def is_document(content: PracticeIn) -> bool:
    """Whether a record was taken whole from a document that an operator brought in."""
    return any(item.source == BROUGHT_IN for item in content.provenance)


def indexable(content: PracticeIn) -> PracticeIn:
    """The record without text that may not be cut into passages and turned into vectors.

    A document of which no licence is known, and that was brought in by whoever runs the site, was
    brought in to be searched; it is found by its text, though that is not shown whole.
    """
    unstated = content.licence in (None, "", "unknown") and is_document(content)
    allowed = unstated or _allows(content.licence, "store_full", "train_index")
    return content if allowed or not content.body else content.model_copy(update={"body": []})


def open_content(content: PracticeIn) -> PracticeIn:
    """The record without what may not be passed on.

    Out go the full text where the licence does not allow it, contacts who asked not to be listed,
    mailboxes (one writes to them through the site), and the names of people who neither agreed nor
    stand on a public page.
    """
    changes: dict[str, object] = {}
    if content.body and not may_pass_on_text(content.licence):
        changes["body"] = []
    contacts = [_open_contact(item) for item in content.contacts if item.state != _NOT_LISTED]
    if contacts != content.contacts:
        changes["contacts"] = contacts
    return content.model_copy(update=changes) if changes else content


def _open_contact(contact: Contact) -> Contact:
    named_openly = contact.consent or (contact.consent is None and contact.url)
    changes = {"mailbox": ""} if contact.mailbox else {}
    if contact.person and not named_openly:
        changes["person"] = ""
    return contact.model_copy(update=changes) if changes else contact


def open_part(practice: Practice) -> Practice:
    """A stored record with only what may be passed on."""
    content = open_content(practice.content)
    return practice if content is practice.content else replace(practice, content=content)
