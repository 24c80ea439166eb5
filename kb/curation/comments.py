"""What author and reviewers say to each other about an entry, field by field, in threads."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from kb.accounts import people
from kb.accounts.models import Account
from kb.audit import note_change
from kb.curation import access, notices
from kb.curation.errors import EntryNotFound, NotTheirs
from kb.curation.models import Entry, EntryComment
from kb.database import now
from kb.records.errors import FieldError, RecordInvalid
from kb.records.practice import FIELD
from kb.records.values import clean_text

_LENGTH = 4000


@dataclass(frozen=True)
class Said:
    """One comment as it is shown."""

    id: int
    who: str
    by_author: bool
    text: str
    at: datetime


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, about one field or, when that is empty, about all."""

    field: str
    title: str
    first: Said
    answers: tuple[Said, ...]
    resolved_by: str

    @property
    def open(self) -> bool:
        """Whether it still has to be dealt with."""
        return not self.resolved_by


def say(
    session: Session,
    account: Account,
    entry_id: str,
    text: str,
    *,
    field: str = "",
    answers: int | None = None,
) -> EntryComment:
    """Write a comment, or an answer to one. The other side is told by mail.

    Raises EntryNotFound, NotTheirs, RecordInvalid.
    """
    entry = access.locked(session, account, entry_id)
    if entry.state in ("draft", "withdrawn") and not entry.round:
        raise NotTheirs("Nobody else sees a draft; there is nobody to write to yet.")
    said = clean_text(text)[:_LENGTH]
    if not said:
        raise RecordInvalid([FieldError("text", "Comment", "write something first", "")])
    if answers is not None:
        first = _of(session, entry, answers)
        field, answers = first.field, first.answers or first.id
    row = EntryComment(
        entry_id=entry.id,
        field=field if field in FIELD else "",
        answers=answers,
        author=account.actor,
        text=said,
        at=now(),
    )
    session.add(row)
    session.flush()
    _audit(session, account, entry, "comment.written", row)
    if not access.is_author(account, entry):
        notices.tell_author(session, entry, "commented")
    elif entry.claimed_by:
        notices.tell_reviewer(session, entry, entry.claimed_by, "answered by its author")
    return row


def _of(session: Session, entry: Entry, comment_id: int) -> EntryComment:
    row = session.get(EntryComment, comment_id)
    if row is None or row.entry_id != entry.id:
        raise EntryNotFound
    return row


def _audit(
    session: Session, account: Account, entry: Entry, action: str, row: EntryComment
) -> None:
    note_change(
        session,
        actor=account.actor,
        action=action,
        subject_type="entry",
        subject_id=entry.id,
        comment=row.id,
        field=row.field,
    )


def resolve(
    session: Session, account: Account, entry_id: str, comment_id: int, *, again: bool = False
) -> None:
    """Mark a thread as dealt with, or open it again. Raises EntryNotFound."""
    entry = access.locked(session, account, entry_id)
    row = _of(session, entry, comment_id)
    row.resolved_by = "" if again else account.actor
    row.resolved_at = None if again else now()
    session.add(row)
    _audit(session, account, entry, "comment.opened" if again else "comment.resolved", row)


def threads(session: Session, entry: Entry) -> list[Thread]:
    """All threads of an entry: about all of it first, then in the order of the fields."""
    rows = session.exec(
        select(EntryComment).where(EntryComment.entry_id == entry.id).order_by(col(EntryComment.id))
    ).all()
    names = people.display_names(
        session, {row.author for row in rows} | {row.resolved_by for row in rows if row.resolved_by}
    )

    def said(row: EntryComment) -> Said:
        assert row.id is not None
        return Said(row.id, names[row.author], row.author == entry.owner, row.text, row.at)

    order = list(FIELD)
    found = [
        Thread(
            field=row.field,
            title=FIELD[row.field].title if row.field else "The whole entry",
            first=said(row),
            answers=tuple(said(one) for one in rows if one.answers == row.id),
            resolved_by=names.get(row.resolved_by, "") if row.resolved_by else "",
        )
        for row in rows
        if row.answers is None
    ]
    return sorted(found, key=lambda one: order.index(one.field) if one.field else -1)
