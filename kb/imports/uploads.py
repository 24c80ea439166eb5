"""Documents that people hand in to be read: kept aside until the worker has read them.

The site never parses a document. It hands the file in here, in the transaction that also queues
the job; the folder that can read documents offers that job (`upload.read`), reads the file in a
process with limits, and writes what it found, or why it found nothing, back here:

    with session_scope(write=True) as session:
        upload_id = uploads.hand_in(session, owner=account_id, file_name=name, stream=file)
    jobs.wake_worker()
    …
    with session_scope() as session:
        upload = uploads.get(session, upload_id, owner=account_id)
    upload.state      # waiting, read or refused
    upload.found      # when read: the draft, see below
    upload.code       # when refused: a short name; upload.reason says why and what to do
    …
    with session_scope(write=True) as session:
        uploads.forget(session, upload_id, owner=account_id)
        # or, when an entry was begun from it, so that its author can copy from the text:
        uploads.keep_text(session, upload, entry_id)

`found` is plain data:

    title, published (yyyy, yyyy-mm or yyyy-mm-dd), language, text: what the document says
    draft       field of PracticeIn to value, ready for a form: title, published_on, language, the
                four narratives (problem_statement, analysis_findings, response_summary,
                assessment_summary), and where the text says so costs, funding_stream, started,
                ended, before_period, after_period, place, evaluators and partners. A narrative is
                the whole section, so it may be over its field's word limit. E-mail addresses and
                telephone numbers are left out of all of them.
    passages    field to {passage, confidence, found_by}: the words that led to each draft value
    sections    stage (scanning, analysis, response, assessment) to {text, passage, confidence,
                found_by: heading or meaning}; a stage that was not found is left out
    tags        field of PracticeIn to a list of {code, label, confidence, because, ticked}: terms
                that fit, the surest first; `ticked` ones are sure enough to be ticked beforehand
    facts       what was found of costs, dates, places, organisations, role_contacts, funding,
                evaluators and people, each with confidence, passage, start and end (letters of the
                text); also what is too unsure for the draft
    tells_nothing  whether nothing of a practice was found in it
    people      names of people that still stand in the texts of the draft
    contacts    list of {kind, value, personal, passage}; personal ones never go into the draft
    warnings    sentences for the contributor

Of text that was pasted `found["pasted"]` holds it from the beginning, so that it can be shown again
when nothing could be read in it.

Files and answers that nobody fetched are dropped after a while, so a form copies what it needs.
Of what an entry was begun from only the text stays, for as long and for its owner alone.
"""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, col, delete, select

from kb import jobs
from kb.accounts import personal_data
from kb.database import Json, UtcDateTime, now, session_scope
from kb.errors import FileUnreadable
from kb.files import most_bytes, most_megabytes
from kb.settings import settings

JOB = "upload.read"
KEPT_DAYS = 14
_KEPT = timedelta(days=KEPT_DAYS)
_MOST_KEPT = 300_000  # letters of a text that are kept beside an entry: about 100 pages
_PIECE = 1 << 20


class Upload(SQLModel, table=True):
    """A document handed in. The file itself lies in KB_HOME until it has been read."""

    __tablename__ = "upload"

    id: str = Field(primary_key=True)
    owner: str = Field(index=True)
    file_name: str
    content_type: str = ""
    state: str = "waiting"
    code: str = ""
    reason: str = ""
    found: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    handed_in_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    entry_id: str = Field(default="", index=True)

    @property
    def text(self) -> str:
        """What was read, or was pasted to be read; of a web page's source what it shows."""
        pasted = "" if self.file_name.endswith(".html") else self.found.get("pasted", "")
        return str(pasted or self.found.get("text", ""))

    @property
    def kept_until(self) -> datetime:
        """When it is dropped, if not before."""
        return self.handed_in_at + _KEPT


def hand_in(
    session: Session,
    *,
    owner: str,
    file_name: str,
    stream: BinaryIO,
    content_type: str = "",
    job: str = JOB,
    pasted: str = "",
) -> str:
    """Keep a document and queue its reading in the session's transaction; returns its id.

    `owner` is an account id or any other name for who may see the answer. `job` is what reads it;
    `pasted` its text, where it came as text. The stream is copied piece by piece. Raises
    FileUnreadable when it is empty or over KB_UPLOAD_MEGABYTES; then nothing is kept.
    """
    tidy(session)
    moment, upload_id = now(), secrets.token_urlsafe(16)
    _copy(stream, file_of(upload_id))
    session.add(
        Upload(
            id=upload_id,
            owner=owner,
            file_name=Path(file_name.replace("\\", "/")).name[:200] or "document",
            content_type=content_type[:200],
            found={"pasted": pasted} if pasted else {},
            handed_in_at=moment,
        )
    )
    session.flush()
    jobs.enqueue(session, job, {"upload": upload_id}, key=upload_id)
    return upload_id


def get(session: Session, upload_id: str, *, owner: str) -> Upload | None:
    """What has become of a document; None when it is not there or is somebody else's."""
    row = session.get(Upload, upload_id)
    return row if row is not None and row.owner == owner else None


def forget(session: Session, upload_id: str, *, owner: str) -> None:
    """Drop a document and what was read from it; nothing happens when it is not there."""
    row = get(session, upload_id, owner=owner)
    if row is not None:
        _drop(session, row)


def keep_text(session: Session, row: Upload, entry_id: str) -> None:
    """Keep of a document that was read only its text, for the author of an entry."""
    row.found = {"text": row.text[:_MOST_KEPT], "cut": len(row.text) > _MOST_KEPT}
    row.entry_id = entry_id
    session.add(row)
    session.flush()


def of_entry(session: Session, entry_id: str, *, owner: str) -> Upload | None:
    """What an entry was begun from; None when it is no longer kept, or is somebody else's."""
    asked = select(Upload).where(Upload.entry_id == entry_id, Upload.owner == owner)
    row = session.exec(asked).first()
    return row if row is not None and row.text and row.kept_until > now() else None


def forget_entry(session: Session, entry_id: str) -> None:
    """Drop what an entry was begun from, which goes with it."""
    for row in session.exec(select(Upload).where(Upload.entry_id == entry_id)).all():
        _drop(session, row)


def tidy(session: Session) -> None:
    """Drop what was handed in long ago, and files whose transaction was never kept."""
    before = now() - _KEPT
    for row in session.exec(select(Upload).where(col(Upload.handed_in_at) < before)):
        _drop(session, row)
    known = set(session.exec(select(Upload.id)))
    for file in _folder().glob("*"):
        age = now().timestamp() - file.stat().st_mtime
        if file.name not in known and age > timedelta(days=1).total_seconds():
            file.unlink(missing_ok=True)


def tidy_now() -> None:
    """The same in a transaction of its own, for the schedule: nothing stays longer than is said."""
    with session_scope(write=True) as session:
        tidy(session)


def file_of(upload_id: str) -> Path:
    """Where the file of a document lies while it waits."""
    return _folder() / upload_id


def _folder() -> Path:
    folder = settings().home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copy(stream: BinaryIO, file: Path) -> None:
    limit = most_bytes()
    size = 0
    try:
        with file.open("xb") as kept:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise FileUnreadable(
                        f"The file is larger than {most_megabytes()} MB; "
                        "save it without pictures, or paste its text."
                    )
                kept.write(piece)
        if not size:
            raise FileUnreadable("The file is empty; choose another.")
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _drop(session: Session, row: Upload) -> None:
    file_of(row.id).unlink(missing_ok=True)
    session.delete(row)
    session.flush()


def _personal_data(session: Session, account_id: str) -> list[dict[str, Any]]:
    rows = session.exec(select(Upload).where(Upload.owner == account_id))
    return [
        {
            "file": row.file_name,
            "handed_in_at": row.handed_in_at.isoformat(),
            "state": row.state,
            "found": row.found,
        }
        for row in rows
    ]


def _erase(session: Session, account_id: str) -> None:
    ids = session.exec(select(Upload.id).where(Upload.owner == account_id)).all()
    session.exec(delete(Upload).where(col(Upload.owner) == account_id))
    for upload_id in ids:
        file_of(upload_id).unlink(missing_ok=True)


personal_data.register("uploads", _personal_data, _erase)
