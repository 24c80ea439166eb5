"""A problem like mine: a pasted description, matched to what others wrote of their problems.

The text comes by POST, so that it stands in no address and no log, and is kept only on request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from index.facets import FACET
from index.keyword import words
from index.problem import MOST_TEXT, SUGGESTED, LikeProblem, ProblemMatch, problems_like
from kb.database import session_scope
from kb.trails import service as trails
from kb.trails import steps
from web import listings, urls
from web.context import BaseContext, Link, render, see_other
from web.forms import FieldView, Form, Option, Posted, options_of
from web.hits import HitView, card_view
from web.labels import Labels
from web.search_limit import CountedSearch
from web.visitor import Visitor, visitor_of

router = APIRouter()

LEAST = 3  # different words, from which on there is something to compare
TICKED = 0.5
_TITLE = 80
_BRIEF = 5000  # characters of a problem that a trail keeps
_KEPT_AS = {"problem": "problem_types", "area": "area_types"}
"""What of the ticked terms a trail has a place for."""


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The description as typed, the terms that fit it, and problems like it.

    `like` says that what was found is like it, not only the nearest there is; `others` are the
    problems that were not suggested, to choose one from.
    """

    text: str
    error: str = ""
    most: int = MOST_TEXT
    terms: tuple[FieldView, ...] = ()
    hits: tuple[HitView, ...] = ()
    notes: tuple[str, ...] = ()
    answered: bool = False
    like: bool = True
    others: tuple[Option, ...] = ()
    levels: tuple[Option, ...] = ()


def _page(request: Request, context: Context) -> Response:
    return render(request, "problem", context, status=400 if context.error else 200)


def _context(text: str, **more: object) -> Context:
    return Context(
        title="A problem like mine",
        description="Describe your problem in a few sentences and see who had one like it.",
        robots="noindex" if more else "",
        crumbs=(
            Link("Home", urls.home()),
            Link("Search", urls.search()),
            Link("A problem like mine"),
        ),
        text=text,
        **more,  # type: ignore[arg-type]
    )


@router.get("/problem-like-mine")
def ask(request: Request) -> Response:
    """The empty box."""
    return _page(request, _context(""))


@router.post("/problem-like-mine")
def answer(request: Request, form: Form, _: CountedSearch) -> Response:
    """Problems like the one described; with `then=keep` it goes into a trail instead."""
    text = form.text("text").replace("\r\n", "\n").strip()
    if error := _too_little(text):
        return _page(request, _context(text, error=error))
    chosen = _chosen(form)
    if form.text("then") == "keep":
        return _keep(request, text, chosen or {})
    match = problems_like(text, chosen)
    terms = _terms(match, chosen)
    with session_scope() as session:
        labels = Labels.read(session)
        # The index may be a moment behind; what has just been hidden is not shown.
        shown = listings.titles(session, [one.id for one in match.found])
    return _page(
        request,
        _context(
            text,
            answered=True,
            terms=terms,
            others=_others(terms),
            hits=tuple(_hit(one, labels) for one in match.found if one.id in shown),
            notes=match.notes,
            like=match.like,
            levels=options_of("usefulness"),
        ),
    )


def _too_little(text: str) -> str:
    """What to say of a text that has too few words to compare; empty of one that has enough."""
    different = len(set(words(text)))
    if different >= LEAST:
        return ""
    ask = "Say in a few sentences what happens, where, to whom and when."
    if not text:
        return ask
    if not different:
        return f"There is no word in this to compare. {ask}"
    only = "only one word" if different == 1 else f"only {different} different words"
    return f"This has {only}, too little to compare. {ask}"


def _chosen(form: Posted) -> dict[str, list[str]] | None:
    """The terms left ticked, by facet; None when none were offered yet."""
    if "shown" not in form:
        return None
    return {
        facet: [code for code in form.many(facet) if _known(facet, code)] for facet in SUGGESTED
    }


def _known(facet: str, code: str) -> bool:
    return code in {option.code for option in options_of(FACET[facet].vocabulary or "")}


def _terms(
    match: ProblemMatch, chosen: Mapping[str, Sequence[str]] | None
) -> tuple[FieldView, ...]:
    """Check boxes for what was suggested, and for what was ticked before."""
    made = []
    for facet in SUGGESTED:
        suggested = {one.code: one for one in match.suggested.get(facet, ())}
        ticked = (
            [code for code, one in suggested.items() if one.confidence >= TICKED]
            if chosen is None
            else list(chosen.get(facet, ()))
        )
        options = tuple(
            Option(
                code,
                FACET[facet].label_of(code),
                f"because of “{suggested[code].because}”" if code in suggested else "",
                code in ticked,
            )
            for code in dict.fromkeys((*suggested, *ticked))
        )
        if options:
            made.append(
                FieldView(name=facet, label=FACET[facet].label, kind="checks", options=options)
            )
    return tuple(made)


def _others(terms: Sequence[FieldView]) -> tuple[Option, ...]:
    offered = {option.code for view in terms if view.name == "problem" for option in view.options}
    every = options_of(FACET["problem"].vocabulary or "")
    return tuple(
        sorted((one for one in every if one.code not in offered), key=lambda one: one.label)
    )


def _hit(found: LikeProblem, labels: Labels) -> HitView:
    reasons = (f"Like yours: {', '.join(found.shared)}",) if found.shared else ()
    return card_view(
        found.id,
        found.title,
        found.card,
        labels,
        snippet=found.snippet,
        sections=(found.section,),
        reasons=reasons,
    )


def _keep(request: Request, text: str, chosen: Mapping[str, Sequence[str]]) -> Response:
    """The description goes into the open trail, or into a new one."""
    visitor: Visitor = visitor_of(request)
    brief: dict[str, object] = {"problem": text[:_BRIEF]}
    brief |= {name: list(chosen.get(facet, ())) for facet, name in _KEPT_AS.items()}
    trail = visitor.trail
    with session_scope(write=True) as session:
        if trail is not None:
            steps.set_brief(session, trail.id, visitor.viewer, brief)
            trail_id = trail.id
        else:
            first = " ".join(text.split())
            title = first if len(first) <= _TITLE else first[:_TITLE].rsplit(" ", 1)[0] + "…"
            trail_id = trails.open_trail(session, visitor.viewer, title, brief)
    visitor.go_on(trail_id)
    notice = "problem-kept" if len(text) <= _BRIEF else "problem-kept-in-part"
    return see_other(request, urls.trail(trail_id, "clarify"), notice)
