"""Two people's words for the same field side by side, and the choice between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.curation.sections import FormSection
from kb.curation.threeway import Clash
from web.context import BaseContext
from web.entry_view import told
from web.forms import Posted

PICK = "pick:"
"""What a choice is posted under, before the name of its field."""


@dataclass(frozen=True)
class ClashView:
    """One field, in words: as it was, as I wrote it and as the other did."""

    name: str
    title: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class ClashContext(BaseContext):
    """What two people wrote in the same fields; the rest of a form goes along hidden."""

    clashes: tuple[ClashView, ...]
    action: str
    hidden: tuple[tuple[str, str], ...]
    lead: str
    button: str
    keep_mine: str = "Keep what I wrote"
    keep_theirs: str = "Keep what was saved meanwhile"


def clash_views(clashes: Sequence[Clash]) -> tuple[ClashView, ...]:
    """Clashes as a page shows them."""
    return tuple(
        ClashView(
            f"{PICK}{clash.spec.name}",
            clash.spec.title,
            told(clash.spec, {clash.spec.name: clash.base}),
            told(clash.spec, {clash.spec.name: clash.mine}),
            told(clash.spec, {clash.spec.name: clash.theirs}),
        )
        for clash in clashes
    )


def chosen(section: FormSection, form: Posted, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the fields for which the other's words were chosen."""
    return {
        spec.name: stored.get(spec.name)
        for spec in section.fields
        if form.text(f"{PICK}{spec.name}") == "theirs"
    }
