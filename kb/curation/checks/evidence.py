"""Rules about the results: whether the figures bear out what is claimed."""

import re

from kb.curation.checks.rule import Found, Rule
from kb.records.practice import PracticeIn

_PERCENT = re.compile(r"\d ?%|per ?cent", re.IGNORECASE)
_GOOD = ("better", "probably-better")


def _claims_gain(content: PracticeIn) -> bool:
    return any(row.direction in _GOOD for row in content.results)


def _too_sure(content: PracticeIn) -> Found:
    weak = content.design in (None, "sms-0", "sms-1", "sms-2") and not content.comparison_area
    return weak and any(
        row.direction in _GOOD and row.confidence in ("high", "moderate") for row in content.results
    )


def _bare_percent(content: PracticeIn) -> Found:
    for row in content.results:
        for text in (row.effect_size, row.comparison_change, row.after):
            if _PERCENT.search(text) and not (row.before and row.after):
                return row.measure or text
    return False


def _unstated(content: PracticeIn) -> Found:
    lacking = [
        row.measure or row.outcome or "a row" for row in content.results if not row.direction
    ]
    return "; ".join(lacking)


def _unexplained_confidence(content: PracticeIn) -> Found:
    return any(row.confidence and not row.confidence_reason for row in content.results)


def _independent(content: PracticeIn) -> Found:
    outside = {"independent", "academic"} & set(content.evaluators)
    return content.stage_of_practice == "evaluated-independently" and not outside


RULES: tuple[Rule, ...] = (
    Rule(
        "period",
        "warning",
        "before_period",
        "Results are given, but not the periods before and after",
        "A count means nothing without the length of time, and seasons mislead.",
        lambda c: bool(c.results) and not (c.before_period and c.after_period),
    ),
    Rule(
        "comparison",
        "warning",
        "comparison_area",
        "No comparison: the change may have happened everywhere",
        "Say what happened in a place like it, or that nobody looked.",
        lambda c: (
            _claims_gain(c)
            and not c.comparison_area
            and not any(row.comparison_change for row in c.results)
        ),
    ),
    Rule(
        "too-sure",
        "warning",
        "results",
        "It is surer of the result than its design allows",
        "Without a comparison confidence is low, whatever the figures.",
        _too_sure,
    ),
    Rule(
        "confidence",
        "warning",
        "results",
        "A result says how sure it is, but not why",
        "Readers need the reason in words.",
        _unexplained_confidence,
    ),
    Rule(
        "direction",
        "warning",
        "results",
        "A result does not say whether it got better",
        "Choose one for each row; “no change” and “not measured” are answers.",
        _unstated,
    ),
    Rule(
        "percent",
        "information",
        "results",
        "A percentage stands without the numbers behind it",
        "Half of four is not half of four hundred.",
        _bare_percent,
    ),
    Rule(
        "follow-up",
        "information",
        "follow_up_months",
        "It was followed for less than a year, or nobody says how long",
        "Many effects fade, and a year shows all seasons.",
        lambda c: _claims_gain(c) and (c.follow_up_months or 0) < 12,
    ),
    Rule(
        "displacement",
        "information",
        "displacement",
        "Nothing is said of displacement",
        "The first question of any sceptic is whether the problem only moved.",
        lambda c: _claims_gain(c) and not c.displacement,
    ),
    Rule(
        "independent",
        "warning",
        "evaluators",
        "It is called independently evaluated, but not by whom",
        "Name who did it, or choose another stage.",
        _independent,
    ),
)
