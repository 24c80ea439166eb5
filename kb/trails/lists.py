"""Reading lists: records ticked for later, with one's own notes; shareable, citable, printable."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from kb.database import now
from kb.records.definition import Part, field
from kb.trails import access
from kb.trails.access import Viewer
from kb.trails.entries import checked, invalid
from kb.trails.errors import TrailNotFound, TrailReadOnly
from kb.trails.models import ReadingList, ReadingListItem
from kb.trails.shown import ShownRecord, shown_records

MAX_ITEMS = 500


class ListHeading(Part):
    """What a reading list is called."""

    name: str = field("Name of the list", max_length=200)
    note: str = field("What it is for", long=True, max_length=5000)


class ItemNote(Part):
    """What its owner says of one record on a list."""

    note: str = field("Your note", long=True, max_length=5000)


@dataclass(frozen=True)
class ListedRecord:
    """A record on a list; `record` is None when it is no longer public."""

    record_id: str
    record: ShownRecord | None
    note: str
    added_at: datetime


@dataclass(frozen=True)
class ListView:
    """A reading list as one person sees it, in the order in which records were added."""

    id: str
    name: str
    note: str
    mine: bool
    may_write: bool
    updated_at: datetime
    items: list[ListedRecord]


def create(session: Session, viewer: Viewer, name: str, note: str = "") -> str:
    """A new, private list; returns its id. Raises EntryInvalid, TrailReadOnly."""
    if not viewer.owner:
        raise TrailReadOnly("Allow cookies or sign in, so that the list can be kept for you.")
    heading = checked(ListHeading, {"name": name, "note": note})
    moment = now()
    row = ReadingList(
        id=secrets.token_hex(8),
        owner=viewer.owner,
        name=heading.name or "Reading list",
        note=heading.note,
        created_at=moment,
        updated_at=moment,
    )
    session.add(row)
    session.flush()
    return row.id


def mine(session: Session, viewer: Viewer) -> list[ReadingList]:
    """One's own lists and those shared by name, the one last changed first."""
    if not viewer.owner:
        return []
    shared = access.shared_with(session, "reading_list", viewer)
    return list(
        session.exec(
            select(ReadingList)
            .where(or_(col(ReadingList.owner) == viewer.owner, col(ReadingList.id).in_(shared)))
            .order_by(col(ReadingList.updated_at).desc(), col(ReadingList.id))
        )
    )


def readable(session: Session, list_id: str, viewer: Viewer) -> ReadingList:
    """The row of a list that this person may read. Raises TrailNotFound."""
    row = session.get(ReadingList, list_id)
    if row is None:
        raise TrailNotFound("reading list", list_id)
    access.need_read(session, "reading_list", row, viewer)
    return row


def _writable(session: Session, list_id: str, viewer: Viewer) -> ReadingList:
    row = readable(session, list_id, viewer)
    access.need_write(session, "reading_list", row, viewer)
    return row


def view(session: Session, list_id: str, viewer: Viewer) -> ListView:
    """A list with its records. Raises TrailNotFound."""
    row = readable(session, list_id, viewer)
    items = session.exec(
        select(ReadingListItem)
        .where(ReadingListItem.list_id == list_id)
        .order_by(col(ReadingListItem.added_at), col(ReadingListItem.record_id))
    ).all()
    shown = shown_records(session, [item.record_id for item in items])
    return ListView(
        id=row.id,
        name=row.name,
        note=row.note,
        mine=access.is_owner(row, viewer),
        may_write=access.can_write(session, "reading_list", row, viewer),
        updated_at=row.updated_at,
        items=[
            ListedRecord(item.record_id, shown.get(item.record_id), item.note, item.added_at)
            for item in items
        ],
    )


def rename(session: Session, list_id: str, viewer: Viewer, name: str, note: str) -> None:
    """Change a list's name and note. Raises TrailNotFound, TrailReadOnly, EntryInvalid."""
    heading = checked(ListHeading, {"name": name, "note": note})
    row = _writable(session, list_id, viewer)
    row.name, row.note = heading.name or row.name, heading.note
    _touch(session, row)


def put(
    session: Session, list_id: str, viewer: Viewer, record_id: str, note: str | None = None
) -> None:
    """Put a record on a list, or change the note of one that is on it.

    Raises TrailNotFound, TrailReadOnly, EntryInvalid.
    """
    row = _writable(session, list_id, viewer)
    item = session.get(ReadingListItem, (list_id, record_id))
    if item is None:
        if record_id not in shown_records(session, [record_id]):
            raise invalid("record", "Record", "there is no such record", repr(record_id)[:120])
        count = len(view(session, list_id, viewer).items)
        if count >= MAX_ITEMS:
            raise invalid("record", "Record", f"a list holds at most {MAX_ITEMS} records")
        item = ReadingListItem(list_id=list_id, record_id=record_id, added_at=now())
    if note is not None:
        item.note = checked(ItemNote, {"note": note}).note
    session.add(item)
    _touch(session, row)


def take_off(session: Session, list_id: str, viewer: Viewer, record_id: str) -> None:
    """Take a record off a list. Raises TrailNotFound, TrailReadOnly."""
    row = _writable(session, list_id, viewer)
    item = session.get(ReadingListItem, (list_id, record_id))
    if item is not None:
        session.delete(item)
        _touch(session, row)


def delete_list(session: Session, list_id: str, viewer: Viewer) -> None:
    """Delete a list and its shares; for its owner only. Raises TrailNotFound, TrailReadOnly."""
    row = readable(session, list_id, viewer)
    access.need_owner(session, "reading_list", row, viewer)
    access.drop_shares(session, list_id)
    session.delete(row)
    session.flush()


def _touch(session: Session, row: ReadingList) -> None:
    row.updated_at = now()
    session.add(row)
    session.flush()
