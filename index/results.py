"""What a search gives back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from index.grammar import Correction, Expansion
from index.query import Mode, Query
from index.question import Opening
from index.snippet import Segment
from index.timing import Offer

NONE_HAS_ALL = "No record has all that was asked for; leaving a part out may help."

FoundBy = Literal["words", "meaning", "both", ""]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet. `depth` is 0 for a top term; `broader` the term it stands under."""

    code: str
    label: str
    count: int
    selected: bool
    depth: int = 0
    broader: str | None = None


@dataclass(frozen=True, slots=True)
class FacetResult:
    """A facet with its values; `more` says how many values with hits were left out."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    more: int = 0

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The values that were chosen."""
        return tuple(value for value in self.values if value.selected)


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found.

    `snippet` is text in segments with whether each is highlighted, so that whoever shows it
    escapes it. `found_by` is empty when nothing was typed. `starts` says when to begin to be ready
    for the times of year the record is meant for.
    """

    id: str
    title: str
    card: Mapping[str, Any]
    score: float
    sections: tuple[str, ...]
    snippet: tuple[Segment, ...]
    found_by: FoundBy
    reasons: tuple[str, ...]
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strictness:
    """How many of the `of` plain words a record needs, to be found by words.

    `every` is how many records have all of them, `some` how many have any; filters not counted.
    A record has a word also by another one for it, or by a tag: `like` is how many of `every`
    do not have all words in their text. `alone` are words that many records have, by which alone
    none is found, where any will do; `any_left` says that records with another of the words are.
    """

    of: int
    needed: int
    every: int
    some: int
    alone: tuple[str, ...] = ()
    any_left: bool = True
    like: int = 0

    @property
    def loosened(self) -> bool:
        """Whether records without some of the words were found."""
        return self.needed < self.of

    @property
    def note(self) -> str:
        """What to say of it; nothing where every word is needed."""
        if not self.loosened:
            return ""
        if not self.some:
            return "No record has any of these words."
        alike = self.needed == 1 and self.some == self.every  # none was found that lacks a word
        said = self.every - self.like
        if alike and not self.like:
            return ""
        had = {0: "No record has", 1: "One record has"}.get(said, f"{said} records have")
        least = "any" if self.needed == 1 else f"at least {self.needed}"
        whole = "both words" if self.of == 2 else f"all {self.of} words"
        if not self.any_left:
            return f"Many records have {quoted(self.alone)}, so none was found by that alone."
        if not self.like:
            return f"{had} {whole}, so records with {least} of them are shown too{self._but}."
        has = f"{self.like}{' more' * bool(said)} {'has' if self.like == 1 else 'have'}"
        told = f"{had} {whole}; {has} them in other words or as tags."
        return told if alike else f"{told} Records with {least} of them are shown too{self._but}."

    def without(self, missing: int) -> str:
        """How a note on so many of the words, that no record says, goes on to tell what is shown.

        Empty where none is left, or where records without some words were not found.
        """
        left = self.of - missing
        if left <= 0 or not self.loosened or self.every:
            return ""
        if not self.any_left:
            return f", and many have {quoted(self.alone)}, so none was found by that alone"
        some = "any" if self.needed == 1 else f"at least {self.needed}"
        most = some if self.needed < left else "all"
        which = "the other word" if left == 1 else f"{most} of the other words"
        return f", so records with {which} are shown{self._but}"

    @property
    def _but(self) -> str:
        if not self.alone:
            return ""
        return f", but none for {quoted(self.alone)} alone, which many records have"


def quoted(words: Iterable[str]) -> str:
    """Words or names one of which is meant, each once.

    >>> quoted(["hare", "coursing", "hare", "dogs"])
    '“hare”, “coursing” or “dogs”'
    """
    *first, last = (f"“{word}”" for word in dict.fromkeys(words))
    return f"{', '.join(first)} or {last}" if first else last


@dataclass(frozen=True, slots=True)
class Unknown:
    """A chosen value that a facet does not have; `listed` says that its values are a fixed list."""

    facet: str
    label: str
    value: str
    listed: bool

    @property
    def note(self) -> str:
        """What to say of it."""
        if self.listed:
            return f"“{self.value}” is not one of the choices of “{self.label}”; no record has it."
        return f"No record has “{self.value}” as its “{self.label}”."


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found; totals, facets and pages come from one set of records.

    `expansions`, `corrections` and `opening` say how what was typed was understood; `offers` are
    narrower searches that fit it. `strictness` says how many of the plain words records needed,
    where there were several. `unknown` are chosen values that no record can have; the notes tell
    of them too. `in_vain` says that nothing was found, or nothing that says what was typed;
    `whole` that nothing was looked for, so that these are all the records the filters let through.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    facets: tuple[FacetResult, ...]
    notes: tuple[str, ...]
    expansions: tuple[Expansion, ...]
    corrections: tuple[Correction, ...]
    opening: Opening | None
    offers: tuple[Offer, ...]
    strictness: Strictness | None
    mode: Mode
    took_ms: float
    unknown: tuple[Unknown, ...] = ()
    in_vain: bool = False
    whole: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.query.per_page)
