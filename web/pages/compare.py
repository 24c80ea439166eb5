"""Two to four records side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from index.related import related
from kb.database import session_scope
from kb.errors import KbError
from kb.records import FIELD, Practice, PracticeIn
from kb.trails import steps
from kb.trails.errors import EntryInvalid
from kb.vocabularies import vocabulary
from web import urls
from web.context import BaseContext, Link, render, see_other
from web.disclosure import pointed_to, shown_records
from web.filters import clipped
from web.forms import Form
from web.labels import Labels
from web.listings import titles
from web.record_card import contact_line, place_line
from web.record_view import Names, in_words, results
from web.visitor import visitor_of

router = APIRouter()
LEAST, MOST = 2, 4
LENGTH = 600  # characters of a text in a cell
OFFERED = 8  # records to choose from when there are too few

# What is laid side by side: heading, and the fields under it.
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Scanning: the problem", ("problem_types", "problem_statement")),
    ("Analysis: why it happened", ("analysis_findings", "causes_situational", "hypothesis")),
    ("Response: what was done", ("response_types", "response_summary", "mechanism")),
    ("Assessment: what happened", ("results", "assessment_summary", "side_effects")),
    ("How far it was tested", ("stage_of_practice", "design", "evaluators")),
    ("What it cost", ("cost_band", "costs", "cost_note")),
    ("Where", ("place", "area_types", "settings")),
    ("Who took part", ("partners", "community_role")),
    ("Whom to ask", ("contacts",)),
    ("When", ("started", "lead_time_months", "months_to_first_effect", "seasonal_windows")),
    ("Works best if", ("works_best_if", "preconditions", "transfer_needs")),
    ("What went wrong", ("implementation_problems", "fails_if", "learning_dont")),
)


@dataclass(frozen=True)
class Cell:
    """What one record says to one row; no lines means not reported."""

    lines: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row: its heading, and whether the records say the same."""

    title: str
    cells: tuple[Cell, ...]
    verdict: str


@dataclass(frozen=True)
class Column:
    """One record, and the same comparison without it."""

    id: str
    title: str
    without: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The comparison, or what to choose from while there is too little."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    offered: tuple[Link, ...]
    ids: tuple[str, ...]
    too_many: bool
    missing: int
    most: int
    problem: str
    note: str


@router.get("/compare")
def compare(request: Request, id: list[str] = Query(default=[])) -> Response:  # noqa: B008
    """The records in the address, side by side."""
    return _page(request, id)


def _page(request: Request, asked: Sequence[str], note: str = "", problem: str = "") -> Response:
    wanted = list(dict.fromkeys(name for name in asked if name))[:50]
    with session_scope() as session:
        found = list(shown_records(session, wanted))
        shown = found[:MOST]
        names = Names(
            Labels.read(session),
            titles(session, [name for one in shown for name in pointed_to(one.content)]),
        )
        near = _near(shown[0].id) if len(shown) == 1 else []
        offered = titles(session, near)
    ids = [one.id for one in shown]
    side_by_side = len(shown) >= LEAST
    context = Context(
        title="Compare records",
        robots="noindex",
        crumbs=(Link("Home", urls.home()), Link("Compare")),
        columns=tuple(
            Column(
                one.id,
                one.content.title,
                urls.compare([other for other in ids if other != one.id]),
            )
            for one in shown
        ),
        rows=tuple(_rows(shown, names)) if side_by_side else (),
        offered=tuple(Link(offered[name], name) for name in near[:OFFERED] if name in offered),
        ids=tuple(ids),
        too_many=len(found) > MOST,
        missing=len(wanted) - len(found),
        most=MOST,
        problem=problem,
        note=note,
    )
    return render(request, "compare", context, status=400 if problem else 200)


def _near(record_id: str) -> list[str]:
    """Records like this one; none while there is no index."""
    try:
        return [one.id for one in related(record_id)]
    except KbError:
        return []


def _rows(shown: Sequence[Practice], names: Names) -> list[Row]:
    made = []
    for title, fields in ROWS:
        texts = [_lines(one.content, fields, names) for one in shown]
        made.append(_row(title, texts))
    return made


def _row(title: str, texts: Sequence[Sequence[str]]) -> Row:
    """The row; `alone` are lines that no other record has."""
    cells = []
    for number, lines in enumerate(texts):
        elsewhere = {line for other, said in enumerate(texts) if other != number for line in said}
        cells.append(Cell(tuple(lines), tuple(line for line in lines if line not in elsewhere)))
    told = [lines for lines in texts if lines]
    if not told:
        verdict = "not reported by any"
    elif len(told) < len(texts):
        verdict = f"reported by {len(told)} of {len(texts)}"
    else:
        verdict = "the same" if all(set(one) == set(told[0]) for one in told) else "differs"
    return Row(title, tuple(cells), verdict)


def _lines(content: PracticeIn, fields: Sequence[str], names: Names) -> list[str]:
    found: list[str] = []
    for name in fields:
        if name == "results":
            found += [_result(one.sentence, one.confidence) for one in results(content)]
        elif name == "place":
            found += [place_line(content)]
        elif name == "partners":
            found += [_partner(one.organisation, one.roles) for one in content.partners]
        elif name == "contacts":
            found += [contact_line(content)]
        elif name in FIELD:
            found += _said(name, content)
    return [line for line in dict.fromkeys(found) if line]


def _partner(name: str, roles: Sequence[str]) -> str:
    told = ", ".join(vocabulary("partner_roles").label(code).lower() for code in roles)
    return f"{name} ({told})" if told else name


def _result(sentence: str, confidence: str) -> str:
    return f"{sentence} (how sure: {confidence.lower()})" if confidence else sentence


def _said(name: str, content: PracticeIn) -> list[str]:
    """A field as lines: each term on its own, so that what is shared can be told."""
    spec, value = FIELD[name], getattr(content, name)
    if isinstance(value, list):
        lines = (
            in_words(spec, value).split("\n")
            if spec.columns
            else [in_words(spec, [one]) for one in value]
        )
        return [clipped(line, LENGTH) for line in lines]
    text = in_words(spec, value)
    if not text:
        return []
    plain = not spec.long and spec.vocabulary is None
    return [clipped(f"{spec.title}: {text}" if plain else text, LENGTH)]


@router.post("/compare")
def keep(request: Request, form: Form) -> Response:
    """Keeps the comparison in the open trail."""
    visitor = visitor_of(request)
    ids = form.many("id")
    values: Mapping[str, object] = {
        "records": ids,
        "title": form.text("title"),
        "note": form.text("note"),
    }
    if visitor.trail is None:
        return _page(request, ids, form.text("note"), "Open a trail first, to keep it in.")
    try:
        with session_scope(write=True) as session:
            steps.set_comparison(session, visitor.trail.id, visitor.viewer, dict(values))
    except EntryInvalid as error:
        return _page(request, ids, form.text("note"), str(error))
    return see_other(request, urls.compare(ids), "comparison-kept")
