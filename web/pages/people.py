"""Who can help: organisations named in records, each with a search for what they took part in."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from index.query import Query
from kb.database import session_scope
from kb.vocabularies import vocabulary
from web import listings, urls
from web.context import BaseContext, Link, render

router = APIRouter()

_ROLES = {"partner": "Partner", "contact": "Contact", "contributor": "Sent in records"}
_ROLES["publisher"] = "Publisher"


@dataclass(frozen=True)
class BodyLine:
    """One organisation."""

    name: str
    href: str
    sectors: tuple[str, ...]
    roles: tuple[str, ...]
    records: int


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Organisations by letter, perhaps only those of one kind."""

    letters: tuple[tuple[str, tuple[BodyLine, ...]], ...]
    total: int
    sectors: tuple[tuple[str, str, int, bool], ...]
    sector: str


@router.get("/people")
def people(request: Request) -> HTMLResponse:
    """Organisations by name, or those of one kind of body."""
    agencies = vocabulary("agencies")
    sector = request.query_params.get("sector", "")
    sector = sector if sector in agencies else ""
    with session_scope() as session:
        every = listings.organisations(session)
    shown = [one for one in every if not sector or sector in _sectors(one)]
    letters: dict[str, list[BodyLine]] = {}
    for one in shown:
        first = one.name[:1].upper()
        letters.setdefault(first if first.isalpha() else "0 to 9", []).append(_line(one))
    counts = {
        term.code: sum(term.code in _sectors(one) for one in every)
        for term in agencies.children(None)
    }
    context = Context(
        title="Who can help",
        description="Organisations that took part in the work told here.",
        robots="noindex, follow" if sector else "",
        canonical=urls.absolute(request, urls.page("people")),
        crumbs=(Link("Home", urls.home()), Link("Who can help")),
        letters=tuple((letter, tuple(inside)) for letter, inside in letters.items()),
        total=len(shown),
        sectors=tuple(
            (code, agencies.label(code), count, code == sector)
            for code, count in counts.items()
            if count
        ),
        sector=agencies.label(sector) if sector else "",
    )
    return render(request, "people", context)


def _sectors(body: listings.Body) -> set[str]:
    """Its kinds of body, broader ones too."""
    agencies = vocabulary("agencies")
    return {*body.sectors, *(up for code in body.sectors for up in agencies.ancestors(code))}


def _line(body: listings.Body) -> BodyLine:
    partner_roles = vocabulary("partner_roles")
    return BodyLine(
        name=body.name,
        href=urls.search(Query(text=f'author:"{body.name}"')),
        sectors=tuple(vocabulary("agencies").label(code) for code in body.sectors),
        roles=tuple(_ROLES.get(role, partner_roles.label(role)) for role in body.roles),
        records=body.records,
    )
