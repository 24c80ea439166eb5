"""Awards, people and use elsewhere."""

from kb.records.definition import Group, field
from kb.records.parts import Adoption, Award, Contact


class Recognition(Group):
    """Awards, people and use elsewhere."""

    GROUP = "recognition"

    awards: list[Award] = field("Awards", "One row for each entry.", default=[])
    recognised_by: list[str] = field(
        "Recognised by",
        "Bodies that named it as good practice.",
        default=[],
        vocabulary="recognised_by",
    )
    contacts: list[Contact] = field(
        "Contacts", "A team mailbox and a role: people move on.", default=[]
    )
    adoptions: list[Adoption] = field("Tried elsewhere", default=[], asked="curators")
