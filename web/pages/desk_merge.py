"""Two records side by side: make them one field by field, or say that they are different."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb import jobs
from kb.database import session_scope
from kb.duplicates import merging
from kb.duplicates import service as pairs
from kb.exports.outline import row_text
from kb.records import FIELDS, FieldSpec, Practice, PracticeIn, service
from kb.records.rules import is_empty
from kb.records.sameness import compare
from kb.records.text import shown
from kb.trails.access import account_owner
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.forms import Form, Posted, row_number
from web.pages.desk_duplicates import LEVELS
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class ChoiceView:
    """One field in which the two differ."""

    name: str
    title: str
    kept: tuple[str, ...]
    gone: tuple[str, ...]
    pick: str
    both: bool


@dataclass(frozen=True)
class MadeField:
    """One field of the record that the picks make; `now` is what it says so far, if otherwise."""

    title: str
    lines: tuple[str, ...]
    changed: bool
    now: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The two, what speaks for and against their being one, and the picks."""

    kept: Practice
    gone: Practice
    level: str
    reasons: tuple[str, ...]
    choices: tuple[ChoiceView, ...]
    preview: tuple[MadeField, ...]
    turned: str
    address_of_pair: str
    problem: str
    reason: str


@router.get("/desk/duplicates/{kept_id}/{gone_id}")
def compare_two(request: Request, kept_id: str, gone_id: str) -> Response:
    """The picks as joining the two would have them."""
    need(request, "edit")
    return _page(request, kept_id, gone_id, {})


def _page(
    request: Request,
    kept_id: str,
    gone_id: str,
    picks: dict[str, str],
    *,
    preview: bool = False,
    problem: str = "",
    reason: str = "",
    status: int = 200,
) -> Response:
    if kept_id == gone_id:
        raise PageNotFound("A record cannot be compared with itself.")
    with session_scope() as session:
        kept, gone = service.get(session, kept_id), service.get(session, gone_id)
    if "withdrawn" in (kept.state, gone.state):
        return see_other(request, urls.desk("duplicates"), "pair-gone")
    sameness = compare(kept.content, gone.content)
    result = merging.merged(kept.content, gone.content, picks)
    return render(
        request,
        "desk_merge",
        Context(
            title="One record or two?",
            robots="noindex",
            crumbs=(
                Link("Home", urls.home()),
                Link("Desk", urls.desk()),
                Link("Duplicates", urls.desk("duplicates")),
                Link("One record or two?"),
            ),
            kept=kept,
            gone=gone,
            level=LEVELS[sameness.level] if sameness else "Nothing says that they are one",
            reasons=sameness.reasons if sameness else (),
            choices=tuple(
                ChoiceView(
                    one.spec.name,
                    one.spec.title,
                    _lines(one.spec, one.kept),
                    _lines(one.spec, one.gone),
                    one.pick,
                    one.both_possible,
                )
                for one in merging.choices(kept.content, gone.content, picks)
            ),
            preview=tuple(_made(kept, result)) if preview else (),
            turned=urls.desk("duplicates", gone_id, kept_id),
            address_of_pair=urls.desk("duplicates", kept_id, gone_id),
            problem=problem,
            reason=reason,
        ),
        status=status,
    )


def _made(kept: Practice, result: PracticeIn) -> Iterator[MadeField]:
    """Every field of the result, with what is overwritten in the record that stays."""
    for spec in FIELDS:
        value, before = getattr(result, spec.name), getattr(kept.content, spec.name)
        changed = value != before
        if spec.name != "id" and not (is_empty(value) and is_empty(before)):
            now = _lines(spec, before) if changed else ()
            yield MadeField(spec.title, _lines(spec, value), changed, now)


def _lines(spec: FieldSpec, value: Any) -> tuple[str, ...]:
    """A value in words, one line a row."""
    if is_empty(value):
        return ()
    if spec.kind == "rows":
        return tuple(row_text(spec, row) for row in value)
    if spec.kind == "row":
        return (row_text(spec, value),)
    return (shown(spec, value),)


@router.post("/desk/duplicates/{kept_id}/{gone_id}")
def decide(request: Request, kept_id: str, gone_id: str, form: Form) -> Response:
    """Shows what the picks make, or merges by them."""
    account = need(request, "edit").account
    assert account is not None
    picks, what = _picks(form), form.text("do")
    if what != "merge":
        return _page(request, kept_id, gone_id, picks, preview=what != "choose")
    try:
        with session_scope(write=True) as session:
            merging.merge(
                session,
                kept_id,
                gone_id,
                picks=picks,
                versions=(
                    row_number(form.text("kept-version")),
                    row_number(form.text("gone-version")),
                ),
                actor=account_owner(account.id),
            )
    except merging.MergeRefused as error:
        return _page(request, kept_id, gone_id, picks, problem=str(error), status=409)
    jobs.wake_worker()
    return see_other(request, urls.desk("duplicates"), "merged")


def _picks(form: Posted) -> dict[str, str]:
    names = {spec.name for spec in FIELDS}
    given = {name.removeprefix("pick-"): value for name, value in form.pairs if name != "csrf"}
    return {name: pick for name, pick in given.items() if name in names and pick in merging.PICKS}


@router.post("/desk/duplicates/{one_id}/{other_id}/different")
def different(request: Request, one_id: str, other_id: str, form: Form) -> Response:
    """Remembers, with the reason, that the two are not one."""
    account = need(request, "edit").account
    assert account is not None
    try:
        with session_scope(write=True) as session:
            pairs.mark_different(
                session,
                one_id,
                other_id,
                reason=form.text("reason"),
                actor=account_owner(account.id),
            )
    except pairs.ReasonMissing as problem:
        return _page(request, one_id, other_id, {}, problem=str(problem), status=400)
    return see_other(request, urls.desk("duplicates"), "not-duplicate")
