"""'We tried it too': proposals, their acceptance by a librarian, and chains of replication."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from kb.alerts import news
from kb.audit import note_change
from kb.database import now
from kb.errors import KbError
from kb.records import service as records
from kb.records.errors import EditConflict, RecordInvalid, RecordNotFound
from kb.records.parts import Adoption
from kb.records.practice import PracticeIn
from kb.records.rules import COLLECTED, edit_door
from kb.trails.access import account_owner
from kb.trails.entries import checked, invalid
from kb.trails.errors import ProposalDecided
from kb.trails.models import AdoptionProposal
from kb.trails.shown import shown_records

_MAX_CHAIN = 200


def propose(session: Session, account_id: object, record_id: str, adoption: dict[str, Any]) -> int:
    """Send in that a practice was tried elsewhere; returns the proposal's id.

    Who and where are needed. Raises EntryInvalid, RecordNotFound.
    """
    entry = checked(Adoption, adoption)
    for name in ("who", "where"):
        if not getattr(entry, name):
            raise invalid(name, name.capitalize(), "required")
    if record_id not in shown_records(session, [record_id]):
        raise RecordNotFound(record_id)
    if entry.record and entry.record not in shown_records(session, [entry.record]):
        raise invalid("record", "Its own record", "there is no such record", entry.record[:120])
    row = AdoptionProposal(
        record_id=record_id,
        proposer=account_owner(account_id),
        adoption=entry.model_dump(mode="json", exclude_defaults=True),
        proposed_at=now(),
    )
    session.add(row)
    session.flush()
    _audit(session, row, row.proposer, "adoption.proposed")
    assert row.id is not None
    return row.id


def waiting(session: Session) -> list[AdoptionProposal]:
    """Proposals that nobody has decided yet, oldest first; for librarians."""
    return list(
        session.exec(
            select(AdoptionProposal)
            .where(AdoptionProposal.state == "proposed")
            .order_by(col(AdoptionProposal.id))
        )
    )


def accept(session: Session, proposal_id: int, librarian: object) -> bool:
    """Take a proposal as true; returns whether it is now a row of the record itself.

    A record that lacks what an edit must fill in (most collected from other sites) keeps the
    adoption beside it, where `chain` shows it all the same. Raises ProposalDecided, RecordNotFound.
    """
    row = _undecided(session, proposal_id)
    practice = records.get(session, row.record_id)
    adoption = Adoption.model_validate(row.adoption)
    row.in_record = adoption in practice.content.adoptions or _written(
        session, practice, adoption, account_owner(librarian)
    )
    _decide(session, row, "accepted", librarian)
    return row.in_record


def _written(
    session: Session, practice: records.Practice, adoption: Adoption, librarian: str
) -> bool:
    """Whether the adoption could be saved into the record."""
    if practice.door in COLLECTED:
        return False  # saving by these doors means a new reading of the source, not an edit
    content = PracticeIn.from_snapshot(
        {
            **practice.content.snapshot(),
            "id": practice.id,
            "adoptions": [*practice.content.adoptions, adoption],
        }
    )
    try:
        records.save(
            session,
            content,
            door=edit_door(practice.door),
            actor=librarian,
            state=practice.state,
            expected_version=practice.version,
            note="adoption accepted",
        )
    except (RecordInvalid, EditConflict):
        return False
    return True


def decline(session: Session, proposal_id: int, librarian: object, reason: str) -> None:
    """Turn a proposal down, with the reason its sender is told. Raises ProposalDecided."""
    if not reason.strip():
        raise invalid("reason", "Reason", "say why, so that the sender can put it right")
    row = _undecided(session, proposal_id)
    row.reason = checked(Adoption, {"note": reason}).note
    _decide(session, row, "declined", librarian)


def proposal(session: Session, proposal_id: int) -> AdoptionProposal | None:
    """One proposal, decided or not; None when there is none."""
    return session.get(AdoptionProposal, proposal_id)


def _undecided(session: Session, proposal_id: int) -> AdoptionProposal:
    row = session.exec(
        select(AdoptionProposal)
        .where(AdoptionProposal.id == proposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise KbError(f"There is no proposal {proposal_id}. Look at the list of those waiting.")
    if row.state != "proposed":
        raise ProposalDecided(f"Proposal {proposal_id} was {row.state} before; nothing changed.")
    return row


def _decide(session: Session, row: AdoptionProposal, state: str, librarian: object) -> None:
    row.state, row.decided_at, row.decided_by = state, now(), account_owner(librarian)
    session.add(row)
    session.flush()
    proposer = row.proposer.removeprefix(account_owner(""))
    if proposer != row.proposer:
        path = f"/records/{row.record_id}"
        news.tell(session, proposer, f"tried-{state}", path, detail=row.reason)
    _audit(session, row, row.decided_by, f"adoption.{state}")


def _audit(session: Session, row: AdoptionProposal, actor: str, action: str) -> None:
    note_change(
        session,
        actor=actor,
        action=action,
        subject_type="record",
        subject_id=row.record_id,
        proposal=row.id,
    )


def adoptions(session: Session, practice: records.Practice) -> list[Adoption]:
    """Every accepted use elsewhere: rows of the record, then those kept beside it."""
    rows = list(practice.content.adoptions)
    beside = session.exec(
        select(AdoptionProposal)
        .where(
            AdoptionProposal.record_id == practice.id,
            AdoptionProposal.state == "accepted",
            col(AdoptionProposal.in_record).is_(False),
        )
        .order_by(col(AdoptionProposal.id))
    )
    for row in beside:
        adoption = Adoption.model_validate(row.adoption)
        if adoption not in rows:
            rows.append(adoption)
    return rows


@dataclass(frozen=True)
class Link:
    """One step of a chain: `depth` 0 is the record itself, below it what took it over.

    What the record was taken over from has a negative depth. `adoption` is None where only the
    records themselves name each other.
    """

    depth: int
    record: str
    title: str
    adoption: Adoption | None


def chain(session: Session, record_id: str) -> list[Link]:
    """How a practice travelled: where it came from, the record, and who tried it since.

    Names only records that everybody may see. Raises RecordNotFound.
    """
    practice = _visible(session, record_id)
    if practice is None:
        raise RecordNotFound(record_id)
    seen: set[str] = set()
    before = _origins(session, practice, -1, seen)
    return [*before, *_uses(session, practice, 0, seen)]


def _visible(session: Session, record_id: str) -> records.Practice | None:
    try:
        practice = records.get(session, record_id)
    except RecordNotFound:
        return None
    return practice if practice.visible else None


def _origins(
    session: Session, practice: records.Practice, depth: int, seen: set[str]
) -> list[Link]:
    links: list[Link] = []
    for origin in practice.content.replicates:
        older = _visible(session, origin)
        if older is None or origin in seen or origin == practice.id or len(seen) >= _MAX_CHAIN:
            continue
        seen.add(origin)
        links += [
            *_origins(session, older, depth - 1, seen),
            Link(depth, origin, older.content.title, None),
        ]
    return links


def _uses(session: Session, practice: records.Practice, depth: int, seen: set[str]) -> list[Link]:
    seen.add(practice.id)
    links = [Link(depth, practice.id, practice.content.title, None)] if depth == 0 else []
    for adoption in adoptions(session, practice):
        own = _visible(session, adoption.record) if adoption.record else None
        shown = adoption if own else adoption.model_copy(update={"record": ""})
        title = own.content.title if own else ""
        links.append(Link(depth + 1, own.id if own else "", title, shown))
        if own and own.id not in seen and len(seen) < _MAX_CHAIN:
            links += _uses(session, own, depth + 1, seen)
    return links
