"""What is kept about visitors: nothing that is not said here."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web import urls
from web.context import BaseContext, Link, render

router = APIRouter()


@router.get("/privacy")
def privacy(request: Request) -> HTMLResponse:
    """Privacy: what cookies, accounts and trails keep, and who is named in records."""
    context = BaseContext(
        title="Privacy",
        canonical=urls.absolute(request, urls.page("privacy")),
        crumbs=(Link("Home", urls.home()), Link("Privacy")),
    )
    return render(request, "privacy", context)
