"""Keeping the pairs that were found, and remembering which are no duplicates."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.database import now
from kb.duplicates.models import DuplicatePair
from kb.errors import InputInvalid
from kb.records.models import Record
from kb.records.sameness import Sameness

LOOK = "duplicates.look"
"""The job that looks through the store for pairs."""

GONE = ("withdrawn", "superseded")
"""States of records that are not compared any more."""


@dataclass(frozen=True)
class FoundPair:
    """Two records and how they stand to each other."""

    one_id: str
    other_id: str
    sameness: Sameness


class ReasonMissing(InputInvalid):
    """A decision was given without its reason; the next reviewer would not know why."""


def ordered(one_id: str, other_id: str) -> tuple[str, str]:
    """The two ids as a pair is kept under."""
    return (one_id, other_id) if one_id < other_id else (other_id, one_id)


def keep_found(session: Session, found: Iterable[FoundPair]) -> int:
    """Keep what a look through the store found; how many pairs are new.

    Pairs that people decided about stay decided; open ones not found any more go.
    """
    known = {(row.one_id, row.other_id): row for row in session.exec(select(DuplicatePair))}
    new = 0
    for pair in found:
        key = ordered(pair.one_id, pair.other_id)
        row = known.pop(key, None)
        if row is None:
            row = DuplicatePair(one_id=key[0], other_id=key[1], level="", score=0, found_at=now())
            new += 1
        row.level, row.score = pair.sameness.level, pair.sameness.score
        row.reasons = list(pair.sameness.reasons)
        session.add(row)
    for row in known.values():
        if row.state == "open":
            session.delete(row)
    session.flush()
    return new


def pairs(session: Session, state: str = "open") -> list[DuplicatePair]:
    """The pairs in this state whose records are both still there, surest first."""
    rows = session.exec(
        select(DuplicatePair)
        .where(DuplicatePair.state == state)
        .order_by(col(DuplicatePair.score).desc(), col(DuplicatePair.one_id))
    ).all()
    ids = {name for row in rows for name in (row.one_id, row.other_id)}
    there = set()
    names = sorted(ids)
    for start in range(0, len(names), 500):
        there |= set(
            session.exec(
                select(Record.id).where(
                    col(Record.id).in_(names[start : start + 500]),
                    col(Record.state).not_in(GONE if state == "open" else ("",)),
                )
            )
        )
    return [row for row in rows if row.one_id in there and row.other_id in there]


def different(session: Session) -> set[tuple[str, str]]:
    """The pairs that were judged not to be duplicates."""
    rows = session.exec(
        select(DuplicatePair.one_id, DuplicatePair.other_id).where(
            DuplicatePair.state == "different"
        )
    )
    return {(one, other) for one, other in rows}


def mark_different(
    session: Session, one_id: str, other_id: str, *, reason: str, actor: str
) -> None:
    """Remember that two records are not duplicates. Raises ReasonMissing, InputInvalid."""
    reason = " ".join(reason.split())[:1000]
    if not reason:
        raise ReasonMissing("Say why they are different; the next reviewer will want to know.")
    key = ordered(one_id, other_id)
    row = session.get(DuplicatePair, key)
    if row is None:
        if session.get(Record, one_id) is None or session.get(Record, other_id) is None:
            raise InputInvalid("One of the two records is not there.")
        row = DuplicatePair(
            one_id=key[0], other_id=key[1], level="possible", score=0, found_at=now()
        )
    row.state, row.note, row.decided_by, row.decided_at = "different", reason, actor, now()
    session.add(row)
    note_change(
        session,
        actor=actor,
        action="duplicates.different",
        subject_type="record",
        subject_id=key[0],
        other=key[1],
        reason=reason,
    )
    session.flush()


def reopen(session: Session, one_id: str, other_id: str, *, actor: str) -> None:
    """Forget the decision that two records are different."""
    key = ordered(one_id, other_id)
    row = session.get(DuplicatePair, key)
    if row is None or row.state != "different":
        return
    row.state, row.note, row.decided_by, row.decided_at = "open", "", "", None
    session.add(row)
    note_change(
        session,
        actor=actor,
        action="duplicates.reopened",
        subject_type="record",
        subject_id=key[0],
        other=key[1],
    )
    session.flush()
