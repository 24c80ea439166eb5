"""A record as its page shows it, made by looping over the definitions of its fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from index.facets import FACETS
from index.query import Query
from kb.records import CASE_TYPES, FIELD, FIELDS, GROUPS, FieldSpec, PracticeIn
from kb.records.definition import Part
from kb.records.rules import applies, is_empty
from kb.records.text import shown, shown_cells
from kb.vocabularies import vocabulary
from web import urls
from web.context import Link
from web.disclosure import RECORD_IDS
from web.filters import partial_date
from web.labels import Labels, award_level

# Shown in places of their own: the heading, the evidence, the full text, the tags they suggest.
_ELSEWHERE = {"title", "record_type", "id", "language", "harmful", "results", "body"}
_ELSEWHERE |= {"suggested_tags", "summary", "stage_of_practice", "stage_reason"}


# Sources and figures can be very many; from here on they are folded away.
MANY_ROWS = 12


@dataclass(frozen=True)
class Value:
    """One value in words. `href` leads to its page or to a search; `note` stands after it."""

    text: str
    href: str = ""
    note: str = ""
    external: bool = False


@dataclass(frozen=True)
class Cell:
    """A column of a row with its values."""

    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class FieldView:
    """A field with something in it: plain values, or rows of cells."""

    name: str
    title: str
    values: tuple[Value, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    long: bool = False
    folded: bool = False
    numbered: bool = False


@dataclass(frozen=True)
class Section:
    """A group of the record: what it tells, and the titles of what is not reported."""

    id: str
    title: str
    help: str
    fields: tuple[FieldView, ...]
    missing: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[tuple[FieldView, ...], ...]:
        """The fields in order: short ones next to each other together, each long one alone."""
        runs = groupby(self.fields, key=lambda view: not (view.long or view.rows))
        made: list[tuple[FieldView, ...]] = []
        for short, run in runs:
            views = tuple(run)
            made += [views] if short else [(view,) for view in views]
        return tuple(made)


@dataclass(frozen=True)
class ResultView:
    """What happened to one outcome, in words, with how sure that is and why."""

    outcome: str
    direction: str
    direction_label: str
    cells: tuple[Cell, ...]
    confidence: str
    reason: str

    @property
    def sentence(self) -> str:
        """Outcome and direction in one line."""
        return f"{self.outcome}: {self.direction_label.lower()}"


@dataclass(frozen=True)
class Names:
    """Titles of what a record points to."""

    labels: Labels
    records: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _facet_of_vocabulary() -> dict[str, str]:
    """Vocabularies whose terms can be searched for by a facet of just the field that uses them."""
    used: dict[str, int] = {}
    for spec in FIELDS:
        for each in (spec, *spec.columns):
            if each.vocabulary:
                used[each.vocabulary] = used.get(each.vocabulary, 0) + 1
    return {
        facet.vocabulary: facet.name
        for facet in FACETS
        if facet.vocabulary and used.get(facet.vocabulary) == 1
    }


def is_case(content: PracticeIn) -> bool:
    """Whether the whole SARA frame can be expected of it."""
    return content.record_type in CASE_TYPES


def sections(content: PracticeIn, names: Names) -> tuple[Section, ...]:
    """The record group by group, with what is missing said once for each group."""
    told = {
        spec.any_of for spec in FIELDS if spec.any_of and not is_empty(getattr(content, spec.name))
    }
    made = []
    for group in GROUPS:
        views: list[FieldView] = []
        missing: list[str] = []
        for spec in FIELDS:
            if spec.group != group.id or spec.name in _ELSEWHERE:
                continue
            view = field_view(spec, content, names)
            if view is not None:
                views.append(view)
            elif spec.any_of not in told and _expected(spec, content.record_type):
                missing.append(spec.title)
        if (
            group.id == "assessment"
            and not content.results
            and applies(FIELD["results"], content.record_type)
        ):
            missing.append(FIELD["results"].title)
        made.append(Section(group.id, group.title, group.help, tuple(views), tuple(missing)))
    return tuple(made)


def _expected(spec: FieldSpec, record_type: str) -> bool:
    weighty = bool(spec.weight) and record_type in CASE_TYPES
    return (weighty or spec.required is not None) and applies(spec, record_type)


def field_view(spec: FieldSpec, content: PracticeIn, names: Names) -> FieldView | None:
    """A field as it is shown, suggested terms included; None when it says nothing."""
    value = getattr(content, spec.name)
    if spec.columns:
        rows = value if isinstance(value, list) else [value] if value else []
        made = tuple(row for row in (_row(spec, item, names) for item in rows) if row)
        folded = spec.group == "provenance" and len(made) > MANY_ROWS
        if not made:
            return None
        return FieldView(spec.name, spec.title, rows=made, folded=folded, numbered=spec.numbered)
    values = () if is_empty(value) else plain_values(spec, value, names)
    values += _suggested(spec, content)
    return FieldView(spec.name, spec.title, values, long=spec.long) if values else None


def _row(spec: FieldSpec, row: Part, names: Names) -> tuple[Cell, ...]:
    return tuple(
        Cell(column.title, plain_values(column, value, names))
        for column in spec.columns
        if not is_empty(value := getattr(row, column.name))
    )


def plain_values(spec: FieldSpec, value: object, names: Names) -> tuple[Value, ...]:
    """A plain value as words, with links where there is something to go to."""
    if spec.kind in ("terms", "texts"):
        assert isinstance(value, list)
        return tuple(_one(spec, item, names) for item in value)
    return (_one(spec, value, names),)


def _one(spec: FieldSpec, value: object, names: Names) -> Value:
    text = str(value)
    if spec.vocabulary:
        if spec.vocabulary == "award_levels":
            return Value(award_level(text))
        facet = _facet_of_vocabulary().get(spec.vocabulary)
        href = urls.search_with(Query(), facet, text) if facet else ""
        return Value(vocabulary(spec.vocabulary).label(text), href)
    if spec.kind == "url":
        return Value(text, text if urls.is_web_address(text) else "", external=True)
    if spec.kind == "date":
        return Value(partial_date(text))
    if spec.name == "scheme" and text in names.labels.schemes:
        return Value(names.labels.schemes[text], urls.awards(text))
    if spec.name == "source" and text in names.labels.sources:
        return Value(names.labels.sources[text], urls.source(text))
    if spec.name == "field_name" and text in FIELD:
        return Value(FIELD[text].title)
    if spec.name in RECORD_IDS:
        return Value(names.records.get(text, text), urls.record(text))
    if spec.name == "doi":
        return Value(text, f"https://doi.org/{text}", external=True)
    return Value(shown(spec, value) if spec.kind != "texts" else text)


def _suggested(spec: FieldSpec, content: PracticeIn) -> tuple[Value, ...]:
    """Terms that a rule suggests for this field, said to be suggestions."""
    if not spec.vocabulary:
        return ()
    stated = getattr(content, spec.name)
    stated = stated if isinstance(stated, list) else [stated]
    made = []
    for tag in content.suggested_tags:
        if tag.field_name == spec.name and tag.code not in stated:
            because = f": {tag.because}" if tag.because else ""
            facet = _facet_of_vocabulary().get(spec.vocabulary)
            made.append(
                Value(
                    vocabulary(spec.vocabulary).label(tag.code),
                    urls.search_with(Query(), facet, tag.code) if facet else "",
                    f"suggested by rule, {round(tag.confidence * 100)}% sure{because}",
                )
            )
    return tuple(made)


def results(content: PracticeIn) -> tuple[ResultView, ...]:
    """One entry for each outcome; what went worse comes first."""
    spec = FIELD["results"]
    told = {"outcome", "direction", "confidence", "confidence_reason"}
    made = []
    for row in content.results:
        outcome = vocabulary("outcomes").label(row.outcome) if row.outcome else "Outcome not named"
        made.append(
            ResultView(
                outcome=outcome,
                direction=row.direction or "",
                direction_label=(
                    vocabulary("directions").label(row.direction)
                    if row.direction
                    else "Result not stated"
                ),
                cells=tuple(
                    Cell(column.title, (Value(shown(column, value)),))
                    for column in spec.columns
                    if column.name not in told and not is_empty(value := getattr(row, column.name))
                ),
                confidence=vocabulary("confidence").label(row.confidence) if row.confidence else "",
                reason=row.confidence_reason,
            )
        )
    return tuple(sorted(made, key=lambda item: item.direction != "worse"))


# Where a reader in a hurry may want to go; each leads to the first of these fields that is filled.
_SHORT_CUTS = (
    ("Who took part", ("partners", "community_role", "staff_fte", "volunteers")),
    ("When to do it", ("lead_time_months", "preconditions", "seasonal_windows", "triggers")),
    ("What it cost", ("costs", "cost_band", "cost_note")),
    ("What went wrong on the way", ("implementation_problems",)),
    ("What was learnt", ("learning_do", "learning_dont", "learning_next_time", "learning_sustain")),
)


def short_cuts(made: Iterable[Section]) -> tuple[Link, ...]:
    """Links to who, when, cost and lessons, as far as they are told."""
    there = {view.name for section in made for view in section.fields}
    links = []
    for text, names in _SHORT_CUTS:
        first = next((name for name in names if name in there), None)
        if first:
            links.append(Link(text, f"#field-{first}"))
    return tuple(links)


def in_words(spec: FieldSpec, value: object) -> str:
    """Any value of a field as plain text, rows as one line each; empty when there is nothing."""
    if is_empty(value):
        return ""
    if not spec.columns:
        text = shown(spec, value)
        return partial_date(text) if spec.kind == "date" else text
    rows = value if isinstance(value, list) else [value]
    return "\n".join(
        "; ".join(f"{column.title}: {text}" for column, text in shown_cells(spec, row))
        for row in rows
        if isinstance(row, Part)
    )
