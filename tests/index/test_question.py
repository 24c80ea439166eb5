"""Openings of questions: what carries no subject is told from what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keyword import stems
from index.question import opening


@pytest.mark.parametrize(
    ("text", "left", "aspect"),
    [
        ("what works to stop off-road bikes", "off-road bikes", "what"),
        ("What works in reducing burglary?", "burglary?", "what"),
        ("how do I deal with noisy neighbours", "noisy neighbours", "how"),
        ("how can we tackle street drinking", "street drinking", "how"),
        ("How to reduce moped theft", "moped theft", "how"),
        ("examples of alley gating", "alley gating", "what"),
        ("who can help with hate crime", "hate crime", "who"),
        ("who has experience of cuckooing", "cuckooing", "who"),
        ("who has done any work on loneliness", "loneliness", "who"),
        ("when should we start diversionary activities", "diversionary activities", "when"),
        ("is there any evidence for street lighting", "street lighting", "what"),
        ("can you tell me what works for knife crime", "knife crime", "what"),
        ("I need examples of restorative justice", "restorative justice", "what"),
        ("best practice in witness care", "witness care", "what"),
        ("ways to stop fly-tipping", "fly-tipping", "how"),
        ("how to set up a data sharing protocol", "data sharing protocol", "how"),
        ("How do we run an alley-gating scheme", "alley-gating scheme", "how"),
        (
            "guidance on setting up a community safety partnership",
            "community safety partnership",
            "how",
        ),
        ("what can be done about the problem of begging", "begging", "what"),
    ],
)
def test_the_opening_of_a_question_is_told(text: str, left: str, aspect: str) -> None:
    typed = text.split()
    found = opening(typed)
    assert found is not None
    assert (" ".join(typed[found.length :]), found.aspect) == (left, aspect)
    assert found.text == " ".join(typed[: found.length])


@pytest.mark.parametrize(
    ("text", "left", "said"),
    [
        ("burglars in our road", "burglars", "in our road"),
        ("Neighbours row all night!", "Neighbours row", "all night!"),
        ("bikes round here every single day", "bikes", "round here every single day"),
        (
            "how do we stop drug dealing near where we live",
            "drug dealing",
            "how do we stop … near where we live",
        ),
        ("does CCTV work in our town", "CCTV", "does … work in our town"),
    ],
)
def test_where_and_how_often_it_is_for_the_asker_is_no_subject(
    text: str, left: str, said: str
) -> None:
    typed = text.split()
    found = opening(typed)
    assert found is not None
    assert (" ".join(found.left(typed)), found.text) == (left, said)


@pytest.mark.parametrize(
    "text",
    [
        "burglary in our town centre",
        "safer roads",
        "in our road",
        "a busy road at night",
        "all night",
        "calls again and again",
    ],
)
def test_a_place_or_time_that_may_be_the_subject_is_looked_for(text: str) -> None:
    assert opening(text.split()) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("does CCTV work", "CCTV"),
        ("Do alley gates really work?", "alley gates"),
        ("are curfews for teenagers effective", "curfews for teenagers"),
        ("is a media campaign worth it", "a media campaign"),
    ],
)
def test_whether_something_works_is_a_question_about_the_something(text: str, left: str) -> None:
    typed = text.split()
    found = opening(typed)
    assert found is not None
    assert (" ".join(found.left(typed)), found.aspect) == (left, "what")
    assert found.text.split(" … ")[0] == typed[0]


@pytest.mark.parametrize(
    ("text", "left", "results"),
    [
        ("what does not work", "", ["no-change", "worse"]),
        ("What hasn't worked?", "", ["no-change", "worse"]),
        ("what dosnt work", "", ["no-change", "worse"]),
        ("what didn\u2019t work for burglary", "burglary", ["no-change", "worse"]),
        ("it did not work", "", ["no-change", "worse"]),
        ("failed projects", "", ["no-change", "worse"]),
        ("failed projects on street drinking", "street drinking", ["no-change", "worse"]),
        ("burglary schemes that failed", "burglary", ["no-change", "worse"]),
        ("examples of what did not work in schools", "schools", ["no-change", "worse"]),
        ("street lighting did not work", "street lighting", ["no-change", "worse"]),
        ("no effect", "", ["no-change"]),
        ("no effect on reoffending", "reoffending", ["no-change"]),
        ("CCTV had no impact", "CCTV", ["no-change"]),
        ("things that made it worse", "", ["worse"]),
        ("curfews that made things worse", "curfews", ["worse"]),
        ("schemes that backfired", "", ["worse"]),
        ("did more harm than good", "", ["worse"]),
        ("what works", "", ["better", "probably-better"]),
        ("what really helps with loneliness", "loneliness", ["better", "probably-better"]),
        ("burglary schemes that worked", "burglary", ["better", "probably-better"]),
        ("successful projects", "", ["better", "probably-better"]),
    ],
)
def test_results_that_are_asked_for_are_understood(
    text: str, left: str, results: list[str]
) -> None:
    typed = text.split()
    found = opening(typed)
    assert found is not None
    assert " ".join(found.left(typed)) == left
    assert list(found.results) == results


@pytest.mark.parametrize(
    "text",
    [
        "burglary",
        "failed asylum seekers",
        "failure to attend",
        "no difference between boys and girls",
        "work",
        "domestic harm",
        "does work",
        "is it worth it",
        "youth work",
        "stop and search",
        "what works centre",
        "whether my project worked",
        "how it works",
        "people who worked in prisons",
        "how to",
        "who is who",
        "evidence",
        "best practice",
        "reduce reuse recycle",
        "hit and run",
        "guidance counsellor",
        "",
    ],
)
def test_subjects_are_left_alone(text: str) -> None:
    assert opening(text.split()) is None


_WORDS = (
    "what does not work things that made it worse how to stop failed projects burglary ? \u2019"
)


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=20))
def test_an_opening_and_what_is_left_are_all_that_was_typed(typed: list[str]) -> None:
    found = opening(typed)
    if found is None:
        return
    left = list(found.left(typed))
    assert found.length + len(left) + found.closing == len(typed)
    assert found.text.split(" … ")[0].split() == typed[: found.length] or not found.length
    assert found.results or any(stems(word) for word in left)


def test_how_to_tell_that_it_worked_does_not_ask_for_results() -> None:
    for ending in ("our scheme worked", "it had no effect"):
        typed = f"how do we know if {ending}".split()
        found = opening(typed)
        assert found is not None
        assert (found.aspect, found.results, found.closing) == ("how", (), 0)


def test_a_power_that_sounds_like_a_verb_is_kept() -> None:
    typed = ["what", "works", "in", "stop", "and", "search"]
    found = opening(typed)
    assert found is not None
    assert typed[found.length :] == ["stop", "and", "search"]
