"""Award schemes made or changed here, and rounds opened with a scheme's rules."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.awards import contests, schemes
from kb.awards.models import AwardScheme
from kb.awards.rules import Rules, rules_of
from kb.database import now, session_scope
from kb.records.errors import RecordInvalid
from web import listings, urls
from web.award_pages import (
    AwardPage,
    WorkForm,
    date_fields,
    plain,
    rule_fields,
    show,
    signed_in,
    told,
)
from web.context import Link, see_other
from web.errors import PageNotFound
from web.forms import FieldView, Form, Option, row_number

router = APIRouter()

_STATES = (("running", "Still given"), ("ended", "No longer given"), ("unknown", "Not known"))


def _scheme(scheme_id: str) -> AwardScheme:
    with session_scope() as session:
        found = listings.scheme(session, scheme_id)
    if found is None:
        raise PageNotFound("There is no award scheme at this address.")
    return found


def _scheme_form(
    request: Request, scheme: AwardScheme | None, error: RecordInvalid | None, typed: dict[str, str]
) -> Response:
    entry = scheme.entry if scheme else {}
    rules = rules_of(scheme) if scheme else Rules(own_form=False)
    state = entry.get("state", "unknown")
    fields = (
        FieldView(name="title", label="Name", value=scheme.title if scheme else ""),
        FieldView(name="body", label="Who gives it", value=entry.get("body") or ""),
        FieldView(
            name="state",
            label="Is it still given?",
            kind="radios",
            options=tuple(Option(code, label, chosen=code == state) for code, label in _STATES),
        ),
        *rule_fields(rules),
        FieldView(
            name="criteria_note",
            label="Note on the criteria",
            kind="area",
            hint="Where they come from, or what of them is not known.",
            value=entry.get("criteria_note") or "",
        ),
    )
    title = f"Change {scheme.title}" if scheme else "A new award scheme"
    return show(
        request,
        AwardPage(
            title=title,
            robots="noindex",
            crumbs=(Link("Home", urls.home()), Link("Awards", urls.awards()), Link(title)),
            lead=("Leave empty what is not known: an invented criterion misleads entrants.",),
            forms=(
                WorkForm(
                    action=request.url.path,
                    button="Save the scheme",
                    fields=told(fields, error.errors if error else (), typed),
                ),
            ),
        ),
    )


@router.get("/awards/new")
def new_scheme(request: Request) -> Response:
    """The form for a scheme of one's own."""
    signed_in(request, "awards")
    return _scheme_form(request, None, None, {})


@router.post("/awards/new")
def make_scheme(request: Request, form: Form) -> Response:
    """Makes it."""
    return _save(request, form.pairs, "")


@router.get("/awards/{scheme_id}/edit")
def edit_scheme(request: Request, scheme_id: str) -> Response:
    """The same form for a scheme that is there."""
    signed_in(request, "awards")
    return _scheme_form(request, _scheme(scheme_id), None, {})


@router.post("/awards/{scheme_id}/edit")
def save_scheme(request: Request, scheme_id: str, form: Form) -> Response:
    """Changes it."""
    return _save(request, form.pairs, scheme_id)


def _save(request: Request, pairs: list[tuple[str, str]], scheme_id: str) -> Response:
    account, typed = signed_in(request, "awards"), plain(pairs)
    try:
        with session_scope(write=True) as session:
            made = schemes.save(session, account, typed, scheme_id).id
    except RecordInvalid as error:
        return _scheme_form(request, _scheme(scheme_id) if scheme_id else None, error, typed)
    return see_other(request, urls.awards(made), "saved")


@router.get("/awards/{scheme_id}/open")
def new_round(request: Request, scheme_id: str) -> Response:
    """The form for a round, filled in from the scheme."""
    signed_in(request, "awards")
    return _round_form(request, _scheme(scheme_id), None, {})


def _round_form(
    request: Request, scheme: AwardScheme, error: RecordInvalid | None, typed: dict[str, str]
) -> Response:
    rules = rules_of(scheme)
    fields = (
        FieldView(name="year", label="Year", kind="number", value=str(now().year)),
        *date_fields(None),
        *rule_fields(rules),
    )
    title = "Open a round"
    unknown = [] if rules.own_form else ["The scheme's own form is not known; these are ours."]
    if scheme.entry.get("criteria_note"):
        unknown.append(scheme.entry["criteria_note"])
    return show(
        request,
        AwardPage(
            title=f"{title}: {scheme.title}",
            robots="noindex",
            crumbs=(
                Link("Home", urls.home()),
                Link("Awards", urls.awards()),
                Link(scheme.title, urls.awards(scheme.id)),
                Link(title),
            ),
            lead=("Everything can be changed until judging begins.", *unknown),
            forms=(
                WorkForm(
                    action=request.url.path,
                    button="Open the round",
                    fields=told(fields, error.errors if error else (), typed),
                ),
            ),
        ),
    )


@router.post("/awards/{scheme_id}/open")
def open_round(request: Request, scheme_id: str, form: Form) -> Response:
    """Opens it."""
    account, typed = signed_in(request, "awards"), plain(form.pairs)
    scheme = _scheme(scheme_id)
    try:
        with session_scope(write=True) as session:
            made = contests.open_round(
                session, account, scheme_id, row_number(typed.get("year", "")), typed
            )
    except RecordInvalid as error:
        return _round_form(request, scheme, error, typed)
    return see_other(request, urls.awards(scheme_id, made.year, "run"), "round-opened")
