"""How much of a run of words names a place, and which wider place stands behind it."""

import re

from crawlers.facts.found import word_set
from crawlers.facts.gazetteer import Gazetteer, KnownPlace, place_key

NO_NAME = word_set(
    """the this that these those our an each every other new local police crime community public
    city town county state north south east west northern southern eastern western central second
    first third fifth fourth target project problem officers officer residents department street
    second inner outer main downtown residential business whole entire affected safe housing
    neighbourhood neighborhood weed seed gold council scanning analysis response assessment
    university school high operation team task force violence"""
)
"""First words by which a run of words is no name of a place."""


def short_name(name: str, gazetteer: Gazetteer) -> str:
    """As many of the words as name a place that is known; all of them when none do."""
    words = name.split()
    for count in range(len(words), 0, -1):
        if gazetteer.named(" ".join(words[:count])):
            return " ".join(words[:count])
    return name


def wider_place(name: str, gazetteer: Gazetteer, inside: str) -> KnownPlace | None:
    """The country, state or county that stands behind the comma; of several of the name (Georgia)
    the one that the place before the comma lies in."""
    known = gazetteer.named(inside.rsplit(maxsplit=1)[-1]) + gazetteer.named(inside)
    words = name.split()
    for count in range(len(words), 0, -1):
        part = " ".join(words[:count])
        short = gazetteer.part_short(part.replace(".", "")) if count == 1 else None
        if short:
            return short
        listed = [
            place for place in gazetteer.named(part) if place.kind in ("country", "part", "county")
        ]
        holding = [
            place
            for place in listed
            if any((one.region, one.country) == (place.name, place.country) for one in known)
        ]
        if listed:
            return (holding or listed)[0]
    return None


def length_of(name: str, place: KnownPlace) -> int:
    """How much of the words behind the comma names the wider place."""
    words = name.split()
    for count in range(len(words), 0, -1):
        part = " ".join(words[:count])
        if place_key(part) == place_key(place.name) or (count == 1):
            return len(part)
    return len(name)


def last_name(name: str, start: int, gazetteer: Gazetteer) -> tuple[str, int]:
    """The part of a run of words that is the place: "Community In Arvada" is Arvada."""
    words = list(re.finditer(r"\S+", name))
    for first in range(len(words)):
        part = name[words[first].start() :]
        if gazetteer.named(part):
            return part, start + words[first].start()
    joint = list(re.finditer(r"\b(?:in|of|at)\s+(?:the\s+)?", name, re.I))
    cut = joint[-1].end() if joint else 0
    part = name[cut:]
    if part.split() and part.split()[0].casefold() in NO_NAME:
        return "", start
    if re.search(r"(?:Police|Department|Council|Sheriff|Office|Street|Road|Avenue)\b", part):
        return "", start
    return part, start + cut
