"""What librarians look for: a response to a problem for which no practice is held yet."""

from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.database import now
from kb.directory.models import Commission
from kb.errors import InputInvalid
from kb.vocabularies import vocabulary

MOST_LETTERS = 500


def commissions(session: Session) -> list[Commission]:
    """Those that are still looked for, the oldest first."""
    asked = select(Commission).where(col(Commission.settled_at).is_(None))
    return list(session.exec(asked.order_by(col(Commission.asked_at), col(Commission.id))))


def commission(
    session: Session, *, problem: str, response: str, note: str, actor: str
) -> Commission:
    """Look for practice on this problem and response; asked twice, the newer note stands.

    The caller commits. Raises InputInvalid for a code that does not exist or a note that is too
    long.
    """
    for name, code in (("problem_types", problem), ("response_types", response)):
        if code not in vocabulary(name):
            raise InputInvalid(f"Choose one of the {vocabulary(name).title.lower()} of the map.")
    note = " ".join(note.split())
    if len(note) > MOST_LETTERS:
        raise InputInvalid(f"The note is {len(note)} letters long; keep it to {MOST_LETTERS}.")
    found = session.exec(
        select(Commission).where(Commission.problem == problem, Commission.response == response)
    ).first()
    if found is None:
        found = Commission(problem=problem, response=response, asked_by=actor, asked_at=now())
    elif found.settled_at is not None:
        found.asked_by, found.asked_at, found.settled_at = actor, now(), None
    found.note = note or found.note
    session.add(found)
    session.flush()
    _audit(session, found, actor, "commission.asked")
    return found


def settle(session: Session, commission_id: int, *, actor: str) -> bool:
    """No longer look for it; False when there is no such open commission."""
    found = session.get(Commission, commission_id)
    if found is None or found.settled_at is not None:
        return False
    found.settled_at = now()
    session.add(found)
    _audit(session, found, actor, "commission.settled")
    return True


def _audit(session: Session, row: Commission, actor: str, action: str) -> None:
    note_change(
        session,
        actor=actor,
        action=action,
        subject_type="commission",
        subject_id=str(row.id),
        problem=row.problem,
        response=row.response,
        note=row.note,
    )
