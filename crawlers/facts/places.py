"""Places where a practice was done, as running text names them.

A name that the gazetteer knows counts by what stands round it ("in Leeds", "Leeds, UK", "Leeds City
Council"); a name that it does not know counts where the text says that it is a place ("Pinecrest,
Ohio", "the Hawthorne neighborhood"). A postal address is no place of a practice.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawlers.dates import MONTHS
from crawlers.facts.found import OrganisationFound, PlaceFound, Sentence, passage_of, word_set
from crawlers.facts.gazetteer import Gazetteer, KnownPlace, is_everyday, place_key

_WORD = (
    r"(?:St\.|[A-Z\u00c0-\u00de][\w\u00c0-\u017f]*(?:['\u2019][a-z]{2,}\w*)?"
    r"(?:-[\w\u00c0-\u017f]+)*|D\.C\.)"
)
_NAME = rf"{_WORD}(?: (?:(?:of|upon|on|and|the|de|la|le|sur|in) ){{0,2}}{_WORD}){{0,4}}"
_RUN = re.compile(rf"(?<![\w@/.'\u2019-]){_NAME}")
_IN = re.compile(
    r"\b(?:in|at|near|around|across|throughout|outside|within|into|from|to|of|for|serving|covers?|"
    r"covering|between|north|south|east|west|northern|southern|eastern|western|central|inner|"
    r"downtown|city of|town of|county of|borough of|village of|state of|province of)"
    r"(?:\s+the)?(?:\s+(?:city|town|county|borough|village|state|province)\s+of)?\s+$",
    re.I,
)
_STRONG_IN = re.compile(
    r"\b(?:in|at|near|around|across|throughout|outside|within|(?:city|town|county|borough|village|"
    r"state|province) of|northern|southern|eastern|western|central|inner|downtown)"
    r"(?:\s+the|\s+both)?"
    r"\s+$",
    re.I,
)
_PERSON_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Officer|Sergeant|Sgt|Detective|Chief|Captain|Inspector|"
    r"Lieutenant|Corporal|Constable|Superintendent|Deputy|Mayor|Professor|Dean|Councillor|Cllr|PC|"
    r"Operation|Project|Agent)\.?\s+$"
)
_ADDRESS_AFTER = re.compile(
    r",?\s+(?:[A-Z]{2}\.?,?\s+)?(?:\d{5}(?:-\d{4})?\b|[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}\b)"
)
_STREET_BEFORE = re.compile(
    r"\b(?:Suite|Street|St|Avenue|Ave|Road|Rd|Drive|Box|Floor|NW|SW|NE|SE|N\.W)\b\.?[^.!?]{0,40}$"
)
_BODY_AFTER = re.compile(
    r"\s+(?:(?:City|County|Borough|District|Town|Metropolitan|Regional|Area) )?"
    r"(?:Police|Council|Constabulary|Sheriff|Fire|County|Community|Town Centre|Public)\b"
)
_STREET_AFTER = re.compile(
    r"\s+(?:Street|Road|Avenue|Ave|Lane|Drive|Close|Way|Place|House|Hotel|Park|Bridge|Station|Hall|"
    r"Act|Court|Square|Elementary|High School|Terrace|Gardens|Freeway|Boulevard|Award|Model|"
    r"University|College|Prison|Hospital|Theater|Theatre|Building|Apartments?|Center|Centre)\b"
)
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
_LOW_WORD = re.compile(r"(?<![\w@./-])[a-z]{3,}(?![\w@]|\.\w)")  # not of an address
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
    rf"(?:,\s*|\s*\(|\s+in\s+(?:the\s+)?)(?P<wider>{_WORD}(?: (?:of )?{_WORD}){{0,2}})"
)
_NO_NAME = word_set(
    """the this that these those our an each every other new local police crime community public
    city town county state north south east west northern southern eastern western central second
    first third fifth fourth target project problem officers officer residents department street
    second inner outer main downtown residential business whole entire affected safe housing
    neighbourhood neighborhood weed seed gold council scanning analysis response assessment
    university school high operation team task force"""
)
# Money, bodies and laws that only one country has.
_WORDS_OF = {
    "gb": re.compile(
        r"\u00a3\s?\d|\b(?:Home Office|Constabulary|Crown Prosecution Service|Borough Council|NHS|"
        r"Community Safety Partnership|PCSOs?|ASBOs?|Metropolitan Police)\b"
    ),
    "us": re.compile(
        r"\b(?:District Attorney|Sheriff['\u2019]?s (?:Office|Department)|Police Department|FBI|"
        r"HUD|Medicaid)\b"
    ),
}
_WORTH = {"strong": 0.8, "in": 0.6, "body": 0.6, "pair": 0.9, "alone": 0.35, "sort": 0.7}
_LEAST = 0.5
_MOST = 15


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name at a place of a text, with what speaks for it."""

    name: str
    start: int
    end: int
    worth: float
    passage: str
    known: tuple[KnownPlace, ...] = ()
    wider: KnownPlace | None = None
    kind: str = ""


def places_in(
    sentences: Sequence[Sentence],
    gazetteer: Gazetteer,
    organisations: Sequence[OrganisationFound] = (),
) -> list[PlaceFound]:
    """Places that a text names, those it names most surely and often first."""
    bodies = _bodies(organisations)
    mentions = [one for sentence in sentences for one in _of_sentence(sentence, gazetteer, bodies)]
    mentions += _of_organisations(organisations, gazetteer)
    low = Counter(word for sentence in sentences for word in _LOW_WORD.findall(sentence.text))
    by_key: dict[str, list[_Mention]] = {}
    for one in mentions:
        by_key.setdefault(place_key(one.name), []).append(one)
    countries, because = _countries(by_key), ""
    if not countries:
        countries, because = _told_by_words(sentences)
    found = []
    for key, listed in by_key.items():
        doubt = 1.0
        for one in listed[:6]:
            doubt *= 1 - one.worth
        sure = 1 - doubt
        if is_everyday(key) or low[key]:
            sure *= 0.75 if max(one.worth for one in listed) >= _WORTH["strong"] else 0.4
        if sure < _LEAST:
            continue
        best = max(listed, key=lambda one: (one.worth, -one.start))
        place = _chosen(listed, countries)
        found.append(
            PlaceFound(
                name=place.name if place else best.name,
                kind=place.kind if place else best.kind or "neighbourhood",
                region=place.region if place else "",
                country=place.country if place else "",
                because=because if place and place.country and _several(listed) else "",
                mentions=len(listed),
                confidence=round(min(sure, 0.95), 2),
                passage=best.passage,
                start=best.start,
                end=best.end,
            )
        )
    found = _within(found)
    return sorted(found, key=lambda one: (-one.confidence, -one.mentions, one.start))[:_MOST]


def _within(found: list[PlaceFound]) -> list[PlaceFound]:
    """One of each name, in its first form ("Hampshire" for both Hants and Hampshire)."""
    kept: dict[str, PlaceFound] = {}
    for one in found:
        key = place_key(one.name)
        if key not in kept or kept[key].confidence < one.confidence:
            kept[key] = one
    return list(kept.values())


def _bodies(organisations: Iterable[OrganisationFound]) -> re.Pattern[str] | None:
    """Finds the names of bodies, whose words are no places by themselves."""
    names = sorted({one.name for one in organisations}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)), re.I) if names else None


def _of_sentence(
    sentence: Sentence, gazetteer: Gazetteer, bodies: re.Pattern[str] | None
) -> Iterator[_Mention]:
    text = _calmed(sentence.text)
    passage = passage_of(sentence.text)
    taken = [match.span() for match in bodies.finditer(text)] if bodies else []

    def mention(name: str, start: int, worth: float, **more: object) -> _Mention:
        end = start + len(name)
        taken.append((start, end))
        return _Mention(
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
        wider = _wider(match["wider"], gazetteer, match["name"])
        if wider is None or _is_address(text, match.start(), match.end()):
            continue
        name, start = _last_name(match["name"], match.start("name"), gazetteer)
        within = _INSIDE.match(text, match.end("name"))
        if within and not _STRONG_IN.search(text[max(0, start - 30) : start]):
            continue
        if not free(match.start("wider"), match.start("wider") + 1):
            continue
        if not name or not free(start, start + len(name)) or _PERSON_BEFORE.search(text[:start]):
            continue
        known = tuple(gazetteer.named(name))
        if wider.kind == "country" and any(place.kind == "country" for place in known):
            continue  # a list: "Denmark, Finland"
        inside = tuple(
            place
            for place in known
            if wider.name in (place.region, place.name) or (place.country == wider.country)
        )
        yield mention(name, start, _WORTH["pair"], known=inside, wider=wider, kind="town")
        at = match.start("wider")
        yield mention(match["wider"][: _length(match["wider"], wider)], at, 0.85, known=(wider,))
    for match in _TWO.finditer(text):
        for which in ("first", "second"):
            if match[which].casefold() not in _NO_NAME and free(*match.span(which)):
                yield mention(
                    match[which], match.start(which), _WORTH["sort"], kind="neighbourhood"
                )
    for pattern in (_SORT_OF, _OF_SORT, _ALSO):
        for match in pattern.finditer(text):
            name, start = match["name"], match.start("name")
            first = name.split()[0].casefold()
            if pattern is _SORT_OF:
                name = _short_name(name, gazetteer)
            if not free(start, start + len(name)) or first in _NO_NAME:
                continue
            if pattern is _OF_SORT and match["sort"].lower() == "county":
                county = f"{name} County"
                yield mention(county, start, 0.7, known=tuple(gazetteer.named(county)))
                continue
            if _STREET_AFTER.match(text, match.end("name")):
                continue
            known = tuple(gazetteer.named(name))
            kind = "town" if known or match.groupdict().get("sort", "").lower() in _TOWNS else ""
            vague = pattern is _OF_SORT and match["sort"] in (
                "area",
                "community",
                "section",
                "city",
            )
            worth = 0.5 if vague else 0.85 if pattern is _SORT_OF else _WORTH["sort"]
            yield mention(name, start, worth, known=known, kind=kind)
    for match in _RUN.finditer(text):
        yield from (
            mention(name, start, worth, known=known)
            for name, start, worth, known in _known_in(text, match, gazetteer)
            if free(start, start + len(name))
        )


_TOWNS = frozenset(("city", "town", "village", "borough"))


def _short_name(name: str, gazetteer: Gazetteer) -> str:
    """As many of the words as name a place that is known; all of them when none do."""
    words = name.split()
    for count in range(len(words), 0, -1):
        if gazetteer.named(" ".join(words[:count])):
            return " ".join(words[:count])
    return name


def _calmed(text: str) -> str:
    """The text with shouted words as titles write them, letter for letter as long."""
    changed = _SHOUTED.sub(lambda match: match[0][0] + match[0][1:].lower(), text)
    return changed if len(changed) == len(text) else text


_SHOUTED = re.compile(r"\b[A-Z\u00c0-\u00de]{4,}\b")


def _known_in(
    text: str, run: re.Match[str], gazetteer: Gazetteer
) -> Iterator[tuple[str, int, float, tuple[KnownPlace, ...]]]:
    """Known names in a run of words with capitals, the longest first from the left."""
    words = [(word[0], run.start() + word.start()) for word in re.finditer(r"\S+", run[0])]
    first = 0
    while first < len(words):
        for last in range(min(len(words), first + gazetteer.longest), first, -1):
            start = words[first][1]
            end = words[last - 1][1] + len(words[last - 1][0])
            name = re.sub(r"['\u2019]s?$", "", text[start:end])
            known = tuple(gazetteer.named(name)) if name[0].isupper() else ()
            if known and text[start:end].lower() not in ("us", "of"):
                worth = _worth(text, start, start + len(name), first, last == len(words), known)
                if worth:
                    yield name, start, worth, known
                first = last - 1
                break
        first += 1


def _worth(
    text: str, start: int, end: int, before_in_run: int, ends_run: bool, known: Sequence[KnownPlace]
) -> float:
    """How much a mention of a known name says, by what stands round it; 0 for a name of another
    thing."""
    before = text[max(0, start - 60) : start]
    after = text[end : end + 40]
    if _PERSON_BEFORE.search(before) or _is_address(text, start, end):
        return 0.0
    if text[start:end].casefold() in MONTHS:
        return 0.0  # March, the town, counts only beside its county
    if re.match(r"\s+(?:[A-Z]\.\s+)?[A-Z][a-z]+(?:,| said| was\b)", after) and not ends_run:
        return 0.0 if not _BODY_AFTER.match(after) else _WORTH["body"]
    if _STREET_AFTER.match(after):
        return 0.0
    if _BODY_AFTER.match(after):
        return _WORTH["body"]
    if not ends_run:
        return 0.3 if known[0].kind in ("country", "part") else 0.0
    if before_in_run and not re.search(r"\b(?:of|in|and|upon|North|South|East|West)\s+$", before):
        return 0.15
    if _STRONG_IN.search(before):
        return _WORTH["strong"]
    if _IN.search(before) or re.match(r"['\u2019]s?\s", after):
        return _WORTH["in"]
    if known[0].kind in ("country", "part", "county"):
        return 0.6 if re.search(r",\s*$", before) else 0.45
    return _WORTH["alone"]


def _is_address(text: str, start: int, end: int) -> bool:
    """Whether a name is part of a postal address."""
    return bool(
        _ADDRESS_AFTER.match(text, end) or _STREET_BEFORE.search(text[max(0, start - 50) : start])
    )


def _wider(name: str, gazetteer: Gazetteer, inside: str) -> KnownPlace | None:
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


def _length(name: str, place: KnownPlace) -> int:
    """How much of the words behind the comma names the wider place."""
    words = name.split()
    for count in range(len(words), 0, -1):
        part = " ".join(words[:count])
        if place_key(part) == place_key(place.name) or (count == 1):
            return len(part)
    return len(name)


def _last_name(name: str, start: int, gazetteer: Gazetteer) -> tuple[str, int]:
    """The part of a run of words that is the place: "Community In Arvada" is Arvada."""
    words = list(re.finditer(r"\S+", name))
    for first in range(len(words)):
        part = name[words[first].start() :]
        if gazetteer.named(part):
            return part, start + words[first].start()
    joint = list(re.finditer(r"\b(?:in|of|at)\s+(?:the\s+)?", name, re.I))
    cut = joint[-1].end() if joint else 0
    part = name[cut:]
    if part.split() and part.split()[0].casefold() in _NO_NAME:
        return "", start
    if re.search(r"(?:Police|Department|Council|Sheriff|Office|Street|Road|Avenue)\b", part):
        return "", start
    return part, start + cut


def _of_organisations(
    organisations: Iterable[OrganisationFound], gazetteer: Gazetteer
) -> Iterator[_Mention]:
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
        if match is None or match["name"].split()[0].casefold() in _NO_NAME | _NATIONAL:
            continue
        known = tuple(gazetteer.named(match["name"]))
        worth = 0.85 if " of " in one.name else 0.6 if known else 0.5
        if not known and one.mentions < 2:
            continue
        at = one.start + match.start("name")
        yield _Mention(match["name"], at, at + len(match["name"]), worth, one.passage, known)


_NATIONAL = word_set(
    """metropolitan national british transport royal dutch federal state military university campus
    housing airport capitol harbor ministry"""
)


def _countries(by_key: dict[str, list[_Mention]]) -> Counter[str]:
    """How often each country is meant, by names that leave no doubt."""
    counts: Counter[str] = Counter()
    for listed in by_key.values():
        for one in listed:
            wider = {one.wider.country} if one.wider else set()
            meant = wider or {place.country for place in one.known if place.country}
            if len(meant) == 1 and one.worth >= _WORTH["in"]:
                counts[meant.pop().partition("-")[0]] += 1
    return counts


def _told_by_words(sentences: Sequence[Sentence]) -> tuple[Counter[str], str]:
    """The country whose money and bodies a text speaks of, and the first passage that does.

    It only decides between places of one name: "Birmingham" beside pounds is not in Alabama.
    """
    told = [
        (country, sentence)
        for sentence in sentences
        for country, words in _WORDS_OF.items()
        if words.search(sentence.text)
    ]
    votes = Counter(country for country, _ in told)
    return (votes, passage_of(told[0][1].text)) if len(votes) == 1 else (Counter(), "")


def _several(listed: Sequence[_Mention]) -> bool:
    """Whether places of that name lie in several countries."""
    return len({place.country.partition("-")[0] for one in listed for place in one.known}) > 1


def _chosen(listed: Sequence[_Mention], countries: Counter[str]) -> KnownPlace | None:
    """Which of the places of that name is meant; only what is certain of it."""
    known = next((one.known for one in listed if one.wider and one.known), ()) or listed[0].known
    wider = next((one.wider for one in listed if one.wider), None)
    if wider is not None:
        for place in known:
            if place.region == wider.name or place.country == wider.country:
                return KnownPlace(
                    place.name,
                    place.kind,
                    wider.name if wider.kind != "country" else place.region,
                    wider.country,
                )
        region = wider.name if wider.kind != "country" else ""
        return KnownPlace(listed[0].name, "town", region, wider.country)
    if not known:
        return None
    likely = [
        place
        for place in known
        if countries and place.country.partition("-")[0] == countries.most_common(1)[0][0]
    ] or list(known)
    first = likely[0]
    if first.people and all(first.people > 10 * other.people for other in likely[1:]):
        likely = [first]  # Los Angeles is the one in California
    same_region = {place.region for place in likely} == {first.region}
    return KnownPlace(
        first.name,
        first.kind,
        first.region if same_region else "",
        _agreed([place.country for place in likely]),
        first.people,
    )


def _agreed(codes: Iterable[str]) -> str:
    """The country in which all of these lie: England for England and the United Kingdom."""
    told = sorted(set(filter(None, codes)), key=len)
    roots = {code.partition("-")[0] for code in told}
    if len(roots) != 1:
        return ""
    parts = [code for code in told if "-" in code]
    return parts[0] if len(parts) == 1 else roots.pop()
