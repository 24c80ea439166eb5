"""The log of changes: who changed what, when and why; to read, narrow and take away."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from kb import audit
from kb.accounts import people
from kb.accounts.identity import ERASED_NAME
from kb.audit import Asked, AuditEntry
from kb.curation.models import Entry
from kb.database import session_scope
from kb.exports.table import disarm
from kb.records.models import Record
from kb.trails.access import account_owner
from kb.vocabularies import vocabularies
from web import urls
from web.context import BaseContext, Link, render
from web.forms import row_number
from web.visitor import NotAllowed, Visitor, need

router = APIRouter()

PRIVATE = frozenset({"account", "trail", "team", "saved_search"})
"""Subjects that are people's own matter: only who runs the site sees those entries."""
UNTOLD = PRIVATE - {"account"}
"""Of these not even who runs the site is told more than that something was done."""
NOBODY = "nobody at all"


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    action: str
    kind: str
    subject: str
    title: str
    href: str
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Entries, what they were narrowed by, and where older ones are."""

    lines: tuple[Line, ...]
    kinds: tuple[str, ...]
    kind: str
    subject: str
    who: str
    since: str
    until: str
    problem: str
    older: str
    csv: str


@router.get("/desk/audit")
def log(request: Request) -> HTMLResponse:
    """A page of the log, newest first; `before` asks for what is older than an entry."""
    visitor = _allowed(request)
    params = request.query_params
    before = params.get("before", "")
    with session_scope() as session:
        asked, problem = _asked(session, request, visitor)
        found = audit.entries(
            session,
            asked,
            before=row_number(before) or None,
            limit=audit.PAGE + 1,
        )
        shown = found[: audit.PAGE]
        lines = _lines(session, shown, visitor)
        kinds = tuple(kind for kind in audit.kinds(session) if _visible(kind, visitor))
    more = len(found) > audit.PAGE
    chosen = {name: params.get(name, "") for name in ("kind", "subject", "who", "since", "until")}
    context = Context(
        title="Log of changes",
        robots="noindex",
        crumbs=(
            Link("Home", urls.home()),
            *((Link("Desk", urls.desk()),) if visitor.may("review") else ()),
            Link("Log of changes"),
        ),
        lines=lines,
        kinds=kinds,
        **chosen,
        problem=problem,
        older=urls.desk("audit", **chosen, before=str(shown[-1].id)) if more else "",
        csv=urls.desk("audit.csv", **chosen),
    )
    return render(request, "desk_audit", context)


@router.get("/desk/audit.csv")
def log_as_csv(request: Request) -> Response:
    """The whole of what was asked for, as a table; read in pages, so its length does not matter."""
    visitor = _allowed(request)
    with session_scope() as session:
        asked, _ = _asked(session, request, visitor)
    return StreamingResponse(
        _csv(asked),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="log-of-changes.csv"'},
    )


def _csv(asked: Asked) -> Iterator[str]:
    yield _rows([["at", "who", "action", "kind", "subject", "detail"]])
    before: int | None = None
    while True:  # a page at a time: each piece that is sent costs a change of threads
        with session_scope() as session:
            found = audit.entries(session, asked, before=before, limit=1000)
            names = people.display_names(session, {entry.actor for entry in found})
        if not found:
            return
        yield _rows([_cells(entry, names) for entry in found])
        before = found[-1].id


def _cells(entry: AuditEntry, names: Mapping[str, str]) -> list[str]:
    detail = json.dumps(_told(entry), ensure_ascii=False, sort_keys=True)
    about = [entry.action, entry.subject_type, entry.subject_id, detail]
    return [entry.at.isoformat(), names[entry.actor], *about]


def _rows(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([disarm(cell) for cell in cells] for cells in rows)
    return text.getvalue()


def _allowed(request: Request) -> Visitor:
    visitor = need(request)
    if not (visitor.may("edit") or visitor.may("operate")):
        raise NotAllowed("see the log of changes")
    return visitor


def _visible(kind: str, visitor: Visitor) -> bool:
    return kind not in PRIVATE or visitor.may("operate")


def _asked(session: Session, request: Request, visitor: Visitor) -> tuple[Asked, str]:
    """What the address asks for, and what of it could not be understood."""
    params = request.query_params
    open_kinds = [kind for kind in audit.kinds(session) if _visible(kind, visitor)]
    kind = params.get("kind", "")
    asked = Asked(
        kinds=[kind] if kind in open_kinds else open_kinds or [NOBODY],
        subject_id=params.get("subject", "").strip(),
    )
    if who := params.get("who", "").strip():
        named = [
            account_owner(account.id)
            for account in people.listing(session)
            if who.casefold() in f"{account.display_name} {account.email}".casefold()
        ]
        asked = replace(asked, actors=[*named, *audit.actors_named(session, who)] or [NOBODY])
    since, wrong_since = _day(params.get("since", ""))
    until, wrong_until = _day(params.get("until", ""))
    return replace(asked, since=since, until=until), wrong_since or wrong_until


def _day(text: str) -> tuple[date | None, str]:
    """A day, and what is wrong with how it is written."""
    try:
        return date.fromisoformat(text) if text else None, ""
    except ValueError:
        return None, f"“{text[:40]}” is no day. Write it as 2026-03-31."


def _lines(session: Session, found: list[AuditEntry], visitor: Visitor) -> tuple[Line, ...]:
    names = people.display_names(session, {entry.actor for entry in found})
    links = _links(session, found, visitor)
    plain = Link("", "")
    return tuple(
        Line(
            at=entry.at,
            who=names[entry.actor],
            action=entry.action.replace(".", " ").replace("_", " "),
            kind=entry.subject_type.replace("_", " "),
            subject=entry.subject_id,
            title=links.get((entry.subject_type, entry.subject_id), plain).text,
            href=links.get((entry.subject_type, entry.subject_id), plain).href,
            detail=tuple(_details(_told(entry))),
        )
        for entry in found
    )


def _links(
    session: Session, found: list[AuditEntry], visitor: Visitor
) -> dict[tuple[str, str], Link]:
    """What entries are about, where it has a page: its title and address by kind and id.

    A draft is its author's own matter, so it has neither.
    """
    ids: dict[str, set[str]] = {}
    for entry in found:
        ids.setdefault(entry.subject_type, set()).add(entry.subject_id)
    links = {("record", one): Link("", urls.history(one)) for one in ids.get("record", ())}
    for one, title in session.exec(
        select(Record.id, Record.title).where(col(Record.id).in_(ids.get("record", ())))
    ):
        links["record", one] = Link(title, urls.history(one))
    if visitor.may("operate"):
        # Whom an entry is about is told as who made it: by name.
        accounts = {account_owner(one): one for one in ids.get("account", ())}
        for owner, name in people.display_names(session, accounts).items():
            if name != ERASED_NAME:
                links["account", accounts[owner]] = Link(
                    name, urls.account("people", accounts[owner])
                )
    if not visitor.may("review"):
        return links
    sent_in = select(Entry).where(
        col(Entry.id).in_(ids.get("entry", ())), col(Entry.round) > 0, Entry.state != "draft"
    )
    for row in session.exec(sent_in):
        links["entry", row.id] = Link(row.title, urls.review(row.id))
    for one in ids.get("term", ()):
        name, _, code = one.partition(":")
        if name in vocabularies() and code in vocabularies()[name]:
            title = vocabularies()[name].label(code)
            links["term", one] = Link(title, urls.desk("vocabularies", name, code))
    return links


def _details(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is told of a change: its reason first, from what to what as one."""
    left = {name: value for name, value in told.items() if value not in ("", None, [], {})}
    if "reason" in left:
        yield "reason", _plain(left.pop("reason"))
    if "before" in left and "after" in left:
        yield "from", f"{_plain(left.pop('before'))} to {_plain(left.pop('after'))}"
    for name, value in sorted(left.items()):
        yield name.replace("_", " "), _plain(value)


def _told(entry: AuditEntry) -> dict[str, Any]:
    return {} if entry.subject_type in UNTOLD else entry.detail


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
