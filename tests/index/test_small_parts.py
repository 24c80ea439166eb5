"""Fusing, wildcards, thesaurus, snippets, passages and URL parameters."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.document import Passage, passages, without_figures
from index.facets import FACET
from index.fuse import fused, scaled
from index.glob import literal_start, matches
from index.keyword import stems
from index.query import MAX_PAGE, MAX_PER_PAGE, Query
from index.snippet import Highlighter
from index.thesaurus import Thesaurus, default_thesaurus, read_thesaurus
from kb.errors import VocabularyInvalid
from kb.settings import PROJECT
from tests.index.conftest import THESAURUS


def test_fusing_puts_both_legs_on_one_scale() -> None:
    words, near = np.array([10, 5, 0], np.float32), np.array([0.2, 0.8, 0.4], np.float32)
    assert fused(words, near, 0.4).tolist() == pytest.approx([0.7, 0.7, 0.2])
    assert fused(words, np.zeros(3, np.float32)).argmax() == 0
    assert fused(np.empty(0, np.float32), np.empty(0, np.float32)).tolist() == []
    assert scaled(np.array([-1, -0.5], np.float32)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("pattern", "word", "fits"),
    [
        ("burgl*", "burglary", True),
        ("burgl*", "burg", False),
        ("wom?n", "women", True),
        ("wom?n", "womn", False),
        ("a*b*c", "axxbxxc", True),
        ("a*b*c", "axxbxx", False),
        ("*", "", True),
        ("a*a*a*a*a*a*a*a*b", "a" * 60, False),
    ],
)
def test_wildcards(pattern: str, word: str, fits: bool) -> None:
    assert matches(pattern, word) is fits


def test_the_literal_start_of_a_pattern() -> None:
    assert [literal_start(text) for text in ("ab*c", "a?c", "abc", "*")] == ["ab", "a", "abc", ""]


@pytest.mark.parametrize(
    ("text", "typed", "means"),
    [
        ("asb in parks", "asb", ("anti-social behaviour",)),
        ("Antisocial behaviour", None, ()),
        ("anti-social behaviour", "anti-social behaviour", ("ASB",)),
        ("ten parks", None, ()),
        ("TEN rules", "TEN", ("temporary event notice",)),
        ("TEN PARKS CLOSED", None, ()),
        ("boy racer", "boy racer", ("car cruising",)),
        ("car cruising", None, ()),
        ("Victimised twice", "Victimised", ("victimized",)),
        ("prioritization", "prioritization", ("prioritisation",)),
        ("a prize exercise", None, ()),
    ],
)
def test_expansion(text: str, typed: str | None, means: tuple[str, ...]) -> None:
    found = THESAURUS.expansions(text.split())
    assert [one.typed for one in found] == ([typed] if typed else [])
    assert [one.means for one in found] == ([means] if typed else [])


def test_the_longest_stretch_wins() -> None:
    held = Thesaurus(
        [
            {"term": "CSP", "means": ["community safety partnership"]},
            {"term": "community safety", "means": ["crime prevention"]},
        ]
    )
    found = held.expansions(["the", "community", "safety", "partnership"])
    assert [(one.typed, one.start, one.end) for one in found] == [
        ("community safety partnership", 1, 4)
    ]


def test_the_projects_own_thesaurus_can_be_read() -> None:
    held = read_thesaurus(PROJECT / "seeds" / "thesaurus")
    assert "anti-social behaviour" in held.expansions(["ASB"])[0].means
    assert "check fraud" in held.expansions(["cheques"])[0].means
    assert held.expansions(["ACEs"])[0].means == ("adverse childhood experiences",)
    assert held.expansions(["aces"]) == held.expansions(["check"]) == ()


def test_what_residents_call_it_is_understood() -> None:
    held = read_thesaurus(PROJECT / "seeds" / "thesaurus")
    for typed, means in {
        "nicked bikes": "cycle theft",
        "smackheads": "people who use heroin",
        "chavs": "anti-social behaviour",
        "boozed up": "drunk",
        "kids kicking off": "youth disorder",
        "joyriders": "joyriding",
        "dirty needles": "discarded needles",
    }.items():
        (found,) = held.expansions(typed.split())
        assert means in found.means, typed
    # "copper" must not stand for the police: it is what is stolen.
    assert "police" not in str(held.expansions(["copper", "theft"]))


def test_a_derogatory_word_is_never_given_for_another() -> None:
    held = Thesaurus([{"term": "louts", "means": ["rowdy people"], "derogatory": True}])
    assert held.expansions(["louts"])[0].means == ("rowdy people",)
    assert held.expansions(["rowdy", "people"]) == ()
    assert held.is_derogatory("Lout")
    assert not held.is_derogatory("rowdy people")


@pytest.mark.parametrize("text", ["entries: [{means: [a]}]", "entries: 7", "- x", "entries: ["])
def test_a_broken_thesaurus_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "slang.yaml").write_text(text)
    with pytest.raises(VocabularyInvalid, match="slang"):
        read_thesaurus(tmp_path)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("neighbours row", "neighbour-dispute"),
        ("bins on fire", "arson"),
        ("being conned by builders", "fraud-scams"),
        ("rubbish dumped", "fly-tipping"),
        ("followed home", "stalking-harassment"),
        ("smashing up the bus shelter", "criminal-damage"),
        ("someone selling drugs upstairs", "drug-supply"),
        ("catalytic convertors", "vehicle-theft-from"),
    ],
)
def test_everyday_ways_of_telling_a_problem_are_known(typed: str, problem: str) -> None:
    codes = {code for one in default_thesaurus().expansions(typed.split()) for code in one.codes}
    assert ("problem", problem) in codes


def test_passages_are_cut_at_sentence_ends() -> None:
    text = "One two three. Four five six! Seven eight nine? Ten."
    assert passages([text], 6) == ["One two three. Four five six!", "Seven eight nine? Ten."]
    assert passages(["word " * 25], 10) == [" ".join(["word"] * n) for n in (10, 10, 5)]
    assert passages(["Short.", "Also short."], 10) == ["Short. Also short."]
    assert passages(["", "  "]) == []


@given(st.lists(st.text(alphabet="ab .!?\n", max_size=200), max_size=5))
def test_passages_lose_no_word(texts: list[str]) -> None:
    made = passages(texts, 7)
    assert " ".join(made).split() == [word for text in texts for word in text.split()]
    assert all(len(passage.split()) <= 7 for passage in made)


def test_tables_are_not_text() -> None:
    assert without_figures("Thefts 12 45 67 8.5 91% fell").split() == ["Thefts", "fell"]
    kept = "In 2004 there were 145 thefts, in 2005 92."
    assert without_figures(kept) == kept


def test_a_snippet_is_the_stretch_with_most_matches() -> None:
    text = "Filler words. " * 40 + "The policing of parks was by wardens." + " More filler." * 40
    shown = Highlighter(["police wardens in parks"]).show(
        [Passage("summary", "Nothing here."), Passage("response", text)], likely=0
    )
    assert [part for part, lit in shown.segments if lit] == ["policing", "parks", "wardens"]
    assert shown.sections == ("response",)
    assert shown.segments[0] == ("… ", False)
    assert shown.segments[-1] == (" …", False)
    assert set(shown.matched.values()) == {"policing", "parks", "wardens"}


def test_a_snippet_is_no_bare_name() -> None:
    told = "Wardens walked the park on every evening of the summer months."
    held = [Passage("summary", told), Passage("response", "Miami Police Department")]
    shown = Highlighter(["Miami police"]).show(held, likely=None)
    assert shown.segments == ((told, False),)
    assert shown.sections == ("response",)
    assert Highlighter(["Miami"]).show(held[1:], None).segments[0] == ("Miami", True)


def test_words_of_an_equivalent_match_only_together() -> None:
    shared = Highlighter(["students"], ["shared houses", "young people", "youths"])

    def lit(text: str) -> list[str]:
        return [part for part, on in shared.segments(text) if on]

    assert lit("People shared advice with students") == ["students"]
    assert lit("Students share houses; people and youth") == [
        "Students",
        "share",
        "houses",
        "youth",
    ]
    assert lit("The young and the old people of the houses") == []
    assert lit("Young, very young people") == ["young", "people"]


def test_a_word_is_named_once_however_it_ends() -> None:
    text = "Burglary fell. Burglaries by a burglar are fewer."
    shown = Highlighter(["burglary"]).show([Passage("summary", text)], None)
    assert list(shown.matched.values()) == ["Burglary"]


def test_a_word_is_named_as_it_stands_within_a_sentence() -> None:
    text = "Graffiti in Leeds. The graffiti of Leeds."
    shown = Highlighter(["leeds graffiti"]).show([Passage("summary", text)], None)
    assert list(shown.matched.values()) == ["graffiti", "Leeds"]


def test_a_snippet_without_matches_is_the_likeliest_passage() -> None:
    held = [Passage("summary", "First."), Passage("response", "Second.")]
    shown = Highlighter(["zebra"]).show(held, likely=1)
    assert shown.segments == (("Second.", False),)
    assert Highlighter(["the"]).show(held, None).segments == (("First.", False),)
    assert Highlighter([""]).show([], None).segments == ()


_mixed = st.text(st.sampled_from("carebyisnt -.É"), max_size=60)


@given(_mixed, _mixed)
@example("Street racing, and a race", "street race")
def test_matches_are_the_words_with_a_stem_that_was_typed(text: str, typed: str) -> None:
    wanted = set(stems(typed))
    by_word = [
        (word.start(), word.end())
        for word in re.finditer(r"\w+", text)
        if wanted & set(stems(word.group()))
    ]
    found = Highlighter([typed]).spots(text)
    if wanted:
        assert [(start, end) for start, end, _ in found] == by_word
    assert found == sorted(found)


@given(st.text(max_size=120), st.text(max_size=30))
def test_segments_are_text_of_the_passage(text: str, typed: str) -> None:
    made = Highlighter([typed]).segments(text, length=40)
    joined = "".join(part for part, _ in made).removeprefix("… ").removesuffix(" …")
    assert joined in text


_readable = st.characters(exclude_categories=["Cc", "Cs"])
_codes = st.text(_readable, min_size=1, max_size=8).filter(lambda code: code.strip() == code)


@given(
    st.builds(
        Query,
        text=st.text(_readable, max_size=30).map(str.strip),
        mode=st.sampled_from(["hybrid", "keyword", "semantic"]),
        filters=st.dictionaries(
            st.sampled_from(["problem", "place", "year"]),
            st.lists(_codes, min_size=1, max_size=3, unique=True).map(tuple),
        ),
        sort=st.sampled_from(["relevance", "newest", "oldest", "title"]),
        page=st.integers(1, 50),
        per_page=st.integers(1, 100),
        expand=st.booleans(),
        exact=st.booleans(),
    )
)
def test_parameters_round_trip(query: Query) -> None:
    assert Query.from_params(query.to_params()) == query


def test_parameters_that_mean_nothing_are_taken_as_not_given_and_noted() -> None:
    odd = {"q": "a", "mode": "magic", "sort": "best", "page": "-3", "per_page": "x", "problem": ""}
    query = Query.from_params(odd)
    assert query == Query(text="a")
    assert len(query.notes) == 4
    assert "“magic”" in query.notes[0]
    far = Query.from_params({"page": "999999", "per_page": "5000"})
    assert (far.page, far.per_page) == (MAX_PAGE, MAX_PER_PAGE)
    assert len(far.notes) == 2
    assert Query.from_params([("q", "a"), ("q", "b")]).text == "b"
    assert Query.from_params({"problem": ["a", "b", "a"]}).filters == {"problem": ("a", "b")}
    odd = Query.from_params({"q": "alley\x00gates\ud800", "place": "Le\x00eds"})
    assert (odd.text, odd.filters) == ("alley gates", {"place": ("Le eds",)})
    many = Query.from_params({"problem": [str(number) for number in range(200)]})
    assert "100" in many.notes[0]


@pytest.mark.parametrize(
    ("params", "filters"),
    [
        ({"year_from": "2005", "year_to": "2010"}, {"year": ("2005..2010",)}),
        ({"year_to": "2010"}, {"year": ("..2010",)}),
        ({"cost_from": "medium"}, {"cost": ("medium..",)}),
        ({"year_from": "last", "year_to": "2010"}, {}),
        ({"cost": "cheap..dear"}, {}),
        ({"year": ".."}, {}),
    ],
)
def test_ranges_are_read(params: dict[str, str], filters: dict[str, tuple[str, ...]]) -> None:
    query = Query.from_params(params)
    assert query.filters == filters
    assert bool(query.notes) == (not filters)
    assert Query.from_params(query.to_params()) == query


def test_ranges_stand_for_all_between() -> None:
    years = ["1999", "2004", "2005", "2010", "odd"]
    assert FACET["year"].chosen(["2004..2010"], years) == ["2004", "2005", "2010"]
    assert FACET["year"].chosen(["2010..2005", "1999"], years) == ["2005", "2010", "1999"]
    assert FACET["cost"].chosen(["medium.."], ["low", "high", "medium"]) == ["high", "medium"]
    assert FACET["lead_time"].chosen(["..within-3"], ["within-1", "over-12"]) == ["within-1"]
    assert FACET["year"].label_of("2005..2010") == "2005 to 2010"
    assert FACET["year"].label_of("..2010") == "up to 2010"
    assert FACET["lead_time"].label_of("..within-3") == "up to 3 months"
    assert FACET["lead_time"].label_of("within-3..within-12") == "a month to a year"


def test_filters_are_added_and_removed() -> None:
    query = Query(page=4).with_filter("problem", "a").with_filter("problem", "b")
    assert query.filters == {"problem": ("a", "b")}
    assert query.page == 1
    assert query.without_filter("problem", "a").filters == {"problem": ("b",)}
    assert query.without_filter("problem").filters == {}
    assert query.with_page(0).page == 1
