"""The librarians' queue: what waits, filtered and counted, the most pressing first."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from kb.accounts import people
from kb.accounts.models import Account
from kb.curation import source_changes
from kb.curation.models import Entry
from kb.curation.workflow import STATES, WAITING
from kb.database import now
from kb.records.models import Record

SHOWN_COLLECTED = 50


@dataclass(frozen=True)
class QueueLine:
    """One entry in the queue."""

    id: str
    title: str
    state: str
    author: str
    started_from: str
    changes_record: bool
    due_on: date | None
    overdue: bool
    claimed_by: str
    mine: bool
    round: int


# Each filter by its code: the words for it and whether an entry passes.
FILTERS: dict[str, str] = {
    "waiting": "Waiting for a librarian",
    "unclaimed": "Not claimed",
    "mine": "Claimed by me",
    "overdue": "Overdue",
    "appealed": "Appeals",
    "changes-asked": "With their authors",
    "decided": "Decided lately",
}
_DECIDED_SHOWN = 50


def _passes(entry: Entry, account: Account, code: str) -> bool:
    waiting = entry.state in WAITING
    return {
        "waiting": waiting,
        "unclaimed": waiting and not entry.claimed_by,
        "mine": waiting and entry.claimed_by == account.actor,
        "overdue": waiting and _overdue(entry),
        "appealed": entry.state == "appealed",
        "changes-asked": entry.state == "changes-asked",
        "decided": entry.state in ("published", "declined") and entry.round > 0,
    }[code]


def _overdue(entry: Entry) -> bool:
    return entry.due_on is not None and entry.due_on < now().date()


def _nobody(entry: Entry) -> str:
    changed = entry.started_from == source_changes.STARTED_FROM
    return "its source, which changed" if changed else "Collected"


def counts(session: Session, account: Account, words: str = "") -> dict[str, int]:
    """How many entries each filter lets through, among those that `words` fit."""
    entries = _fitting(session, _open(session), words)
    found = {code: sum(_passes(e, account, code) for e in entries) for code in FILTERS}
    found["decided"] = len(_fitting(session, _decided(session), words))
    return found


def _fitting(session: Session, entries: list[Entry], words: str) -> list[Entry]:
    """The entries with all of these words in their title or their author's name."""
    asked = words.casefold().split()
    if not asked:
        return entries
    names = people.display_names(session, {e.owner for e in entries if e.owner})

    def text(entry: Entry) -> str:
        return f"{entry.title} {names.get(entry.owner, '')}".casefold()

    return [entry for entry in entries if all(word in text(entry) for word in asked)]


def _open(session: Session) -> list[Entry]:
    states = [*WAITING, "changes-asked"]
    return list(
        session.exec(
            select(Entry)
            .where(col(Entry.state).in_(states))
            .order_by(col(Entry.due_on).is_(None), col(Entry.due_on), col(Entry.submitted_at))
        )
    )


def _decided(session: Session) -> list[Entry]:
    return list(
        session.exec(
            select(Entry)
            .where(col(Entry.state).in_(("published", "declined")), col(Entry.round) > 0)
            .order_by(col(Entry.decided_at).desc())
            .limit(_DECIDED_SHOWN)
        )
    )


def lines(session: Session, account: Account, code: str, words: str = "") -> list[QueueLine]:
    """The entries that a filter lets through and `words` fit: those due first at the top."""
    found = _decided(session) if code == "decided" else _open(session)
    entries = [e for e in _fitting(session, found, words) if _passes(e, account, code)]
    names = people.display_names(
        session,
        {e.owner for e in entries if e.owner} | {e.claimed_by for e in entries if e.claimed_by},
    )
    return [
        QueueLine(
            id=entry.id,
            title=entry.title,
            state=STATES[entry.state].label,
            author=names.get(entry.owner, "") if entry.owner else _nobody(entry),
            started_from=entry.started_from,
            changes_record=bool(entry.record_id) and entry.state != "published",
            due_on=entry.due_on,
            overdue=_overdue(entry),
            claimed_by=names.get(entry.claimed_by, ""),
            mine=entry.claimed_by == account.actor,
            round=entry.round,
        )
        for entry in entries
    ]


@dataclass(frozen=True)
class Collected:
    """A record from elsewhere that nobody has reviewed."""

    id: str
    title: str
    state: str


def collected(session: Session, state: str) -> tuple[int, list[Collected]]:
    """How many collected records stand in this state, and the oldest of them."""
    under_review = select(Entry.record_id).where(
        Entry.owner == "", Entry.state == "in-review", col(Entry.record_id).is_not(None)
    )
    wanted = (Record.state == state, col(Record.id).not_in(under_review))
    total = session.exec(select(func.count()).select_from(Record).where(*wanted)).one()
    rows = session.exec(
        select(Record.id, Record.title)
        .where(*wanted)
        .order_by(col(Record.created_at), col(Record.id))
        .limit(SHOWN_COLLECTED)
    )
    return total, [Collected(record_id, title, state) for record_id, title in rows]
