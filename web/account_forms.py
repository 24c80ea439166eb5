"""What the forms of the account share: their fields, and where an error is shown."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.accounts.errors import (
    AccountExists,
    CodeRefused,
    EmailInvalid,
    LastAdmin,
    NameInvalid,
    PasswordUnfit,
    SignInRefused,
    TooManyAttempts,
)
from kb.accounts.passwords import MIN_LENGTH
from kb.errors import KbError
from web import urls
from web.context import FormPage, Link, render
from web.errors import answer_to, retry_after
from web.forms import FieldView

REFUSALS = (
    EmailInvalid,
    NameInvalid,
    PasswordUnfit,
    SignInRefused,
    CodeRefused,
    TooManyAttempts,
    AccountExists,
    LastAdmin,
)
_FIELD_OF: dict[type[KbError], str] = {
    EmailInvalid: "email",
    NameInvalid: "name",
    PasswordUnfit: "password",
    CodeRefused: "code",
}
ACCOUNT_CRUMBS = (Link("Home", urls.home()), Link("Your account", urls.account()))


def email_field(value: str = "", label: str = "E-mail address") -> FieldView:
    """Where an address is typed."""
    return FieldView(name="email", label=label, kind="email", value=value, autocomplete="email")


def name_field(value: str = "") -> FieldView:
    """What others see of a person."""
    return FieldView(
        name="name",
        label="Your name",
        hint="As colleagues know you. Others see it beside what you share or send in.",
        value=value,
        autocomplete="name",
    )


def organisation_field(value: str = "") -> FieldView:
    """Where they work; may stay empty."""
    return FieldView(
        name="organisation",
        label="Organisation (optional)",
        value=value,
        autocomplete="organization",
    )


def password_field(label: str = "Password") -> FieldView:
    """The password that there is."""
    return FieldView(name="password", label=label, kind="password", autocomplete="current-password")


def new_password_field() -> FieldView:
    """A password being chosen."""
    return FieldView(
        name="password",
        label="New password",
        kind="password",
        hint=f"At least {MIN_LENGTH} characters. Three random words are easy to remember.",
        autocomplete="new-password",
    )


def code_field(hint: str) -> FieldView:
    """A code of the second factor."""
    return FieldView(
        name="code", label="Code", kind="code", hint=hint, autocomplete="one-time-code"
    )


def refused(request: Request, page: FormPage, error: KbError) -> HTMLResponse:
    """The same form again, with what was wrong beside its field or above."""
    where = _FIELD_OF.get(type(error), "")
    named = any(view.name == where for view in page.fields)
    fields = tuple(
        replace(view, error=str(error)) if named and view.name == where else view
        for view in page.fields
    )
    page = replace(page, fields=fields, problem="" if named else str(error))
    answer = render(request, "form", page, status=answer_to(error).status)
    retry_after(answer, error)
    return answer
