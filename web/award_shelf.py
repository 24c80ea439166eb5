"""The shelf of award entries: what everybody may see of them, narrowed, and how they run by year.

A scheme may have a thousand entries: what they are narrowed by stands beside each entry in the
store, so that no record is read whole.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import NamedTuple

from sqlmodel import Session, col, select

from kb.awards.models import AwardEntry, AwardRound
from kb.records.models import Record
from kb.vocabularies import vocabulary
from web.listings import seen_by_all

UNSTATED = "not-stated"


class Standing(NamedTuple):
    """One record's place in one round. `problems` holds broader terms too; `themes` the broadest.

    A tuple, as a page makes thousands.
    """

    record_id: str
    title: str
    scheme: str
    year: int
    level: str
    category: str
    problems: frozenset[str] = frozenset()
    themes: tuple[str, ...] = ()
    country: str = ""
    region: str = ""

    @property
    def won(self) -> bool:
        """Whether it won."""
        return self.level == "winner"


def standings(session: Session, scheme: str = "", year: int | None = None) -> list[Standing]:
    """Entries that everybody may see, newest round first, then by title."""
    asked = (
        select(  # type: ignore[call-overload]
            AwardEntry.record_id,
            Record.title,
            AwardRound.scheme_id,
            AwardRound.year,
            AwardEntry.level,
            AwardEntry.category,
            AwardEntry.problems,
            AwardEntry.country,
            AwardEntry.region,
        )
        .join(AwardRound, col(AwardRound.id) == AwardEntry.round_id)
        .join(Record, col(Record.id) == AwardEntry.record_id)
        .where(seen_by_all())
    )
    if scheme:
        asked = asked.where(AwardRound.scheme_id == scheme)
    if year is not None:
        asked = asked.where(AwardRound.year == year)
    broader = _broader()
    made = [
        Standing(found, title, its, when, level or UNSTATED, category, *broader(codes), *place)
        for found, title, its, when, level, category, codes, *place in session.exec(asked)
    ]
    return sorted(made, key=lambda one: (-one.year, one.title.casefold(), one.record_id))


def _broader() -> Callable[[str], tuple[frozenset[str], tuple[str, ...]]]:
    """Gives for an entry's codes its problems with all that is broader, and the broadest of each.

    Many entries have the same codes, so each is looked up once for a page.
    """
    terms = vocabulary("problem_types")

    @cache
    def line(code: str) -> tuple[str, ...]:
        now = terms.current(code)
        return (now, *terms.ancestors(now))

    @cache
    def lines(codes: str) -> tuple[frozenset[str], tuple[str, ...]]:
        each = [line(code) for code in codes.split()]
        return frozenset(chain(*each)), tuple(dict.fromkeys(one[-1] for one in each))

    return lines


@dataclass
class Round:
    """One year of a scheme: how many entries reached each level."""

    scheme: str
    year: int
    levels: Counter[str] = field(default_factory=Counter)

    @property
    def entries(self) -> int:
        """How many entries are held."""
        return self.levels.total()


def rounds(found: Iterable[Standing]) -> list[Round]:
    """The rounds of these entries, in their order."""
    made: dict[tuple[str, int], Round] = {}
    for one in found:
        at = (one.scheme, one.year)
        if at not in made:
            made[at] = Round(*at)
        made[at].levels[one.level] += 1
    return list(made.values())


@dataclass(frozen=True)
class Narrowing:
    """What is asked for; what is empty does not narrow."""

    year: str = ""
    problem: str = ""
    category: str = ""
    country: str = ""
    region: str = ""
    level: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Narrowing":
        """From the parameters of an address; odd ones simply find nothing."""
        return cls(**{name: params.get(name, "").strip()[:100] for name in VALUES})

    def __bool__(self) -> bool:
        return any(self.pairs())

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that are set."""
        return [(name, value) for name in VALUES if (value := getattr(self, name))]

    def holds(self, one: Standing) -> bool:
        """Whether an entry fits all of it."""
        return all(value in VALUES[name](one) for name, value in self.pairs())


VALUES: dict[str, Callable[[Standing], Iterable[str]]] = {
    "year": lambda one: (str(one.year),),
    "problem": lambda one: one.problems,
    "category": lambda one: filter(None, (one.category,)),
    "country": lambda one: filter(None, (one.country,)),
    "region": lambda one: filter(None, (one.region,)),
    "level": lambda one: (one.level,),
}
"""Each way to narrow, with an entry's values in it."""


def counts(found: Iterable[Standing], name: str) -> dict[str, int]:
    """How many entries have each value of one way to narrow."""
    values = VALUES[name]
    return Counter(value for one in found for value in values(one))


@dataclass
class Trend:
    """How many entries and winners a year, or a problem, has."""

    code: str
    entries: int = 0
    winners: int = 0


def by_year(found: Sequence[Standing]) -> list[Trend]:
    """Entries and winners of each year, newest first."""
    made = _trends(found, lambda one: (str(one.year),))
    return sorted(made, key=lambda trend: trend.code, reverse=True)


def by_theme(found: Sequence[Standing]) -> list[Trend]:
    """Entries and winners by broadest problem, most entries first; '' where none is stated."""
    made = _trends(found, lambda one: one.themes or ("",))
    return sorted(made, key=lambda trend: (trend.code == "", -trend.entries, trend.code))


def _trends(
    found: Sequence[Standing], keys: Callable[[Standing], Iterable[str]]
) -> Iterable[Trend]:
    made: dict[str, Trend] = {}
    for one in found:
        for key in keys(one):
            trend = made.setdefault(key, Trend(key))
            trend.entries += 1
            trend.winners += one.won
    return made.values()
