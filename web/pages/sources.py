"""The source directory: what other sites hold or held, by aspect and state."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.database import session_scope
from kb.directory import service as directory
from kb.directory.models import Source
from kb.directory.standing import Standing, standings
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render

router = APIRouter()


@dataclass(frozen=True)
class SourceLine:
    """One source in the list."""

    title: str
    href: str
    owner: str
    holds: str
    state: str
    state_label: str
    aspects: tuple[str, ...]
    number: int | None
    standing: str
    """How far it has come here: run, built, or to be asked."""


@dataclass(frozen=True)
class Option:
    """A choice of the filter, with how many sources it leaves."""

    code: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The list with its filter."""

    sources: tuple[SourceLine, ...]
    total: int
    aspects: tuple[Option, ...]
    states: tuple[Option, ...]
    filtered: bool


@router.get("/sources")
def sources(request: Request) -> HTMLResponse:
    """Sources with any of the chosen aspects and any of the chosen states."""
    aspects = set(request.query_params.getlist("aspect"))
    states = set(request.query_params.getlist("state"))
    with session_scope() as session:
        every = directory.sources(session)
        standing = standings(session)
    by_aspect = [one for one in every if not aspects or aspects & set(_aspects(one))]
    by_state = [one for one in every if not states or one.state in states]
    shown = [one for one in by_aspect if one in by_state]
    context = Context(
        title="Sources of good practice",
        description="Sites, databases and award schemes that hold good practice in community "
        "safety, and what became of them.",
        robots="noindex, follow" if aspects or states else "",
        canonical=urls.absolute(request, urls.sources()),
        crumbs=(Link("Home", urls.home()), Link("Sources")),
        sources=tuple(_line(one, standing[one.id]) for one in shown),
        total=len(every),
        aspects=tuple(
            _options("aspects", aspects, (code for one in by_state for code in _aspects(one)))
        ),
        states=tuple(_options("source_states", states, (one.state for one in by_aspect))),
        filtered=bool(aspects or states),
    )
    return render(request, "sources", context)


def _aspects(source: Source) -> list[str]:
    return list(source.entry.get("aspects") or [])


def _options(vocabulary_id: str, chosen: set[str], there: Iterable[str]) -> Iterable[Option]:
    counts: dict[str, int] = {}
    for code in there:
        counts[code] = counts.get(code, 0) + 1
    for term in vocabulary(vocabulary_id):
        if counts.get(term.code) or term.code in chosen:
            yield Option(term.code, term.label, counts.get(term.code, 0), term.code in chosen)


def _line(source: Source, standing: Standing) -> SourceLine:
    entry = source.entry
    return SourceLine(
        title=source.title,
        href=urls.source(source.id),
        owner=entry.get("owner", ""),
        holds=entry.get("holds", ""),
        state=source.state,
        state_label=vocabulary("source_states").label(source.state),
        aspects=tuple(vocabulary("aspects").label(code) for code in _aspects(source)),
        number=entry.get("number"),
        standing=standing.label,
    )
