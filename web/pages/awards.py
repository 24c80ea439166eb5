"""Awards: schemes, their rounds, and the entries of a round by how far they got."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.awards.models import AwardScheme
from kb.database import session_scope
from kb.vocabularies import vocabulary
from web import award_shelf, listings, urls
from web.award_shelf import Narrowing, Standing, Trend
from web.context import BaseContext, Link, render
from web.errors import PageNotFound
from web.forms import Option, RowNumber
from web.labels import award_level
from web.listings import Round
from web.pagination import page_numbers

router = APIRouter()

PER_PAGE = 50
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


@dataclass(frozen=True)
class Bar:
    """One line of a trend; `share` is its part of the longest line, in hundredths."""

    label: str
    href: str
    entries: int
    winners: int
    share: int


@dataclass(frozen=True)
class Found:
    """One entry that fits what is asked for."""

    record_id: str
    title: str
    line: str
    won: bool


@dataclass(frozen=True)
class Narrow:
    """One way to narrow, with its choices."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Shelf:
    """Entries to look through: ways to narrow, what fits, and trends over all of it."""

    narrows: tuple[Narrow, ...]
    narrowed: bool
    total: int
    found: tuple[Found, ...]
    years: tuple[Bar, ...]
    themes: tuple[Bar, ...]
    pages: tuple[Link, ...]
    clear: str


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


@router.get("/awards")
def awards(request: Request) -> HTMLResponse:
    """Every scheme, those with entries first."""
    with session_scope() as session:
        schemes = listings.schemes(session)
        held = listings.rounds(session)
        shelf = _shelf(request, award_shelf.standings(session), listings.scheme_titles(session))
    lines = [_scheme_line(scheme, [r for r in held if r.scheme == scheme.id]) for scheme in schemes]
    context = Context(
        title="Awards",
        description="Award schemes for work in community safety, with the entries held here.",
        canonical=urls.absolute(request, urls.awards()),
        crumbs=(Link("Home", urls.home()), Link("Awards")),
        schemes=tuple(sorted(lines, key=lambda line: (-line.entries, line.title.casefold()))),
        shelf=shelf,
        robots="noindex" if request.url.query else "",
    )
    return render(request, "awards", context)


@router.get("/awards/{scheme_id}")
def scheme(request: Request, scheme_id: str) -> HTMLResponse:
    """One scheme: what it asks, and its rounds."""
    with session_scope() as session:
        found = _found(listings.scheme(session, scheme_id))
        held = listings.rounds(session, scheme_id)
        shelf = _shelf(request, award_shelf.standings(session, scheme_id), {}, scheme_id)
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
        shelf=shelf,
        robots="noindex" if request.url.query else "",
    )
    return render(request, "awards", context)


@router.get("/awards/{scheme_id}/{year:int}")
def award_round(request: Request, scheme_id: str, year: RowNumber) -> HTMLResponse:
    """One year of a scheme: its entries by level, the winners first."""
    with session_scope() as session:
        found = _found(listings.scheme(session, scheme_id))
        held = listings.rounds(session, scheme_id)
        entries = award_shelf.standings(session, scheme_id, year)
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


def _by_level(entries: list[Standing]) -> tuple[tuple[str, tuple[Standing, ...]], ...]:
    order = _levels_best_first()
    groups: dict[str, list[Standing]] = {}
    for entry in sorted(entries, key=lambda item: _rank(item.level, order)):
        groups.setdefault(award_level(entry.level), []).append(entry)
    return tuple((label, tuple(inside)) for label, inside in groups.items())


_LABELS = {
    "problem": "Problem",
    "country": "Country",
    "region": "Region",
    "level": "How far it got",
}


def _named(name: str, code: str) -> str:
    if name == "problem":
        return vocabulary("problem_types").label(code)
    if name == "country":
        return vocabulary("countries").label(code)
    return award_level(code) if name == "level" else code


def _shelf(
    request: Request, every: list[Standing], schemes: dict[str, str], scheme_id: str = ""
) -> Shelf | None:
    """What can be looked through here; `schemes` names the scheme of each entry where it varies."""
    if not every:
        return None
    asked = Narrowing.read(request.query_params)
    fit = [one for one in every if asked.holds(one)]
    last = max(1, -(-len(fit) // PER_PAGE))
    number = request.query_params.get("page", "")
    page = min(max(int(number), 1), last) if number.isdecimal() and len(number) < 9 else 1
    shown = fit[(page - 1) * PER_PAGE : page * PER_PAGE] if asked else []
    return Shelf(
        narrows=tuple(_narrow(name, every, asked) for name in award_shelf.VALUES),
        narrowed=bool(asked),
        total=len(fit),
        found=tuple(_found_line(one, schemes) for one in shown),
        years=_bars(award_shelf.by_year(fit), lambda code: code, lambda _: ""),
        themes=_bars(
            award_shelf.by_theme(fit),
            lambda code: _named("problem", code) if code else "Problem not stated",
            lambda code: urls.awards(scheme_id, params=[("problem", code)]) if code else "",
        ),
        pages=tuple(
            Link(
                str(n or "…"),
                urls.awards(scheme_id, params=[*asked.pairs(), ("page", str(n))])
                if n and n != page
                else "",
            )
            for n in (page_numbers(page, last) if asked and last > 1 else ())
        ),
        clear=urls.awards(scheme_id),
    )


def _narrow(name: str, every: list[Standing], asked: Narrowing) -> Narrow:
    chosen = getattr(asked, name)
    held = award_shelf.counts(every, name)
    if chosen:
        held.setdefault(chosen, 0)  # a chosen value with no hits stays visible
    options = [
        Option(code, f"{_safe_name(name, code)} ({number})", chosen=code == chosen)
        for code, number in held.items()
    ]
    return Narrow(name, _LABELS[name], tuple(sorted(options, key=lambda one: one.label.casefold())))


def _safe_name(name: str, code: str) -> str:
    try:
        return _named(name, code)
    except KeyError:
        return code


def _found_line(one: Standing, schemes: dict[str, str]) -> Found:
    told = [schemes.get(one.scheme, ""), str(one.year), award_level(one.level), one.region]
    told.append(_safe_name("country", one.country) if one.country else "")
    told += [_named("problem", code) for code in one.themes[:2]]
    return Found(one.record_id, one.title, " · ".join(filter(None, told)), one.won)


def _bars(
    trends: list[Trend], label: Callable[[str], str], href: Callable[[str], str]
) -> tuple[Bar, ...]:
    longest = max((trend.entries for trend in trends), default=1)
    return tuple(
        Bar(
            label(trend.code),
            href(trend.code),
            trend.entries,
            trend.winners,
            max(1, round(100 * trend.entries / longest)),
        )
        for trend in trends
    )
