"""Read-only lists that pages need: titles, awards by round, organisations.

Each counts only records that everybody may see.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from kb.awards.models import AwardEntry, AwardRound, AwardScheme
from kb.directory.models import Organisation, RecordOrganisation, Source
from kb.records.models import Record
from kb.vocabularies import vocabulary


def seen_by_all() -> ColumnElement[bool]:
    """The condition that a record is shown to everybody."""
    states = [term.code for term in vocabulary("workflow_states") if term.flag("seen_by_all")]
    return and_(col(Record.state).in_(states), col(Record.restricted).is_(False))


def record_dates(session: Session) -> list[tuple[str, datetime]]:
    """Id and last change of every shown record, by id."""
    rows = session.exec(
        select(Record.id, Record.updated_at).where(seen_by_all()).order_by(col(Record.id))
    )
    return [(record_id, changed) for record_id, changed in rows]


def titles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Titles of those of these records that everybody may see."""
    if not ids:
        return {}
    rows = session.exec(
        select(Record.id, Record.title).where(col(Record.id).in_(ids), seen_by_all())
    )
    return dict(rows.all())


def source_titles(session: Session) -> dict[str, str]:
    """Title of every source by its id."""
    return dict(session.exec(select(Source.id, Source.title)).all())


def scheme_titles(session: Session) -> dict[str, str]:
    """Title of every award scheme by its id."""
    return dict(session.exec(select(AwardScheme.id, AwardScheme.title)).all())


def schemes(session: Session) -> list[AwardScheme]:
    """Every award scheme, by title."""
    return sorted(session.exec(select(AwardScheme)).all(), key=lambda s: s.title.casefold())


def scheme(session: Session, scheme_id: str) -> AwardScheme | None:
    """One award scheme."""
    return session.get(AwardScheme, scheme_id)


def rounds(session: Session, scheme_id: str = "") -> list[tuple[str, int]]:
    """Scheme and year of each round with entries that everybody may see, newest first."""
    asked = (
        select(AwardRound.scheme_id, AwardRound.year)
        .join(AwardEntry, col(AwardEntry.round_id) == AwardRound.id)
        .join(Record, col(Record.id) == AwardEntry.record_id)
        .where(seen_by_all())
        .distinct()
        .order_by(col(AwardRound.year).desc(), col(AwardRound.scheme_id))
    )
    if scheme_id:
        asked = asked.where(AwardRound.scheme_id == scheme_id)
    return list(session.exec(asked))


@dataclass(frozen=True)
class Winner:
    """A winning entry of some round."""

    record_id: str
    title: str
    scheme: str
    year: int


def winners(session: Session, count: int) -> list[Winner]:
    """The newest winning entries."""
    rows = session.exec(
        select(Record.id, Record.title, AwardRound.scheme_id, AwardRound.year)
        .join(AwardEntry, col(AwardEntry.record_id) == Record.id)
        .join(AwardRound, col(AwardRound.id) == AwardEntry.round_id)
        .where(AwardEntry.level == "winner", seen_by_all())
        .order_by(col(AwardRound.year).desc(), col(Record.title))
        .limit(count)
    )
    return [Winner(*row) for row in rows]


@dataclass(frozen=True)
class Body:
    """An organisation with how many shown records name it, and in which parts."""

    id: int
    name: str
    sectors: tuple[str, ...]
    records: int
    roles: tuple[str, ...]


def organisations(session: Session, ids: Collection[str] | None = None) -> list[Body]:
    """Every organisation named in a shown record, or in one of these, by name."""
    wanted = None if ids is None else set(ids)
    named = session.exec(
        select(
            RecordOrganisation.organisation_id,
            RecordOrganisation.role,
            RecordOrganisation.record_id,
        )
        .join(Record, col(Record.id) == RecordOrganisation.record_id)
        .where(seen_by_all())
    )
    roles: dict[int, set[str]] = {}
    records: dict[int, set[str]] = {}
    for number, role, record_id in named:
        if wanted is None or record_id in wanted:
            roles.setdefault(number, set()).add(role)
            records.setdefault(number, set()).add(record_id)
    # Apart from where they are named, so that each is read once.
    bodies = session.exec(select(Organisation.id, Organisation.name, Organisation.sectors))
    made = [
        Body(number, name, tuple(sectors), len(records[number]), tuple(sorted(roles[number])))
        for number, name, sectors in bodies
        if number in records
    ]
    return sorted(made, key=lambda item: item.name.casefold())
