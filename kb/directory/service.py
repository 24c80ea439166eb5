"""The directory of sources, organisations and people."""

from datetime import date

from sqlmodel import Session, col, delete, select

from kb.audit import note_change
from kb.database import now
from kb.directory.models import (
    Organisation,
    Person,
    RecordContact,
    RecordOrganisation,
    RecordPerson,
    Source,
    SourceRun,
)
from kb.records.identity import name_key
from kb.records.practice import PracticeIn

MOST_NOTE = 500
"""Letters of a note on what came of going through a source."""


def sources(session: Session) -> list[Source]:
    """Every source, those of the 2009 paper first in its order, then by title."""
    found = session.exec(select(Source)).all()
    return sorted(found, key=lambda s: (s.entry.get("number") or 10_000, s.title.casefold()))


def source(session: Session, source_id: str) -> Source | None:
    """The source with this id."""
    return session.get(Source, source_id)


def tick(
    session: Session, source_id: str, *, actor: str, note: str = "", day: date | None = None
) -> Source | None:
    """Note that a person went through a source by hand, and what came of it; None if unknown."""
    found = session.get(Source, source_id)
    if found is None:
        return None
    found.ticked_on, found.ticked_by = day or now().date(), actor
    found.ticked_note = " ".join(note.split())[:MOST_NOTE]
    session.add(found)
    note_change(
        session,
        actor=actor,
        action="source.ticked",
        subject_type="source",
        subject_id=source_id,
        note=found.ticked_note,
    )
    return found


def last_run(session: Session, source_id: str) -> SourceRun | None:
    """The newest run of a source, finished or not."""
    return session.exec(
        select(SourceRun)
        .where(SourceRun.source_id == source_id)
        .order_by(col(SourceRun.id).desc())
        .limit(1)
    ).first()


def runs(session: Session, source_id: str, most: int = 10) -> list[SourceRun]:
    """The newest runs of a source, newest first."""
    found = session.exec(
        select(SourceRun)
        .where(SourceRun.source_id == source_id)
        .order_by(col(SourceRun.id).desc())
        .limit(most)
    )
    return list(found)


def link_people(
    session: Session, record_id: str, content: PracticeIn, *, fresh: bool = False
) -> None:
    """Make the record's contacts and links to organisations and people agree with its content.

    A `fresh` record was just made, so there is nothing to replace.
    """
    if not fresh:
        for table in (RecordContact, RecordOrganisation, RecordPerson):
            session.exec(delete(table).where(col(table.record_id) == record_id))
    for position, item in enumerate(content.contacts, 1):
        session.add(
            RecordContact(
                record_id=record_id,
                position=position,
                role=item.role,
                organisation=item.organisation,
                mailbox=item.mailbox,
                verified_on=item.verified_on,
                state=item.state or "",
                offers=list(item.help_offers),
            )
        )
    bodies: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for partner in content.partners:
        for role in partner.roles or ["partner"]:
            bodies[(name_key(partner.organisation), role)] = (
                partner.organisation,
                partner.sectors,
            )
    for contact in content.contacts:
        bodies[(name_key(contact.organisation), "contact")] = (contact.organisation, [])
    for name, role in (
        (content.contributor_organisation, "contributor"),
        (content.publisher, "publisher"),
    ):
        bodies[(name_key(name), role)] = (name, [])
    for (key, role), (name, sectors) in bodies.items():
        if key:
            body = _organisation(session, key, name, sectors)
            session.add(RecordOrganisation(record_id=record_id, organisation_id=body, role=role))
    people = {(name_key(name), "author"): name for name in content.authors}
    people.update(
        {
            (name_key(contact.person), "contact"): contact.person
            for contact in content.contacts
            if contact.consent
        }
    )
    for (key, role), name in people.items():
        if key:
            session.add(
                RecordPerson(record_id=record_id, person_id=_person(session, key, name), role=role)
            )


def _organisation(session: Session, key: str, name: str, sectors: list[str]) -> int:
    found = session.exec(select(Organisation).where(Organisation.name_key == key)).first()
    if found is None:
        found = Organisation(name=name, name_key=key, sectors=list(sectors))
        session.add(found)
        session.flush()
    elif set(sectors) - set(found.sectors):
        found.sectors = list(dict.fromkeys([*found.sectors, *sectors]))
        session.add(found)
    assert found.id is not None
    return found.id


def _person(session: Session, key: str, name: str) -> int:
    found = session.exec(select(Person).where(Person.name_key == key)).first()
    if found is None:
        found = Person(name=name, name_key=key)
        session.add(found)
        session.flush()
    assert found.id is not None
    return found.id
