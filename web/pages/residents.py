"""For residents: what neighbours can do themselves, in plain words, early steps first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import HTMLResponse

from index.query import Query
from index.search import found_ids
from kb.database import session_scope
from kb.records import PracticeIn
from kb.records.models import Record
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render
from web.disclosure import shown_records
from web.record_card import place_line

router = APIRouter()

LOOKED_AT = 100
SHOWN = 20
_WORK = ("project", "programme", "community")
"""Kinds of record that tell of something that was done."""
_EARLY = ("prevention", "early-resolution")
_THEIR_SAY = ("empower", "collaborate", "involve")
"""Roles of local people in which they had a say, the strongest first."""
EXAMPLES = (
    "young people hanging about",
    "litter and fly-tipping",
    "lonely older neighbours",
    "speeding in our street",
    "feeling unsafe in the park",
)


@dataclass(frozen=True)
class Idea:
    """One piece of work as residents would want it told."""

    title: str
    href: str
    place: str
    summary: str
    level: str
    say: str
    strengths: str
    lead: str
    cost: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """What was asked, and what neighbours elsewhere did."""

    q: str
    ideas: tuple[Idea, ...]
    more: str
    examples: tuple[Link, ...]


@router.get("/residents")
def residents(request: Request, q: str = "") -> HTMLResponse:
    """What others did about `q`; without it, work in which local people had the most say."""
    text = " ".join(q.split())[:200]
    query = Query(text=text) if text else Query(filters={"level": _EARLY})
    with session_scope() as session:
        ideas = _ideas(session, query)
    context = Context(
        title="What neighbours can do",
        description="What residents elsewhere did about a problem where they live, and how.",
        canonical=urls.absolute(request, urls.residents()),
        robots="noindex, follow" if text else "",
        crumbs=(Link("Home", urls.home()), Link("What neighbours can do")),
        q=text,
        ideas=ideas,
        more=urls.search(query),
        examples=tuple(Link(one, urls.residents(one)) for one in EXAMPLES),
    )
    return render(request, "residents", context)


def _ideas(session: Session, query: Query) -> tuple[Idea, ...]:
    """The best of what is found: early steps first, then where residents had the most say.

    What is found stays in its order within each of these, so an off-topic record gains nothing:
    only the first `LOOKED_AT` are looked at.
    """
    ids = found_ids(query, LOOKED_AT)
    # What they are ordered by is read as it is stored; only those shown are read in full.
    work = select(Record.id, Record.content).where(
        col(Record.id).in_(ids), col(Record.record_type).in_(_WORK)
    )
    stored = {found: content for found, content in session.exec(work) if content.get("summary")}
    held = [record_id for record_id in ids if record_id in stored]
    held.sort(key=lambda record_id: _order(stored[record_id]))
    shown = shown_records(session, held[:SHOWN])
    return tuple(_idea(one.id, one.content) for one in shown)


def _order(content: Mapping[str, Any]) -> tuple[bool, int]:
    early = any(level in _EARLY for level in content.get("intervention_levels") or ())
    role = content.get("community_role") or ""
    say = _THEIR_SAY.index(role) if role in _THEIR_SAY else len(_THEIR_SAY)
    return not early, say - bool(content.get("community_assets"))


def _idea(record_id: str, content: PracticeIn) -> Idea:
    levels, roles = vocabulary("intervention_levels"), vocabulary("community_roles")
    first = next((term for term in levels if term.code in content.intervention_levels), None)
    role = content.community_role
    return Idea(
        title=content.title,
        href=urls.record(record_id),
        place=place_line(content),
        summary=content.summary,
        level=first.definition if first else "",
        say=roles.term(role).definition if role and role in roles else "",
        strengths=content.community_assets,
        lead=_lead(content.lead_time_months),
        cost=vocabulary("cost_bands").label(content.cost_band) if content.cost_band else "",
    )


def _lead(months: float | None) -> str:
    if months is None:
        return ""
    if months < 1:
        return "Less than a month to prepare"
    return f"About {months:g} month{'' if months == 1 else 's'} to prepare"
