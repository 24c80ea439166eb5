"""Places that a search names: countries, regions, local authorities and police forces of records.

"Lancashire" stands for the force "Lancashire Constabulary" too, and "Leeds council" for the place
"Leeds": what kind of body it is does not tell one place from another. "Bath" stands for "Bath and
North East Somerset". A town whose name is a word (Bath, Reading, Deal) is only meant by it where it
has a capital or stands alone.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.columns import Columns
from index.facets import FACET
from index.generation import Generation
from index.keyword import words
from kb.vocabularies import vocabulary

COUNTRY, PLACE = "country", "place"
Key = tuple[str, ...]
Place = tuple[str, str]  # facet and code

_LETTERS = 3  # so short a name, such as "CAN", is also a word, and counts only in capitals
_NO_WORDS = {("uk",), ("usa",)}
_SERVICES = (
    "councils",
    "forces",
    "police",
    "constabulary",
    "council",
    "service",
    "department",
    "force",
    "authority",
)
_UNITS = ("city", "county", "borough", "district", "metropolitan", "unitary")
_BEFORE = ("the", "city", "county", "royal", "london", "borough", "of")
_OF_NO_PLACE = frozenset((*_SERVICES, *_UNITS, *_BEFORE))
_DIRECTIONS = frozenset(
    ("north", "south", "east", "west", "mid", "central", "other", "others", "all")
)
# Names of places that a search has as words too.
_WORDS_TOO = frozenset(
    re.findall(
        r"\w+",
        """
        ash bank barking bath battle bow bury camp cork deal eye flint ford hart hook hope look
        march mold over peel reading rugby sale sandwich seal settle stone street ware wear wells
        """,
    )
)
# What parts the names of several places in one.
_JOINT = re.compile(r",\s*|\s+(?:and|with)\s+(?:the\s+)?|\s*&\s*")
_MOST_PARTS = 4
# Countries whose parts are places that people look for, whether or not a record lies there.
_WITH_PARTS = ("GB", "IE", "US", "CA", "AU", "NZ")


class PlaceNames:
    """The places of one state of the index, found by what people call them."""

    def __init__(self, generation: Generation) -> None:
        """Read the countries that there are and the places of the records."""
        self._found: dict[Key, list[Place]] = {}
        self._longest: dict[str, int] = {}  # by first word, since few words begin a name
        for place, name in _named(generation.columns):
            for key in dict.fromkeys((_key(name), _short(_key(name)), *_parts(name))):
                if key and place not in self._put(key):
                    self._found[key].append(place)
        for key in _parts_of_countries():
            self._put(key)

    def _put(self, key: Key) -> list[Place]:
        self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
        return self._found.setdefault(key, [])

    def of(self, typed: Sequence[str]) -> list[Place]:
        """The places of records that these words name, the longest name at each; each once."""
        named = [place for _, places in self._read(typed) for place in places or ()]
        return list(dict.fromkeys(named))

    def are_all(self, typed: Sequence[str]) -> bool:
        """Whether these words name a place, of records or another that is known, and no more."""
        parts = list(self._read(typed))
        rest = {token for tokens, places in parts if places is None for token in tokens}
        return rest <= _OF_NO_PLACE and any(places is not None for _, places in parts)

    def _read(self, typed: Sequence[str]) -> Iterator[tuple[Key, list[Place] | None]]:
        """The words part by part: a name with its places, or a word that is none with None."""
        parted = [_key(word) for word in typed]
        alone = sum(not _OF_NO_PLACE.issuperset(tokens) for tokens in parted) == 1
        at = 0
        while at < len(typed):
            longest = self._longest.get(parted[at][0], 0) if parted[at] else 0
            for length in range(min(longest, len(typed) - at), 0, -1):
                key = tuple(token for part in parted[at : at + length] for token in part)
                if key in self._found and _is_meant(key, typed[at], alone=alone):
                    yield key, self._found[key]
                    at += length
                    break
            else:
                yield parted[at], None
                at += 1


def _is_meant(key: Key, typed: str, *, alone: bool) -> bool:
    """Whether a name means the place and is no other word, by how its first word was typed."""
    if sum(map(len, key)) <= _LETTERS and key not in _NO_WORDS:
        return typed.isupper()
    return alone or len(key) > 1 or key[0] not in _WORDS_TOO or typed[:1].isupper()


@lru_cache(maxsize=1)
def _parts_of_countries() -> frozenset[Key]:
    """Nations, states, counties and local authorities, as ISO 3166 lists them."""
    import pycountry  # takes a while, and few commands search

    names = (
        part.name.partition(" [")[0].partition(",")[0]
        for part in pycountry.subdivisions
        if part.country_code in _WITH_PARTS
    )
    return frozenset(filter(None, map(_key, names)))


def _named(columns: Columns) -> Iterator[tuple[Place, str]]:
    for code in columns.codes.get(COUNTRY, ()):
        yield (COUNTRY, code), FACET[COUNTRY].label_of(code)
        if code in (countries := vocabulary("countries")):
            yield from (((COUNTRY, code), name) for name in countries.term(code).alt)
    for code in columns.codes.get(PLACE, ()):
        yield (PLACE, code), code


def _key(text: str) -> Key:
    return tuple(words(text))


def _parts(name: str) -> Iterator[Key]:
    """The places whose names one name joins: "bath" for "Bath and North East Somerset"."""
    listed = _JOINT.split(name)
    if not 1 < len(listed) <= _MOST_PARTS:
        return
    for part in listed:
        key = _short(_key(part))
        if part[:1].isupper() and not _OF_NO_PLACE.issuperset(key) and key[0] not in _DIRECTIONS:
            yield key


def _short(key: Key) -> Key:
    """A name without the kind of body: "leeds" for "Leeds City Council"."""
    left = list(key)
    while left and left[-1] in _SERVICES:
        left.pop()
    if len(left) < len(key) and key[-1] in ("council", "authority"):
        while left and left[-1] in _UNITS:
            left.pop()
    while len(left) > 1 and left[0] in _BEFORE and "of" in left[:-1]:
        left.pop(0)
    return tuple(left) or key
