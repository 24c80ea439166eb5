"""Reading lists: all of one's own, and putting records on one."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.trails import lists
from kb.trails.errors import EntryInvalid
from kb.trails.models import ReadingList
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import FieldView, Form
from web.listings import titles
from web.visitor import visitor_of

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The lists, and the records that are to go on one."""

    mine: tuple[ReadingList, ...]
    adding: tuple[Link, ...]
    problem: str
    name: FieldView


@router.get("/lists")
def overview(request: Request) -> Response:
    """The lists."""
    return _page(request)


@router.get("/lists/add")
def choose(request: Request, id: list[str] = Query(default=[])) -> Response:  # noqa: B008
    """Asks which list the records go on."""
    return _page(request, id[:100], adding=True)


def _page(
    request: Request,
    ids: Sequence[str] = (),
    *,
    adding: bool = False,
    problem: str = "",
    name: str = "",
    refused: EntryInvalid | None = None,
) -> Response:
    viewer = visitor_of(request).viewer
    with session_scope() as session:
        mine = lists.mine(session, viewer)
        named = titles(session, list(ids))
    chosen = tuple(Link(named[one], one) for one in dict.fromkeys(ids) if one in named)
    if adding and not chosen:
        problem = "Tick at least one record among the results of a search first."
    crumbs = [Link("Home", urls.home())]
    crumbs += [Link("Reading lists", urls.lists()), Link("Add")] if adding else []
    crumbs += [] if adding else [Link("Reading lists")]
    return render(
        request,
        "lists",
        Context(
            title="Put on a reading list" if adding else "Reading lists",
            robots="noindex",
            crumbs=tuple(crumbs),
            mine=tuple(mine),
            adding=chosen,
            problem=problem,
            name=FieldView(
                name="name",
                label="Name of a new list" if adding else "Name",
                value=name,
                error="; ".join(one.rule for one in refused.errors) if refused else "",
            ),
        ),
        status=400 if problem or refused else 200,
    )


@router.post("/lists/add")
def add(request: Request, form: Form) -> Response:
    """Puts records on a list: on a new one if a name was typed or none is chosen."""
    viewer = visitor_of(request).viewer
    ids = form.many("id")[:100]
    list_id = "" if form.text("name") else form.text("list")
    try:
        with session_scope(write=True) as session:
            target = list_id or lists.create(session, viewer, form.text("name"))
            for record_id in ids:
                lists.put(session, target, viewer, record_id)
    except EntryInvalid as error:
        return _page(request, ids, adding=True, refused=error, name=form.text("name")[:300])
    return see_other(request, urls.lists(target), "list-added")


@router.post("/lists")
def create(request: Request, form: Form) -> Response:
    """Makes an empty list."""
    try:
        with session_scope(write=True) as session:
            made = lists.create(session, visitor_of(request).viewer, form.text("name"))
    except EntryInvalid as error:
        return _page(request, refused=error, name=form.text("name")[:300])
    return see_other(request, urls.lists(made), "list-made")
