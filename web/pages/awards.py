"""Awards: schemes, their rounds, and the entries of a round by how far they got."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.awards import contests, entering
from kb.awards.contests import Contest
from kb.awards.models import AwardScheme
from kb.database import now, session_scope
from kb.vocabularies import vocabulary
from web import award_shelf, listings, urls
from web.award_browse import Shelf, shelf_of
from web.award_shelf import Round, Standing
from web.context import BaseContext, Link, render
from web.errors import PageNotFound
from web.filters import day
from web.forms import RowNumber
from web.labels import award_level
from web.visitor import visitor_of

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
    groups: tuple[tuple[str, tuple[Standing, ...]], ...] = ()
    entries: int = 0
    source: Link | None = None
    neighbours: tuple[Link, ...] = ()
    shelf: Shelf | None = None
    standing: str = ""
    ways: tuple[Link, ...] = ()


@router.get("/awards")
def awards(request: Request) -> HTMLResponse:
    """Every scheme, those with entries first."""
    with session_scope() as session:
        schemes = listings.schemes(session)
        entries = award_shelf.standings(session)
        ways = _ways(request, session)
    shelf = shelf_of(request, entries, {one.id: one.title for one in schemes})
    held = award_shelf.rounds(entries)
    lines = [_scheme_line(scheme, [r for r in held if r.scheme == scheme.id]) for scheme in schemes]
    context = Context(
        title="Awards",
        description="Award schemes for work in community safety, with the entries held here.",
        canonical=urls.absolute(request, urls.awards()),
        crumbs=(Link("Home", urls.home()), Link("Awards")),
        schemes=tuple(sorted(lines, key=lambda line: (-line.entries, line.title.casefold()))),
        shelf=shelf,
        robots="noindex" if request.url.query else "",
        ways=(
            *(
                (Link("Look through all entries by year, problem and place", "#entries"),)
                if shelf
                else ()
            ),
            *ways,
        ),
    )
    return render(request, "awards", context)


def _ways(request: Request, session: Session) -> tuple[Link, ...]:
    """Rounds that go on here, with what this visitor has to do in them."""
    visitor = visitor_of(request)
    links = []
    for one in contests.running(session):
        if one.row.state == "published":
            continue
        links.append(Link(one.title, one.path, f"run on this site. {_standing(one)}"))
        links += [
            Link(f"{link.text}: {one.title}", link.href, link.note)
            for link in _round_ways(request, session, one)
            if link.href.startswith(f"{one.path}/")
        ]
    if visitor.may("awards"):
        links.append(Link("Make a scheme of your own", urls.awards("new")))
    return tuple(links)


@router.get("/awards/{scheme_id}")
def scheme(request: Request, scheme_id: str) -> HTMLResponse:
    """One scheme: what it asks, and its rounds."""
    with session_scope() as session:
        found = _found(listings.scheme(session, scheme_id))
        entries = award_shelf.standings(session, scheme_id)
        run_here = [one for one in contests.running(session) if one.scheme.id == scheme_id]
    shelf = shelf_of(request, entries, {}, scheme_id)
    entry: dict[str, Any] = found.entry
    context = Context(
        title=found.title,
        canonical=urls.absolute(request, urls.awards(scheme_id)),
        crumbs=(Link("Home", urls.home()), Link("Awards", urls.awards()), Link(found.title)),
        scheme=found,
        state=_STATES.get(entry.get("state", ""), "Not known whether it is still given"),
        rounds=tuple(_round_line(item) for item in award_shelf.rounds(entries)),
        entries=len(entries),
        source=Link("its entry in the directory of sources", urls.source(entry["source"]))
        if entry.get("source")
        else None,
        shelf=shelf,
        robots="noindex" if request.url.query else "",
        ways=_scheme_ways(request, scheme_id, run_here),
    )
    return render(request, "awards", context)


def _scheme_ways(request: Request, scheme_id: str, run_here: list[Contest]) -> tuple[Link, ...]:
    """Rounds run on this site, and what those who run awards can do."""
    links = [
        Link(
            f"The round of {one.year}",
            urls.awards(scheme_id, one.year),
            contests.STATES[one.row.state],
        )
        for one in run_here
    ]
    if visitor_of(request).may("awards"):
        links.append(Link("Open a round", urls.awards(scheme_id, None, "open")))
        links.append(Link("Change the scheme", urls.awards(scheme_id, None, "edit")))
    return tuple(links)


@router.get("/awards/{scheme_id}/{year:int}")
def award_round(request: Request, scheme_id: str, year: RowNumber) -> HTMLResponse:
    """One year of a scheme: its entries by level, the winners first."""
    with session_scope() as session:
        found = _found(listings.scheme(session, scheme_id))
        years = sorted(year for _, year in listings.rounds(session, scheme_id))
        entries = award_shelf.standings(session, scheme_id, year)
        contest = contests.find(session, scheme_id, year)
        ways = _round_ways(request, session, contest) if contest else ()
    if not entries and contest is None:
        raise PageNotFound(f"No entry of {year} is held for this award.")
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
        standing=_standing(contest) if contest else "",
        ways=ways,
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


def _standing(contest: Contest) -> str:
    row = contest.row
    days = [f"from {day(row.opens)}"] if row.opens else []
    days += [f"until {day(row.closes)}"] if row.closes else []
    told = contests.STATES[row.state]
    return f"{told} {' '.join(days)}." if row.state == "open" and days else f"{told}."


def _round_ways(request: Request, session: Session, contest: Contest) -> tuple[Link, ...]:
    """What this visitor can do in a round that is run here."""
    visitor, at = visitor_of(request), (contest.scheme.id, contest.year)
    links = []
    if contest.takes_entries(now().date()):
        links.append(Link("Find your record to enter it", urls.search()))
    if visitor.account is not None:
        links += [
            Link(f"Your entry {row.id}", urls.awards(*at, "entries", str(row.id)), row.state)
            for row in entering.mine(session, visitor.account, contest)
        ]
        if any(one.account_id == visitor.account.id for one in contests.judges(session, contest)):
            links.append(Link("Judge this round", urls.awards(*at, "judge")))
        if visitor.may("awards"):
            links.append(Link("Run this round", urls.awards(*at, "run")))
    return tuple(links)


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


def _by_level(entries: list[Standing]) -> tuple[tuple[str, tuple[Standing, ...]], ...]:
    order = _levels_best_first()
    groups: dict[str, list[Standing]] = {}
    for entry in sorted(entries, key=lambda item: _rank(item.level, order)):
        groups.setdefault(award_level(entry.level), []).append(entry)
    return tuple((label, tuple(inside)) for label, inside in groups.items())
