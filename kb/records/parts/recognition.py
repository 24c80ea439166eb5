"""Rows of the group `recognition`: awards, who can be asked, who tried it too."""

from kb.records.definition import Part, field
from kb.records.values import PartialDate, WebAddress


class Award(Part):
    """One entry in one round of an award scheme."""

    scheme: str = field("Scheme", "Id of an award scheme.", example="goldstein", searched=False)
    year: int | None = field(
        "Year", "Of the round.", default=None, ge=1900, le=2100, example="2006"
    )
    category: str = field(
        "Category", "As the scheme calls it.", example="Crime and disorder reduction"
    )
    level: str | None = field(
        "Level reached", "How far it got.", default=None, vocabulary="award_levels"
    )
    judge_comment: str = field(
        "Judges' comment",
        "Only what was published.",
        words=100,
        example="Strong analysis; more could be said of upkeep.",
    )
    entry_url: WebAddress = field(
        "Entry", "Address of the entry as submitted.", example="https://www.example.org/entry.pdf"
    )


class Contact(Part):
    """Who can be asked: a role first, a person only with consent."""

    role: str = field("Role", "Not a name.", example="Community safety manager")
    organisation: str = field("Organisation", "Its full name.", example="Marsh Lane Council")
    mailbox: str = field(
        "Team mailbox",
        "A shared one that outlives people.",
        max_length=254,
        searched=False,
        example="community.safety@example.org",
    )
    person: str = field(
        "Person",
        "Only with their consent, or as named in a public source.",
        searched=False,
        example="Pat Example",
    )
    verified_on: PartialDate = field(
        "Last confirmed", "When somebody last made sure.", example="2025-03"
    )
    state: str | None = field(
        "State", "Whether it still answers.", default=None, vocabulary="contact_states"
    )
    consent: bool | None = field(
        "Has agreed to be listed", "Whether the person said yes to being named.", default=None
    )
    help_offers: list[str] = field(
        "Help offered", "All that they offer.", default=[], vocabulary="help_offers"
    )
    url: WebAddress = field(
        "Web page", "Page that names the contact.", example="https://www.example.org/contact"
    )
    note: str = field("Note", "Hours, limits.", example="Answers within a week")


class Adoption(Part):
    """'We tried it too': somebody else's use of this practice."""

    who: str = field("Who")
    where: str = field("Where")
    started: PartialDate = field("From")
    adapted: str = field("What was adapted", words=80)
    direction: str | None = field("Result", default=None, vocabulary="directions")
    record: str = field("Its own record", "Id of the record that tells it, if there is one.")
    note: str = field("Note")
