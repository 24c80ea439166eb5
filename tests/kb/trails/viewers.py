"""Who looks at trails, and what tests do with one."""

import io
from typing import Any

from sqlmodel import Session

from kb.records import service as records
from kb.trails import log, recorder, service
from kb.trails.access import Viewer
from kb.trails.models import Trail
from kb.trails.report import Report
from kb.trails.report_files import FORMATS
from kb.trails.state import TrailState
from tests.factories import practice

ANN, BOB, EVE = Viewer(account="ann"), Viewer(account="bob"), Viewer(account="eve")
GUEST = Viewer(session_key="a browser's key")


def save_record(session: Session, record_id: str, title: str, state: str = "published") -> None:
    content = practice(id=record_id, title=title)
    records.save(session, content, door="form", actor="a", state=state)


def state_of(session: Session, trail_id: str, viewer: Viewer = ANN) -> TrailState:
    return service.view(session, trail_id, viewer).state


def fold_agrees(session: Session, trail_id: str) -> bool:
    """Whether the stored fold is what the log folds to."""
    session.expire_all()
    trail = session.get(Trail, trail_id)
    assert trail is not None
    return trail.state == log.refold(session, trail_id)


def run_search(session: Session, trail: str, text: str, ids: list[str], **more: Any) -> bool:
    return recorder.note_query(
        session,
        trail,
        more.pop("viewer", ANN),
        params=[("q", text), *more.pop("filters", [])],
        total=more.pop("total", len(ids)),
        top=ids,
        fingerprint="f1",
    )


def row_of(session: Session, trail_id: str) -> Trail:
    row = session.get(Trail, trail_id)
    assert row is not None
    return row


def file_of(found: Report, name: str) -> io.BytesIO:
    return io.BytesIO(FORMATS[name].write(found))
