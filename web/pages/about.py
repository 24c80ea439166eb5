"""What this site is, what a record tells, and what being listed means."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.vocabularies import Term, vocabulary
from web import urls
from web.context import BaseContext, Link, render

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The words used for evidence, from their vocabularies."""

    stages: tuple[Term, ...]
    directions: tuple[Term, ...]
    confidence: tuple[Term, ...]
    levels: tuple[Term, ...]


@router.get("/about")
def about(request: Request) -> HTMLResponse:
    """About the collection."""
    context = Context(
        title="About this collection",
        canonical=urls.absolute(request, urls.page("about")),
        crumbs=(Link("Home", urls.home()), Link("About")),
        stages=vocabulary("stages").terms,
        directions=vocabulary("directions").terms,
        confidence=vocabulary("confidence").terms,
        levels=vocabulary("intervention_levels").terms,
    )
    return render(request, "about", context)
