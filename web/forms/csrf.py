"""The check that what changes something was sent from a page of this site, to this person."""

from starlette.requests import Request

from kb.errors import KbError
from web.forms.posted import CSRF, SAFE, Form, Posted, route_of
from web.visitor import own_origins, visitor_of

OWN_SECRET = frozenset({"/unsubscribe/{token}"})
"""Routes that a mail program posts to, with a token of their own in the address."""


class FormRefused(KbError):
    """It did not come from a page of this site."""

    def __init__(self) -> None:
        super().__init__(
            "This was not sent from a page of this site, so nothing was changed. Open the page "
            "here and try again."
        )


class FormStale(KbError):
    """It came from here, but from a page of another session; `posted` can be sent again."""

    def __init__(self, posted: "Posted") -> None:
        self.posted = posted
        super().__init__(
            "The page had been open since before you signed in or out, so nothing was changed yet."
        )


def guard(request: Request, form: Form) -> None:
    """Refuse what changes something unless a page of this site, made for this person, sent it.

    Raises FormRefused, FormStale.
    """
    if request.method in SAFE or route_of(request) in OWN_SECRET:
        return
    origin = request.headers.get("origin", "")
    told = request.headers.get("sec-fetch-site", "")
    if (origin and origin.lower() not in own_origins(request)) or told in (
        "cross-site",
        "same-site",
    ):
        raise FormRefused
    if not visitor_of(request).has_csrf(form.text(CSRF)):
        if form.text(CSRF) and (origin or told == "same-origin"):
            raise FormStale(form)
        raise FormRefused
