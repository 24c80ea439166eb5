"""What of a record may leave the store: text under its licence, and people who agreed."""

from dataclasses import replace

from kb.records import Practice, PracticeIn
from kb.records.parts import Contact
from kb.vocabularies import vocabulary

_NOT_LISTED = "not-listed"  # code of contact_states: asked not to be listed


def may_pass_on_text(licence: str | None) -> bool:
    """Whether the full text of an original under this licence may be given away.

    No licence stated counts as not known, which is treated as all rights reserved.
    """
    terms = vocabulary("licences")
    term = terms.term(licence if licence and licence in terms else "unknown")
    return term.flag("store_full") and term.flag("show_summary")


def open_content(content: PracticeIn) -> PracticeIn:
    """The record without what may not be passed on.

    Out go the full text where the licence does not allow it, contacts who asked not to be listed,
    and the names of people who neither agreed nor stand on a public page.
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
    if contact.person and not named_openly:
        return contact.model_copy(update={"person": ""})
    return contact


def open_part(practice: Practice) -> Practice:
    """A stored record with only what may be passed on."""
    content = open_content(practice.content)
    return practice if content is practice.content else replace(practice, content=content)
