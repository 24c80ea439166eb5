"""Ending the mails of a saved search, without signing in."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.trails import saved
from web import urls
from web.context import FormPage, Link, MessagePage, render
from web.errors import PageNotFound

router = APIRouter()


@router.get("/unsubscribe/{token}")
def ask(request: Request, token: str) -> Response:
    """Asks first: programs that follow each link of a mail must not end anything."""
    page = FormPage(
        title="Stop these mails?",
        robots="noindex",
        lead=("The saved search itself stays; you can look at what is new in your account.",),
        button="Stop the mails",
        links=(Link("Change how often they come instead", urls.searches()),),
    )
    return render(request, "form", page)


@router.post("/unsubscribe/{token}")
def stop(request: Request, token: str) -> Response:
    """Ends them; mail programs post here by themselves (RFC 8058), so the token is enough."""
    with session_scope(write=True) as session:
        name = saved.unsubscribe(session, token)
    if name is None:
        raise PageNotFound(
            "This address does not belong to a saved search any more, so no mails come from it."
        )
    page = MessagePage(
        title="The mails are stopped",
        robots="noindex",
        lead=(f"You will get no more mails about “{name}”.",),
        links=(Link("Your saved searches", urls.searches()), Link("First page", urls.home())),
    )
    return render(request, "message", page)
