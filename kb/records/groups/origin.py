"""Where the record comes from and what it rests on."""

from kb.records.definition import Group, field
from kb.records.parts import Body, Fact, Provenance, Reference, SecondCheck, SuggestedTag
from kb.records.values import WebAddress


class Origin(Group):
    """Where the record comes from and what it rests on."""

    GROUP = "provenance"

    provenance: list[Provenance] = field("Where this came from", default=[], asked="curators")
    licence: str | None = field(
        "Licence of the original",
        ("What others may do with your text. Open Government or CC BY lets them use it."),
        default=None,
        vocabulary="licences",
    )
    read: str | None = field(
        "What was read for this record", default=None, vocabulary="read_depths", asked="curators"
    )
    references: list[Reference] = field(
        "References", "Works that the figures come from.", default=[], numbered=True
    )
    facts: list[Fact] = field(
        "Figures and where they come from", default=[], max_length=400, asked="curators"
    )
    second_checks: list[SecondCheck] = field(
        "Checked by a second person", default=[], asked="curators"
    )
    body: list[Body] = field("Text", default=[], max_length=2000, section="text", asked="nobody")
    sections_there: list[str] = field(
        "Chapters of the original", default=[], searched=False, asked="nobody"
    )
    suggested_tags: list[SuggestedTag] = field("Suggested terms", default=[], asked="nobody")
    contributor_organisation: str = field(
        "Sent in by", "Your team or body.", example="Marsh Lane Council, community safety team"
    )
    on_behalf_of: str = field(
        "On behalf of",
        "If you send it in for somebody else.",
        example="Marsh Lane Community Safety Partnership",
    )
    endorser: str = field(
        "Endorsed by",
        "Name and role of a senior person who stands behind it.",
        example="Chief superintendent, Marsh Lane division",
    )
    website: WebAddress = field(
        "Website", "Where more can be read.", example="https://www.example.org/alley-gates"
    )
