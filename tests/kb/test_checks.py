"""The checks of an entry: each rule sees what it is about, and nothing in a sound record."""

from typing import Any

import pytest

from kb.curation.checks import Finding, findings
from kb.records.errors import FieldError
from tests.factories import entry, practice

LONG = "One word after another until nobody could say that this was told in too few words at all. "
RESULT = {"measure": "Burglaries a year", "before": "120", "after": "80"}
GAIN = {**RESULT, "direction": "better", "confidence": "low", "confidence_reason": "Few homes."}

SOUND: dict[str, Any] = {
    "problem_statement": LONG,
    "response_summary": LONG * 2,
    "objectives": [{"text": "Cut burglaries", "target": "67"}],
    "contacts": [{"role": "Manager", "mailbox": "safety@example.org"}],
    "results": [GAIN],
    "before_period": "2003",
    "after_period": "2005",
    "comparison_area": "Three wards without gates",
    "design": "sms-3",
    "follow_up_months": 24,
    "displacement": "checked-none",
    "licence": "ogl-3",
}
CASES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("warning", "learning_do", "name a person", {"learning_do": "Ask Mrs Jones for a key."}),
    ("warning", "objectives", "private", {"objectives": [{"text": "Ring 0113 496 0000"}]}),
    ("warning", "contacts", "named without", {"contacts": [{"person": "Pat Example"}]}),
    ("information", "contacts", "team mailbox", {"contacts": [{"role": "Manager"}]}),
    ("warning", "summary", "short forms", {"summary": "The MARAC met weekly."}),
    ("warning", "ended", "before it starts", {"started": "2004-05", "ended": "2004-04-30"}),
    ("warning", "problem_statement", "few words", {"problem_statement": "Noise."}),
    ("warning", "response_summary", "few words", {"response_summary": "Gates."}),
    ("information", "objectives", "neither", {"objectives": [{"text": "Less crime"}]}),
    ("warning", "before_period", "periods", {"before_period": ""}),
    ("warning", "comparison_area", "No comparison", {"comparison_area": ""}),
    (
        "warning",
        "results",
        "surer",
        {"design": "sms-1", "comparison_area": "", "results": [GAIN | {"confidence": "high"}]},
    ),
    ("warning", "results", "but not why", {"results": [GAIN | {"confidence_reason": ""}]}),
    ("warning", "results", "whether it got better", {"results": [RESULT]}),
    (
        "information",
        "results",
        "percentage",
        {"results": [{"measure": "Calls", "direction": "worse", "effect_size": "33% fewer"}]},
    ),
    ("information", "follow_up_months", "less than a year", {"follow_up_months": 11}),
    ("information", "displacement", "displacement", {"displacement": None}),
    (
        "warning",
        "evaluators",
        "by whom",
        {"stage_of_practice": "evaluated-independently", "evaluators": ["internal"]},
    ),
    ("warning", "cost_band", "No cost", {"cost_band": None}),
    ("information", "implementation_problems", "gone wrong", {"implementation_problems": []}),
    ("information", "proportionality_note", "legal powers", {"legal_powers": ["pspo"]}),
    ("information", "licence", "may do with the text", {"licence": None}),
)


def found(**changes: Any) -> list[Finding]:
    return findings(practice(**{**SOUND, **changes}), [])


def test_nothing_is_asked_of_a_sound_record() -> None:
    assert found() == []


@pytest.mark.parametrize(("level", "field", "words", "changes"), CASES)
def test_each_rule_sees_its_own(
    level: str, field: str, words: str, changes: dict[str, Any]
) -> None:
    (seen,) = [one for one in found(**changes) if words in one.title]
    assert (seen.level, seen.field) == (level, field)
    assert seen.why


def test_a_finding_says_what_was_seen() -> None:
    (seen,) = found(summary="The MARAC and the multi-agency forum (MAF) met; the MAF on CCTV.")
    assert seen.title.endswith("(MARAC)")


def test_what_stands_in_the_way_comes_first_and_what_is_only_worth_a_look_last() -> None:
    content = practice(**{**SOUND, "licence": None, "cost_band": None})
    missing = FieldError("title", "Title", "is needed", "")
    levels = [one.level for one in findings(content, [missing])]
    assert levels == ["failure", "warning", "information"]


def test_what_tells_no_case_is_not_asked_for_costs_and_results() -> None:
    asked = {one.field for one in findings(practice(record_type="guide"), [])}
    assert "licence" in asked
    assert not asked & {"cost_band", "displacement", "comparison_area", "objectives"}
    assert "comparison_area" not in {one.field for one in findings(entry(), [])}
