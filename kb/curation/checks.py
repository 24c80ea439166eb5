"""What a careful reader would ask of an entry: one list of rules for contributors and reviewers.

A failure stands in the way of sending in or publishing, a warning may well be wrong or missing, an
information is worth a look. A rule is data: to add one, add an entry to RULES.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kb.records.errors import FieldError
from kb.records.practice import CASE_TYPES, FIELDS, PracticeIn
from kb.records.rules import is_empty, word_count

Level = Literal["failure", "warning", "information"]


@dataclass(frozen=True)
class Seen:
    """What exactly a rule saw, and in which field, for a rule that looks at many."""

    what: str
    field: str


Found = str | bool | Seen


@dataclass(frozen=True)
class Rule:
    """One question. `found` looks at the record and gives True, or what exactly it saw."""

    id: str
    level: Level
    field: str
    title: str
    why: str
    found: Callable[[PracticeIn], Found]
    cases_only: bool = True


@dataclass(frozen=True)
class Finding:
    """A rule that applies, or something that is missing or wrong, in one field."""

    level: Level
    field: str
    title: str
    why: str


_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|PC|PCSO|DC|DS|DI|Sgt|Sergeant|Inspector)\.? "
    r"[A-Z][a-z]+(?:[- ][A-Z][a-z]+)?"
)
_AGED = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)?,? (?:aged|\(aged|,) ?\d{1,2}\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w[\w.]*")
_PHONE = re.compile(r"(?<!\d)(?:\+44\s?|0)\d(?:[\s-]?\d){8,9}(?!\d)")
_ACRONYM = re.compile(r"\b[A-Z][A-Z&]{1,6}s?\b")
_EXPLAINED = re.compile(r"\(([A-Z][A-Z&]{1,6})s?\)")
_KNOWN_TO_ALL = {"UK", "US", "USA", "EU", "TV", "CCTV", "NHS", "AM", "PM", "ID", "DIY", "GP"}
_PERCENT = re.compile(r"\d ?%|per ?cent", re.IGNORECASE)
_GOOD = ("better", "probably-better")


_NAMES_ASKED = ("contacts", "references", "body", "provenance", "awards", "facts", "endorser")


def _texts(content: PracticeIn) -> list[tuple[str, str]]:
    """Every text of the record that people wrote, after its field; not where names are asked."""
    found: list[tuple[str, str]] = []
    for spec in FIELDS:
        if spec.name in _NAMES_ASKED:
            continue
        value = getattr(content, spec.name)
        rows = value if spec.kind == "rows" else [value] if spec.kind == "row" and value else []
        found += [
            (spec.name, text)
            for row in rows
            for column in spec.columns
            if isinstance(text := getattr(row, column.name), str)
        ]
        if spec.kind == "text":
            found.append((spec.name, value))
    return found


def _person(content: PracticeIn) -> Found:
    for name, text in _texts(content):
        for pattern in (_TITLED, _AGED, _ADDRESS, _PHONE):
            match = pattern.search(text)
            if match:
                return Seen(match[0], name)
    return False


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


def _ends_before(content: PracticeIn) -> Found:
    start, end = content.started, content.ended
    length = min(len(start), len(end))
    return bool(length) and end[:length] < start[:length]


def _unmeasured_aims(content: PracticeIn) -> Found:
    return "; ".join(row.text for row in content.objectives if not row.indicator and not row.target)


def _named_contact(content: PracticeIn) -> Found:
    return ", ".join(row.person for row in content.contacts if row.person and not row.consent)


def _no_mailbox(content: PracticeIn) -> Found:
    return bool(content.contacts) and not any(r.mailbox or r.url for r in content.contacts)


def _independent(content: PracticeIn) -> Found:
    outside = {"independent", "academic"} & set(content.evaluators)
    return content.stage_of_practice == "evaluated-independently" and not outside


RULES: tuple[Rule, ...] = (
    Rule(
        "person",
        "warning",
        "",
        "It may name a person or give a private address or number",
        "What is published stays findable. Write roles instead, unless the name is public already.",
        _person,
        cases_only=False,
    ),
    Rule(
        "contact-consent",
        "warning",
        "contacts",
        "A contact is named without saying that they agreed",
        "Names are shown only with consent. Tick that they agreed, or give a role only.",
        _named_contact,
        cases_only=False,
    ),
    Rule(
        "contact-mailbox",
        "information",
        "contacts",
        "No contact has a team mailbox or web page",
        "People move on within two years; a team mailbox stays.",
        _no_mailbox,
        cases_only=False,
    ),
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
    Rule(
        "cost",
        "warning",
        "cost_band",
        "No cost is given",
        "Bids and plans need a figure, even a rough one.",
        lambda c: not c.costs and not c.cost_band and not c.cost_note,
    ),
    Rule(
        "failures",
        "information",
        "implementation_problems",
        "Nothing is said to have gone wrong",
        "There is always something, and it is what the next people can use most.",
        lambda c: not c.implementation_problems and not c.learning_dont,
    ),
    Rule(
        "fairness",
        "information",
        "proportionality_note",
        "It uses legal powers, but says nothing of proportion",
        "Readers have to show that it is fair before they can do it.",
        lambda c: (
            bool(set(c.legal_powers) - {"none"})
            and not c.proportionality_note
            and not c.equality_impact
        ),
    ),
    Rule(
        "licence",
        "information",
        "licence",
        "It does not say what others may do with the text",
        "Without a licence the texts of attached documents are not shown or passed on.",
        lambda c: not c.licence,
        cases_only=False,
    ),
)


def findings(content: PracticeIn, errors: list[FieldError]) -> list[Finding]:
    """What stands in the way (from `errors`), then what every rule finds, gravest first."""
    found = [
        Finding("failure", error.field, f"{error.title}: {error.rule}", error.value)
        for error in errors
    ]
    is_case = content.record_type in CASE_TYPES
    for rule in RULES:
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


def filled(content: PracticeIn, names: list[str]) -> int:
    """How many of these fields say something."""
    return sum(not is_empty(getattr(content, name)) for name in names)
