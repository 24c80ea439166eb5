"""What people say of a record: how useful it was to them, their notes, and where they tried it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from kb.accounts import people
from kb.trails import adoptions, usefulness
from kb.trails.access import SESSION, Viewer
from kb.trails.adoptions import Link as ChainLink
from kb.trails.models import Annotation
from web.forms import Option, options_of


@dataclass(frozen=True)
class Note:
    """One person's note that the reader may see."""

    who: str
    at: datetime
    useful: str
    why: tuple[str, ...]
    used_for: str
    text: str
    mine: bool
    seen_by: str


@dataclass(frozen=True)
class Said:
    """All of it for one record. `own` is the reader's verdict."""

    total: str
    people: int
    own: Annotation | None
    own_level: str
    levels: tuple[Option, ...]
    notes: tuple[Note, ...]
    chain: tuple[ChainLink, ...]

    @property
    def travelled(self) -> bool:
        """Whether it was tried elsewhere, or comes from elsewhere."""
        return len(self.chain) > 1


def what_people_say(session: Session, viewer: Viewer, record_id: str) -> Said:
    """What this reader may know of it. Raises RecordNotFound."""
    total = usefulness.totals(session, [record_id]).get(record_id)
    own = usefulness.verdict_of(session, viewer, record_id) if viewer.owner else None
    rows = usefulness.notes(session, viewer, record_id)
    names = people.display_names(session, [row.owner for row in rows])
    return Said(
        total=total.in_words() if total else "",
        people=total.people if total else 0,
        own=own,
        own_level=usefulness.code_of(own.useful) if own and own.useful is not None else "",
        levels=options_of("usefulness"),
        notes=tuple(_note(row, viewer, names) for row in rows),
        chain=tuple(adoptions.chain(session, record_id)),
    )


def _note(row: Annotation, viewer: Viewer, names: dict[str, str]) -> Note:
    mine = bool(viewer.owner) and row.owner == viewer.owner
    visitor = row.owner.startswith(SESSION)
    name = names[row.owner] if row.owner.startswith("account:") else "Former member"
    return Note(
        who="You" if mine else "A visitor" if visitor else name,
        at=row.at,
        useful=usefulness.code_of(row.useful) if row.useful is not None else "",
        why=tuple(row.why),
        used_for=row.used_for or "",
        text=row.note,
        mine=mine,
        seen_by=row.visibility,
    )
