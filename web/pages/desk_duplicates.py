"""Pairs of records that may be one: what was found, what was decided, and merges to take back."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import people
from kb.database import session_scope
from kb.duplicates import merging
from kb.duplicates import service as pairs
from kb.duplicates.models import DuplicatePair
from kb.records import service
from kb.trails.access import account_owner
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import Form, row_number
from web.visitor import need

router = APIRouter()

LEVELS = {"same": "Surely one", "likely": "Likely one", "possible": "Possibly one"}
MOST = 200


@dataclass(frozen=True)
class PairLine:
    """A pair in the list. `note` and `who` are those of the decision, when there is one."""

    level: str
    reasons: tuple[str, ...]
    records: tuple[Link, ...]
    href: str
    one: str
    other: str
    note: str = ""
    who: str = ""


@dataclass(frozen=True)
class MergeLine:
    """A merge that was made."""

    id: int
    kept: Link
    gone: str
    at: datetime
    who: str
    undone: bool


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Open pairs, decided ones, merges."""

    open_pairs: tuple[PairLine, ...]
    more: int
    apart: tuple[PairLine, ...]
    merges: tuple[MergeLine, ...]


@router.get("/desk/duplicates")
def duplicates(request: Request) -> Response:
    """The lists."""
    need(request, "edit")
    with session_scope() as session:
        found = pairs.pairs(session)
        apart = pairs.pairs(session, "different")[:MOST]
        merges = merging.latest(session)
        actors = {row.decided_by for row in apart} | {row.actor for row in merges}
        names = people.display_names(session, actors)
        titles = _titles(session, [*found[:MOST], *apart], [row.kept_id for row in merges])
    return render(
        request,
        "desk_duplicates",
        Context(
            title="Duplicates",
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link("Duplicates")),
            open_pairs=tuple(_line(row, titles) for row in found[:MOST]),
            more=max(0, len(found) - MOST),
            apart=tuple(_line(row, titles, names[row.decided_by]) for row in apart),
            merges=tuple(
                MergeLine(
                    row.id or 0,
                    Link(titles.get(row.kept_id, row.kept_id), urls.record(row.kept_id)),
                    row.gone_id,
                    row.at,
                    names[row.actor],
                    row.undone_at is not None,
                )
                for row in merges
            ),
        ),
    )


def _titles(session: Session, rows: list[DuplicatePair], more: list[str]) -> dict[str, str]:
    ids = {name for row in rows for name in (row.one_id, row.other_id)} | set(more)
    return {one.id: one.content.title for one in service.load(session, sorted(ids))}


def _line(row: DuplicatePair, titles: dict[str, str], who: str = "") -> PairLine:
    ids = (row.one_id, row.other_id)
    return PairLine(
        level=LEVELS.get(row.level, row.level),
        reasons=tuple(row.reasons),
        records=tuple(Link(titles.get(one, one), urls.record(one), one) for one in ids),
        href=urls.desk("duplicates", *ids),
        one=row.one_id,
        other=row.other_id,
        note=row.note,
        who=who,
    )


@router.post("/desk/duplicates")
def look(request: Request) -> Response:
    """Has the worker look through the collection again."""
    need(request, "edit")
    with session_scope(write=True) as session:
        jobs.enqueue(session, pairs.LOOK, key=pairs.LOOK)
    jobs.wake_worker()
    return see_other(request, urls.desk("duplicates"), "duplicates-look")


@router.post("/desk/duplicates/{one_id}/{other_id}/reopen")
def reopen(request: Request, one_id: str, other_id: str) -> Response:
    """Forgets that the two are different."""
    account = need(request, "edit").account
    assert account is not None
    with session_scope(write=True) as session:
        pairs.reopen(session, one_id, other_id, actor=account_owner(account.id))
    return see_other(request, urls.desk("duplicates"), "pair-reopened")


@router.post("/desk/merges/undo")
def undo(request: Request, form: Form) -> Response:
    """Takes a merge back."""
    account = need(request, "edit").account
    assert account is not None
    with session_scope(write=True) as session:
        merging.undo(session, row_number(form.text("merge")), actor=account_owner(account.id))
    jobs.wake_worker()
    return see_other(request, urls.desk("duplicates"), "merge-undone")
