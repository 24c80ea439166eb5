"""Joining two people's changes: none is lost, and where both changed the same both are shown."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kb.curation.threeway import three_way

NAMES = ("title", "summary", "keywords", "started", "results")
VALUES = st.sampled_from(["a", "b", ["a"], ["a", "b"], [{"outcome": "x"}]])
CONTENT = st.dictionaries(st.sampled_from(NAMES), VALUES)


@given(CONTENT, CONTENT, CONTENT)
def test_every_change_is_in_the_result_or_a_clash(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    joined, clashes = three_way(base, mine, theirs, NAMES)
    clashing = {clash.spec.name for clash in clashes}
    for name in NAMES:
        before, my, their, now = (each.get(name) for each in (base, mine, theirs, joined))
        if name in clashing:
            assert my not in (before, their)
            assert their != before
            assert now == their, "theirs stands until somebody chooses"
        else:
            assert now == (their if my == before else my)
    for clash in clashes:
        name = clash.spec.name
        found = (clash.base, clash.mine, clash.theirs)
        assert found == (base.get(name), mine.get(name), theirs.get(name))


@given(CONTENT, CONTENT, CONTENT)
def test_it_does_not_matter_who_came_first(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one, other = three_way(base, mine, theirs, NAMES), three_way(base, theirs, mine, NAMES)
    clashing = {clash.spec.name for clash in one[1]}
    assert clashing == {clash.spec.name for clash in other[1]}
    for name in set(NAMES) - clashing:
        assert one[0].get(name) == other[0].get(name)


@given(CONTENT, CONTENT)
def test_who_changed_nothing_takes_all_and_joining_twice_changes_nothing(
    base: dict[str, Any], theirs: dict[str, Any]
) -> None:
    assert three_way(base, base, theirs, NAMES) == (theirs, [])
    assert three_way(base, theirs, base, NAMES) == (theirs, [])
    assert three_way(base, theirs, theirs, NAMES) == (theirs, [])
    inputs = (dict(base), dict(theirs))
    three_way(base, theirs, {}, NAMES)
    assert (base, theirs) == inputs, "neither is changed in place"
