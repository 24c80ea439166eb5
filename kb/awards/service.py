"""Award schemes and entries."""

from sqlmodel import Session, col, delete, select

from kb.awards.models import AwardEntry, AwardRound, AwardScheme
from kb.records.errors import FieldError
from kb.records.practice import PracticeIn


def unknown_schemes(session: Session, content: PracticeIn) -> list[FieldError]:
    """An error for each award row whose scheme is not in the directory of schemes."""
    named = {row.scheme for row in content.awards}
    if not named:
        return []
    known = set(session.exec(select(AwardScheme.id)).all())
    return [
        FieldError(
            f"awards.{number}.scheme",
            "Scheme",
            f"not a known award scheme (known: {', '.join(sorted(known)) or 'none'})",
            row.scheme,
        )
        for number, row in enumerate(content.awards, 1)
        if row.scheme not in known
    ]


def link_entries(
    session: Session, record_id: str, content: PracticeIn, *, fresh: bool = False
) -> None:
    """Make the record's entries agree with its list of awards; rounds are made as needed.

    A `fresh` record was just made, so there is nothing to replace.
    """
    if not fresh:
        session.exec(delete(AwardEntry).where(col(AwardEntry.record_id) == record_id))
    for position, row in enumerate(content.awards, 1):
        if row.year is None:
            continue
        found = session.exec(
            select(AwardRound).where(
                AwardRound.scheme_id == row.scheme, AwardRound.year == row.year
            )
        ).first()
        if found is None:
            found = AwardRound(scheme_id=row.scheme, year=row.year)
            session.add(found)
            session.flush()
        assert found.id is not None
        session.add(
            AwardEntry(
                record_id=record_id,
                position=position,
                round_id=found.id,
                level=row.level,
                category=row.category,
                problems=" ".join(content.codes("problem_types")),
                country=(content.place and content.place.country) or "",
                region=(content.place and content.place.region) or "",
            )
        )
