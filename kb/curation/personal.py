"""A person's entries in their data export, and what becomes of them at erasure."""

from typing import Any

from sqlmodel import Session, select

from kb.accounts import personal_data as registry
from kb.curation import attachments
from kb.curation.models import Entry, EntryComment


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """Everything this person wrote here."""
    actor = f"account:{account_id}"
    return {
        "entries": [
            {
                "id": entry.id,
                "state": entry.state,
                "content": entry.content,
                "record": entry.record_id,
                "begun": entry.created_at.isoformat(),
                "files": [file.name for file in attachments.of_entry(session, entry)],
            }
            for entry in session.exec(select(Entry).where(Entry.owner == actor))
        ],
        "comments": [
            {"entry": row.entry_id, "text": row.text, "at": row.at.isoformat()}
            for row in session.exec(select(EntryComment).where(EntryComment.author == actor))
        ],
    }


def erase(session: Session, account_id: str) -> None:
    """Delete what nobody else ever saw; what was sent in stays, under the placeholder."""
    for entry in session.exec(select(Entry).where(Entry.owner == f"account:{account_id}")):
        if not entry.round and entry.state in ("draft", "withdrawn"):
            attachments.discard_all(session, entry)
            session.delete(entry)
    session.flush()


registry.register("curation", personal_data, erase)
