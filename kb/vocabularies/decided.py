"""What the vocabulary desk decided: its changes in the store, written out for every process."""

from typing import Any

from sqlmodel import Session, col, select

from kb import jobs
from kb.database import session_scope
from kb.vocabularies import published
from kb.vocabularies.changes import TermChange

THESAURUS = "thesaurus"
"""The vocabulary that a change of a synonym names."""


def changes(session: Session, state: str, vocabulary_id: str = "") -> list[TermChange]:
    """Changes in this state, newest first."""
    asked = select(TermChange).where(TermChange.state == state)
    if vocabulary_id:
        asked = asked.where(TermChange.vocabulary == vocabulary_id)
    return list(session.exec(asked.order_by(col(TermChange.id).desc())).all())


def accepted(session: Session) -> dict[str, Any]:
    """What counts: terms by vocabulary and code, and synonyms."""
    terms: dict[str, dict[str, Any]] = {}
    synonyms: list[dict[str, Any]] = []
    for row in reversed(changes(session, "accepted")):
        if row.vocabulary == THESAURUS:
            synonyms.append({key: value for key, value in row.data.items() if key != "code"})
        else:
            terms.setdefault(row.vocabulary, {})[row.code] = dict(row.data)
    return {"terms": terms, "synonyms": synonyms}


def publish() -> None:
    """Write out what is decided, for every process to read; the index follows at its next sync."""
    with session_scope() as session:
        held = accepted(session)
    if any(held.values()) or published.file().exists():
        published.write(held)


def queue_index(session: Session) -> None:
    """Have the index brought up to date after a decision."""
    jobs.index_soon(session)
