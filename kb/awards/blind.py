"""Keeping entries nameless: what a judge reads says neither who entered nor where it was."""

import re
from collections.abc import Iterable

from kb.records.practice import PracticeIn

HIDDEN = "[name hidden]"
_SHORT = 3  # a shorter name would hide ordinary words


def names_in(content: PracticeIn, extra: Iterable[str] = ()) -> list[str]:
    """The people, organisations and places that an entry names, longest first."""
    found = [
        *extra,
        *content.authors,
        content.publisher,
        content.endorser,
        content.contributor_organisation,
        content.on_behalf_of,
        *(row.organisation for row in content.partners),
        *(name for row in content.contacts for name in (row.person, row.organisation)),
    ]
    if content.place is not None:
        place = content.place
        found += [place.name, *place.name.split(","), place.local_authority, place.police_force]
        found.append(place.region)
    names = {name.strip() for name in found if name and len(name.strip()) >= _SHORT}
    return sorted(names, key=lambda name: (-len(name), name))


def hidden(text: str, names: Iterable[str]) -> str:
    """The text with each of these names, whatever its case, put out of sight."""
    wanted = [r"\b" + re.escape(name) + r"(?!\w)" for name in names if name[:1].isalnum()]
    if not wanted:
        return text
    return re.sub("|".join(wanted), HIDDEN, text, flags=re.IGNORECASE)
