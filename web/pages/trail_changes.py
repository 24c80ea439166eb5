"""Running a trail's searches again, to see only what changed."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.trails.rerun import QueryChange, rerun
from web.running import run_search
from web.trail_pages import TrailContext, frame, seen_by, show
from web.visitor import visitor_of

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """What changed; None before the searches were run again."""

    changes: tuple[QueryChange, ...] | None


@router.get("/trails/{trail_id}/changes")
def before(request: Request, trail_id: str) -> Response:
    """Says what running again does, and when it was done last."""
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
    return show(
        request, "trail_changes", Context(**frame(found, title="What is new"), changes=None)
    )


@router.post("/trails/{trail_id}/changes")
def run(request: Request, trail_id: str) -> Response:
    """Runs them; what is told now counts as seen for whoever may write to the trail."""
    with session_scope(write=True) as session:
        changes = rerun(session, trail_id, visitor_of(request).viewer, run_search)
        found = seen_by(request, session, trail_id)
    context = Context(**frame(found, title="What is new"), changes=tuple(changes))
    return show(request, "trail_changes", context)
