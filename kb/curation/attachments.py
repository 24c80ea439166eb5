"""Files that go with an entry: taken in, kept under their id, shown once the record is."""

import os
import secrets
import shutil
from pathlib import Path

from sqlmodel import Session, col, select

from kb.accounts.models import Account
from kb.audit import note_change
from kb.curation import access
from kb.curation.errors import EntryNotFound, NotTheirs
from kb.curation.models import Attachment, Entry
from kb.database import now
from kb.files import FileRefused, kind_of, place, safe_name, sha256
from kb.records.parts import Body
from kb.records.practice import PracticeIn

MOST_FILES = 20
ROLES = {
    "attached": "Shown with the record",
    "endorsement": "Letter of endorsement: for librarians only",
    "source": "What the entry was begun from: for you and librarians only",
}
_HEADING = "Attached: "


def add(
    session: Session,
    account: Account,
    entry_id: str,
    path: Path,
    name: str,
    *,
    title: str = "",
    role: str = "attached",
) -> Attachment:
    """Take a file in; `path` is moved away. Raises FileRefused, EntryNotFound, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    if not access.may_write(account, entry):
        raise NotTheirs("Files can be added while the entry is with you.")
    kind = kind_of(path)
    digest = sha256(path)
    held = of_entry(session, entry)
    if len(held) >= MOST_FILES:
        raise FileRefused(f"An entry holds at most {MOST_FILES} files. Take one out first.")
    same = next((one for one in held if one.sha256 == digest), None)
    if same is not None:
        raise FileRefused(f"That file is there already, as “{same.name}”.")
    row = Attachment(
        id=secrets.token_hex(16),
        entry_id=entry.id,
        name=safe_name(name, kind),
        kind=kind.code,
        size=path.stat().st_size,
        sha256=digest,
        title=" ".join(title.split())[:200],
        role=role if role in ROLES else "attached",
        added_by=account.actor,
        added_at=now(),
    )
    session.add(row)
    session.flush()
    _audit(session, account, row, "attachment.added")
    _keep(path, place(row.id))
    return row


def _keep(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)
    target.chmod(0o600)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _audit(session: Session, account: Account, row: Attachment, action: str) -> None:
    note_change(
        session,
        actor=account.actor,
        action=action,
        subject_type="entry",
        subject_id=row.entry_id,
        attachment=row.id,
        sha256=row.sha256,
    )


def of_entry(session: Session, entry: Entry) -> list[Attachment]:
    """The files of an entry, in the order they came."""
    return list(
        session.exec(
            select(Attachment)
            .where(Attachment.entry_id == entry.id)
            .order_by(col(Attachment.added_at), col(Attachment.id))
        )
    )


def of_record(session: Session, record_id: str) -> list[Attachment]:
    """The files that are shown with a record; letters of endorsement stay with the librarians."""
    return list(
        session.exec(
            select(Attachment)
            .where(Attachment.record_id == record_id, Attachment.role == "attached")
            .order_by(col(Attachment.added_at), col(Attachment.id))
        )
    )


def seen(session: Session, account: Account, entry_id: str, file_id: str) -> Attachment:
    """A file of an entry that this person may see. Raises EntryNotFound."""
    entry = access.seen(session, account, entry_id)
    row = session.get(Attachment, file_id)
    if row is None or row.entry_id != entry.id:
        raise EntryNotFound
    return row


def remove(session: Session, account: Account, entry_id: str, file_id: str) -> None:
    """Take a file out and delete it. Raises EntryNotFound, NotTheirs."""
    entry = access.locked(session, account, entry_id)
    row = seen(session, account, entry_id, file_id)
    if not access.may_write(account, entry):
        raise NotTheirs("Files can be taken out while the entry is with you.")
    session.delete(row)
    _audit(session, account, row, "attachment.removed")
    session.flush()
    place(row.id).unlink(missing_ok=True)


def discard_all(session: Session, entry: Entry) -> None:
    """Delete every file of an entry that is itself being deleted."""
    for row in of_entry(session, entry):
        session.delete(row)
        place(row.id).unlink(missing_ok=True)
    session.flush()


def show_with(session: Session, entry: Entry, record_id: str) -> None:
    """From now on the entry's files stand with the record."""
    for row in of_entry(session, entry):
        row.record_id = record_id
        session.add(row)


def with_texts(session: Session, entry: Entry, content: PracticeIn) -> PracticeIn:
    """The record with the texts read in its attached documents, where search finds them."""
    kept = [part for part in content.body if not part.heading.startswith(_HEADING)]
    read = [
        Body(heading=f"{_HEADING}{row.title or row.name}", text=row.text)
        for row in of_entry(session, entry)
        if row.text and row.role == "attached"
    ]
    earlier = [part for part in content.body if part not in kept]
    known = {part.heading for part in read}
    kept += [part for part in earlier if part.heading not in known]
    return content.model_copy(update={"body": [*kept, *read]}) if read else content
