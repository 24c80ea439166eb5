"""Rules about people: whom the texts name, and whether the contacts can be shown and asked."""

from kb.curation.checks.rule import Found, Rule, Seen
from kb.exports.gate import is_document
from kb.imports import showing
from kb.personal_details import personal_details
from kb.records.practice import FIELDS, PracticeIn

_NAMES_ASKED = ("contacts", "references", "body", "provenance", "awards", "facts", "endorser")


def _texts(content: PracticeIn) -> list[tuple[str, str]]:
    """Every text of the record that people wrote, after its field; not where names are asked."""
    found: list[tuple[str, str]] = []
    for spec in FIELDS:
        if spec.name in _NAMES_ASKED:
            continue
        value = getattr(content, spec.name)
        rows = value if spec.kind == "rows" else [value] if spec.kind == "row" and value else []
        found += [
            (spec.name, text)
            for row in rows
            for column in spec.columns
            if isinstance(text := getattr(row, column.name), str)
        ]
        if spec.kind == "text":
            found.append((spec.name, value))
    return found


def _person(content: PracticeIn) -> Found:
    for name, text in _texts(content):
        if told := next(personal_details(text), ""):
            return Seen(told, name)
    return False


def _document(content: PracticeIn) -> Found:
    return showing.told(showing.details_of(content)) if is_document(content) else ""


def _named_contact(content: PracticeIn) -> Found:
    return ", ".join(row.person for row in content.contacts if row.person and not row.consent)


def _no_mailbox(content: PracticeIn) -> Found:
    return bool(content.contacts) and not any(r.mailbox or r.url for r in content.contacts)


RULES: tuple[Rule, ...] = (
    Rule(
        "person",
        "warning",
        "",
        "It may name a person or give a private address or number",
        "What is published stays findable. Write roles instead, unless the name is public already.",
        _person,
        cases_only=False,
    ),
    Rule(
        "document-people",
        "warning",
        "",
        "The document it was taken from names people",
        "Its authors and its text are shown with it. Ask them, or take their names out.",
        _document,
        cases_only=False,
    ),
    Rule(
        "contact-consent",
        "warning",
        "contacts",
        "A contact is named without saying that they agreed",
        "Names are shown only with consent. Tick that they agreed, or give a role only.",
        _named_contact,
        cases_only=False,
    ),
    Rule(
        "contact-mailbox",
        "information",
        "contacts",
        "No contact has a team mailbox or web page",
        "People move on within two years; a team mailbox stays.",
        _no_mailbox,
        cases_only=False,
    ),
)
