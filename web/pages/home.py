"""The first page."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from index.query import Query
from index.search import search
from kb.database import session_scope
from kb.errors import KbError
from kb.records import Practice, service
from kb.vocabularies import vocabulary
from web import listings, urls
from web.context import BaseContext, Link, render
from web.disclosure import disclosed
from web.labels import Labels

router = APIRouter()

LATEST = 5
WINNERS = 6
EXAMPLES = ("burglary in student houses", "off-road bikes", "DA", "fear of crime in a park")
_NARROWER = 8


@dataclass(frozen=True)
class ProblemGroup:
    """A top problem with how many records it has and the commonest problems under it."""

    title: str
    href: str
    count: int
    problems: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """What the first page shows."""

    examples: tuple[Link, ...]
    groups: tuple[ProblemGroup, ...]
    latest: tuple[Practice, ...]
    winners: tuple[tuple[listings.Winner, str], ...]
    total: int
    sources: int


def problem_groups() -> tuple[tuple[ProblemGroup, ...], int]:
    """Top problems and how many records there are; no counts while there is no index."""
    terms = vocabulary("problem_types")
    try:
        found = search(Query(per_page=1))
        total = found.total
        values = next(facet.values for facet in found.facets if facet.name == "problem")
        counts = {value.code: value.count for value in values}
    except KbError:
        total, counts = 0, {}
    groups = []
    for top in terms.children(None):
        below = sorted(
            (term for term in terms.children(top.code) if counts.get(term.code)),
            key=lambda term: -counts[term.code],
        )
        groups.append(
            ProblemGroup(
                title=top.label,
                href=urls.search_with(Query(), "problem", top.code),
                count=counts.get(top.code, 0),
                problems=tuple(
                    Link(term.label, urls.search_with(Query(), "problem", term.code))
                    for term in below[:_NARROWER]
                ),
            )
        )
    return tuple(groups), total


@router.get("/")
def home(request: Request) -> HTMLResponse:
    """Search box, problems, newest records and winners."""
    groups, total = problem_groups()
    with session_scope() as session:
        labels = Labels.read(session)
        context = Context(
            title="Good practice in community safety",
            description="What has been tried against crime and disorder, what happened, how it "
            "was done and who can help.",
            canonical=urls.absolute(request, urls.home()),
            examples=tuple(Link(text, urls.search_for(text)) for text in EXAMPLES),
            groups=groups,
            latest=tuple(disclosed(session, found) for found in service.latest(session, LATEST)),
            winners=tuple(
                (winner, labels.schemes.get(winner.scheme, winner.scheme))
                for winner in listings.winners(session, WINNERS)
            ),
            total=total,
            sources=len(labels.sources),
        )
    return render(request, "home", context)
