"""Titles are tidied where that is certain, and left alone elsewhere."""

import pytest

from crawlers.titles import tidy_title, word_counts

COUNTS = word_counts(
    ["Police in School", "School of Police", "Hotel Watch", "Motel Hotel", "A Motel", "Mac Arthur"]
)


@pytest.mark.parametrize(
    ("there", "tidied"),
    [
        ("Two  spaces\there ", "Two spaces here"),
        ("A:Colon without space", "A: Colon without space"),
        ("Open at 10:30", "Open at 10:30"),
        ("Ends in a comma,", "Ends in a comma"),
        ("ProblemOriented Plan", "Problem-Oriented Plan"),
        ("AntiSocial and MultiAgency", "Anti-Social and Multi-Agency"),
        ("Gangrelated Harm", "Gang-related Harm"),
        ("RiskBased, CommunityFocussed", "Risk-Based, Community-Focussed"),
        ("Correlated and Unrelated", "Correlated and Unrelated"),
        ("PoliceSchool and HotelMotel", "Police School and Hotel Motel"),
        ("MacArthur Park", "MacArthur Park"),
        ("McMicken, VicPD, SeaQuest", "McMicken, VicPD, SeaQuest"),
        ("Antisocial Antiques", "Antisocial Antiques"),
        ("", ""),
    ],
)
def test_tidy_title(there: str, tidied: str) -> None:
    assert tidy_title(there, COUNTS) == tidied


def test_tidying_twice_changes_nothing_more() -> None:
    once = tidy_title("A  ProblemOriented:Plan for PoliceSchool Work", COUNTS)
    assert tidy_title(once, COUNTS) == once
