"""What an open trail notes while its owner searches and reads; it never stands in their way."""

import logging
from collections.abc import Sequence

from sqlmodel import Session
from starlette.requests import Request

from index.query import Query
from index.search import found_ids
from kb.database import session_scope
from kb.errors import KbError
from kb.trails import recorder, usefulness, verdicts
from kb.trails.access import Viewer
from web.running import index_mark
from web.visitor import OpenTrail, Visitor, visitor_of

log = logging.getLogger(__name__)


def is_read(request: Request) -> bool:
    """Whether a person asked for the page, not a browser that guesses what comes next."""
    purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    return request.method == "GET" and "prefetch" not in purpose


def trail_for(request: Request) -> OpenTrail | None:
    """The trail a search belongs to, if it writes itself: that in the address, or the open one."""
    visitor = visitor_of(request)
    named = request.query_params.get("trail", "")
    if named and (visitor.trail is None or visitor.trail.id != named):
        visitor.try_trail(named)
    trail = visitor.trail
    return trail if trail is not None and trail.writes else None


def note_search(visitor: Visitor, trail: OpenTrail, asked: Query, typed: Query, total: int) -> None:
    """Note a search that was run. `asked` leaves out what the trail does not want."""
    try:
        top = found_ids(asked, recorder.MAX_TOP)
        with session_scope(write=True) as session:
            recorder.note_query(
                session,
                trail.id,
                visitor.viewer,
                params=typed.to_params(),
                total=total,
                top=top,
                fingerprint=index_mark(),
            )
    except KbError as error:
        log.warning("a search was not noted in its trail: %s", error)


def note_opened(visitor: Visitor, trail: OpenTrail, record_id: str) -> None:
    """Note a record that was opened."""
    try:
        with session_scope(write=True) as session:
            recorder.note_opened(session, trail.id, visitor.viewer, record_id)
    except KbError as error:
        log.warning("a record was not noted in its trail: %s", error)


def own_verdicts(session: Session, viewer: Viewer, ids: Sequence[str]) -> dict[str, str]:
    """What this person said of these records: a code of usefulness for each they judged."""
    if not viewer.owner or not ids:
        return {}
    return {
        row.record_id: usefulness.code_of(row.useful)
        for row in verdicts.newest(session, ids, owner=viewer.owner)
        if row.useful is not None
    }
