"""How the web addresses that records and sources name are doing.

What one look at an address showed is noted here by whoever may reach the network. One failure says
little: an address is flagged when it failed again, days later. A librarian may take over a new
address that a site sends its visitors to; of what is gone the archived copy is offered, and the
record itself stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, col, select

from kb.audit import note_change
from kb.database import UtcDateTime, now
from kb.directory.models import Source
from kb.records import FIELDS, PracticeIn, service
from kb.records.identity import canonical_url
from kb.records.models import Record
from kb.records.rules import edit_door

FAILING = frozenset({"soft-404", "blocked", "gone", "failed"})
STATES = {
    "ok": "Answers",
    "changed": "Its text has changed since the last look",
    "moved": "Sends visitors to another address",
    "soft-404": "Answers, but says that the page is not there",
    "blocked": "Refuses to be looked at",
    "gone": "Is gone",
    "failed": "Could not be reached",
}
LOST = frozenset({"soft-404", "gone", "failed"})
"""States of an address whose page is worth looking for in a web archive."""
_SEEK_AGAIN = timedelta(days=90)
_DAYS_APART = timedelta(days=2)
_ARCHIVE = "https://web.archive.org/web/{day}/{url}"


class LinkCheck(SQLModel, table=True):
    """What looking at one address showed. `failed_first` is the first of the failures in a row.

    `copy_url` is the copy that a web archive was found to have, from the moment `copied_at`;
    `copy_sought_at` says when archives were asked.
    """

    __tablename__ = "link_check"

    url: str = Field(primary_key=True)
    state: str = Field(index=True)
    reason: str = ""
    moved_to: str = ""
    content_hash: str = ""
    checked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    failed_first: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    flagged: bool = Field(default=False, index=True)
    copy_url: str = Field(default="", sa_column_kwargs={"server_default": ""})
    copied_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    copy_sought_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    @property
    def archive(self) -> str:
        """Where a copy stands; where none was sought yet, where one can be looked for."""
        return self.copy_url or ("" if self.copy_sought_at else archive_link(self))


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an address showed."""

    state: str
    reason: str = ""
    moved_to: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Who names an address: a record, or a source of the directory."""

    kind: str
    id: str
    title: str
    sources: tuple[str, ...]


def named_links(session: Session) -> dict[str, list[Named]]:
    """Every web address that records or sources name, with who names it."""
    found: dict[str, list[Named]] = defaultdict(list)
    for record_id, title, content in session.exec(select(Record.id, Record.title, Record.content)):
        told = (item.get("source") for item in content.get("provenance") or ())
        who = Named("record", record_id, title, tuple(dict.fromkeys(filter(None, told))))
        for url in dict.fromkeys(_urls(content)):
            found[url].append(who)
    for source in session.exec(select(Source)):
        if url := str(source.entry.get("url_now") or ""):
            found[url].append(Named("source", source.id, source.title, (source.id,)))
    return {url: who for url, who in found.items() if url.startswith(("http://", "https://"))}


# An archived copy is kept for when the original is gone; it is not looked after.
_WITH_ADDRESS = tuple(
    (spec.name, tuple(c.name for c in spec.columns if c.kind == "url" and c.name != "memento_url"))
    for spec in FIELDS
    if spec.kind == "url" or any(column.kind == "url" for column in spec.columns)
)


def _urls(content: Mapping[str, Any]) -> Iterator[str]:
    """The addresses in a record as it is stored: nothing else of it is needed."""
    for name, columns in _WITH_ADDRESS:
        value = content.get(name)
        if not value:
            continue
        if not columns:
            yield value
        for row in (value if isinstance(value, list) else [value]) if columns else ():
            yield from (row[column] for column in columns if row.get(column))


def due(session: Session, *, days: int, most: int) -> list[str]:
    """Addresses that were not looked at for so many days, the longest first; failing ones sooner.

    A failing address is looked at again as soon as a second failure would count.
    """
    moment = now()
    known = {row.url: row for row in session.exec(select(LinkCheck))}
    waiting: list[tuple[float, str]] = []
    for url in named_links(session):
        row = known.get(url)
        if row is None:
            waiting.append((0.0, url))
            continue
        wait = _DAYS_APART if row.failed_first and not row.flagged else timedelta(days=days)
        if row.checked_at + wait <= moment:
            waiting.append((row.checked_at.timestamp(), url))
    return [url for _, url in sorted(waiting)][:most]


def note(session: Session, url: str, look: Look) -> LinkCheck:
    """Keep what a look showed. Two failures days apart flag an address; an answer clears it."""
    moment = now()
    row = session.get(LinkCheck, url) or LinkCheck(url=url, state="", checked_at=moment)
    state = look.state
    if state == "ok" and _differ(row.content_hash, look.content_hash):
        state = "changed"
    was_flagged = row.flagged
    if state in FAILING:
        row.failed_first = row.failed_first or moment
        row.flagged = row.flagged or moment - row.failed_first >= _DAYS_APART
    else:
        row.failed_first, row.answered_at = None, moment
        row.flagged = False
        row.content_hash = look.content_hash or row.content_hash
    row.state, row.reason, row.moved_to = state, look.reason[:500], look.moved_to
    row.checked_at = moment
    session.add(row)
    if row.flagged != was_flagged:
        note_change(
            session,
            actor="link check",
            action="link.flagged" if row.flagged else "link.cleared",
            subject_type="link",
            subject_id=url,
            state=state,
        )
    return row


def _differ(before: str, after: str) -> bool:
    """Whether two marks of a page tell of a change; marks of different kinds tell nothing."""
    alike = before.partition(":")[0] == after.partition(":")[0] or ":" not in before + after
    return bool(before and after and alike and before != after)


def archive_link(row: LinkCheck) -> str:
    """Where the Internet Archive shows the copy nearest to when an address last answered."""
    day = f"{row.answered_at:%Y%m%d}" if row.answered_at else "2"
    return _ARCHIVE.format(day=day, url=row.url)


def without_copy(session: Session, *, most: int) -> dict[str, datetime]:
    """Flagged addresses of which a copy is to be sought, each with when it last answered.

    Where none was found it is sought again when a quarter of a year has gone by.
    """
    long_ago = now() - _SEEK_AGAIN
    rows = session.exec(
        select(LinkCheck)
        .where(
            LinkCheck.flagged,
            LinkCheck.copy_url == "",
            col(LinkCheck.state).in_(LOST),
            col(LinkCheck.copy_sought_at).is_(None) | (col(LinkCheck.copy_sought_at) < long_ago),
        )
        .order_by(col(LinkCheck.failed_first), col(LinkCheck.url))
        .limit(most)
    )
    return {row.url: row.answered_at or row.failed_first or row.checked_at for row in rows}


def note_copy(session: Session, url: str, copy_url: str, copied_at: datetime | None) -> None:
    """Keep where a copy of an address stands; an empty `copy_url` says that none was found."""
    row = session.get(LinkCheck, url)
    if row is None:
        return
    row.copy_url, row.copied_at, row.copy_sought_at = copy_url, copied_at, now()
    session.add(row)


def flagged(session: Session, urls: list[str]) -> dict[str, LinkCheck]:
    """Those of these addresses that are flagged."""
    rows = session.exec(select(LinkCheck).where(col(LinkCheck.url).in_(urls), LinkCheck.flagged))
    return {row.url: row for row in rows}


def take_move(session: Session, url: str, *, actor: str) -> int:
    """Put the new address in place of a moved one in every record; returns how many changed.

    Each record gets a revision and an audit entry; sources of the directory are files and stay.
    """
    row = session.get(LinkCheck, url)
    if row is None or row.state != "moved" or not row.moved_to:
        return 0
    changed = 0
    for who in named_links(session).get(url, []):
        if who.kind != "record":
            continue
        practice = service.get(session, who.id)
        service.save(
            session,
            _with_address(practice.content, url, row.moved_to),
            door=edit_door(practice.door),
            actor=actor,
            state=practice.state,
            note=f"Link moved: {canonical_url(url)}",
        )
        changed += 1
    session.delete(row)
    session.flush()
    return changed


def _with_address(content: PracticeIn, old: str, new: str) -> PracticeIn:
    changes: dict[str, Any] = {}
    for spec in FIELDS:
        value = getattr(content, spec.name)
        if spec.kind == "url" and value == old:
            changes[spec.name] = new
        columns = [one.name for one in spec.columns if one.kind == "url"]
        if not columns or not value:
            continue
        rows = value if isinstance(value, list) else [value]
        moved = [
            row.model_copy(update={name: new for name in columns if getattr(row, name) == old})
            for row in rows
        ]
        if moved != rows:
            changes[spec.name] = moved if isinstance(value, list) else moved[0]
    return content.model_copy(update=changes)
