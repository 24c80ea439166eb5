"""One source: what it holds, what became of it, and how far each statement was checked."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from index.query import Query
from index.search import search
from kb.database import session_scope
from kb.directory import service as directory
from kb.directory.standing import Standing, standings
from kb.errors import KbError
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render
from web.errors import PageNotFound
from web.filters import counted, partial_date
from web.run_view import RunView, run_views

router = APIRouter()


@dataclass(frozen=True)
class Checked:
    """A fact with what was read for it."""

    fact: str
    source: str
    href: str
    read: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Everything known of a source."""

    state: str
    state_label: str
    state_definition: str
    entry: dict[str, Any]
    links: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]
    verified: tuple[Checked, ...]
    unverified: int
    successors: tuple[Link, ...]
    records: int | None
    records_href: str
    runs: tuple[RunView, ...]
    standing: Standing
    evidence: tuple[Link, ...]
    """What the reading of it rests on."""
    tick_href: str


@router.get("/sources/{source_id}")
def source(request: Request, source_id: str) -> HTMLResponse:
    """The entry of one source."""
    with session_scope() as session:
        found = directory.source(session, source_id)
        if found is None:
            raise PageNotFound("There is no source at this address in the directory.")
        runs = run_views(directory.runs(session, source_id))
        standing = standings(session)[source_id]
        titles = {one.id: one.title for one in directory.sources(session)}
    entry = found.entry
    states = vocabulary("source_states")
    query = Query(filters={"source": (source_id,)}, per_page=1)
    try:
        records: int | None = search(query).total
    except KbError:
        records = None
    context = Context(
        title=found.title,
        description=entry.get("holds", ""),
        canonical=urls.absolute(request, urls.source(source_id)),
        crumbs=(
            Link("Home", urls.home()),
            Link("Sources", urls.sources()),
            Link(found.title),
        ),
        state=found.state,
        state_label=states.label(found.state),
        state_definition=states.term(found.state).definition if found.state in states else "",
        entry=entry,
        links=_links(entry),
        facts=_facts(entry, found.licence),
        verified=tuple(_checked(item) for item in entry.get("verified") or []),
        unverified=len(entry.get("unverified") or []),
        successors=tuple(
            Link(titles[other], urls.source(other))
            for other in entry.get("successors") or []
            if other in titles
        ),
        records=records,
        records_href=urls.search(Query(filters={"source": (source_id,)})),
        runs=runs,
        standing=standing,
        evidence=tuple(
            Link(str(place), str(place) if urls.is_web_address(str(place)) else "")
            for place in (entry.get("adapter") or {}).get("evidence") or []
        ),
        tick_href=urls.source(source_id, "tick"),
    )
    return render(request, "source", context)


def _links(entry: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Addresses with what they are; one that is no web address is shown but not linked."""
    names = (
        ("url_now", "Address now"),
        ("memento", "Archived copy"),
        ("url_then", "Address in 2009"),
    )
    return tuple(
        (title, str(entry[name]), str(entry[name]) if urls.is_web_address(str(entry[name])) else "")
        for name, title in names
        if entry.get(name)
    )


def _facts(entry: dict[str, Any], licence: str) -> tuple[tuple[str, str], ...]:
    coverage = entry.get("coverage") or {}
    first, last = coverage.get("from"), coverage.get("to")
    years = f"{first} to {last}" if first and last and first != last else ""
    years = years or (f"{first} on" if first and not last else str(first or last or ""))
    countries = ", ".join(
        vocabulary("countries").label(str(code).lower()) for code in coverage.get("countries") or []
    )
    aspects = ", ".join(vocabulary("aspects").label(code) for code in entry.get("aspects") or [])
    access = entry.get("access")
    harvest, days = entry.get("harvest"), entry.get("every_days")
    lines = (
        ("Owner", entry.get("owner", "")),
        ("Helps with", aspects),
        ("Years covered", years),
        ("Countries", countries),
        ("Who can read it", vocabulary("source_access").label(access) if access else ""),
        ("Licence", vocabulary("licences").label(licence)),
        ("What the licence means here", entry.get("licence_note", "")),
        (
            "How it is brought in" if entry.get("adapter") else "How it could be brought in",
            vocabulary("harvest_kinds").label(harvest) if harvest else "",
        ),
        (
            "How often it is to be read",
            f"Every {counted(days, 'day').removeprefix('1 ')}" if days else "",
        ),
        ("About bringing it in", entry.get("harvest_note", "")),
        ("Searching it", entry.get("search_tips", "")),
        ("What to ask", entry.get("what_to_ask", "")),
    )
    return tuple((name, str(text)) for name, text in lines if text)


def _checked(item: dict[str, Any]) -> Checked:
    place = str(item.get("source", ""))
    read = partial_date(str(item.get("read", "")))
    if item.get("via"):
        read = f"{read} ({item['via']})" if read else str(item["via"])
    return Checked(
        fact=str(item.get("fact", "")),
        source=place,
        href=place if urls.is_web_address(place) else "",
        read=read,
    )
