"""Awards: schemes, their rounds, and the entries of a round by how far they got."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.awards.models import AwardScheme
from kb.database import session_scope
from kb.vocabularies import vocabulary
from web import listings, urls
from web.context import BaseContext, Link, render
from web.errors import PageNotFound
from web.forms import RowNumber
from web.labels import award_level
from web.listings import Entry, Round

router = APIRouter()

_STATES = {"running": "Still given", "ended": "No longer given"}


@dataclass(frozen=True)
class SchemeLine:
    """A scheme with how much of it is held."""

    title: str
    href: str
    body: str
    state: str
    entries: int
    years: str


@dataclass(frozen=True)
class RoundLine:
    """A year of a scheme with its entries by level."""

    year: int
    href: str
    entries: int
    levels: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """All schemes; or one scheme with its rounds; or one round with its entries."""

    schemes: tuple[SchemeLine, ...] = ()
    scheme: AwardScheme | None = None
    state: str = ""
    rounds: tuple[RoundLine, ...] = ()
    groups: tuple[tuple[str, tuple[Entry, ...]], ...] = ()
    entries: int = 0
    source: Link | None = None
    neighbours: tuple[Link, ...] = ()


@router.get("/awards")
def awards(request: Request) -> HTMLResponse:
    """Every scheme, those with entries first."""
    with session_scope() as session:
        schemes = listings.schemes(session)
        held = listings.rounds(session)
    lines = [_scheme_line(scheme, [r for r in held if r.scheme == scheme.id]) for scheme in schemes]
    context = Context(
        title="Awards",
        description="Award schemes for work in community safety, with the entries held here.",
        canonical=urls.absolute(request, urls.awards()),
        crumbs=(Link("Home", urls.home()), Link("Awards")),
        schemes=tuple(sorted(lines, key=lambda line: (-line.entries, line.title.casefold()))),
    )
    return render(request, "awards", context)


@router.get("/awards/{scheme_id}")
def scheme(request: Request, scheme_id: str) -> HTMLResponse:
    """One scheme: what it asks, and its rounds."""
    with session_scope() as session:
        found = _found(listings.scheme(session, scheme_id))
        held = listings.rounds(session, scheme_id)
    entry: dict[str, Any] = found.entry
    context = Context(
        title=found.title,
        canonical=urls.absolute(request, urls.awards(scheme_id)),
        crumbs=(Link("Home", urls.home()), Link("Awards", urls.awards()), Link(found.title)),
        scheme=found,
        state=_STATES.get(entry.get("state", ""), "Not known whether it is still given"),
        rounds=tuple(_round_line(item) for item in held),
        entries=sum(item.entries for item in held),
        source=Link("its entry in the directory of sources", urls.source(entry["source"]))
        if entry.get("source")
        else None,
    )
    return render(request, "awards", context)


@router.get("/awards/{scheme_id}/{year:int}")
def award_round(request: Request, scheme_id: str, year: RowNumber) -> HTMLResponse:
    """One year of a scheme: its entries by level, the winners first."""
    with session_scope() as session:
        found = _found(listings.scheme(session, scheme_id))
        held = listings.rounds(session, scheme_id)
        entries = listings.entries(session, scheme_id, year)
    if not entries:
        raise PageNotFound(f"No entry of {year} is held for this award.")
    years = sorted(item.year for item in held)
    context = Context(
        title=f"{found.title}, {year}",
        canonical=urls.absolute(request, urls.awards(scheme_id, year)),
        crumbs=(
            Link("Home", urls.home()),
            Link("Awards", urls.awards()),
            Link(found.title, urls.awards(scheme_id)),
            Link(str(year)),
        ),
        groups=_by_level(entries),
        entries=len(entries),
        neighbours=tuple(
            Link(f"{word}: {other}", urls.awards(scheme_id, other))
            for word, other in (
                ("Year before", max((y for y in years if y < year), default=None)),
                ("Year after", min((y for y in years if y > year), default=None)),
            )
            if other is not None
        ),
    )
    return render(request, "awards", context)


def _found(scheme: AwardScheme | None) -> AwardScheme:
    if scheme is None:
        raise PageNotFound("There is no award scheme at this address.")
    return scheme


def _scheme_line(scheme: AwardScheme, held: list[Round]) -> SchemeLine:
    years = sorted(item.year for item in held)
    return SchemeLine(
        title=scheme.title,
        href=urls.awards(scheme.id),
        body=scheme.entry.get("body", ""),
        state=_STATES.get(scheme.entry.get("state", ""), ""),
        entries=sum(item.entries for item in held),
        years=f"{years[0]} to {years[-1]}" if len(years) > 1 else str(*years),
    )


def _levels_best_first() -> list[str]:
    return [term.code for term in reversed(vocabulary("award_levels").terms)]


def _round_line(item: Round) -> RoundLine:
    order = _levels_best_first()
    counts: dict[str, int] = {}
    for level in sorted(item.levels, key=lambda code: _rank(code, order)):
        label = award_level(level)
        counts[label] = counts.get(label, 0) + item.levels[level]
    return RoundLine(
        item.year, urls.awards(item.scheme, item.year), item.entries, tuple(counts.items())
    )


def _rank(level: str, order: list[str]) -> int:
    # What is not stated comes last, whatever its place in the vocabulary.
    return len(order) if not level or level == "not-stated" else order.index(level)


def _by_level(entries: list[Entry]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    order = _levels_best_first()
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda item: _rank(item.level, order)):
        groups.setdefault(award_level(entry.level), []).append(entry)
    return tuple((label, tuple(inside)) for label, inside in groups.items())
