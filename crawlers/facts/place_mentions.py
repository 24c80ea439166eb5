"""Names of places in a text, each with what speaks for it.

A name that the gazetteer knows counts by what stands round it ("in Leeds", "Leeds, UK", "Leeds City
Council"); a name that it does not know counts where the text says that it is a place ("Pinecrest,
Ohio", "the Hawthorne neighborhood"). A postal address is no place of a practice.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawlers.facts.found import OrganisationFound, Sentence, passage_of, word_set
from crawlers.facts.gazetteer import Gazetteer, KnownPlace, is_everyday, place_key
from crawlers.facts.place_names import NO_NAME, last_name, length_of, short_name, wider_place
from crawlers.facts.place_worth import (
    PERSON_BEFORE,
    STREET_AFTER,
    STRONG_IN,
    WORTH,
    is_address,
    worth_of,
)

_WORD = (
    r"(?:St\.|[A-Z\u00c0-\u00de][\w\u00c0-\u017f]*(?:['\u2019][a-z]{2,}\w*)?"
    r"(?:-[\w\u00c0-\u017f]+)*|D\.C\.)"
)
_NAME = rf"{_WORD}(?: (?:(?:of|upon|on|and|the|de|la|le|sur|in) ){{0,2}}{_WORD}){{0,4}}"
_RUN = re.compile(rf"(?<![\w@/.'\u2019-]){_NAME}")
# "the Hawthorne neighborhood", "Whitfield ward"
_SORT = (
    r"neighbou?rhoods?|estate|ward|wards|district|suburb|village|town|township|borough|county|city|"
    r"housing estate|public housing(?: site)?|community|section|quarter|precinct|area|parish|valley"
)
_OF_SORT = re.compile(
    rf"(?P<article>\b(?:[Tt]he|[Ii]n|[Oo]f|'s|\u2019s)\s+)(?P<name>{_WORD}(?: {_WORD}){{0,2}})\s+"
    rf"(?P<sort>(?:{_SORT}))\b(?! (?:of|council|police))"
)
_SORT_OF = re.compile(
    rf"\b(?P<sort>[Cc]ity|[Tt]own|[Vv]illage|[Bb]orough|[Cc]ounty|[Pp]arish|[Nn]eighbou?rhood|[Ee]state)"
    rf" of (?P<name>{_WORD}(?: {_WORD}){{0,2}})"
)
# Sorts of which a town has many: a name with one of them is no town's.
_PARTS = frozenset(
    ("neighbourhood", "neighborhood", "estate", "ward", "wards", "suburb", "quarter", "precinct")
)
_INSIDE = re.compile(r"\s+in\s")
_TWO = re.compile(
    rf"(?P<first>{_WORD}) and (?P<second>{_WORD}) "
    rf"(?:wards|neighbou?rhoods|estates|districts|boroughs)\b"
)
_ALSO = re.compile(
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,2}}),? (?:a|an|the) "
    r"(?:\w+ ){0,3}(?:city|town|village|suburb)\b"
)
_PAIR = re.compile(
    rf"(?P<name>{_WORD}(?: (?:(?:on|upon|of|and|in|the|le) ){{0,2}}{_WORD}){{0,3}}),?\s?"
    rf"(?:,\s*|\s*\(|\s+in\s+(?:the\s+)?)(?P<wider>{_WORD}(?: (?:of |and )?{_WORD}){{0,2}})"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a place of a text, with what speaks for it.

    `whole` is the name of a part of a town, with the sort of part where the name alone is no name.
    """

    name: str
    start: int
    end: int
    worth: float
    passage: str
    known: tuple[KnownPlace, ...] = ()
    wider: KnownPlace | None = None
    kind: str = ""
    whole: str = ""


def mentions_in(
    sentences: Sequence[Sentence],
    gazetteer: Gazetteer,
    organisations: Sequence[OrganisationFound],
) -> list[Mention]:
    """Every mention of a place, those in the names of organisations last."""
    bodies = _bodies(organisations)
    found = [one for sentence in sentences for one in _of_sentence(sentence, gazetteer, bodies)]
    own = [one for one in organisations if not _is_blanked(one, sentences)]
    return found + list(_of_organisations(own, gazetteer))


def _is_blanked(one: OrganisationFound, sentences: Sequence[Sentence]) -> bool:
    """Whether a body is only named where the text tells of others."""
    return one.mentions == 1 and any(
        sentence.text[one.start - sentence.start].isspace()
        for sentence in sentences
        if sentence.start <= one.start < sentence.start + len(sentence.text)
    )


def _bodies(organisations: Iterable[OrganisationFound]) -> re.Pattern[str] | None:
    """Finds the names of bodies, whose words are no places by themselves."""
    names = sorted({one.name for one in organisations}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)), re.I) if names else None


def _of_sentence(
    sentence: Sentence, gazetteer: Gazetteer, bodies: re.Pattern[str] | None
) -> Iterator[Mention]:
    text = _without_shouting(sentence.text)
    passage = passage_of(sentence.shown)
    taken = [match.span() for match in bodies.finditer(text)] if bodies else []

    def mention(name: str, start: int, worth: float, **more: object) -> Mention:
        end = start + len(name)
        taken.append((start, end))
        return Mention(
            name,
            sentence.start + start,
            sentence.start + end,
            worth,
            passage,
            **more,  # type: ignore[arg-type]
        )

    def free(start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last in taken)

    for match in _PAIR.finditer(text):
        wider = wider_place(match["wider"], gazetteer, match["name"])
        if wider is None or is_address(text, match.start(), match.end()):
            continue
        name, start = last_name(match["name"], match.start("name"), gazetteer)
        within = _INSIDE.match(text, match.end("name"))
        if within and not STRONG_IN.search(text[max(0, start - 30) : start]):
            continue
        if not free(match.start("wider"), match.start("wider") + 1):
            continue
        if not name or not free(start, start + len(name)) or PERSON_BEFORE.search(text[:start]):
            continue
        known = tuple(gazetteer.named(name))
        if wider.kind == "country" and any(place.kind == "country" for place in known):
            continue  # a list: "Denmark, Finland"
        inside = tuple(
            place
            for place in known
            if wider.name in (place.region, place.name) or (place.country == wider.country)
        )
        yield mention(name, start, WORTH["pair"], known=inside, wider=wider, kind="town")
        at = match.start("wider")
        yield mention(match["wider"][: length_of(match["wider"], wider)], at, 0.85, known=(wider,))
    for match in _TWO.finditer(text):
        for which in ("first", "second"):
            if match[which].casefold() not in NO_NAME and free(*match.span(which)):
                yield mention(match[which], match.start(which), WORTH["sort"], kind="neighbourhood")
    for pattern in (_SORT_OF, _OF_SORT, _ALSO):
        for match in pattern.finditer(text):
            name, start = match["name"], match.start("name")
            first = name.split()[0].casefold()
            if pattern is _SORT_OF:
                name = short_name(name, gazetteer)
            if not free(start, start + len(name)) or first in NO_NAME:
                continue
            if pattern is _OF_SORT and match["sort"].lower() == "county":
                county = f"{name} County"
                yield mention(county, start, 0.7, known=tuple(gazetteer.named(county)))
                continue
            if STREET_AFTER.match(text, match.end("name")):
                continue
            known = tuple(gazetteer.named(name))
            sort = match.groupdict().get("sort", "").lower()
            if pattern is _OF_SORT and sort in _PARTS:
                whole = text[start : match.end("sort")] if is_everyday(place_key(name)) else name
                yield mention(name, start, WORTH["sort"], kind="neighbourhood", whole=whole)
                continue
            kind = "town" if known or sort in _TOWNS else ""
            vague = pattern is _OF_SORT and match["sort"] in (
                "area",
                "community",
                "section",
                "city",
            )
            worth = 0.5 if vague else 0.85 if pattern is _SORT_OF else WORTH["sort"]
            yield mention(name, start, worth, known=known, kind=kind)
    for match in _RUN.finditer(text):
        yield from (
            mention(name, start, worth, known=known)
            for name, start, worth, known in _known_in(text, match, gazetteer)
            if free(start, start + len(name))
        )


_TOWNS = frozenset(("city", "town", "village", "borough"))


def _without_shouting(text: str) -> str:
    """The text with shouted words as titles write them, letter for letter as long."""
    changed = _SHOUTED.sub(lambda match: match[0][0] + match[0][1:].lower(), text)
    return changed if len(changed) == len(text) else text


_SHOUTED = re.compile(r"\b[A-Z\u00c0-\u00de]{4,}\b")


_AND = ("and", "in")


def _known_in(
    text: str, run: re.Match[str], gazetteer: Gazetteer
) -> Iterator[tuple[str, int, float, tuple[KnownPlace, ...]]]:
    """Known names in a run of words with capitals, the longest first from the left."""
    words = [(word[0], run.start() + word.start()) for word in re.finditer(r"\S+", run[0])]
    first, joined = 0, 0  # where a name and the "and" behind it end
    while first < len(words):
        for last in range(min(len(words), first + gazetteer.longest), first, -1):
            start = words[first][1]
            end = words[last - 1][1] + len(words[last - 1][0])
            name = re.sub(r"['\u2019]s?$", "", text[start:end])
            known = tuple(gazetteer.named(name)) if name[0].isupper() else ()
            if known and text[start:end].lower() not in ("us", "of"):
                beside = last < len(words) and words[last][0] in _AND
                ends = last == len(words) or beside
                worth = worth_of(text, start, start + len(name), first, ends, known)
                if worth and (beside or joined == start):
                    worth = min(worth, WORTH["beside"])
                if worth:
                    yield name, start, worth, known
                joined = end + len(" and ") if beside else 0
                first = last - 1
                break
        first += 1


def _of_organisations(
    organisations: Iterable[OrganisationFound], gazetteer: Gazetteer
) -> Iterator[Mention]:
    """Places in the names of bodies: "Casper Police Department" works in Casper."""
    for one in organisations:
        match = re.match(
            rf"(?P<name>{_WORD}(?: (?:(?:and|upon|on|of) )?{_WORD}){{0,3}}?) (?:City and County |"
            r"City |County |Borough |District |Town |Metropolitan Borough )?"
            r"(?:Police(?: Department| Service)?|Council|Constabulary|Sheriff['\u2019]?s? \w+)$",
            one.name,
        ) or re.match(
            rf"(?:City|Town|County|(?:London )?Borough|Municipality) of "
            rf"(?P<name>{_WORD}(?: {_WORD})*)$",
            one.name,
        )
        if match is None or match["name"].split()[0].casefold() in NO_NAME | _NATIONAL:
            continue
        known = tuple(gazetteer.named(match["name"]))
        worth = 0.85 if " of " in one.name else 0.6 if known else 0.5
        if not known and one.mentions < 2:
            continue
        at = one.start + match.start("name")
        yield Mention(match["name"], at, at + len(match["name"]), worth, one.passage, known)


_NATIONAL = word_set(
    """metropolitan national british transport royal dutch federal state military university campus
    housing airport capitol harbor ministry"""
)
