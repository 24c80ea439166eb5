"""Names and figures of speech in texts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from index.set_words import Kind, set_words, without_places

WORDS = (
    "Mill",
    "Road",
    "Lane",
    "the",
    "of",
    "and",
    "Youth",
    "Fund",
    "Council",
    "12",
    "paid",
    "st.",
)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Cars raced along Station Road at night.", Kind.PLACE, "Station Road"),
        ("Fights in Martin King Street were common.", Kind.PLACE, "Martin King Street"),
        ("He lives at 12 Farm Lane.", Kind.PLACE, "12 Farm Lane"),
        ("The Youth Endowment Fund helped.", Kind.GIVER, "Youth Endowment Fund"),
        ("The gates were paid for by Neighbourhood Watch.", Kind.GIVER, "Neighbourhood Watch"),
        ("Last year Victim Support gave us a room.", Kind.GIVER, "Victim Support"),
        ("The report was written by Victim Support.", Kind.GIVER, "Victim Support"),
        ("On the Marsh Farm estate and beyond.", Kind.PLACE, "Marsh Farm"),
        ("Voters in Castle Park Ward agreed.", Kind.PLACE, "Castle Park"),
        ("Mr. Church and PC Jo Street met.", Kind.PERSON, "Jo Street"),
        ("At Bridge Farm Primary School too.", Kind.HOUSE, "Bridge Farm Primary School"),
        ("The Home Office was told.", Kind.BODY, "Home Office"),
        ("The Crime and Disorder Partnership met.", Kind.BODY, "Crime and Disorder Partnership"),
        ("A Department of Public Safety grew.", Kind.BODY, "Department of Public Safety"),
        ("Police and Newport Council met.", Kind.BODY, "Newport Council"),
        (
            "Our Police and Crime Commissioner's plan.",
            Kind.BODY,
            "Police and Crime Commissioner's",
        ),
        ("Like prisoners in their own homes.", Kind.FIGURE, "prisoners in their own homes"),
        ("The Quiet Streets scheme began.", Kind.FIGURE, "Quiet Streets"),
    ],
)
def test_words_that_belong_together(text: str, kind: Kind, words: str, home: Path) -> None:
    assert words in [text[one.start : one.end] for one in set_words(text) if one.kind is kind]


@pytest.mark.parametrize(
    "text",
    [
        "The High Street was empty.",
        "Street pastors walk the Street Safe route.",
        "Kent Road Safety Partners met.",
        "Youth workers paid for the trip.",
        "Every Street has a warden.",
        "Residents of the Council estate met.",
        "Neighbours estate-wide met.",
    ],
)
def test_what_is_no_name_of_a_place_or_giver(text: str, home: Path) -> None:
    assert not [one for one in set_words(text) if one.kind in (Kind.PLACE, Kind.GIVER)]


def test_a_scheme_that_is_called_after_a_wish_tells_no_setting(home: Path) -> None:
    for text in ("Safer Streets paid.", "Quiet Streets: fewer student parties"):
        (name,) = set_words(text, title=True)
        at = text.index("Streets")
        assert not name.allow("settings", at, at + len("Streets"))
        assert name.allow("response_types", at, at + len("Streets"))
    assert not set_words("Wardens kept clean streets and safe homes.")


def test_a_headline_holds_no_names_of_bodies(home: Path) -> None:
    assert not set_words("Cutting Burglary With Our Youth Justice Partnership", title=True)
    assert [one.kind for one in set_words("Cuckooing in Station Road", title=True)] == [Kind.PLACE]


@examples(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for one in set_words(text):
        assert 0 <= one.start < one.end <= len(text)
    assert len(without_places(text)) <= len(text)


def test_a_long_table_of_numbers_is_read_at_once(home: Path) -> None:
    text = " ".join(map(str, range(50_000)))
    assert without_places(text) == text
