"""What every page is given, and how a page is made from its template."""

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.settings import settings
from web import urls
from web.filters import FILTERS

TEMPLATES = Path(__file__).resolve().parent / "templates"

NAVIGATION = (
    ("Search", "/search"),
    ("Browse", "/browse"),
    ("Sources", "/sources"),
    ("Awards", "/awards"),
    ("People", "/people"),
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


def render(request: Request, name: str, context: BaseContext, status: int = 200) -> HTMLResponse:
    """The page `templates/pages/<name>.html` with this context."""
    given = {field.name: getattr(context, field.name) for field in fields(context)}
    text = (
        environment()
        .get_template(f"pages/{name}.html")
        .render(
            **given,
            site_name=settings().site_name,
            path=request.url.path,
            address=urls.absolute(request, request.url.path),
            base=urls.absolute(request, ""),
        )
    )
    return HTMLResponse(text, status_code=status)
