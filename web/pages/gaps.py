"""The gap map: problems by responses, what is held for each, and what librarians look for."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from index.gap_map import Cell, Heading, gap_map, held
from index.query import Query
from kb.database import session_scope
from kb.directory import commissions
from kb.trails.access import account_owner
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.forms import Form, RowNumber
from web.visitor import need, visitor_of

router = APIRouter()


@dataclass(frozen=True)
class HeadView:
    """A problem or response of the map; `opens` leads to the narrower terms, if there are any."""

    label: str
    records: int
    opens: str


@dataclass(frozen=True)
class CellView:
    """One cell: how many records, the furthest stage among them, and where they are listed."""

    records: int
    stage: str
    href: str
    problem: str
    response: str
    about: str


@dataclass(frozen=True)
class WantedView:
    """Something that is looked for; `records` are those that have come in since."""

    id: int
    problem: str
    response: str
    note: str
    records: int
    href: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The map, where one is in it, and what is looked for."""

    problem: str
    response: str
    by_stage: bool
    other_view: str
    across: tuple[HeadView, ...]
    rows: tuple[tuple[HeadView, tuple[CellView, ...]], ...]
    empty: int
    cells: int
    up: tuple[Link, ...]
    wanted: tuple[WantedView, ...]
    may_ask: bool


@router.get("/gaps")
def gaps(request: Request) -> HTMLResponse:
    """The map of the top terms, or of those under `problem` and `response`."""
    problem = _known("problem_types", request.query_params.get("problem", ""))
    response = _known("response_types", request.query_params.get("response", ""))
    by_stage = request.query_params.get("show") == "stage"
    made = gap_map(problem, response)
    stage = "stage" if by_stage else ""
    rows = tuple(
        (
            _head(head, urls.gaps(head.code, response, stage)),
            tuple(
                _cell(cell, head, across)
                for cell, across in zip(cells, made.responses, strict=True)
            ),
        )
        for head, cells in zip(made.problems, made.rows, strict=True)
    )
    with session_scope() as session:
        wanted = tuple(
            WantedView(
                row.id or 0,
                vocabulary("problem_types").label(row.problem),
                vocabulary("response_types").label(row.response),
                row.note,
                held(row.problem, row.response),
                _found(row.problem, row.response),
            )
            for row in commissions.commissions(session)
        )
    context = Context(
        title="Gap map",
        description="Which responses have been told of for which problems, and where nothing is.",
        canonical=urls.absolute(request, urls.page("gaps")),
        robots="noindex, follow" if problem or response or by_stage else "",
        crumbs=(Link("Home", urls.home()), Link("Gap map")),
        problem=problem,
        response=response,
        by_stage=by_stage,
        other_view=urls.gaps(problem, response, "" if by_stage else "stage"),
        across=tuple(_head(head, urls.gaps(problem, head.code, stage)) for head in made.responses),
        rows=rows,
        empty=made.empty,
        cells=sum(len(row) for row in made.rows),
        up=(
            *_up("problem_types", problem, lambda code: urls.gaps(code, response, stage)),
            *_up("response_types", response, lambda code: urls.gaps(problem, code, stage)),
        ),
        wanted=wanted,
        may_ask=visitor_of(request).may("review"),
    )
    return render(request, "gaps", context)


@router.post("/gaps")
def ask(request: Request, form: Form) -> Response:
    """A librarian puts an empty cell on the list of what is looked for."""
    account = need(request, "review").account
    assert account is not None
    with session_scope(write=True) as session:
        commissions.commission(
            session,
            problem=form.text("problem"),
            response=form.text("response"),
            note=form.text("note"),
            actor=account_owner(account.id),
        )
    return see_other(request, urls.gaps(), "commission-asked")


@router.post("/gaps/{commission_id}/settle")
def settle(request: Request, commission_id: RowNumber) -> Response:
    """A librarian takes something off the list."""
    account = need(request, "review").account
    assert account is not None
    with session_scope(write=True) as session:
        if not commissions.settle(session, commission_id, actor=account_owner(account.id)):
            raise PageNotFound("That is not on the list any more.")
    return see_other(request, urls.gaps(), "commission-settled")


def _known(name: str, code: str) -> str:
    """The code if its vocabulary holds it; nothing otherwise."""
    return code if code in vocabulary(name) else ""


def _head(head: Heading, address: str) -> HeadView:
    return HeadView(head.label, head.records, address if head.opens else "")


def _cell(cell: Cell, problem: Heading, response: Heading) -> CellView:
    stage = vocabulary("stages").label(cell.best_stage) if cell.best_stage else ""
    return CellView(
        cell.records,
        stage,
        _found(cell.problem, cell.response) if cell.records else "",
        cell.problem,
        cell.response,
        f"{problem.label}, {response.label}",
    )


def _found(problem: str, response: str) -> str:
    return urls.search(Query().with_filter("problem", problem).with_filter("response", response))


def _up(name: str, code: str, address: Callable[[str], str]) -> tuple[Link, ...]:
    """The way back up from a code: everything, then each broader term, then the code itself."""
    if not code:
        return ()
    terms = vocabulary(name)
    above = [Link(terms.label(one), address(one)) for one in reversed(terms.ancestors(code))]
    return (Link(f"All {terms.title.lower()}", address("")), *above, Link(terms.label(code)))
