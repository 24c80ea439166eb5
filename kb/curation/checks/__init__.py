"""What a careful reader would ask of an entry: one list of rules for contributors and reviewers.

A failure stands in the way of sending in or publishing, a warning may well be wrong or missing, an
information is worth a look. A rule is data: to add one, add an entry to the RULES of its subject.
"""

from dataclasses import dataclass

from kb.curation.checks import evidence, people, reuse, telling
from kb.curation.checks.rule import Level, Seen
from kb.records.errors import FieldError
from kb.records.practice import CASE_TYPES, PracticeIn

__all__ = ["Finding", "findings"]

_RULES = (*people.RULES, *telling.RULES, *evidence.RULES, *reuse.RULES)


@dataclass(frozen=True)
class Finding:
    """A rule that applies, or something that is missing or wrong, in one field."""

    level: Level
    field: str
    title: str
    why: str


def findings(content: PracticeIn, errors: list[FieldError]) -> list[Finding]:
    """What stands in the way (from `errors`), then what every rule finds, gravest first."""
    found = [
        Finding("failure", error.field, f"{error.title}: {error.rule}", error.value)
        for error in errors
    ]
    is_case = content.record_type in CASE_TYPES
    for rule in _RULES:
        if rule.cases_only and not is_case:
            continue
        seen = rule.found(content)
        if seen:
            where = seen.field if isinstance(seen, Seen) else rule.field
            seen = seen.what if isinstance(seen, Seen) else seen
            what = f"{rule.title} ({seen[:120]})" if isinstance(seen, str) else rule.title
            found.append(Finding(rule.level, where, what, rule.why))
    order = ("failure", "warning", "information")
    return sorted(found, key=lambda one: order.index(one.level))
