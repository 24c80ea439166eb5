"""The second factor: turning it on with an app, recovery codes, turning it off."""

import re

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.accounts import second_factor, sessions
from kb.accounts.second_factor import Offer
from kb.accounts.sessions import Current
from kb.database import session_scope
from web import urls
from web.account_forms import ACCOUNT_CRUMBS, REFUSALS, code_field, refused
from web.context import FormPage, Link, MessagePage, render, see_other
from web.forms import FieldView, Form
from web.visitor import need

router = APIRouter()
CRUMBS = (*ACCOUNT_CRUMBS, Link("Second factor"))


def _fresh(request: Request) -> Current:
    visitor = need(request)
    with session_scope() as session:
        return sessions.require(session, visitor.token, proved=True)


@router.get("/account/second-factor")
def state(request: Request) -> Response:
    """Whether it is on, and what can be done."""
    account = _fresh(request).account
    if account.second_factor:
        return render(
            request,
            "form",
            FormPage(
                title="Second factor",
                robots="noindex",
                crumbs=CRUMBS,
                lead=(
                    "It is on: signing in takes a code of your app too.",
                    (
                        "If you are running out of recovery codes, make new ones; the old ones "
                        "then stop working."
                    ),
                ),
                fields=(),
                action=urls.account("second-factor", "codes"),
                button="Make new recovery codes",
                links=(
                    Link("Turn the second factor off", urls.account("second-factor", "off")),
                    Link("Back to your account", urls.account()),
                ),
            ),
        )
    return render(
        request,
        "form",
        FormPage(
            title="Second factor",
            robots="noindex",
            crumbs=CRUMBS,
            lead=(
                (
                    "With a second factor somebody who learns your password still cannot sign in. "
                    "You need an authenticator app on your telephone or computer."
                ),
            ),
            action=urls.account("second-factor", "offer"),
            button="Set it up",
            links=(Link("Back to your account", urls.account()),),
        ),
    )


def _enable_page(offer: Offer) -> FormPage:
    return FormPage(
        title="Put the key into your app",
        robots="noindex",
        crumbs=CRUMBS,
        lead=(
            (
                "In the app choose to add an account. Point the camera at the square, or choose to "
                "type a key and type the one below it."
            ),
            "Then type the code of six digits that the app shows.",
        ),
        picture=_square(offer.uri),
        fields=(
            FieldView(
                name="key",
                label="Key for the app",
                value=" ".join(re.findall(".{1,4}", offer.secret)),
                hint="Capitals and spaces do not matter.",
                kind="text",
            ),
            code_field("Six digits."),
        ),
        action=urls.account("second-factor", "on"),
        button="Turn it on",
    )


def _square(uri: str) -> Markup:
    """A QR code for an authenticator app, drawn in the page: it goes to no other site."""
    import segno

    drawn = segno.make_qr(uri, error="m").svg_inline(
        scale=5, light="#ffffff", title="QR code with the key"
    )
    return Markup(drawn)  # noqa: S704  black and white squares only: the text is not in it


@router.post("/account/second-factor/offer")
def offer(request: Request) -> Response:
    """Makes the key that goes into the app; nothing is on yet."""
    return render(request, "form", _enable_page(second_factor.offer(need(request).token)))


@router.post("/account/second-factor/on")
def enable(request: Request, form: Form) -> Response:
    """Turns it on with a code of the app, and shows the recovery codes this once."""
    visitor = need(request)
    try:
        enabled = second_factor.enable(visitor.token, form.text("code"))
    except REFUSALS as error:
        return refused(request, _enable_page(second_factor.offered(visitor.token)), error)
    visitor.hold(enabled.signed_in)
    jobs.wake_worker()
    return _codes(request, "The second factor is on", enabled.recovery_codes)


def _codes(request: Request, title: str, codes: list[str]) -> Response:
    return render(
        request,
        "message",
        MessagePage(
            title=title,
            robots="noindex",
            crumbs=CRUMBS,
            lead=(
                (
                    "These recovery codes are shown this once. Each lets you sign in one time "
                    "without the app. Print them or keep them in a password manager."
                ),
            ),
            lines=tuple(codes),
            links=(Link("I have kept them: back to your account", urls.account()),),
        ),
    )


@router.post("/account/second-factor/codes")
def new_codes(request: Request) -> Response:
    """Replaces the recovery codes."""
    codes = second_factor.new_recovery_codes(need(request).token)
    jobs.wake_worker()
    return _codes(request, "New recovery codes", codes)


@router.get("/account/second-factor/off")
def disable_form(request: Request) -> Response:
    """Asks whether it is to be turned off."""
    _fresh(request)
    page = FormPage(
        title="Turn the second factor off?",
        robots="noindex",
        crumbs=CRUMBS,
        lead=("From then on the password alone is enough to sign in.",),
        button="Turn it off",
        danger=True,
        links=(Link("Leave it on", urls.account()),),
    )
    return render(request, "form", page)


@router.post("/account/second-factor/off")
def disable(request: Request) -> Response:
    """Turns it off."""
    visitor = need(request)
    visitor.hold(second_factor.disable(visitor.token))
    jobs.wake_worker()
    return see_other(request, urls.account(), "factor-off")
