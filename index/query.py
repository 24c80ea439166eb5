"""A search as it is asked for: text, filters, order and page. Reads and writes URL parameters."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from index.facets import FACETS

Mode = Literal["hybrid", "keyword", "semantic"]
Sort = Literal["relevance", "newest", "oldest", "title"]

MODES: tuple[Mode, ...] = get_args(Mode)
SORTS: tuple[Sort, ...] = get_args(Sort)
PER_PAGE = 10
MAX_PER_PAGE = 100
MAX_PAGE = 10_000
MAX_VALUES = 100
_ON = {"1", "on", "true", "yes"}
_OFF = {"0", "off", "false", "no"}


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    `expand` uses the thesaurus; `correct` looks for what a misspelt word may mean, too; `exact`
    wants every word as typed, and does neither. `any_words` finds what has any of the plain words,
    also where enough records have all of them.
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

    @classmethod
    def from_params(cls, params: Any) -> "Query":
        """The query in URL parameters: a mapping, a multi-dict or (name, value) pairs.

        Never raises: a value that means nothing is taken as not given.
        """
        given: dict[str, list[str]] = {}
        for name, value in _pairs(params):
            given.setdefault(name, []).append(value)

        def last(name: str) -> str:
            return given.get(name, [""])[-1].strip()

        filters = {}
        for facet in FACETS:
            values = [value.strip() for value in given.get(facet.name, ())]
            values = [value[:200] for value in dict.fromkeys(values) if value]
            if values:
                filters[facet.name] = tuple(values[:MAX_VALUES])
        return cls(
            text=last("q"),
            mode=next((mode for mode in MODES if mode == last("mode")), "hybrid"),
            filters=filters,
            sort=next((sort for sort in SORTS if sort == last("sort")), "relevance"),
            page=_whole(last("page"), 1, MAX_PAGE),
            per_page=_whole(last("per_page"), PER_PAGE, MAX_PER_PAGE),
            expand=last("expand").lower() not in _OFF,
            correct=last("correct").lower() not in _OFF,
            exact=last("exact").lower() in _ON,
            any_words=last("any").lower() in _ON,
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


def _whole(text: str, usual: int, most: int) -> int:
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 10 else usual
