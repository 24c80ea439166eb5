"""The form of a record reads whatever is sent, and what it shows is read back the same."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.curation.content import readable, settled
from kb.curation.sections import FormSection, sections
from kb.records.definition import FieldSpec
from kb.vocabularies import vocabulary
from web import record_form
from web.forms import FieldView, Posted

Pairs = list[tuple[str, str]]
PAGES = st.sampled_from(sections(curator=True))
WORDS = st.text(max_size=20) | st.sampled_from(["1,200", "£3", "2004-02-30", "javascript:x", "=1"])


def leaf(spec: FieldSpec, name: str) -> st.SearchStrategy[Pairs]:
    """What a browser may send for one field."""
    if spec.kind == "flag":
        values = st.sampled_from(["yes", "no", ""])
    elif spec.vocabulary:
        values = st.sampled_from([term.code for term in vocabulary(spec.vocabulary)][:5])
    else:
        values = WORDS
    most = 3 if spec.kind == "terms" else 1
    return st.lists(values, max_size=most, unique=True).map(lambda vs: [(name, v) for v in vs])


@st.composite
def sent(draw: st.DrawFn) -> tuple[FormSection, Pairs]:
    """A page of the form, and a few of its fields filled in with anything."""
    section = draw(PAGES)
    pairs: Pairs = []
    for spec in draw(st.lists(st.sampled_from(section.fields), max_size=4, unique=True)):
        if not spec.columns:
            pairs += draw(leaf(spec, spec.name))
            continue
        numbers = [1] if spec.kind == "row" else draw(st.lists(st.integers(0, 999), max_size=2))
        for number in numbers:
            for column in draw(st.lists(st.sampled_from(spec.columns), max_size=2, unique=True)):
                pairs += draw(leaf(column, f"{spec.name}.{number}.{column.name}"))
    return section, pairs


def shown(view: FieldView) -> Pairs:
    """What a browser sends back for a field that nobody touched."""
    if view.options:
        return [(view.name, one.code) for one in view.options if one.chosen]
    return [(view.name, view.value)]


@given(sent())
@settings(max_examples=60)
def test_what_a_page_shows_is_read_back_the_same(given_: tuple[FormSection, Pairs]) -> None:
    section, pairs = given_
    typed = record_form.posted(section, Posted(pairs))
    views = record_form.flat(record_form.items_of(section, typed))
    base = ("base", record_form.base_text(section, typed))
    again = Posted([base, *(pair for view in views for pair in shown(view))])
    assert _told(record_form.posted(section, again)) == _told(typed)
    assert record_form.base_of(section, again) == typed


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """What says something; an untouched choice may stand on its default."""
    return {name: value for name, value in values.items() if value and name != "record_type"}


@given(sent(), st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=4))
@settings(max_examples=60)
def test_whatever_is_sent_is_kept_or_named_as_wrong(
    given_: tuple[FormSection, Pairs], noise: Pairs
) -> None:
    section, pairs = given_
    typed = record_form.posted(section, Posted([*noise, *pairs, *noise]))
    assert typed.keys() == {spec.name for spec in section.fields}
    json.dumps(typed)
    kept, errors = settled(typed)
    named = {error.field.partition(".")[0] for error in errors}
    assert named <= typed.keys()
    readable(kept)  # whatever stands in an entry can be opened again
    assert record_form.items_of(section, kept, errors=errors)


@given(PAGES, st.text(max_size=30) | st.recursive(st.none(), st.lists).map(json.dumps))
def test_a_forged_base_is_nothing(section: FormSection, text: str) -> None:
    found = record_form.base_of(section, Posted([("base", text)]))
    assert found.keys() <= {spec.name for spec in section.fields}
