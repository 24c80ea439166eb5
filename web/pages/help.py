"""How to search: what can be typed and what the filters mean."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from index.facets import FACETS
from index.fields import NAMED_FIELDS
from kb.records import GROUPS
from web import urls
from web.context import BaseContext, Link, render

router = APIRouter()

_SEARCHED = ("scanning", "analysis", "response", "assessment")
EXAMPLES = (
    ("alley gates", "All of the words; where few records have them, any of them, which is said"),
    ('"repeat victimisation"', "These words next to each other"),
    ("burglary -student", "Without a word"),
    ("taxi AND robbery", "Both words"),
    ("graffiti OR vandalism", "Either word"),
    ("victim*", "Words that begin so"),
    ("title:lighting", "Only in the title"),
    ("in:response outreach", "Only in one section"),
    ("year:[2005 TO 2010]", "A span of years"),
    ("trigger:holidays", "The sign at which to begin"),
    ("ready before Bonfire Night", "A time of year, which can be narrowed to"),
    ("shoplifting in Lancashire", "A place or a country, which can be narrowed to"),
    (
        "what works against graffiti",
        "Only “graffiti” is looked for; what helped can be narrowed to",
    ),
    (
        "what did not work against burglary",
        "Only “burglary” is looked for; what changed nothing or did harm can be narrowed to",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Examples that can be tried, and the names that can be typed."""

    examples: tuple[tuple[Link, str], ...]
    sections: tuple[str, ...]
    names: tuple[tuple[str, str], ...]


@router.get("/help")
def search_help(request: Request) -> HTMLResponse:
    """Help with searching."""
    names = [("title", "Title"), ("id", "Id of the record")]
    names += [(named.name, named.label) for named in NAMED_FIELDS]
    names += [(facet.name, facet.label) for facet in FACETS]
    context = Context(
        title="Help with searching",
        canonical=urls.absolute(request, urls.page("help")),
        crumbs=(Link("Home", urls.home()), Link("Help with searching")),
        examples=tuple((Link(text, urls.search_for(text)), what) for text, what in EXAMPLES),
        sections=tuple(group.id for group in GROUPS if group.id in _SEARCHED),
        names=tuple(names),
    )
    return render(request, "help", context)
