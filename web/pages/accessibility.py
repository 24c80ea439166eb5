"""The accessibility statement."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web import urls
from web.context import BaseContext, Link, render

router = APIRouter()


@router.get("/accessibility")
def accessibility(request: Request) -> HTMLResponse:
    """What is aimed at, what was tested and what is known to fall short."""
    context = BaseContext(
        title="Accessibility statement",
        canonical=urls.absolute(request, urls.page("accessibility")),
        crumbs=(Link("Home", urls.home()), Link("Accessibility")),
    )
    return render(request, "accessibility", context)
