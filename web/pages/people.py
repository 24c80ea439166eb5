"""Who can help: contacts that answer, and the bodies named in records, by problem and place."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from index.engine import default_engine
from index.errors import IndexProblem
from index.facets import FACET
from index.query import Query
from index.search import found_ids
from kb.database import session_scope
from kb.directory import contacts
from kb.directory.contacts import Listed
from kb.records.identity import name_key
from kb.vocabularies import vocabulary
from web import listings, urls
from web.context import BaseContext, Link, render
from web.filters import partial_date
from web.forms import Option, options_of
from web.labels import Labels
from web.pagination import page_of

router = APIRouter()

PER_PAGE = 50
MOST_FOUND = 5000
_ROLES = {"partner": "Partner", "contact": "Contact", "contributor": "Sent in records"}
_ROLES["publisher"] = "Publisher"
_LIGHTS = {
    "green": "Confirmed",
    "amber": "Confirmed more than a year ago",
    "red": "Not confirmed lately",
}


@dataclass(frozen=True)
class BodyLine:
    """One organisation."""

    name: str
    href: str
    sectors: tuple[str, ...]
    roles: tuple[str, ...]
    records: int


@dataclass(frozen=True)
class ContactLine:
    """A contact of a record; `write` leads to the form for a message, `page` to their own page."""

    who: str
    record: Link
    offers: tuple[str, ...]
    state: str
    light: str
    write: str
    page: str


@dataclass(frozen=True)
class Filter:
    """A choice that narrows the page."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Contacts and bodies that fit, with what they were narrowed by."""

    q: str
    filters: tuple[Filter, ...]
    chosen: tuple[str, ...]
    contacts: tuple[ContactLine, ...]
    bodies: tuple[BodyLine, ...]
    total: int
    first: int
    before: str
    after: str


@router.get("/people")
def people(
    request: Request,
    q: str = "",
    problem: str = "",
    country: str = "",
    offer: str = "",
    sector: str = "",
    page: str = "1",
) -> HTMLResponse:
    """Contacts and bodies: of a problem, a place, a search, a kind of help or of body."""
    text = " ".join(q.split())[:200]
    problem = problem if problem in vocabulary("problem_types") else ""
    country = country if country in vocabulary("countries") else ""
    offer = offer if offer in vocabulary("help_offers") else ""
    sector = sector if sector in vocabulary("agencies") else ""
    query = Query(text=text)
    for facet, code in (("problem", problem), ("country", country)):
        query = query.with_filter(facet, code) if code else query
    ids = found_ids(query, MOST_FOUND) if text or query.filters else None
    with session_scope() as session:
        every = listings.organisations(session, ids)
        listed = contacts.listed(session, records=ids, offer=offer)
        labels = Labels.read(session)

    bodies = [one for one in every if not sector or sector in _sectors(one)]
    # A kind of help is known of contacts, a kind of body of bodies: each narrows the other list.
    if sector:
        names = {name_key(one.name) for one in bodies}
        listed = [one for one in listed if name_key(one.organisation) in names]
    if offer:
        names = {name_key(one.organisation) for one in listed}
        bodies = [one for one in bodies if name_key(one.name) in names]
    if ids is not None:
        bodies.sort(key=lambda one: (-one.records, one.name.casefold()))
    number, last = page_of(page, len(bodies), PER_PAGE)
    asked = {"q": text, "problem": problem, "country": country, "offer": offer, "sector": sector}

    def other(place: int) -> str:
        return urls.people(**asked, page=str(place)) if 1 <= place <= last else ""

    first = (number - 1) * PER_PAGE
    context = Context(
        title="Who can help" + (f", page {number}" if number > 1 else ""),
        description="Contacts that answer and bodies that took part in the work told here.",
        robots="noindex, follow" if any(asked.values()) or number > 1 else "",
        canonical=urls.absolute(request, urls.people()),
        crumbs=(Link("Home", urls.home()), Link("Who can help")),
        q=text,
        filters=(
            Filter("problem", "Problem", options_of("problem_types", [problem])),
            Filter(
                "country",
                "Country",
                tuple(Option(code, name, chosen=code == country) for code, name in _places()),
            ),
            Filter("offer", "Help offered", options_of("help_offers", [offer])),
            Filter("sector", "Kind of body", options_of("agencies", [sector])),
        ),
        chosen=tuple(
            name
            for name in (
                f"“{text}”" if text else "",
                labels.facet_value("problem", problem) if problem else "",
                labels.facet_value("country", country) if country else "",
                vocabulary("help_offers").label(offer) if offer else "",
                vocabulary("agencies").label(sector) if sector else "",
            )
            if name
        ),
        contacts=tuple(_contact(one) for one in listed),
        bodies=tuple(_line(one) for one in bodies[first : first + PER_PAGE]),
        total=len(bodies),
        first=first + 1,
        before=other(number - 1),
        after=other(number + 1),
    )
    return render(request, "people", context)


def _places() -> list[tuple[str, str]]:
    """Countries that some record is of, by name; none while there is no index."""
    try:
        columns = default_engine().generation().columns
    except IndexProblem:
        return []
    counts = columns.counts("country", columns.alive)
    codes = [code for code, count in zip(columns.codes["country"], counts, strict=True) if count]
    named = [(code, FACET["country"].label_of(code)) for code in codes]
    return sorted(named, key=lambda one: one[1].casefold())


def _sectors(body: listings.Body) -> set[str]:
    """Its kinds of body, broader ones too."""
    agencies = vocabulary("agencies")
    return {*body.sectors, *(up for code in body.sectors for up in agencies.ancestors(code))}


def _contact(one: Listed) -> ContactLine:
    states = vocabulary("contact_states")
    told = _LIGHTS[one.light]
    if one.verified_on:
        told += f", last {partial_date(one.verified_on)}"
    return ContactLine(
        who=", ".join(filter(None, (one.role, one.organisation))) or "Contact",
        record=Link(one.record_title, urls.record(one.record_id)),
        offers=tuple(vocabulary("help_offers").label(code) for code in one.offers),
        state=told if one.state in ("", "confirmed", "unconfirmed") else states.label(one.state),
        light=one.light,
        write=urls.contact(one.record_id, one.position) if one.reachable else "",
        page=one.url if urls.is_web_address(one.url) else "",
    )


def _line(body: listings.Body) -> BodyLine:
    partner_roles = vocabulary("partner_roles")
    return BodyLine(
        name=body.name,
        href=urls.search(Query(text=f'author:"{body.name}"')),
        sectors=tuple(vocabulary("agencies").label(code) for code in body.sectors),
        roles=tuple(_ROLES.get(role, partner_roles.label(role)) for role in body.roles),
        records=body.records,
    )
