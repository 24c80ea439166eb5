"""One reading list: its records with one's own notes, and the files it can be had as."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.exports import exporters
from kb.records import Practice
from kb.trails import lists
from kb.trails.access import Viewer
from kb.trails.errors import EntryInvalid
from kb.trails.lists import ListedRecord, ListHeading, ListView
from web import urls
from web.context import BaseContext, FormPage, Link, render, see_other
from web.disclosure import shown_records
from web.errors import PageNotFound
from web.forms import Form, fields_of, values_of
from web.record_card import card
from web.record_view import Value
from web.visitor import visitor_of

router = APIRouter()
# Formats for reading, into which one's own notes go too.
_READ = ("docx", "markdown")
_OFFERED = (*_READ, "ris", "bibtex", "csljson", "csv", "xlsx")


@dataclass(frozen=True)
class Item:
    """A record on the list with its card; None when it is no longer public."""

    listed: ListedRecord
    card: tuple[tuple[str, tuple[Value, ...]], ...]
    summary: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The list."""

    reading: ListView
    items: tuple[Item, ...]
    files: tuple[Link, ...]
    compare: str


@router.get("/lists/{list_id}")
def read(request: Request, list_id: str) -> Response:
    """The list; it prints as a pack."""
    with session_scope() as session:
        found = lists.view(session, list_id, visitor_of(request).viewer)
        practices = {
            one.id: one for one in shown_records(session, [item.record_id for item in found.items])
        }
    items = []
    for listed in found.items:
        practice = practices.get(listed.record_id)
        items.append(
            Item(
                listed if practice else replace(listed, record=None, record_id=""),
                card(practice.content) if practice else (),
                practice.content.summary if practice else "",
            )
        )
    known = exporters()
    context = Context(
        title=found.name,
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            Link("Reading lists", urls.lists()),
            Link(found.name),
        ),
        reading=found,
        items=tuple(items),
        files=tuple(
            Link(known[name].label, urls.lists(list_id, f"list.{known[name].extension}"))
            for name in _OFFERED
            if name in known
        ),
        compare=urls.compare(list(practices)[:4]) if len(practices) > 1 else "",
    )
    answer = render(request, "reading_list", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/lists/{list_id}/list.{extension}")
def as_file(request: Request, list_id: str, extension: str) -> Response:
    """The records as a file; Word and Markdown hold the notes too."""
    chosen = next((one for one in exporters().values() if one.extension == extension), None)
    if chosen is None:
        known = ", ".join(f".{one.extension}" for one in exporters().values())
        raise PageNotFound(f"Lists can be had as {known}; not as .{extension[:20]}.")
    with session_scope() as session:
        found = lists.view(session, list_id, visitor_of(request).viewer)
        data = chosen.write(_practices(session, found, noted=chosen.name in _READ))
    name = re.sub(r"[^a-z0-9]+", "-", found.name.lower()).strip("-")[:60] or "reading-list"
    return Response(
        data,
        media_type=chosen.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{extension}"',
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
        },
    )


def _practices(session: Session, found: ListView, *, noted: bool) -> Iterator[Practice]:
    notes = {item.record_id: item.note for item in found.items}
    for practice in shown_records(session, list(notes)):
        note = notes[practice.id]
        if not (noted and note):
            yield practice
            continue
        # The note stands before the summary, said to be one, and only in this copy.
        summary = f"Note on “{found.name}”: {note}\n\n{practice.content.summary}"
        yield replace(practice, content=practice.content.model_copy(update={"summary": summary}))


@router.get("/lists/{list_id}/shared")
def shared(request: Request, list_id: str, key: str = "") -> Response:
    """What a share link leads to. The key goes into a cookie, so that no later address holds it."""
    if key:
        with session_scope() as session:
            lists.readable(session, list_id, Viewer(link_token=key))
        visitor_of(request).keep_link(urls.lists(list_id), key)
    return see_other(request, urls.lists(list_id))


@router.post("/lists/{list_id}/note")
def note(request: Request, list_id: str, form: Form) -> Response:
    """Changes the note on one record."""
    with session_scope(write=True) as session:
        lists.put(
            session,
            list_id,
            visitor_of(request).viewer,
            form.text("record"),
            form.text("note"),
        )
    return see_other(request, urls.lists(list_id), "saved")


@router.post("/lists/{list_id}/remove")
def remove(request: Request, list_id: str, form: Form) -> Response:
    """Takes a record off the list."""
    with session_scope(write=True) as session:
        lists.take_off(session, list_id, visitor_of(request).viewer, form.text("record"))
    return see_other(request, urls.lists(list_id), "removed")


def _name_page(
    found: ListView, values: dict[str, str], error: EntryInvalid | None = None
) -> FormPage:
    return FormPage(
        title="Name of this list",
        robots="noindex",
        crumbs=(Link("Home", urls.home()), Link(found.name, urls.lists(found.id)), Link("Name")),
        fields=fields_of(ListHeading, values, error.errors if error else ()),
        button="Save",
    )


def _view(request: Request, list_id: str) -> ListView:
    with session_scope() as session:
        return lists.view(session, list_id, visitor_of(request).viewer)


@router.get("/lists/{list_id}/name")
def name_form(request: Request, list_id: str) -> Response:
    """Asks for another name."""
    found = _view(request, list_id)
    return render(request, "form", _name_page(found, {"name": found.name, "note": found.note}))


@router.post("/lists/{list_id}/name")
def rename(request: Request, list_id: str, form: Form) -> Response:
    """Changes name and note of the list."""
    values = values_of(ListHeading, form)
    try:
        with session_scope(write=True) as session:
            viewer = visitor_of(request).viewer
            lists.rename(session, list_id, viewer, form.text("name"), form.text("note"))
    except EntryInvalid as error:
        page = _name_page(_view(request, list_id), values, error)
        return render(request, "form", page, status=400)
    return see_other(request, urls.lists(list_id), "saved")


@router.get("/lists/{list_id}/delete")
def delete_form(request: Request, list_id: str) -> Response:
    """Asks before deleting."""
    found = _view(request, list_id)
    page = FormPage(
        title=f"Delete “{found.name}”?",
        robots="noindex",
        crumbs=(Link("Home", urls.home()), Link(found.name, urls.lists(list_id)), Link("Delete")),
        lead=("The notes on it go too, for everybody it is shared with. The records stay.",),
        button="Delete it",
        danger=True,
        links=(Link("Keep it", urls.lists(list_id)),),
    )
    return render(request, "form", page)


@router.post("/lists/{list_id}/delete")
def delete(request: Request, list_id: str) -> Response:
    """Deletes the list."""
    with session_scope(write=True) as session:
        lists.delete_list(session, list_id, visitor_of(request).viewer)
    return see_other(request, urls.lists(), "list-deleted")
