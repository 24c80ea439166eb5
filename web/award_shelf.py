"""The shelf of award entries: what everybody may see of them, narrowed, and how they run by year.

A scheme may have a thousand entries: what they are narrowed by stands beside each entry in the
store, so that no record is read whole.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from kb.awards.models import AwardEntry, AwardRound
from kb.records.models import Record
from kb.vocabularies import vocabulary
from web.listings import seen_by_all

UNSTATED, WINNER = "not-stated", "winner"


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
        return self.level == WINNER


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
    # Past the session, which would take as long over the rows as all the rest: they are plain.
    rows = session.connection().execute(asked).all()
    made = [
        Standing(found, title, its, when, level or UNSTATED, category, *broader(codes), *place)
        for found, title, its, when, level, category, codes, *place in rows
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
        return all(
            value in one.problems if name == "problem" else value == str(VALUES[name](one))
            for name, value in self.pairs()
        )


VALUES: dict[str, Callable[[Standing], Any]] = {
    "year": attrgetter("year"),
    "problem": attrgetter("problems"),
    "category": attrgetter("category"),
    "country": attrgetter("country"),
    "region": attrgetter("region"),
    "level": attrgetter("level"),
}
"""Each way to narrow, with an entry's value in it: of problems, all of them."""


def counts(found: Iterable[Standing], name: str) -> dict[str, int]:
    """How many entries have each value of one way to narrow."""
    values = map(VALUES[name], found)
    held = Counter(chain.from_iterable(values) if name == "problem" else values)
    return {str(value): number for value, number in held.items() if value}


@dataclass(frozen=True)
class Trend:
    """How many entries and winners a year, or a problem, has."""

    code: str
    entries: int
    winners: int


def by_year(found: Sequence[Standing]) -> list[Trend]:
    """Entries and winners of each year, newest first."""
    made = _trends(found, lambda some: (str(one.year) for one in some))
    return sorted(made, key=lambda trend: trend.code, reverse=True)


def by_theme(found: Sequence[Standing]) -> list[Trend]:
    """Entries and winners by broadest problem, most entries first; '' where none is stated."""
    made = _trends(found, lambda some: chain.from_iterable(one.themes or ("",) for one in some))
    return sorted(made, key=lambda trend: (trend.code == "", -trend.entries, trend.code))


def _trends(
    found: Sequence[Standing], keys: Callable[[Iterable[Standing]], Iterable[str]]
) -> list[Trend]:
    winners = Counter(keys(one for one in found if one.level == WINNER))
    return [Trend(key, number, winners[key]) for key, number in Counter(keys(found)).items()]
