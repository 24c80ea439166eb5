"""Terms that fit a text: the right one, the longest phrase, and how sure that is."""

import pytest

from index.classify import Suggestion, suggest_terms
from kb.errors import VocabularyInvalid


def codes(text: str, vocabulary_id: str = "problem_types", at_least: float = 0.5) -> list[str]:
    return [item.code for item in suggest_terms(text, vocabulary_id, at_least=at_least)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Residential burglaries in the West End", "burglary-dwelling"),
        ("ANTISOCIAL BEHAVIOR AT THE BUS STATION", "asb"),
        ("Anti-social behaviour at the bus station", "asb"),
        ("Stealing of bikes: bicycle thefts on campus", "cycle-theft"),
        ("Panhandlers downtown", "begging"),
        ("Reducing organised retail crime", "shop-theft"),
        ("Reducing organized retail crime", "shop-theft"),
        ("The repeat victimization of shopkeepers", "repeat-victimisation"),
    ],
)
def test_a_term_is_found_by_any_of_its_names(text: str, code: str) -> None:
    assert code in codes(text)


def test_the_words_that_led_to_it_are_given_as_they_stand() -> None:
    assert suggest_terms("Plan against Bicycle Thefts, 2nd edition", "problem_types") == [
        Suggestion("cycle-theft", 0.9, "Bicycle Thefts")
    ]


def test_the_longest_phrase_wins_and_broader_terms_are_left_out() -> None:
    found = codes("Theft from motor vehicles")
    assert "vehicle-theft-from" in found
    assert not {"theft", "vehicle-crime", "vehicle-theft-of"} & set(found)


def test_responses_are_found_in_their_own_vocabulary() -> None:
    assert codes("Better street lighting against crime", "response_types") == ["lighting"]


@pytest.mark.parametrize(
    ("text", "vocabulary_id", "code"),
    [
        ("Operation Street Sweep", "response_types", "crackdown"),
        ("Children who fall under the radar", "response_types", "traffic-enforcement"),
        ("RADAR project for young people", "response_types", "traffic-enforcement"),
        ("Grant assistance to law enforcement", "response_types", "enforcement"),
        ("St. Johns Neighborhood Project", "problem_types", "sex-work-street"),
        ("Main Street Crime Watch", "problem_types", "robbery-personal"),
        ("A burglar's graffitist", "problem_types", "graffiti"),
        ("Prevent. Terrorism is not its topic: gun. Crime", "problem_types", "firearms"),
    ],
)
def test_words_in_another_sense_are_not_sure(text: str, vocabulary_id: str, code: str) -> None:
    found = {item.code: item.confidence for item in suggest_terms(text, vocabulary_id, at_least=0)}
    if code == "firearms":
        assert found[code] < 0.9, "a full stop divides 'gun' from 'crime'"
    else:
        assert found.get(code, 0) < 0.5


def test_months_names_and_acronyms_of_something_else_name_nothing() -> None:
    text = "In March 2024 John of Port Talbot wrote to the DA. GPS units were stolen in Barking."
    for vocabulary_id in ("problem_types", "response_types", "settings", "populations"):
        assert codes(text, vocabulary_id, at_least=0.3) == []
    area = "Protest marches, barking dogs and kerb crawling johns"
    assert {"public-disorder", "dogs"} <= set(codes(area))


def test_a_problem_told_in_plain_words_is_named() -> None:
    told = "Groups of teenagers hang around in the park near the hospital. The Vice Chair came."
    assert codes(told) == ["youths-congregating"]
    assert set(codes(told, "settings")) == {"park", "hospital"}
    assert codes("We park in Hill Park", "settings") == []


def test_an_acronym_is_believed_in_company_of_what_it_stands_for() -> None:
    alone, beside = "Reports of DA rose.", "Reports of DA rose. The domestic violence team met."
    assert codes(alone, at_least=0.3) == []
    because = {item.because for item in suggest_terms(beside, "problem_types")}
    assert because == {"domestic violence"}
    assert codes("We worry about ACEs and trauma") == ["childhood-adversity"]


@pytest.mark.parametrize(
    "text", ["Off-road bikes on the common", "off road motorcycles", "off-street parking"]
)
def test_what_is_off_the_road_names_no_road(text: str) -> None:
    assert "street" not in [item.code for item in suggest_terms(text, "settings")]


def test_off_street_sex_work_is_not_taken_for_its_opposite() -> None:
    found = [item.code for item in suggest_terms("off-street sex work", "problem_types")]
    assert found == ["sex-work-premises"]


def test_a_phrase_that_several_terms_share_is_less_sure() -> None:
    found = {item.code: item.confidence for item in suggest_terms("Carjacking", "problem_types")}
    assert found["robbery-personal"] > found.get("vehicle-theft-of", 0)


def test_how_many_and_how_sure_can_be_limited() -> None:
    text = "Burglary, arson, graffiti, truancy, stalking and noise"
    assert len(suggest_terms(text, "problem_types")) == 4
    assert len(suggest_terms(text, "problem_types", most=2)) == 2
    assert suggest_terms(text, "problem_types", at_least=1) == []


@pytest.mark.parametrize("text", ["", "   ", "!!! ???", "12 / 34", "Wanganui", "\x00", "'s"])
def test_nothing_fits_nothing(text: str) -> None:
    assert suggest_terms(text, "problem_types") == []


def test_an_unknown_vocabulary_is_named() -> None:
    with pytest.raises(VocabularyInvalid, match="no vocabulary 'no_such'"):
        suggest_terms("graffiti", "no_such")
