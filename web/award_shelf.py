"""The shelf of award entries: what everybody may see of them, narrowed, and how they run by year.

Terms are read straight from the stored records: a scheme may have a thousand entries, and only
their place and problems are needed here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from kb.awards.models import AwardEntry, AwardRound
from kb.records.models import Record
from kb.vocabularies import Vocabulary, vocabulary
from web.listings import seen_by_all

SURE = 0.5
"""A suggested problem counts from this confidence on, as it does in search."""
UNSTATED = "not-stated"


@dataclass(frozen=True)
class Standing:
    """One record's place in one round. `problems` holds broader terms too; `theme` the broadest."""

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
    content = col(Record.content)
    asked = (
        select(  # type: ignore[call-overload]
            AwardEntry.record_id,
            AwardEntry.level,
            AwardEntry.category,
            AwardRound.scheme_id,
            AwardRound.year,
            Record.title,
            content["problem_types"],
            content["suggested_tags"],
            content["place"],
        )
        .join(AwardRound, col(AwardRound.id) == AwardEntry.round_id)
        .join(Record, col(Record.id) == AwardEntry.record_id)
        .where(seen_by_all())
    )
    if scheme:
        asked = asked.where(AwardRound.scheme_id == scheme)
    if year is not None:
        asked = asked.where(AwardRound.year == year)
    terms = vocabulary("problem_types")
    made = [_standing(terms, *row) for row in session.exec(asked)]
    return sorted(made, key=lambda one: (-one.year, one.title.casefold(), one.record_id))


def _standing(
    terms: Vocabulary,
    record_id: str,
    level: str | None,
    category: str,
    scheme: str,
    year: int,
    title: str,
    stated: Any,
    suggested: Any,
    place: Any,
) -> Standing:
    codes = list(stated or []) + [
        tag["code"]
        for tag in suggested or []
        if tag.get("field_name") == "problem_types" and tag.get("confidence", SURE) >= SURE
    ]
    lines = [(code, *terms.ancestors(code)) for code in dict.fromkeys(codes)]
    place = place or {}
    return Standing(
        record_id=record_id,
        title=title,
        scheme=scheme,
        year=year,
        level=level or UNSTATED,
        category=category,
        problems=frozenset(code for line in lines for code in line),
        themes=tuple(dict.fromkeys(line[-1] for line in lines)),
        country=place.get("country") or "",
        region=place.get("region") or "",
    )


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
    made: dict[str, int] = {}
    for one in found:
        for value in VALUES[name](one):
            made[value] = made.get(value, 0) + 1
    return made


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
