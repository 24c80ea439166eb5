"""A record as a person reads it: the 60-second card, then its sections."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.exports.heading import address
from kb.records import FIELD, FIELDS, GROUPS, FieldSpec, Practice, PracticeIn
from kb.records.definition import Part
from kb.records.parts import SuggestedTag
from kb.records.rules import is_empty
from kb.records.text import shown, shown_cells
from kb.settings import settings
from kb.vocabularies import vocabulary

NOT_REPORTED = "Not reported"

# Shown elsewhere in the outline (title, card, chapters at the end) or without meaning on paper.
_ELSEWHERE = {"id", "title", "summary", "body", "language", "sections_there"}


@dataclass(frozen=True)
class Item:
    """One filled-in field: a text, or a list of lines, or a table with a header."""

    title: str
    text: str = ""
    lines: list[str] = field(default_factory=list)
    numbered: bool = False
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """A whole record in reading order."""

    title: str
    summary: str
    card: list[tuple[str, str]]
    sections: list[tuple[str, list[Item]]]
    chapters: list[tuple[str, str]]
    colophon: list[str]


def outline(practice: Practice) -> Outline:
    """The record in words: labels for codes, empty fields left out except on the card."""
    content = practice.content
    sections = []
    for group in GROUPS:
        items = [
            item
            for spec in FIELDS
            if spec.group == group.id and spec.name not in _ELSEWHERE
            for item in _items(spec, content)
        ]
        if items:
            sections.append((group.title, items))
    return Outline(
        title=content.title,
        summary=content.summary,
        card=card(content),
        sections=sections,
        chapters=[(chapter.heading, chapter.text) for chapter in content.body],
        colophon=_colophon(practice),
    )


def card(content: PracticeIn) -> list[tuple[str, str]]:
    """What a reader takes in within a minute; what is missing says so."""
    lines = [
        ("Kind", shown(FIELD["record_type"], content.record_type)),
        ("Problem", shown(FIELD["problem_types"], content.problem_types)),
        (
            "What was done",
            shown(FIELD["response_types"], content.response_types) or content.aspect_what,
        ),
        ("Result", "; ".join(_result(row) for row in content.results if row.outcome)),
        ("Stage of practice", shown(FIELD["stage_of_practice"], content.stage_of_practice)),
        ("Cost band", shown(FIELD["cost_band"], content.cost_band)),
        ("Place", _place(content)),
        ("When", _when(content)),
        ("Contact", "; ".join(_contact(row) for row in content.contacts)),
    ]
    return [(name, text or NOT_REPORTED) for name, text in lines]


def row_text(spec: FieldSpec, row: Part) -> str:
    """One row of a record on one line, each value after its name."""
    if isinstance(row, SuggestedTag):
        return _suggestion(row)
    cells = [f"{column.title}: {text}" for column, text in shown_cells(spec, row)]
    return "; ".join([*(text.removesuffix(".") for text in cells[:-1]), *cells[-1:]])


def _result(row: Part) -> str:
    cells = {column.name: text for column, text in shown_cells(FIELD["results"], row)}
    text = cells["outcome"]
    if "direction" in cells:
        text += f": {cells['direction'].lower()}"
    if "confidence" in cells:
        text += f" (how sure: {cells['confidence'].lower()})"
    return text


def _place(content: PracticeIn) -> str:
    if content.place is None:
        return ""
    cells = {column.name: text for column, text in shown_cells(FIELD["place"], content.place)}
    named = [cells.get(name, "") for name in ("name", "local_authority", "region", "country")]
    return ", ".join(dict.fromkeys(name for name in named if name))


def _when(content: PracticeIn) -> str:
    if content.started and content.ended:
        return f"{content.started} to {content.ended}"
    if content.started:
        return f"from {content.started}"
    if content.published_on:
        return f"published {content.published_on}"
    return ""


def _contact(row: Part) -> str:
    values = [getattr(row, name) for name in ("role", "person", "organisation", "mailbox")]
    return ", ".join(value for value in values if value)


def _suggestion(tag: SuggestedTag) -> str:
    spec = FIELD.get(tag.field_name)
    term = vocabulary(spec.vocabulary).label(tag.code) if spec and spec.vocabulary else tag.code
    name = spec.title if spec else tag.field_name
    because = f", because of {tag.because}" if tag.because else ""
    return f"{name}: {term} (suggested, {tag.confidence:.0%} sure{because})"


def _items(spec: FieldSpec, content: PracticeIn) -> Iterator[Item]:
    value = getattr(content, spec.name)
    if is_empty(value):
        return
    if spec.name == "results":
        yield _table(spec, value)
    elif spec.kind == "rows":
        yield Item(
            spec.title,
            lines=[row_text(spec, row) for row in value],
            # Facts name a reference by its number.
            numbered=spec.name == "references",
        )
    elif spec.kind == "row":
        cells = shown_cells(spec, value)
        yield Item(spec.title, lines=[f"{column.title}: {text}" for column, text in cells])
    else:
        yield Item(spec.title, text=shown(spec, value))


def _table(spec: FieldSpec, rows: list[Part]) -> Item:
    """Rows as a table of the columns that any of them fills."""
    cells = [{column.name: text for column, text in shown_cells(spec, row)} for row in rows]
    used = [column for column in spec.columns if any(column.name in row for row in cells)]
    return Item(
        spec.title,
        header=[column.title for column in used],
        rows=[[row.get(column.name, "") for column in used] for row in cells],
    )


def _colophon(practice: Practice) -> list[str]:
    """Where this copy comes from, its state, and whose text it is."""
    state = vocabulary("workflow_states").label(practice.state)
    changed = practice.updated_at.date().isoformat()
    lines = [
        f"From {settings().site_name}: {practice.id}, version {practice.version} of {changed}.",
        address(practice),
        f"State: {state}.",
        f"Licence of the original: {_licence(practice.content)}.",
    ]
    return [line for line in lines if line]


def _licence(content: PracticeIn) -> str:
    return shown(FIELD["licence"], content.licence) or NOT_REPORTED.lower()
