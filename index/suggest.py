"""What may be meant while somebody types: titles, terms, places, organisations, award schemes.

Made from the index alone, so that what a visitor may not see is never offered; what has left the
index since the list was made is left out when it is asked for.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase
from typing import Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from index.columns import Columns
from index.document import NAMES, ORGANISATIONS
from index.engine import Engine, default_engine
from index.facets import FACET, SEPARATOR, Facet
from index.generation import Generation
from index.keyword import title_key, words
from index.query import Query
from kb.settings import settings
from kb.vocabularies import vocabulary

Kind = Literal["title", "term", "place", "organisation", "award"]
Entries = NDArray[np.int64]

LIMIT = 8
MOST_TYPED = 100  # characters; more is not the start of a name
MOST_OF_A_KIND = 5
SHORTEST_SLIP = 4  # letters; in fewer, one wrong letter leaves too little to go by
MOST_LOOKED_AT = 200  # entries of one kind, of which some may have left the index
_PLACES, _AWARDS = "place", "award"
# Kinds in the order in which they win among equals.
_ORDER: tuple[Kind, ...] = ("term", "title", "organisation", "place", "award")
# A police force is an organisation and a place of records: it is offered once, as what has more.
_BODIES: tuple[Kind, ...] = ("organisation", "place")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that can be looked for: `text` as shown, and the search it stands for.

    `label` says of which kind it is, or for another name what it is another name of; `count` is
    how many records the search holds at least; `record` the record of a title.
    """

    text: str
    kind: Kind
    label: str
    query: Query
    count: int
    record: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a suggestion comes from: a record's number, or the column and place of a code."""

    text: str
    kind: Kind
    column: str
    place: int
    code: str
    count: int
    other: bool = False  # another name of a term


class Suggester:
    """Every name of one state of the index, found by the beginnings of its words."""

    def __init__(self, generation: Generation) -> None:
        """Read the names of what the index holds."""
        entries = sorted(_entries(generation.columns), key=_standing)
        self.entries = entries
        standing = [_ORDER.index(entry.kind) for entry in entries]
        # Entries stand by kind, so those of one kind are a stretch.
        self.kinds = np.searchsorted(standing, range(len(_ORDER) + 1))
        self.other = np.asarray([entry.other for entry in entries], np.bool_)
        self.own_terms = np.asarray([one.kind == "term" and not one.other for one in entries])
        parted = [list(dict.fromkeys(words(entry.text))) for entry in entries]
        self.anywhere = _Beginnings(parted)
        self.leading = _Beginnings([tokens[:1] for tokens in parted])

    def matching(self, text: str) -> Iterator[tuple[Kind, list[_Entry]]]:
        """Entries that have every word typed, the last as the beginning of a word.

        They come by kind, the best of each first: those that begin with the text, then the others.
        A term's own name comes before other names of terms, wherever the text stands in it.
        """
        typed = words(text[:MOST_TYPED])
        if not typed:
            return
        meant: list[Sequence[str]] = [(token,) for token in typed]
        found = self._with_all(meant)
        if not found.any():
            meant = [self.anywhere.like(token) for token in typed]
            found = self._with_all(meant)
        begun = self.leading.of_any(meant[0])
        rounds = (
            (begun & ~self.other, self.own_terms & ~begun, begun & self.other),
            (~begun & ~self.own_terms,),
        )
        for masks in rounds:
            parts = [np.flatnonzero(found & mask) for mask in masks]
            for kind, low, high in zip(_ORDER, self.kinds, self.kinds[1:], strict=False):
                some = [part[slice(*np.searchsorted(part, (low, high)))] for part in parts]
                places = np.concatenate(some)[:MOST_LOOKED_AT].tolist()
                yield kind, [self.entries[place] for place in places]

    def _with_all(self, meant: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
        """Entries that have a word that begins so for each of these, of which any will do."""
        found = self.anywhere.of_any(meant[0])
        for beginnings in meant[1:]:
            found &= self.anywhere.of_any(beginnings)
        return found


class _Beginnings:
    """Which entries have a word that begins so."""

    def __init__(self, parted: Sequence[Sequence[str]]) -> None:
        held: dict[str, list[int]] = {}
        for place, tokens in enumerate(parted):
            for token in tokens:
                held.setdefault(token, []).append(place)
        self.size = len(parted)
        self.tokens = sorted(held)
        self.starts = np.cumsum([0, *(len(held[token]) for token in self.tokens)])
        self.places: Entries = np.fromiter(
            (place for token in self.tokens for place in held[token]), np.int64
        )

    def of_any(self, beginnings: Sequence[str]) -> NDArray[np.bool_]:
        mask = np.zeros(self.size, np.bool_)
        for beginning in beginnings:
            low, high = self._between(beginning)
            mask[self.places[self.starts[low] : self.starts[high]]] = True
        return mask

    def like(self, typed: str) -> Sequence[str]:
        """The beginning as typed where a word begins so, else those one slip away.

        Those with the same first letter alone where there are any, as hardly a slip is there.
        """
        if len(typed) < SHORTEST_SLIP or self._begins(typed):
            return (typed,)
        near = [one for one in _one_slip_from(typed) if self._begins(one)]
        return [one for one in near if one[0] == typed[0]] or near

    def _begins(self, beginning: str) -> bool:
        low = bisect_left(self.tokens, beginning)
        return low < len(self.tokens) and self.tokens[low].startswith(beginning)

    def _between(self, beginning: str) -> tuple[int, int]:
        low = bisect_left(self.tokens, beginning)
        return low, bisect_left(self.tokens, beginning + "\U0010ffff", low)


def _one_slip_from(typed: str) -> set[str]:
    """What was meant when one letter is too many, missing or wrong, or two have changed places."""
    parts = [(typed[:spot], typed[spot:]) for spot in range(len(typed) + 1)]
    return {
        *(left + right[1:] for left, right in parts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1),
        *(
            left + letter + right[1:]
            for left, right in parts
            if right
            for letter in ascii_lowercase
        ),
        *(left + letter + right for left, right in parts for letter in ascii_lowercase),
    }


def suggest(text: str, limit: int = LIMIT, engine: Engine | None = None) -> list[Suggestion]:
    """What begins like `text`, best first, each thing once. Raises as opening the index does."""
    engine = engine or default_engine()
    columns = engine.generation().columns
    found: list[Suggestion] = []
    kinds: dict[Kind, int] = {}
    seen: set[tuple[str, str]] = set()
    bodies: dict[str, int] = {}  # where each stands
    for kind, entries in engine.derived(Suggester).matching(text):
        for entry in entries:
            if len(found) == limit:
                return found
            if kinds.get(kind, 0) == MOST_OF_A_KIND:
                break
            key = (entry.column, entry.code)
            if key in seen or (entry.other and engine.thesaurus().is_derogatory(entry.text)):
                continue
            made = _suggestion(entry, columns)
            if made is None:
                continue
            seen.add(key)
            if kind in _BODIES:
                at = bodies.setdefault(title_key(entry.text), len(found))
                if at < len(found):
                    found[at] = max(found[at], made, key=lambda one: one.count)
                    continue
            kinds[kind] = kinds.get(kind, 0) + 1
            found.append(made)
    return found


def _standing(entry: _Entry) -> tuple[int, int, bool, int, str]:
    place = _ORDER.index(entry.kind)
    return (place, -entry.count, entry.other, len(entry.text), entry.text)


def _entries(columns: Columns) -> Iterator[_Entry]:
    for number, record in enumerate(columns.ids):
        if record is not None:
            yield _Entry(columns.titles[number], "title", "", number, record, 1)
    every = columns.alive
    for name, column in columns.facets.items():
        kind = _kind(name)
        if kind is None:
            continue
        counts = columns.counts(name, every)
        for place in np.flatnonzero(counts).tolist():
            code, count = columns.codes[name][place], int(counts[place])
            if name == NAMES:
                number = int(column.owners[np.flatnonzero(column.values == place)[0]])
                yield _Entry(code, "title", "", number, str(columns.ids[number]), 1)
                continue
            for spot, text in enumerate(_texts(name, code)):
                yield _Entry(text, kind, name, place, code, count, other=spot > 0)


def _kind(column: str) -> Kind | None:
    if column == NAMES:
        return "title"
    if column == ORGANISATIONS:
        return "organisation"
    if column in (_PLACES, _AWARDS):
        return "place" if column == _PLACES else "award"
    facet = FACET.get(column)
    return "term" if facet is not None and facet.vocabulary else None


def _texts(column: str, code: str) -> Iterator[str]:
    """What a code goes by, its own name first."""
    facet = FACET.get(column)
    if facet is None:
        yield code
        return
    yield _label(facet, code)
    if facet.vocabulary and code in (terms := vocabulary(facet.vocabulary)):
        yield from terms.term(code).alt


def _label(facet: Facet, code: str) -> str:
    if facet.name != _AWARDS:
        return facet.label_of(code)
    scheme, _, level = code.partition(SEPARATOR)
    title = scheme_titles(settings().seeds_dir).get(scheme, scheme)
    return f"{title}: {vocabulary('award_levels').label(level).lower()}" if level else title


@lru_cache(maxsize=2)
def scheme_titles(seeds_dir: Path) -> dict[str, str]:
    """The names of the award schemes that the project knows, by id."""
    schemes = [yaml.safe_load(path.read_text("utf-8")) for path in seeds_dir.glob("awards/*.yaml")]
    return {str(scheme["id"]): str(scheme["title"]) for scheme in schemes}


def _suggestion(entry: _Entry, columns: Columns) -> Suggestion | None:
    """The suggestion, or None when it is no longer there to be found."""
    if not entry.column:
        if entry.place >= len(columns) or columns.ids[entry.place] != entry.code:
            return None
        title = columns.titles[entry.place]
        other = entry.text != title
        if other and entry.text not in _names_of(entry.place, columns):
            return None
        label = f"Title: {title}" if other else "Title"
        return Suggestion(entry.text, entry.kind, label, Query(text=title), 1, entry.code)
    count = _count(entry, columns)
    if not count:
        return None
    if entry.column == ORGANISATIONS:
        query = Query(text=f'author:"{entry.code.replace(chr(34), " ")}"')
        return Suggestion(entry.text, entry.kind, "Organisation", query, count)
    facet = FACET[entry.column]
    named = _label(facet, entry.code)
    label = facet.label if named == entry.text else f"{facet.label}: {named}"
    query = Query(filters={facet.name: (entry.code,)})
    return Suggestion(entry.text, entry.kind, label, query, count)


def _names_of(number: int, columns: Columns) -> list[str]:
    return [columns.codes[NAMES][place] for place in columns.facets[NAMES].row(number)]


def _count(entry: _Entry, columns: Columns) -> int:
    """How many records have the code now."""
    codes = columns.codes[entry.column]
    if entry.place >= len(codes) or codes[entry.place] != entry.code:
        return 0
    return int(np.count_nonzero(columns.facets[entry.column].values == entry.place))
