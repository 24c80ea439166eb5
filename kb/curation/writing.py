"""Entries while they are written: begun, kept as typed, joined with what others changed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.curation import access, steps
from kb.curation.content import changed_fields, settled, with_values
from kb.curation.errors import NotTheirs
from kb.curation.models import Entry
from kb.curation.threeway import Clash, three_way
from kb.database import now
from kb.records import service as records
from kb.records.errors import FieldError
from kb.records.practice import FIELDS, PracticeIn


def begin(
    session: Session,
    account: Account,
    content: Mapping[str, Any] | None = None,
    *,
    started_from: str = "blank",
    record_id: str | None = None,
    passages: Mapping[str, Any] | None = None,
) -> Entry:
    """A new draft of this person's. With a `record_id` it is a change to that record.

    Of the content only what the form asks this person for is taken: never an id, for one.
    """
    moment = now()
    asked = _asked(account)
    kept, _ = settled({name: value for name, value in (content or {}).items() if name in asked})
    entry = Entry(
        id=secrets.token_hex(8),
        record_id=record_id,
        owner=account.actor,
        state="draft",
        started_from=started_from,
        content=with_values({}, kept),
        passages=dict(passages or {}),
        created_at=moment,
        updated_at=moment,
    )
    if record_id:
        entry.base = entry.reviewed = dict(entry.content)
    session.add(entry)
    session.flush()
    steps.note(session, entry, account.actor, "begun", started_from=started_from)
    return entry


def _asked(account: Account) -> set[str]:
    """Names of the fields that the form asks this person for."""
    whom = ("all", "curators") if may(account, "edit") else ("all",)
    return {spec.name for spec in FIELDS if spec.asked in whom}


def mine(session: Session, account: Account) -> list[Entry]:
    """This person's entries, the one last written to first."""
    return list(
        session.exec(
            select(Entry)
            .where(Entry.owner == account.actor)
            .order_by(col(Entry.updated_at).desc(), col(Entry.id))
        )
    )


@dataclass(frozen=True)
class Written:
    """What came of writing: clashes with somebody else's change, and values that are wrong."""

    entry: Entry
    clashes: list[Clash] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


def write(
    session: Session,
    account: Account,
    entry_id: str,
    values: Mapping[str, Any],
    base: Mapping[str, Any],
    *,
    done: tuple[str, bool] | None = None,
) -> Written:
    """Keep what was typed in some fields, as a draft: nothing is refused for being wrong.

    `base` is what the form showed. What somebody else changed since then is never overwritten:
    it comes back as a clash, while all else is kept. `done` says of a page whether its author
    calls it complete. Raises EntryNotFound, NotTheirs.
    """
    entry = access.locked(session, account, entry_id)
    if not access.may_write(account, entry):
        raise NotTheirs("This entry cannot be changed by you as it stands now.")
    asked = _asked(account)
    values = {name: value for name, value in values.items() if name in asked}
    kept, errors = settled(values)
    before, _ = settled({name: base.get(name) for name in values})
    content, clashes = three_way(before, kept, entry.content, values)
    changed = changed_fields(entry.content, content)
    sections = _done(entry.done, done)
    if changed or sections != entry.done:
        entry.content, entry.done = content, sections
        entry.edition += 1
        entry.updated_at = now()
        session.add(entry)
        session.flush()
        if changed and entry.state != "draft":
            steps.note(session, entry, account.actor, "changed", fields=changed)
    return Written(entry, clashes, errors)


def _done(before: list[str], done: tuple[str, bool] | None) -> list[str]:
    if done is None:
        return before
    section_id, complete = done
    others = [one for one in before if one != section_id]
    return [*others, section_id] if complete else others


def of_record(session: Session, account: Account, content: PracticeIn, record_id: str) -> Entry:
    """A draft that changes a record; `content` is what of it this person may see.

    Holds only what the form asks this person for: all else stays as the record has it.
    """
    return begin(session, account, content.snapshot(), started_from="record", record_id=record_id)


def joined(entry: Entry, record: PracticeIn) -> tuple[dict[str, Any], list[Clash]]:
    """The record as it is now with what the entry changes, and where the two differ."""
    return three_way(entry.base, entry.content, record.snapshot(), [spec.name for spec in FIELDS])


def choose(
    session: Session, account: Account, entry_id: str, keep_mine: Mapping[str, bool]
) -> Entry:
    """Settle where an entry and its record differ; afterwards it can be published.

    Fields that are not named stay a clash. Raises EntryNotFound, NotTheirs.
    """
    entry = access.locked(session, account, entry_id)
    if not access.may_write(account, entry) or not entry.record_id:
        raise NotTheirs("This entry cannot be changed by you as it stands now.")
    record = records.get(session, entry.record_id).content
    now_there = record.snapshot()
    _, clashes = joined(entry, record)
    content, base = dict(entry.content), dict(entry.base)
    for clash in clashes:
        name = clash.spec.name
        if name in keep_mine:
            base = with_values(base, {name: now_there.get(name)})
            if not keep_mine[name]:
                content = with_values(content, {name: now_there.get(name)})
    entry.content, entry.base = content, base
    entry.edition += 1
    entry.updated_at = now()
    session.add(entry)
    steps.note(session, entry, account.actor, "clash settled", fields=sorted(keep_mine))
    session.flush()
    return entry
