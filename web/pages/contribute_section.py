"""One page of the form of an entry: filled in, saved as typed, and joined with others' changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kb.accounts.models import Account
from kb.curation import access, service
from kb.curation.content import readable
from kb.curation.models import Entry
from kb.curation.sections import FormSection
from kb.curation.threeway import Clash
from kb.database import now, session_scope
from kb.imports import uploads
from kb.records.errors import FieldError
from kb.records.rules import check
from web import entry_view, record_form, urls
from web.clashes import ClashContext, chosen, clash_views
from web.context import BaseContext, FormPage, Link, render, see_other
from web.errors import PageNotFound
from web.forms import CSRF, FieldView, Form, Posted
from web.pages.contribute_entry import crumbs
from web.record_form import Item
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """One page of the form."""

    entry: Entry
    section: FormSection
    items: tuple[Item, ...]
    fields: tuple[FieldView, ...]
    base_text: str
    complete: bool
    number: int
    count: int
    back: str
    saved: bool
    upload: uploads.Upload | None


def _section(account: Account, entry: Entry, section_id: str) -> tuple[FormSection, int, int]:
    pages = entry_view.form_sections(account, entry)
    for number, one in enumerate(pages, 1):
        if one.id == section_id:
            return one, number, len(pages)
    raise PageNotFound("There is no such page of the form.")


@router.get("/contribute/{entry_id}/{section_id}")
def section(
    request: Request, entry_id: str, section_id: str, add: str = "", back: str = ""
) -> Response:
    """The page; `add` names a list that gets a blank row."""
    account = need(request).account
    assert account is not None
    with session_scope() as session:
        entry = access.seen(session, account, entry_id)
    if not access.may_write(account, entry):
        return see_other(request, urls.entry(entry_id))
    return _page(request, account, entry, section_id, add=add, back=back)


def _page(
    request: Request,
    account: Account,
    entry: Entry,
    section_id: str,
    *,
    errors: Sequence[FieldError] = (),
    add: str = "",
    back: str = "",
    saved: bool = False,
) -> Response:
    one, number, count = _section(account, entry, section_id)
    items = record_form.items_of(
        one, entry.content, errors=errors, passages=entry.passages, add=add
    )
    with session_scope() as session:
        upload = uploads.of_entry(session, entry.id, owner=account.id)
    context = Context(
        title=one.title,
        robots="noindex",
        crumbs=crumbs(entry, Link(one.title)),
        entry=entry,
        section=one,
        items=items,
        fields=record_form.flat(items),
        base_text=record_form.base_text(one, entry.content),
        complete=one.id in entry.done,
        number=number,
        count=count,
        back="check" if back == "check" else "",
        saved=saved,
        upload=upload,
    )
    return render(request, "contribute_section", context, status=400 if errors else 200)


@router.post("/contribute/{entry_id}/{section_id}")
def save(request: Request, entry_id: str, section_id: str, form: Form) -> Response:
    """Keeps the page as typed, whatever is wrong with it."""
    account = need(request).account
    assert account is not None
    then, _, about = form.text("then").partition(":")
    with session_scope(write=True) as session:
        entry = access.seen(session, account, entry_id)
        one, _, _ = _section(account, entry, section_id)
        values = record_form.posted(one, form, without=about if then == "removed" else "")
        values |= chosen(one, form, entry.content)
        complete = form.text("complete")
        if not access.may_write(account, entry):
            return _closed(request, entry, one, values, form)
        written = service.write(
            session,
            account,
            entry_id,
            values,
            record_form.base_of(one, form),
            done=(one.id, complete == "yes") if complete else None,
        )
        # Kept before anything is said of it: what is wrong or in doubt must not be lost.
    if then == "autosave":
        return _told(written.entry, one, written.clashes)
    if written.clashes:
        return _clash(request, written.entry, one, written.clashes, form)
    if then == "remove":
        gone = record_form.row_posted(one, form, about)
        if gone:
            return _sure(request, written.entry, one, about, gone, form)
    errors = _errors(written.entry, one, written.errors)
    if then in ("add", "remove", "removed"):
        name = about.partition(".")[0]
        extra = {"add": name} if then == "add" else {}
        at = urls.entry(entry_id, section_id, back=form.text("back"), **extra)
        return see_other(request, f"{at}#rows-{name}")
    if errors:
        return _page(
            request,
            account,
            written.entry,
            section_id,
            errors=errors,
            back=form.text("back"),
            saved=True,
        )
    return see_other(request, _next(account, written.entry, section_id, then, form), "saved")


def _errors(entry: Entry, one: FormSection, wrong: Sequence[FieldError]) -> list[FieldError]:
    """What is wrong or too long on this page; what is only missing is told before sending."""
    names = {spec.name for spec in one.fields}
    content, _ = readable(entry.content)
    long = [e for e in check(content, door="form", step="save") if e.rule != "required"]
    found = [*wrong, *long]
    return [error for error in found if error.field.partition(".")[0] in names]


def _next(account: Account, entry: Entry, section_id: str, then: str, form: Posted) -> str:
    if form.text("back") == "check":
        return urls.entry(entry.id, "check")
    pages = [one.id for one in entry_view.form_sections(account, entry)]
    at = pages.index(section_id) + 1
    if then == "next":
        return urls.entry(entry.id, pages[at] if at < len(pages) else "check")
    return urls.entry(entry.id)


def _told(entry: Entry, one: FormSection, clashes: Sequence[Clash]) -> Response:
    """The answer to a page that saves itself."""
    answer: Mapping[str, Any] = {
        "saved": f"{now():%H:%M} UTC",
        "base": record_form.base_text(one, entry.content),
        "clash": [clash.spec.title for clash in clashes],
    }
    return JSONResponse(answer, status_code=409 if clashes else 200)


def _closed(
    request: Request, entry: Entry, one: FormSection, values: Mapping[str, Any], form: Posted
) -> Response:
    """The entry went on while this page stood open: what was typed is shown, to be copied."""
    base = record_form.base_of(one, form)
    typed = [
        FieldView(name=spec.name, label=spec.title, kind="area", value=text)
        for spec in one.fields
        if (text := entry_view.told(spec, values)) and text != entry_view.told(spec, base)
    ]
    state = entry_view.state_of(entry).label
    kept = "Copy what you still need of what you typed:" if typed else "You had typed nothing new."
    page = FormPage(
        title="This page cannot be saved now",
        robots="noindex",
        crumbs=crumbs(entry, Link(one.title)),
        lead=(
            f"The entry stands at “{state}”, so it cannot be changed by you. Nothing was saved.",
            kept,
        ),
        fields=tuple(typed),
        instead=(Link("See where the entry stands", urls.entry(entry.id)),),
    )
    return render(request, "form", page, status=403)


def _kept(
    entry: Entry, one: FormSection, form: Posted, *, but: str = ""
) -> tuple[tuple[str, str], ...]:
    """What was posted, `but` for one name, to be sent again from a page in between."""
    kept = [(n, v) for n, v in form.pairs if n not in (CSRF, "base", but)]
    return (*kept, ("base", record_form.base_text(one, entry.content)))


def _sure(
    request: Request,
    entry: Entry,
    one: FormSection,
    about: str,
    gone: Mapping[str, Any],
    form: Posted,
) -> Response:
    """Asks before a row goes that holds something; all of the page is saved by now."""
    name, _, number = about.partition(".")
    spec = next(spec for spec in one.fields if spec.name == name)
    back = urls.entry(entry.id, one.id, back=form.text("back"))
    page = FormPage(
        title=f"Remove {spec.title} {number}?",
        robots="noindex",
        crumbs=crumbs(entry, Link(one.title, back), Link("Remove a row")),
        lead=(
            entry_view.told(spec, {name: [gone]}),
            "It cannot be got back. Everything else on the page is saved.",
        ),
        button="Remove it",
        danger=True,
        action=urls.entry(entry.id, one.id),
        hidden=(*_kept(entry, one, form, but="then"), ("then", f"removed:{about}")),
        instead=(Link("Keep it", f"{back}#rows-{name}"),),
    )
    return render(request, "form", page)


def _clash(
    request: Request, entry: Entry, one: FormSection, clashes: Sequence[Clash], form: Posted
) -> Response:
    context = ClashContext(
        title="This was changed elsewhere too",
        robots="noindex",
        crumbs=crumbs(entry, Link(one.title)),
        clashes=clash_views(clashes),
        action=urls.entry(entry.id, one.id),
        hidden=_kept(entry, one, form),
        lead=(
            "While you had this page open the same was changed by somebody else, or by you in "
            "another window. Everything else that you wrote is saved. For these, choose which is "
            "kept."
        ),
        button="Save what I chose",
    )
    return render(request, "clash", context, status=409)
