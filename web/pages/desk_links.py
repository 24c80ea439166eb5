"""How links are doing: for librarians, by source, with what can be done about each."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kb.database import session_scope
from kb.directory import link_report, links
from kb.directory import service as directory
from kb.directory.link_report import Trouble
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.forms import Form
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """One address in words."""

    url: str
    state: str
    reason: str
    moved_to: str
    archive: str
    copied_at: datetime | None
    trouble: Trouble
    named_by: tuple[Link, ...]
    records: int


@dataclass(frozen=True)
class Group:
    """What one source's records name."""

    title: str
    href: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Numbers by state, and what needs a person."""

    named: int
    looked_at: int
    states: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    changed: tuple[Line, ...]
    """Addresses with other words than at the look before."""


@router.get("/desk/links")
def page(request: Request) -> HTMLResponse:
    """The report."""
    need(request, "edit")
    with session_scope() as session:
        found = link_report.report(session)
        titles = {one.id: one.title for one in directory.sources(session)}
    groups = [
        Group(
            title=titles.get(source, "Records without a source"),
            href=urls.source(source) if source in titles else "",
            lines=tuple(map(_line, troubles)),
        )
        for source, troubles in found.troubles.items()
    ]
    context = Context(
        title="Links",
        robots="noindex",
        crumbs=(Link("Home", urls.home()), Link("Desk", urls.desk()), Link("Links")),
        named=found.named,
        looked_at=sum(found.states.values()),
        states=tuple(
            (links.STATES[state], count) for state, count in found.states.items() if count
        ),
        groups=tuple(groups),
        changed=tuple(map(_line, found.changed)),
    )
    return render(request, "desk_links", context)


def _line(trouble: Trouble) -> Line:
    named = [
        Link(who.title, urls.record(who.id) if who.kind == "record" else urls.source(who.id))
        for who in trouble.named_by
    ]
    return Line(
        url=trouble.url,
        state=links.STATES[trouble.state],
        reason=trouble.reason,
        moved_to=trouble.moved_to,
        archive=trouble.archive,
        copied_at=trouble.copied_at,
        trouble=trouble,
        named_by=tuple(named),
        records=sum(who.kind == "record" for who in trouble.named_by),
    )


@router.post("/desk/links/move")
def move(request: Request, form: Form) -> Response:
    """Put the new address in place of a moved one."""
    account = need(request, "edit").account
    assert account is not None, "needed just before"
    with session_scope(write=True) as session:
        links.take_move(session, form.text("url"), actor=account.actor)
    return see_other(request, urls.desk("links"), "link-moved")
