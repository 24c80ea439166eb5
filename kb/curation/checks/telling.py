"""Rules about the telling: short forms, dates, and whether others can see what was meant."""

import re
from collections.abc import Callable

from kb.curation.checks.rule import Found, Rule
from kb.records.practice import PracticeIn
from kb.records.rules import word_count

_ACRONYM = re.compile(r"\b[A-Z][A-Z&]{1,6}s?\b")
_EXPLAINED = re.compile(r"\(([A-Z][A-Z&]{1,6})s?\)")
_KNOWN_TO_ALL = {"UK", "US", "USA", "EU", "TV", "CCTV", "NHS", "AM", "PM", "ID", "DIY", "GP"}


def _unexplained(content: PracticeIn) -> Found:
    explained = set(_EXPLAINED.findall(content.summary))
    words = [word.rstrip("s") for word in _ACRONYM.findall(content.summary)]
    open_ones = [w for w in dict.fromkeys(words) if w not in explained | _KNOWN_TO_ALL]
    return ", ".join(open_ones)


def _short(name: str, words: int) -> Callable[[PracticeIn], Found]:
    def found(content: PracticeIn) -> Found:
        count = word_count(getattr(content, name))
        return f"{count} words" if 0 < count < words else False

    return found


def _ends_before(content: PracticeIn) -> Found:
    start, end = content.started, content.ended
    length = min(len(start), len(end))
    return bool(length) and end[:length] < start[:length]


def _unmeasured_aims(content: PracticeIn) -> Found:
    return "; ".join(row.text for row in content.objectives if not row.indicator and not row.target)


RULES: tuple[Rule, ...] = (
    Rule(
        "acronyms",
        "warning",
        "summary",
        "The summary has short forms that it does not explain",
        "Readers from other services may not know them. Write them out once.",
        _unexplained,
        cases_only=False,
    ),
    Rule(
        "dates",
        "warning",
        "ended",
        "It ends before it starts",
        "One of the two dates must be wrong.",
        _ends_before,
    ),
    Rule(
        "thin-problem",
        "warning",
        "problem_statement",
        "The problem is told in a few words",
        "Say behaviour, place, people and time, so that others can tell whether theirs is like it.",
        _short("problem_statement", 15),
    ),
    Rule(
        "thin-response",
        "warning",
        "response_summary",
        "What was done is told in a few words",
        "Somebody else should be able to do it after reading this.",
        _short("response_summary", 20),
    ),
    Rule(
        "aims",
        "information",
        "objectives",
        "An objective has neither a measure nor a target",
        "Without them nobody can say whether it was met.",
        _unmeasured_aims,
    ),
)
