"""The librarians' desk: what waits for review, filtered and counted, and the other work there."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.curation import queue, service
from kb.curation.queue import Collected, QueueLine
from kb.database import session_scope
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import Form
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The queue as one filter shows it, with how many each filter has."""

    filters: tuple[tuple[str, str, int, str], ...]
    chosen: str
    words: str
    lines: tuple[QueueLine, ...]
    collected_total: int
    collected: tuple[Collected, ...]
    drafts_total: int
    drafts: tuple[Collected, ...]
    unverified_total: int
    unverified: tuple[Collected, ...]
    elsewhere: tuple[Link, ...]


_ELSEWHERE = (
    ("duplicates", "Duplicates", "records that may be one, to make one or keep apart"),
    ("import", "Bring in a file", "from a spreadsheet, a list of references or another system"),
    ("vocabularies", "Vocabularies", "terms proposed, renamed, merged; words searched in vain"),
    ("upkeep", "Upkeep", "records and contacts that grow old, and what is searched for in vain"),
    ("links", "Links", "addresses that moved or are gone"),
    ("tried", "Tried elsewhere", "what people sent in as “we tried it too”, to accept or decline"),
    ("thin", "Doubted records", "what people find thin or misleading"),
    ("audit", "Log of changes", "who changed what, when and why"),
)


@router.get("/desk")
def desk(request: Request, show: str = "waiting", q: str = "") -> Response:
    """The queue; `show` names a filter, `q` words of the title or the author's name."""
    visitor = need(request, "review")
    account = visitor.account
    assert account is not None
    chosen = show if show in queue.FILTERS else "waiting"
    with session_scope() as session:
        counts = queue.counts(session, account, words=q)
        lines = queue.lines(session, account, chosen, words=q)
        total, collected = queue.collected(session, "submitted")
        drafts_total, drafts = queue.collected(session, "draft")
        unverified_total, unverified = queue.collected(session, "published-unverified")
    return render(
        request,
        "desk",
        Context(
            title="Desk",
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Desk")),
            filters=tuple(
                (code, text, counts[code], urls.desk(show=code, q=q))
                for code, text in queue.FILTERS.items()
            ),
            chosen=chosen,
            words=q,
            lines=tuple(lines),
            collected_total=total,
            collected=tuple(collected),
            drafts_total=drafts_total,
            drafts=tuple(drafts),
            unverified_total=unverified_total,
            unverified=tuple(unverified),
            elsewhere=tuple(Link(text, urls.desk(step), note) for step, text, note in _ELSEWHERE),
        ),
    )


@router.post("/desk/records/{record_id}")
def take_up(request: Request, record_id: str, form: Form) -> Response:
    """Takes up a collected record for review."""
    account = need(request, "review").account
    assert account is not None
    with session_scope(write=True) as session:
        entry = service.review_collected(session, account, record_id)
    return see_other(request, urls.review(entry.id), "entry-claimed")
