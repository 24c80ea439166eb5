"""What every page is given, and how a page is made from its template."""

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from kb.errors import KbError
from kb.settings import settings
from web import urls
from web.filters import FILTERS
from web.forms import FieldView
from web.notices import DONE
from web.visitor import Visitor, visitor_of

TEMPLATES = Path(__file__).resolve().parent / "templates"

NAVIGATION = (
    ("Search", "/search"),
    ("Browse", "/browse"),
    ("Sources", "/sources"),
    ("Awards", "/awards"),
    ("People", "/people"),
    ("Contribute", "/contribute"),
    ("About", "/about"),
)


@dataclass(frozen=True)
class Link:
    """Something to go to. `note` says more beside it."""

    text: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class BaseContext:
    """What every template can rely on; each page adds its own fields."""

    title: str
    description: str = ""
    robots: str = ""
    canonical: str = ""
    crumbs: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormPage(BaseContext):
    """A page that is one form. `problem` is an error of no one field; it posts to `action`.

    `instead` are other ways to do the same, shown as buttons; `links` lead elsewhere. `picture` is
    a drawing of our own that stands before the fields.
    """

    lead: tuple[str, ...] = ()
    fields: tuple[FieldView, ...] = ()
    button: str = ""
    action: str = ""
    problem: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    instead: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    danger: bool = False
    picture: Markup | None = None


@dataclass(frozen=True, kw_only=True)
class MessagePage(BaseContext):
    """A page that says what happened and where to go from here."""

    lead: tuple[str, ...] = ()
    code: str = ""
    lines: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


# The macros of govuk-frontend-jinja test for missing parameters, so undefined names are allowed
# here; a test holds each template to the fields of its context instead.
@lru_cache(maxsize=1)
def environment() -> Environment:
    """The template environment, made once."""
    made = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.filters["json_ld"] = json_ld
    made.globals["urls"] = urls
    made.globals["navigation"] = NAVIGATION
    return made


def json_ld(data: Any) -> Markup:
    """Data as JSON that cannot close the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    for bad, good in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(bad, good)
    return Markup(text)  # noqa: S704  every character that could end the element is escaped


def render(
    request: Request, name: str, context: BaseContext, status: int = 200, *, alone: bool = False
) -> HTMLResponse:
    """The page `templates/pages/<name>.html` with this context.

    With `alone` nothing is asked of the store: for pages that say it cannot be reached.
    """
    visitor = None if alone else visitor_of(request)
    given = {field.name: getattr(context, field.name) for field in fields(context)}
    text = (
        environment()
        .get_template(f"pages/{name}.html")
        .render(
            **given,
            site_name=settings().site_name,
            path=request.url.path,
            here=_here(request),
            address=urls.absolute(request, request.url.path),
            base=urls.absolute(request, ""),
            visitor=visitor,
            done=DONE.get(request.query_params.get("done", ""), ""),
        )
    )
    answer = HTMLResponse(text, status_code=status)
    if visitor is not None:
        visitor.put(answer)
    return answer


def _here(request: Request) -> str:
    """Where to come back to: this page, or the first page when it was the answer to a form."""
    if request.method not in ("GET", "HEAD"):
        return urls.home()
    query = request.url.query
    return urls.without_done(request.url.path + (f"?{query}" if query else ""))


def see_other(request: Request, address: str, done: str = "") -> RedirectResponse:
    """After a form: go to a page of this site, where `done` (a key of `notices.DONE`) is told."""
    answer = RedirectResponse(urls.with_done(address, done), status_code=303)
    visitor_of(request).put(answer)
    return answer


def visitor_or_none(request: Request) -> Visitor | None:
    """The visitor, unless the store cannot be asked."""
    try:
        return visitor_of(request)
    except KbError:
        return None
