"""Whether two records tell of the same practice: one rule for crawls, imports, forms and the desk.

"same" is sure enough to join without asking; "likely" and "possible" are for a person to judge.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from kb.records.identity import identity_keys, name_key
from kb.records.practice import PracticeIn
from kb.vocabularies import vocabulary

Level = Literal["same", "likely", "possible"]

ALIKE = 0.8  # titles of one thing, written a little differently
_NEARLY = 0.9
_PLAIN_WORDS = frozenset(
    (
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "s",
        "the",
        "to",
        "with",
        "project",
        "programme",
        "program",
        "scheme",
        "initiative",
        "operation",
        "strategy",
        "community",
        "safety",
        "reducing",
        "crime",
        "police",
        "policing",
        "partnership",
        "problem",
        "solving",
        "oriented",
    )
)
_WORDING = {
    "url": "same address of the original",
    "doi": "same DOI",
    "project": "same title and leading agency",
    "document": "same title and first author",
}


_SAME_AGENCY, _SAME_YEAR, _YEAR_APART = "same agency", "same year", "a year apart"


@dataclass(frozen=True)
class Sameness:
    """How sure it is that two records tell of one practice, and why, each reason in words."""

    level: Level
    score: float
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """All reasons in one line."""
        return "; ".join(self.reasons)


def compare(one: PracticeIn, other: PracticeIn) -> Sameness | None:
    """How two records stand to each other; None when nothing says that they are the same.

    An address alone is not enough: listings link two projects to one document by mistake, so the
    titles must be alike too, unless one agency entered both for one award. A title alone is not
    enough either: forces use each other's names, and a guide has editions years apart.
    """
    shared = set(identity_keys(one)) & set(identity_keys(other))
    kinds = [kind for kind in _WORDING if any(kind == key[0] for key in shared)]
    reasons = [_WORDING[kind] for kind in kinds]
    title = title_likeness(one, other)
    support, against = _circumstances(one, other)
    addressed = {"doi", "url"} & set(kinds)
    entered = _awards(one) & _awards(other) and _SAME_AGENCY in support
    if (
        "project" in kinds
        or (addressed and (title >= ALIKE or entered))
        or ("document" in kinds and {_SAME_YEAR, _YEAR_APART} & set(support))
    ):
        return Sameness("same", 1.0 if title >= _NEARLY else 0.97, tuple(reasons))
    reasons += support
    if title >= _NEARLY:
        reasons.insert(0, _title_in_words(one, other, title))
    elif title >= 0.6:
        reasons.insert(0, "like titles")
    score = 0.7 * title + 0.12 * len(support) - 0.2 * len(against) + (0.25 if kinds else 0.0)
    if title >= _NEARLY and _telling(one) >= 2:
        score += 0.1
    score = max(0.0, min(score, 0.96))
    level = _level(title, score, bool(kinds), len(support), len(against))
    if level is None:
        return None
    return Sameness(level, round(score, 3), (*reasons, *against))


def _title_in_words(one: PracticeIn, other: PracticeIn, title: float) -> str:
    if title < 1:
        return "nearly the same title"
    same = name_key(one.title) == name_key(other.title)
    return "same title" if same else "one goes by the other's title"


def _level(title: float, score: float, keyed: bool, support: int, against: int) -> Level | None:
    if score >= 0.8 and title >= ALIKE and support and not against:
        return "likely"
    if keyed or (title >= 0.6 and score >= 0.62 and support):
        return "possible"
    return "possible" if title >= _NEARLY and score >= 0.62 else None


def title_likeness(one: PracticeIn, other: PracticeIn) -> float:
    """How alike the nearest of their names are: 1 for the same, spelling and order aside."""
    return max(
        (_alike(mine, theirs) for mine in names_of(one) for theirs in names_of(other)), default=0.0
    )


def names_of(content: PracticeIn) -> list[str]:
    """Its title, the other names it goes by, and its titles at its sources, as keys."""
    titles = [item.title for item in content.provenance if item.title]
    keys = (name_key(name) for name in (content.title, *content.other_names, *titles))
    return list(dict.fromkeys(key for key in keys if key))


def _alike(mine: str, theirs: str) -> float:
    if mine == theirs:
        return 1.0
    left, right = set(mine.split()), set(theirs.split())
    told = (left & right) - _PLAIN_WORDS
    if not told:
        return 0.0
    matcher = SequenceMatcher(None, mine, theirs)
    written = matcher.ratio() if matcher.quick_ratio() >= 0.5 else 0.0
    short, long = sorted((left - _PLAIN_WORDS, right - _PLAIN_WORDS), key=len)
    held = len(told) / max(1, len(short))
    # One title wholly inside the other: a short name and its long form.
    inside = 0.86 if held == 1 and len(short) >= 3 else 0.0
    numbers = re.findall(r"\d+", mine), re.findall(r"\d+", theirs)
    apart = 0.2 if all(numbers) and set(numbers[0]).isdisjoint(numbers[1]) else 0.0
    both = 2 * len(told) / max(1, len(short) + len(long))
    return max(0.0, min(0.99, max(min(written, both + 0.25), both, inside)) - apart)


def _telling(content: PracticeIn) -> int:
    return len(set(name_key(content.title).split()) - _PLAIN_WORDS)


def _circumstances(one: PracticeIn, other: PracticeIn) -> tuple[list[str], list[str]]:
    """What else speaks for the two being one, and what against it."""
    support, against = [], []
    mine, theirs = ({name_key(row.organisation) for row in c.partners} for c in (one, other))
    if mine & theirs:
        support.append(_SAME_AGENCY)
    elif mine and theirs:
        against.append("other agencies")
    if one.place and other.place:
        places = [name_key(c.place.name) for c in (one, other) if c.place]
        countries = [c.place.country or "" for c in (one, other) if c.place]
        if places[0] and places[0] == places[1]:
            support.append("same place")
        elif all(countries) and not _one_holds_the_other(*countries):
            against.append("other countries")
    years = [c.started[:4] or c.published_on[:4] for c in (one, other)]
    years = [
        y or next((str(a.year) for a in c.awards if a.year), "")
        for y, c in zip(years, (one, other), strict=True)
    ]
    if all(years):
        gap = abs(int(years[0]) - int(years[1]))
        if gap <= 1:
            support.append(_SAME_YEAR if gap == 0 else _YEAR_APART)
        elif gap > 4 and not mine & theirs:  # an agency enters one project years apart
            against.append(f"{gap} years apart")
    authors = [{name_key(name) for name in c.authors} for c in (one, other)]
    if authors[0] & authors[1]:
        support.append("same author")
    return support, against


def _awards(content: PracticeIn) -> set[tuple[str, int]]:
    return {(award.scheme, award.year) for award in content.awards if award.scheme and award.year}


def _one_holds_the_other(one: str, other: str) -> bool:
    """Whether two countries are one, or one is a part of the other: England, United Kingdom."""
    countries = vocabulary("countries")
    return one in (other, *countries.ancestors(other)) or other in countries.ancestors(one)
