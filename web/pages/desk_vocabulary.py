"""One vocabulary: its terms and what uses each; ways to propose a change; SKOS out."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.database import session_scope
from kb.errors import KbError
from kb.trails.access import account_owner
from kb.vocabularies import Term, Vocabulary, decided, desk, vocabularies
from kb.vocabularies.errors import TermRefused
from kb.vocabularies.uses import uses
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.forms import Form, Option, Posted, options_of
from web.pages.desk_vocabularies import librarian

router = APIRouter()

_ENDINGS = {"ttl": "turtle", "jsonld": "json-ld"}


@dataclass(frozen=True)
class TermLine:
    """A term of the list, under its broader one."""

    label: str
    href: str
    depth: int
    note: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """A vocabulary."""

    held: Vocabulary
    lines: tuple[TermLine, ...]
    broader: tuple[Option, ...]
    given: dict[str, str]
    problem: str


@dataclass(frozen=True, kw_only=True)
class TermContext(BaseContext):
    """A term: what it is, what uses it, and how it may be changed."""

    held: Vocabulary
    term: Term
    current: str
    records: tuple[Link, ...]
    searches: int
    proposed: int
    others: tuple[Option, ...]
    given: dict[str, str]
    problem: str


def _held(name: str) -> Vocabulary:
    held = vocabularies().get(name)
    if held is None or name in desk.CLOSED:
        raise PageNotFound("There is no such vocabulary on this desk.")
    return held


@router.get("/desk/vocabularies/{name}")
def one_vocabulary(request: Request, name: str) -> Response:
    """The terms, or with the ending .ttl or .jsonld the whole list as SKOS."""
    librarian(request)
    vocabulary_id, _, ending = name.partition(".")
    if ending in _ENDINGS:
        from kb.vocabularies import skos  # here, for it is seldom asked for and large

        form = _ENDINGS[ending]
        return Response(
            skos.write(_held(vocabulary_id), form),
            media_type=skos.MEDIA_TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{vocabulary_id}.{ending}"'},
        )
    return _list(request, name)


def _list(
    request: Request, name: str, given: dict[str, str] | None = None, problem: str = ""
) -> Response:
    held = _held(name)
    return render(
        request,
        "desk_vocabulary",
        Context(
            title=held.title,
            robots="noindex",
            crumbs=_crumbs(Link(held.title)),
            held=held,
            lines=tuple(_lines(held, None, 0)),
            broader=options_of(name),
            given=given or {},
            problem=problem,
        ),
        status=400 if problem else 200,
    )


def _lines(held: Vocabulary, parent: str | None, depth: int) -> list[TermLine]:
    made = []
    for term in held.children(parent):
        note = ""
        if term.deprecated:
            into = held.label(term.replaced_by) if term.replaced_by else ""
            note = f"stands for {into}" if into else "offered no more"
        href = urls.desk("vocabularies", held.id, term.code)
        made += [TermLine(term.label, href, depth, note), *_lines(held, term.code, depth + 1)]
    return made


def _crumbs(*last: Link) -> tuple[Link, ...]:
    first = (Link("Home", urls.home()), Link("Desk", urls.desk()))
    return (*first, Link("Vocabularies", urls.desk("vocabularies")), *last)


@router.post("/desk/vocabularies/{name}")
def propose(request: Request, name: str, form: Form) -> Response:
    """Proposes a new term."""
    actor = account_owner(librarian(request).id)
    given = {one: form.text(one) for one in ("label", "definition", "broader", "alt", "reason")}
    _held(name)
    try:
        with session_scope(write=True) as session:
            desk.propose(
                session,
                name,
                label=given["label"],
                definition=given["definition"],
                broader=given["broader"],
                alt=given["alt"].split(";"),
                reason=given["reason"],
                actor=actor,
            )
    except KbError as problem:
        return _list(request, name, given, str(problem))
    return see_other(request, urls.desk("vocabularies"), "term-proposed")


@router.get("/desk/vocabularies/{name}/{code}")
def one_term(request: Request, name: str, code: str) -> Response:
    """A term."""
    librarian(request)
    return _term(request, name, code)


def _term(
    request: Request,
    name: str,
    code: str,
    problem: str = "",
    given: dict[str, str] | None = None,
) -> Response:
    held = _held(name)
    if code not in held:
        raise PageNotFound("There is no such term in this vocabulary.")
    term = held.term(code)
    with session_scope() as session:
        using = uses(session, [(name, code)])[name, code]
        waiting = decided.changes(session, "proposed")
    return render(
        request,
        "desk_term",
        TermContext(
            title=term.label,
            robots="noindex",
            crumbs=_crumbs(Link(held.title, urls.desk("vocabularies", name)), Link(term.label)),
            held=held,
            term=term,
            current=held.label(held.current(code)) if held.current(code) != code else "",
            records=tuple(Link(title, urls.record(one)) for one, title in using.records),
            searches=using.searches,
            proposed=sum((row.vocabulary, row.code) == (name, code) for row in waiting),
            others=tuple(one for one in options_of(name) if one.code != code),
            given=given or {},
            problem=problem,
        ),
        status=400 if problem else 200,
    )


@router.post("/desk/vocabularies/{name}/{code}")
def change(request: Request, name: str, code: str, form: Form) -> Response:
    """Proposes another label, a merge, or that the term is offered no more."""
    actor = account_owner(librarian(request).id)
    _held(name)
    try:
        _propose_change(name, code, form, actor)
    except KbError as problem:
        given = {one: form.text(one) for one in ("do", "label", "into", "reason")}
        return _term(request, name, code, str(problem), given)
    return see_other(request, urls.desk("vocabularies"), "term-proposed")


def _propose_change(name: str, code: str, form: Posted, actor: str) -> None:
    why = form.text("reason")
    with session_scope(write=True) as session:
        if form.text("do") == "rename":
            label = form.text("label")
            desk.rename(session, name, code, label=label, reason=why, actor=actor)
        elif form.text("do") == "merge":
            desk.merge(session, name, code, form.text("into"), reason=why, actor=actor)
        elif form.text("do") == "deprecate":
            desk.deprecate(session, name, code, reason=why, actor=actor)
        else:
            raise TermRefused("Choose what should become of the term.")
