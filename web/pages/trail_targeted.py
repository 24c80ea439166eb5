"""Step 4 of a trail: the sources as a check-list, each with a search that is ready to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from index.errors import IndexProblem
from index.query import Query
from index.search import search
from kb.database import session_scope
from kb.directory import service as directory
from kb.records.errors import FieldError
from kb.trails import recorder, steps
from kb.trails.checklist import (
    ChecklistRow,
    begin_with,
    checklist,
    search_link,
    search_words,
)
from kb.trails.entries import SOURCE_STATES, SourceStep
from kb.trails.errors import EntryInvalid
from kb.trails.state import TrailState
from kb.vocabularies import vocabulary
from web import urls
from web.context import see_other
from web.errors import PageNotFound
from web.forms import FieldView, Form, fields_of, values_of
from web.trail_pages import TrailContext, frame, seen_by, show
from web.visitor import visitor_of

router = APIRouter()
LINK_KINDS = {
    "search": "Search there",
    "site-search": "Search there by a general search engine",
    "archive": "Look in the archived copy",
    "address": "Go there",
}
"""What following the link of a source does."""


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """The check-list, narrowed to some states: where to begin, and the rest by what it tells of."""

    words: str
    only: str
    counts: tuple[tuple[str, str, int], ...]
    rows: tuple[ChecklistRow, ...]
    folded: tuple[tuple[str, tuple[ChecklistRow, ...]], ...]
    fields: dict[str, tuple[FieldView, ...]]
    wrong: tuple[FieldView, ...]
    states: dict[str, str]
    link_kinds: dict[str, str]


@router.get("/trails/{trail_id}/targeted")
def targeted(request: Request, trail_id: str, q: str = "", only: str = "") -> Response:
    """The check-list. `q` are other words to search for, `only` is one state."""
    return _page(request, trail_id, q[:300], only)


def _page(
    request: Request,
    trail_id: str,
    words: str = "",
    only: str = "",
    values: tuple[str, dict[str, Any]] = ("", {}),
    errors: Sequence[FieldError] = (),
) -> Response:
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
        rows = checklist(session, found.state, words, _held(found.state))
    shown = [row for row in rows if only not in SOURCE_STATES or row.state == only]
    first, rest = begin_with(shown, also=values[0])
    forms = {
        row.id: fields_of(
            SourceStep,
            values[1] if row.id == values[0] else vars(row.entry) if row.entry else {},
            errors if row.id == values[0] else (),
            prefix=f"{row.id}-",
        )
        for row in shown
    }
    context = Context(
        **frame(found, "targeted"),
        words=words or search_words(found.state),
        only=only if only in SOURCE_STATES else "",
        counts=tuple(
            (code, name, sum(row.state == code for row in rows))
            for code, name in SOURCE_STATES.items()
        ),
        rows=tuple(first),
        folded=_by_aspect(rest),
        fields=forms,
        wrong=forms.get(values[0], ()),
        states=SOURCE_STATES,
        link_kinds=LINK_KINDS,
    )
    return show(request, "trail_targeted", context, errors)


def _held(state: TrailState) -> dict[str, int]:
    """How many records on the brief's kinds of problem came from each source."""
    if not state.brief.problem_types:
        return {}
    query = Query(filters={"problem": tuple(state.brief.problem_types)}, per_page=1)
    try:
        facets = search(query).facets
    except IndexProblem:
        return {}
    return {
        value.code: value.count
        for facet in facets
        if facet.name == "source"
        for value in facet.values
    }


def _by_aspect(rows: list[ChecklistRow]) -> tuple[tuple[str, tuple[ChecklistRow, ...]], ...]:
    """The rows under what each helps with most, in the vocabulary's order."""
    groups: dict[str, list[ChecklistRow]] = {term.code: [] for term in vocabulary("aspects")}
    for row in rows:
        groups.setdefault(row.aspects[0] if row.aspects else "", []).append(row)
    return tuple((code, tuple(group)) for code, group in groups.items() if group)


@router.post("/trails/{trail_id}/targeted/{source_id}")
def set_source(request: Request, trail_id: str, source_id: str, form: Form) -> Response:
    """How things stand at a source, and what was done there."""
    values = dict(values_of(SourceStep, form).items())
    words, only = form.text("q")[:300], form.text("only")
    try:
        with session_scope(write=True) as session:
            steps.set_source(
                session,
                trail_id,
                visitor_of(request).viewer,
                source_id,
                form.text("state"),
                step=values,
            )
    except EntryInvalid as error:
        return _page(request, trail_id, words, only, (source_id, values), error.errors)
    back = urls.trail(trail_id, "targeted", q=words, only=only)
    return see_other(request, f"{back}#source-{source_id}", "saved")


@router.get("/trails/{trail_id}/go/{source_id}")
def go(request: Request, trail_id: str, source_id: str, q: str = "") -> Response:
    """Follows the link of a source, and notes that it was followed."""
    visitor = visitor_of(request)
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
        source = directory.source(session, source_id)
    if source is None:
        raise PageNotFound("There is no source at this address in the directory.")
    link, _ = search_link(source.entry, q or search_words(found.state))
    if not urls.is_web_address(link):
        return see_other(request, urls.source(source_id))
    with session_scope(write=True) as session:
        recorder.note_source_visit(session, trail_id, visitor.viewer, source_id)
    answer = RedirectResponse(link, status_code=303)
    visitor.put(answer)
    return answer
