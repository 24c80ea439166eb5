"""Times of year: the dates of windows, when to begin, and what is offered for what is typed."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from index.document import Document
from index.engine import Engine
from index.query import Query
from index.search import grouped, search
from index.timing import easter, months_before, next_start, offers, start_notes, windows_in
from kb.vocabularies import vocabulary
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]
TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("window", "today", "start"),
    [
        ("bonfire-night", TODAY, date(2026, 11, 5)),
        ("bonfire-night", date(2026, 11, 5), date(2026, 11, 5)),
        ("bonfire-night", date(2026, 11, 6), date(2027, 11, 5)),
        ("january", TODAY, date(2027, 1, 1)),
        ("easter", TODAY, date(2026, 4, 3)),
        ("easter", date(2026, 4, 4), date(2027, 3, 26)),
        ("clocks-change", TODAY, date(2026, 10, 25)),
        ("black-friday", TODAY, date(2026, 11, 27)),
        ("any-time", TODAY, None),
        ("diwali", TODAY, None),
    ],
)
def test_the_next_start_of_a_window(window: str, today: date, start: date | None) -> None:
    assert next_start(window, today) == start


def test_every_window_is_known_to_the_vocabulary() -> None:
    from index.timing import _FIXED

    assert set(_FIXED) <= {term.code for term in vocabulary("seasonal_windows")}


def test_easter_in_years_that_are_known() -> None:
    known = {2000: (4, 23), 2008: (3, 23), 2011: (4, 24), 2024: (3, 31), 2038: (4, 25)}
    assert {year: (easter(year).month, easter(year).day) for year in known} == known


def test_months_before_a_day() -> None:
    assert months_before(date(2026, 11, 5), 4) == date(2026, 7, 5)
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


@pytest.mark.parametrize(
    ("months", "windows", "notes"),
    [
        (4, ["bonfire-night"], ("Start by July for Bonfire Night",)),
        (9, ["bonfire-night"], ("Start by February 2027 for Bonfire Night 2027",)),
        (1, ["january"], ("Start by December for January 2027",)),
        (30, ["bonfire-night"], ("Start by May 2026 for Bonfire Night 2028",)),
        (None, ["bonfire-night"], ()),
        (4, ["any-time"], ()),
    ],
)
def test_when_to_begin(months: float | None, windows: list[str], notes: tuple[str, ...]) -> None:
    expected = tuple(note.replace("May 2026", "May") for note in notes)
    assert start_notes(months, windows, TODAY) == expected


def test_windows_are_named_in_words() -> None:
    assert windows_in("fires before Guy Fawkes Night") == ["bonfire-night"]
    assert windows_in("ready for FRESHERS' week") == ["freshers"]
    assert windows_in("they may march in summertime") == ["summer"]
    assert windows_in("nothing of the kind") == []


def test_what_is_offered_for_the_time_there_is() -> None:
    made = offers(Query(text="arson start by July for Bonfire Night"), TODAY)
    assert [one.label for one in made] == [
        "Meant for Bonfire Night",
        "Can be ready by Bonfire Night",
        "Can be ready by July",
    ]
    assert made[0].query.filters == {"season": ("bonfire-night",)}
    assert made[1].query.filters == {"lead_time": ("within-1", "within-3", "within-6")}
    assert made[2].query.filters == {"lead_time": ("within-1", "within-3")}
    within = offers(Query(text="graffiti within two months"), TODAY)
    assert [(one.label, one.months) for one in within] == [("Can be ready within 2 months", 2)]
    assert offers(Query(text="burglary"), TODAY) == ()


DOCS = [
    doc(
        "fires",
        "Bonfire safety week",
        "Fewer fires on Bonfire Night.",
        facets={
            "aspect": ("what", "when"),
            "season": ("bonfire-night",),
            "lead_time": ("within-6",),
        },
        card={"lead_time_months": 4, "facets": {"season": ["bonfire-night"]}},
        named={"trigger": "Complaints of fireworks double in a week"},
    ),
    doc("who", "Fire service contacts", "Whom to ask about fires.", facets={"aspect": ("who",)}),
]


def test_hits_say_when_to_begin_and_triggers_are_searched_by_name(index_of: Build) -> None:
    engine = index_of(DOCS)
    found = search(Query(text="bonfire", mode="keyword"), engine, TODAY)
    assert found.hits[0].starts == ("Start by July for Bonfire Night",)
    assert [hit.id for hit in search(Query(text="trigger:complaints"), engine).hits] == ["fires"]
    ready = offers(Query(text="fires before bonfire night"), TODAY)[1]
    assert [hit.id for hit in search(ready.query, engine).hits] == ["fires"]


def test_questions_are_understood_and_the_aspect_is_offered(index_of: Build) -> None:
    engine = index_of(DOCS)
    results = search(Query(text="who can help with fires", mode="keyword"), engine)
    assert results.opening is not None
    assert results.opening.text == "who can help with"
    assert [one.label for one in results.offers] == ["Helps with: Who can help"]
    assert [hit.id for hit in search(results.offers[0].query, engine).hits] == ["who"]
    typed = search(Query(text="who can help with fires", expand=False), engine)
    assert typed.opening is None


def test_groups_by_aspect_share_one_order_and_the_facet_counts(index_of: Build) -> None:
    engine = index_of(DOCS)
    query = Query(text="fires", mode="keyword")
    groups = grouped(query, engine=engine)
    assert {group.code: [hit.id for hit in group.hits] for group in groups} == {
        "what": ["fires"],
        "who": ["who"],
        "when": ["fires"],
    }
    counts = {
        value.code: value.count
        for facet in search(query, engine).facets
        if facet.name == "aspect"
        for value in facet.values
    }
    assert counts == {group.code: group.total for group in groups}
    assert [g.total for g in grouped(query.with_filter("aspect", "who"), engine=engine)] == [1]


def test_records_without_a_value_stand_in_a_group_of_their_own(index_of: Build) -> None:
    groups = grouped(Query(text="fires", mode="keyword"), "season", engine=index_of(DOCS))
    assert [(one.code, one.label, [hit.id for hit in one.hits]) for one in groups] == [
        ("occasions", "Occasions", ["fires"]),
        ("bonfire-night", "Bonfire Night", ["fires"]),
        ("", "Time of year: not told", ["who"]),
    ]
