"""Places that a text names: which of several is meant, and which names are none of a town."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from crawlers.facts import facts_of
from crawlers.facts.elsewhere import own_parts
from crawlers.facts.found import Sentence
from crawlers.facts.gazetteer import Gazetteer

pytestmark = pytest.mark.usefixtures("home")


def places(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.country) for one in facts_of(text).places if one.confidence >= 0.6]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A thing that stands in a town, and bears the name of a town far away.
        (
            "Riverside car park, Hove\n\nMeets at the Riverside car park in Hove were stopped.",
            [("Hove", "gb")],
        ),
        ("Youths met at Victoria Park, Stretford.", [("Stretford", "gb")]),
        ("Theft at the Richmond centre in Stevenage grew.", [("Stevenage", "gb")]),
        ("There were fights at the rank on Orange Grove, Bath.", [("Bath", "gb")]),
        # A name that streets and wards have everywhere, beside what tells the country.
        ("Burglary rose in Riverside. Gates cost £400.", [("Riverside", "")]),
        ("Burglary rose in Riverside. Cllr Day asked why.", [("Riverside", "")]),
        (
            "Burglary rose in Riverside. It is near Stevenage.",
            [("Riverside", ""), ("Stevenage", "gb")],
        ),
        (
            "Kent Police and West Midlands Police went to Northfield.",
            [("Kent", "gb"), ("Northfield", "")],
        ),
        ("Officers drove to Riverside, California.", [("Riverside", "us"), ("California", "us")]),
        ("Fires rose in Riverside. The FBI helped.", [("Riverside", "us")]),
        # A part of a town is no town, even if another one has its name.
        ("Noise in Riverside ward doubled in 2021.", [("Riverside", "")]),
        ("Wardens walked the Springfield estate.", [("Springfield", "")]),
        ("Gates were put up in Castle ward.", [("Castle ward", "")]),
        # A place known abroad alone has no say about another, where money tells.
        (
            "Fires in Hollywood were put out in Birmingham for £200.",
            [("Hollywood", ""), ("Birmingham", "gb")],
        ),
        # A form.
        ("Area: Sunderland, Tyne and Wear", [("Sunderland", "gb"), ("Tyne and Wear", "gb")]),
        ("Location: Bath", [("Bath", "gb")]),
        # What others did elsewhere.
        ("Leeds had tried this in 2015. We began in Stevenage.", [("Stevenage", "gb")]),
        ("In 2020 Merseyside Police had started a bike team. We met in Hove.", [("Hove", "gb")]),
        ("Marshals had been used in Reading and in Deal before.", []),
        ("A similar problem in Nottingham was dealt with by fences.", []),
        ("Cardiff launches a similar scheme.", []),
        # What only sounds like a force of the United Kingdom; and a place in passing.
        ("New South Wales Police met in Brisbane.", [("Brisbane", "au")]),
        ("Fires rose in Arvada. In Hove they did not.", [("Arvada", "us"), ("Hove", "gb")]),
        ("Fires rose in Australia. It cost £400.", [("Australia", "au")]),
        ("The London Borough of Newham had begun the same work in 2020.", []),
        ("Bikes were ridden on Mount Pleasant, Burnley.", [("Burnley", "gb")]),
        ("Alleys were full of rubbish in Spring 2022.", []),
    ],
)
def test_a_name_is_no_far_away_town(text: str, found: list[tuple[str, str]]) -> None:
    assert sorted(places(text)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Leeds tried this in 2015.", ""),
        ("Nottingham City Council has used this since 2013.", ""),
        ("In 2016 a similar problem in Hull was met by fences.", ""),
        ("The gates, modelled on a scheme in Cardiff, came in May.", "The gates,, came in May."),
        ("Following the success of a team in Hull, we began.", ", we began."),
        # The text's own doings.
        ("We tried this in 2015.", "We tried this in 2015."),
        ("Officers had used it in 2015.", "Officers had used it in 2015."),
        ("It was based on reports from 2012.", "It was based on reports from 2012."),
        ("A similar number in Hull fell ill.", "A similar number in Hull fell ill."),
    ],
)
def test_what_is_told_of_others_is_blanked(text: str, left: str) -> None:
    (own,) = own_parts([Sentence(text, 0)], Gazetteer())
    assert len(own.text) == len(text)
    assert own.shown == text
    assert " ".join(own.text.split()).replace(" ,", ",") == left


@examples(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_keeps_its_letters_in_their_places(text: str) -> None:
    (own,) = own_parts([Sentence(text, 7)], Gazetteer())
    assert (len(own.text), own.start) == (len(text), 7)
    assert all(mine in (" ", whole) for mine, whole in zip(own.text, text, strict=True))
