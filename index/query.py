"""A search as it is asked for: text, filters, order and page. Reads and writes URL parameters."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar, get_args

from index.facets import FACETS, RANGE

Mode = Literal["hybrid", "keyword", "semantic"]
Sort = Literal["relevance", "newest", "oldest", "title"]
Name = TypeVar("Name", Mode, Sort)

MODES: tuple[Mode, ...] = get_args(Mode)
SORTS: tuple[Sort, ...] = get_args(Sort)
PER_PAGE = 10
MAX_PER_PAGE = 100
MAX_PAGE = 10_000
MAX_VALUES = 100
MAX_VALUE = 200  # letters
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_ON = {"1", "on", "true", "yes"}
_OFF = {"0", "off", "false", "no"}


def printable(text: str) -> str:
    """The text with a blank for what is no character to read: control marks, half characters.

    >>> printable("alley\\x00gates")
    'alley gates'
    """
    return _CONTROL.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    `expand` uses the thesaurus; `correct` looks for what a misspelt word may mean, too; `exact`
    wants every word as typed, and does neither. `any_words` finds what has any of the plain words,
    also where enough records have all of them. A value `2005..2010` of a facet that is ranged
    stands for all between. `notes` say what in the parameters was not understood, or limited.
    """

    text: str = ""
    mode: Mode = "hybrid"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = PER_PAGE
    expand: bool = True
    correct: bool = True
    exact: bool = False
    any_words: bool = False
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_params(cls, params: Any) -> "Query":
        """The query in URL parameters: a mapping, a multi-dict or (name, value) pairs.

        Never raises: a value that means nothing is taken as not given, with a note. A form may
        give a range in two parameters, as in `year_from` and `year_to`.
        """
        given: dict[str, list[str]] = {}
        for name, value in _pairs(params):
            given.setdefault(name, []).append(printable(value))

        def last(name: str) -> str:
            return given.get(name, [""])[-1].strip()

        notes: list[str] = []
        filters = {}
        for facet in FACETS:
            values = [value.strip() for value in given.get(facet.name, ())]
            if facet.ranged and (last(f"{facet.name}_from") or last(f"{facet.name}_to")):
                values.append(f"{last(f'{facet.name}_from')}{RANGE}{last(f'{facet.name}_to')}")
            values = [facet.current(value[:MAX_VALUE]) for value in values if value]
            values = list(dict.fromkeys(values))
            for value in values:
                if not facet.understands(value):
                    notes.append(f"“{value}” is no range of “{facet.label}” and was left out.")
                elif facet.is_turned(value):
                    notes.append(f"“{facet.label}” was read as {facet.label_of(value)}.")
            values = [value for value in values if facet.understands(value)]
            if len(values) > MAX_VALUES:
                notes.append(f"Only the first {MAX_VALUES} values of “{facet.label}” were used.")
            if values:
                filters[facet.name] = tuple(values[:MAX_VALUES])
        return cls(
            text=last("q"),
            mode=_one_of(MODES, last("mode"), "mode", notes),
            filters=filters,
            sort=_one_of(SORTS, last("sort"), "sort", notes),
            page=_whole(last("page"), 1, MAX_PAGE, "page", notes),
            per_page=_whole(last("per_page"), PER_PAGE, MAX_PER_PAGE, "per_page", notes),
            expand=last("expand").lower() not in _OFF,
            correct=last("correct").lower() not in _OFF,
            exact=last("exact").lower() in _ON,
            any_words=last("any").lower() in _ON,
            notes=tuple(notes),
        )

    def to_params(self) -> list[tuple[str, str]]:
        """The query as URL parameters; what is as usual is left out."""
        params: list[tuple[str, str]] = []
        if self.text:
            params.append(("q", self.text))
        for name, value, usual in (
            ("mode", self.mode, "hybrid"),
            ("sort", self.sort, "relevance"),
        ):
            if value != usual:
                params.append((name, value))
        for facet in FACETS:
            params += [(facet.name, code) for code in self.filters.get(facet.name, ())]
        if self.exact:
            params.append(("exact", "1"))
        if self.any_words:
            params.append(("any", "1"))
        if not self.expand:
            params.append(("expand", "0"))
        if not self.correct:
            params.append(("correct", "0"))
        if self.per_page != PER_PAGE:
            params.append(("per_page", str(self.per_page)))
        if self.page != 1:
            params.append(("page", str(self.page)))
        return params

    def with_filter(self, name: str, code: str) -> "Query":
        """The same search with one more value chosen, from its first page."""
        chosen = dict.fromkeys((*self.filters.get(name, ()), code))
        return replace(self, filters={**self.filters, name: tuple(chosen)}, page=1)

    def without_filter(self, name: str, code: str | None = None) -> "Query":
        """The same search without a chosen value, or without any of that facet."""
        left = tuple(value for value in self.filters.get(name, ()) if code and value != code)
        filters = {facet: codes for facet, codes in self.filters.items() if facet != name}
        if left:
            filters[name] = left
        return replace(self, filters=filters, page=1)

    def with_page(self, page: int) -> "Query":
        """The same search at another page."""
        return replace(self, page=max(1, page))


def _pairs(params: Any) -> Iterator[tuple[str, str]]:
    items: Iterable[Any]
    if hasattr(params, "multi_items"):
        items = params.multi_items()
    else:
        items = params.items() if isinstance(params, Mapping) else params
    for name, value in items:
        if isinstance(value, (list, tuple)):
            yield from ((str(name), str(each)) for each in value)
        else:
            yield str(name), str(value)


def _one_of(known: tuple[Name, ...], given: str, name: str, notes: list[str]) -> Name:
    """The one that was given, else the first, with a note."""
    for one in known:
        if one == given:
            return one
    if given:
        notes.append(f"There is no {name} “{given[:MAX_VALUE]}”; “{known[0]}” was used.")
    return known[0]


def _whole(given: str, usual: int, most: int, name: str, notes: list[str]) -> int:
    """The number that was given, within its limits, with a note where it had to be changed."""
    if not given:
        return usual
    number = int(given) if given.isdecimal() and len(given) < 10 else None
    taken = usual if number is None else max(1, min(number, most))
    if taken != number:
        notes.append(f"{name} is a number from 1 to {most}; {taken} was used.")
    return taken
