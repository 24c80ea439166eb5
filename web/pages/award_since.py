"""What happened since an award: use elsewhere, how it stands now, who names it, and the like of it.

Only what records tell is shown; that nothing is known is said, and is not bad news.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import String, cast
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from index.related import related
from kb.awards.models import AwardEntry, AwardRound
from kb.database import session_scope
from kb.errors import KbError
from kb.records import FIELD, PracticeIn
from kb.records.models import Record
from kb.records.text import shown
from web import listings, urls
from web.context import BaseContext, Link, render
from web.disclosure import shown_record
from web.labels import Labels, award_level

router = APIRouter()

_CANDIDATES, _SHOWN = 40, 6
_TOLD = {
    "replicates": "says that it repeats this",
    "parent": "is part of it",
    "related": "names it as related",
}


@dataclass(frozen=True)
class Use:
    """Somebody else's use of the practice."""

    who: str
    result: str
    note: str
    record: Link | None


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The record's awards and all that is known to have followed."""

    record: Link
    tried: str
    awards: tuple[Link, ...]
    status: str
    status_as_of: str
    uses: tuple[Use, ...]
    naming: tuple[Link, ...]
    similar: tuple[Link, ...]


@router.get("/records/{record_id}/since")
def since(request: Request, record_id: str) -> Response:
    """The page of one record; also for entries that did not win."""
    with session_scope() as session:
        practice = shown_record(session, record_id)
        content = practice.content
        labels = Labels.read(session)
        own = listings.titles(session, [row.record for row in content.adoptions if row.record])
        naming = tuple(_naming(session, record_id))
        similar = _similar(session, record_id, labels)
    context = Context(
        title="What happened since",
        description=f"What is known to have followed from {content.title}.",
        canonical=urls.absolute(request, urls.since(record_id)),
        crumbs=(
            Link("Home", urls.home()),
            Link("Awards", urls.awards()),
            Link(content.title, urls.record(record_id)),
            Link("What happened since"),
        ),
        record=Link(content.title, urls.record(record_id)),
        tried=urls.tried(record_id),
        awards=tuple(
            Link(
                f"{labels.schemes.get(row.scheme, row.scheme)} {row.year or ''}".strip(),
                urls.awards(row.scheme, row.year),
                award_level(row.level),
            )
            for row in content.awards
        ),
        status=shown(FIELD["status_now"], content.status_now),
        status_as_of=str(content.status_as_of or ""),
        uses=tuple(_uses(content, own)),
        naming=naming,
        similar=similar,
    )
    return render(request, "award_since", context)


def _uses(content: PracticeIn, own: dict[str, str]) -> Iterator[Use]:
    columns = {column.name: column for column in FIELD["adoptions"].columns}
    for row in content.adoptions:
        yield Use(
            who=", ".join(filter(None, (row.who, row.where, str(row.started or "")))),
            result=shown(columns["direction"], row.direction),
            note=" ".join(filter(None, (row.adapted, row.note))),
            record=Link(own[row.record], urls.record(row.record)) if row.record in own else None,
        )


def _naming(session: Session, record_id: str) -> Iterator[Link]:
    """Shown records that name this one, with how."""
    content = col(Record.content)
    rows = session.exec(
        select(Record.id, Record.title, Record.content).where(
            listings.seen_by_all(),
            col(Record.id) != record_id,
            # Narrows before anything is decoded; what it says is looked at below.
            cast(content, String).contains(f'"{record_id}"', autoescape=True),
        )
    )
    for other, title, held in rows:
        for name, told in _TOLD.items():
            value = held.get(name) or []
            if record_id in ([value] if isinstance(value, str) else value):
                yield Link(title, urls.record(other), told)
                break


def _similar(session: Session, record_id: str, labels: Labels) -> tuple[Link, ...]:
    """The award entries most like it; none while there is no index."""
    try:
        like = related(record_id, limit=_CANDIDATES)
    except KbError:
        return ()
    rows = session.exec(
        select(AwardEntry.record_id, AwardEntry.level, AwardRound.scheme_id, AwardRound.year)
        .join(AwardRound, col(AwardRound.id) == AwardEntry.round_id)
        .where(col(AwardEntry.record_id).in_([one.id for one in like]))
    )
    standing: dict[str, list[str]] = {}
    for other, level, scheme, year in rows:
        told = f"{labels.schemes.get(scheme, scheme)}, {year}: {award_level(level).lower()}"
        standing.setdefault(other, []).append(told)
    still = listings.titles(session, list(standing))
    entered = [one for one in like if one.id in still]
    return tuple(
        Link(
            still[one.id],
            urls.record(one.id),
            "; ".join([*standing[one.id], *(["both: " + ", ".join(one.why)] if one.why else [])]),
        )
        for one in entered[:_SHOWN]
    )
