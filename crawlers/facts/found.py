"""What was found in a text: each thing with how sure that is and the passage it stands in.

`start` and `end` say which letters of the text it was read from; `passage` is the sentence round
them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

_SENTENCE_END = re.compile(
    r"\n\s*\n|\n(?=\S)|(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|No|vs)\.)"
    r"(?<!\b(?:Mrs|Sgt|Rev|Cdr|Col|Cst)\.)(?<!\b(?:Insp|Supt|Cllr|Prof|Capt|Cmdr)\.)"
    r"[\"'\u201d\u2019)]{0,3}[ \t]+(?=[\"'\u201c(]?[A-Z0-9\u00a3$\u20ac])"
)
_LONGEST = 1_000  # letters of a sentence; more is a table or a list without stops
_PASSAGE = 300


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a text that says one thing; `whole` is all of it, where some was blanked out."""

    text: str
    start: int
    whole: str = ""

    @property
    def shown(self) -> str:
        """As it stands in the text."""
        return self.whole or self.text


def sentences_with_places(text: str) -> Iterator[Sentence]:
    """The sentences of a text, with where each begins."""
    start = 0
    for end in [found.start() for found in _SENTENCE_END.finditer(text)] + [len(text)]:
        for piece in range(start, end, _LONGEST):
            part = text[piece : min(piece + _LONGEST, end)]
            lead = len(part) - len(part.lstrip())
            if part.strip():
                yield Sentence(part.strip(), piece + lead)
        start = end


def word_set(listed: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(listed.split())


def passage_of(text: str) -> str:
    """A sentence as it is shown: on one line and not too long."""
    return re.sub(r"\s+", " ", text).strip()[:_PASSAGE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How sure a thing is, and where in the text it stands."""

    confidence: float
    passage: str
    start: int
    end: int

    def _line(self, kind: str, what: str) -> str:
        return f"{kind}: {what} {self.confidence:.2f} “{self.passage}”"

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFound(Found):
    """A sum of money. `kind` is spent, saved or lost; planned or hoped (a saving) where it has not
    come to that; "" when the text does not say.

    `high` is None for a single figure; `price_year` and `recurring` only when the text says so;
    `item` tells what for.
    """

    kind: str
    low: float
    high: float | None
    currency: str
    price_year: int | None
    recurring: bool | None
    item: str

    def as_line(self) -> str:
        """As a person reads it."""
        high = f" to {self.high:,.0f}" if self.high else ""
        year = f" at {self.price_year} prices" if self.price_year else ""
        each = " each year" if self.recurring else ""
        return self._line(
            f"cost ({self.kind or 'not said'})",
            f"{self.currency} {self.low:,.0f}{high}{year}{each}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFound(Found):
    """When the practice `started`, `ended` or was `evaluated`, or the `baseline` before it that it
    is compared with: yyyy, yyyy-mm or yyyy-mm-dd.

    `until` is the end of a period that was counted, "" for the other kinds.
    """

    kind: str
    date: str
    until: str = ""

    def as_line(self) -> str:
        """As a person reads it."""
        return self._line(self.kind, f"{self.date} to {self.until}" if self.until else self.date)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFound(Found):
    """A place; `region` and `country` (a code) only where they are certain.

    `because` is the passage that told which of several places of that name it is, when no place
    did.
    """

    name: str
    kind: str
    region: str = ""
    country: str = ""
    because: str = ""
    mentions: int = 1

    def as_line(self) -> str:
        """As a person reads it."""
        parts = (self.name, self.region if self.region != self.name else "", self.country)
        return self._line("place", ", ".join(filter(None, parts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFound(Found):
    """A body that is named; `known` when the store has it.

    `took_part` is False where all that is told of it is something else: that it paid, was written
    to, was quoted, or that the letter is its own.
    """

    name: str
    known: bool = False
    mentions: int = 1
    took_part: bool = True

    def as_line(self) -> str:
        """As a person reads it."""
        return self._line("organisation", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFound(Found):
    """Whom to ask: a role with its organisation ("" when not said).

    `person` is the name that stands with it, "" for none. A name is personal data: it is for the
    eyes of whoever checks the document and goes into no field by itself.
    """

    role: str
    organisation: str
    person: str = ""

    def as_line(self) -> str:
        """As a person reads it."""
        person = f" ({self.person}, personal)" if self.person else ""
        body = f", {self.organisation}" if self.organisation else ""
        return self._line("ask", f"{self.role}{body}{person}")

    @property
    def personal(self) -> bool:
        """Whether it names a person."""
        return bool(self.person)

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "personal": self.personal}


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingFound(Found):
    """A fund or body that paid."""

    name: str

    def as_line(self) -> str:
        """As a person reads it."""
        return self._line("paid by", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorFound(Found):
    """Who measured what came of it. `kind` is a code of the vocabulary `evaluators`, ""
    when the text does not tell; `name` is "" for those who did the work.

    `took_part` says that the text also tells of another part that it played, `to_come` that it has
    not measured yet.
    """

    name: str
    kind: str
    took_part: bool = False
    to_come: bool = False

    def as_line(self) -> str:
        """As a person reads it."""
        kind = f" ({self.kind})" if self.kind else ""
        return self._line("evaluated by", f"{self.name or 'those who did the work'}{kind}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFound(Found):
    """A person who is named, with title or rank: personal data, wherever it stands."""

    name: str
    personal: bool = True

    def as_line(self) -> str:
        """As a person reads it."""
        return self._line("names a person", self.name)


@dataclass(slots=True)
class Facts:
    """Everything found in a text, the surest first (dates and costs as they stand)."""

    costs: list[CostFound] = field(default_factory=list)
    dates: list[DateFound] = field(default_factory=list)
    places: list[PlaceFound] = field(default_factory=list)
    organisations: list[OrganisationFound] = field(default_factory=list)
    role_contacts: list[RoleFound] = field(default_factory=list)
    funding: list[FundingFound] = field(default_factory=list)
    evaluators: list[EvaluatorFound] = field(default_factory=list)
    people: list[PersonFound] = field(default_factory=list)

    def as_lines(self) -> list[str]:
        """As a person reads them, one on each line."""
        return [one.as_line() for found in self._by_kind().values() for one in found]

    def as_dict(self) -> dict[str, list[dict[str, Any]]]:
        """As plain data, one list for each kind."""
        return {kind: [one.as_dict() for one in found] for kind, found in self._by_kind().items()}

    def _by_kind(self) -> dict[str, Sequence[Any]]:
        return {
            "costs": self.costs,
            "dates": self.dates,
            "places": self.places,
            "organisations": self.organisations,
            "role_contacts": self.role_contacts,
            "funding": self.funding,
            "evaluators": self.evaluators,
            "people": self.people,
        }
