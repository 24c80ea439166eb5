"""Files that go with an entry: taken in, kept under their id, shown once the record is."""

import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from kb import jobs, pictures
from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.audit import note_change
from kb.curation import access
from kb.curation.errors import EntryNotFound, NotTheirs, StillReading
from kb.curation.models import Attachment, Entry
from kb.database import now, session_scope
from kb.files import FileRefused, kind_of, place, safe_name, sha256
from kb.imports import uploads
from kb.records import service as records
from kb.records.parts import Body
from kb.records.practice import PracticeIn
from kb.records.rules import edit_door

JOB = "attachment.collect"
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
    try:
        pictures.strip(path, kind.code)
    except pictures.PictureBroken as error:
        raise FileRefused(f"The image is damaged: {error}. Save it again.") from None
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
    if kind.document:
        # Read by the worker; where it cannot be read the file is kept all the same.
        with path.open("rb") as stream:
            upload_id = uploads.hand_in(
                session, owner=_reader(row), file_name=row.name, stream=stream
            )
        row.state = "waiting"
        session.add(row)
        jobs.enqueue(session, JOB, {"attachment": row.id, "upload": upload_id}, key=row.id)
    _keep(path, place(row.id))
    return row


def _reader(row: Attachment) -> str:
    return f"attachment:{row.id}"


def collect(payload: dict[str, Any]) -> None:
    """Fetch what was read in a file: the job `attachment.collect`, tried again until it is there.

    The text of a file whose record is shown already goes into the record. Raises StillReading,
    by which the job is tried again.
    """
    with session_scope(write=True) as session:
        row = session.get(Attachment, payload["attachment"])
        if row is None or row.state != "waiting":
            return
        upload = uploads.get(session, payload["upload"], owner=_reader(row))
        if upload is not None and upload.state == "waiting":
            raise StillReading(f"{row.name} is still being read; this is tried again.")
        if upload is None or upload.state == "refused":
            row.state = "refused"
            row.problem = upload.reason if upload else "It could not be read."
        else:
            row.state, row.text = "read", str(upload.found.get("text", ""))
        uploads.forget(session, payload["upload"], owner=_reader(row))
        session.add(row)
        session.flush()
        entry = session.get(Entry, row.entry_id)
        if row.record_id and row.text and entry is not None:
            practice = records.get(session, row.record_id)
            _rewrite(session, practice, with_texts(session, entry, practice.content))


def _rewrite(session: Session, practice: records.Practice, content: PracticeIn) -> None:
    """Save a record whose attached texts changed."""
    records.save(
        session,
        content,
        door=edit_door(practice.door),
        actor="attachments",
        state=practice.state,
        note="text of an attached file",
    )
    jobs.index_soon(session)


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


def shown(session: Session, record_id: str, file_id: str) -> Attachment:
    """A file that is shown with a record. Raises EntryNotFound."""
    row = session.get(Attachment, file_id)
    if row is None or row.record_id != record_id or row.role != "attached":
        raise EntryNotFound
    return row


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
    if not access.may_write(account, entry) and not may(account, "edit"):
        raise NotTheirs("Files can be taken out while the entry is with you.")
    session.delete(row)
    if row.record_id and row.text:
        practice = records.get(session, row.record_id)
        kept = [part for part in practice.content.body if part.heading != _heading(row)]
        _rewrite(session, practice, practice.content.model_copy(update={"body": kept}))
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


def _heading(row: Attachment) -> str:
    return f"{_HEADING}{row.title or row.name}"


def with_texts(session: Session, entry: Entry, content: PracticeIn) -> PracticeIn:
    """The record with the texts read in its attached documents, where search finds them."""
    kept = [part for part in content.body if not part.heading.startswith(_HEADING)]
    read = [
        Body(heading=_heading(row), text=row.text)
        for row in of_entry(session, entry)
        if row.text and row.role == "attached"
    ]
    earlier = [part for part in content.body if part not in kept]
    known = {part.heading for part in read}
    kept += [part for part in earlier if part.heading not in known]
    return content.model_copy(update={"body": [*kept, *read]}) if read else content
