"""The lines that a round's rules are typed in: whatever is typed ends in rules or in a message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.awards.rules import TOP_MARK, Rules, changed, read_lines, write_lines
from kb.records.errors import RecordInvalid

EMPTY = Rules.model_validate({"criteria": [], "form": []})
LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.from_regex(r"[A-Za-z ]{0,9}[:=] ?-?[0-9]{1,4}(\.[0-9]{1,3})? ?%?", fullmatch=True),
        st.just("Words: " + "9" * 400),
    ),
    max_size=5,
).map("\n".join)


@given(LINES, LINES, st.text(max_size=10), st.text(max_size=10), LINES)
@settings(max_examples=150, deadline=None)
def test_what_is_typed_ends_in_rules_or_in_a_message(
    criteria: str, form: str, total: str, months: str, gates: str
) -> None:
    typed = {"criteria": criteria, "form": form, "total_words": total, "months": months}
    try:
        rules = changed(EMPTY, {**typed, "gates": gates, "categories": gates})
    except RecordInvalid as error:
        assert all(one.rule and one.title for one in error.errors)
        return
    if rules.criteria:
        assert sum(rules.shares().values()) == pytest.approx(1)
        best = rules.mark({one.title: TOP_MARK for one in rules.criteria})
        assert best == pytest.approx(TOP_MARK)
    shown = {
        "criteria": write_lines((one.title, one.weight) for one in rules.criteria),
        "form": write_lines((one.title, one.words) for one in rules.form),
        "total_words": str(rules.total_words or ""),
        "months": str(rules.months or ""),
        "gates": "\n".join(rules.gates),
        "categories": "\n".join(rules.categories),
    }
    again = changed(rules, shown)
    assert again.criteria == rules.criteria, "what the box shows is what it was read from"
    assert again.form == rules.form
    assert (again.gates, again.categories) == (rules.gates, rules.categories)


@given(st.text())
def test_no_line_is_read_without_a_name(text: str) -> None:
    assert all(name for name, _ in read_lines(text))
