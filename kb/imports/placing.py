"""Where a document belongs among those that are there: under a name of its own, or as a twin.

Two documents may come in files of one name, and one document in files of two.
"""

from typing import Any

from sqlmodel import Session, col, select

from kb.directory.models import RecordSource
from kb.imports.document import SOURCE
from kb.records import PracticeIn, identity, service
from kb.records.models import Record


def placed(session: Session, content: PracticeIn) -> tuple[PracticeIn, service.Saved | None]:
    """The document under a name of its own among the documents, or the record that is its twin."""
    item = content.provenance[0]
    link = session.get(RecordSource, (SOURCE, item.external_id))
    if link is None:
        twin = _same_text(session, item.content_hash)
        return content, service.Saved(twin.id, twin.version, "same") if twin is not None else None
    row = session.get(Record, link.record_id)
    stored = PracticeIn.from_snapshot(row.content).provenance if row else []
    held = [part.title for part in stored if part.external_id == item.external_id]
    if not held or identity.name_key(held[0]) == identity.name_key(item.title):
        return content, None
    own_name = f"{item.external_id}-{item.content_hash[:8]}"
    provenance = [item.model_copy(update={"external_id": own_name}), *content.provenance[1:]]
    return content.model_copy(update={"provenance": provenance}), None


def _same_text(session: Session, content_hash: str) -> Record | None:
    """The document that was read from the very same bytes."""
    if not content_hash:
        return None
    path: Any = col(Record.content)
    same_hash = path[("provenance", 0, "content_hash")].as_string() == content_hash
    return session.exec(select(Record).where(same_hash).limit(1)).first()
