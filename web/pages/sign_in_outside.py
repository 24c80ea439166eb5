"""Signing in through another service: there and back."""

import logging

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kb.accounts import attempts, outside, service
from kb.accounts.errors import OutsideFailed, OutsideMisconfigured, OutsideRefused, TooManyAttempts
from kb.accounts.identity import attempt_key
from kb.errors import KbError
from web import urls
from web.account_forms import refused
from web.context import see_other
from web.errors import PageNotFound
from web.pages.sign_in import first_step_done, sign_in_page
from web.visitor import visitor_of

router = APIRouter()
log = logging.getLogger(__name__)
_BACK = urls.account("outside", "back")


def _must_be_offered() -> None:
    if not outside.offered():
        raise PageNotFound("This site has no other service to sign in through.")


def _not_in(request: Request, back: str, error: KbError) -> Response:
    if isinstance(error, OutsideMisconfigured):
        log.error("signing in through another service: %s", error)
        error = OutsideFailed("this site is not set up for it as it should be")
    elif isinstance(error, OutsideFailed) and error.cause is not None:
        log.warning("signing in through another service: %s: %r", error, error.cause)
    return refused(request, sign_in_page(back), error)


@router.get("/account/outside")
def go_outside(request: Request, next: str = "") -> Response:
    """Sends the browser to the service. A link, not a form: forms may not lead to other sites."""
    _must_be_offered()
    visitor = visitor_of(request)
    back = urls.local(next, urls.account())
    if visitor.account is not None:
        return see_other(request, back)
    try:
        attempts.reserve("outside", attempt_key(visitor.address), visitor.address)
        secret = visitor.go_outside(_BACK, back)
        address = outside.begin(urls.absolute(request, _BACK), secret)
    except (OutsideFailed, OutsideMisconfigured, TooManyAttempts) as error:
        return _not_in(request, back, error)
    answer = RedirectResponse(address, status_code=303)
    visitor.put(answer)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/account/outside/back")
def come_back(request: Request) -> Response:
    """What the browser brings back from there; the account that fits is signed in."""
    _must_be_offered()
    visitor = visitor_of(request)
    secret, wanted = visitor.come_back(_BACK)
    back = urls.local(wanted, urls.account())
    try:
        vouched = outside.finish(urls.absolute(request, _BACK), secret, request.query_params)
        found = service.sign_in_outside(
            vouched.issuer,
            vouched.subject,
            email=vouched.email,
            email_verified=vouched.email_verified,
            display_name=vouched.display_name,
            replacing=visitor.token,
        )
    except (OutsideFailed, OutsideMisconfigured, OutsideRefused) as error:
        return _not_in(request, back, error)
    return first_step_done(request, found, back)
