"""Places where a practice was done: what the names in a text come to, taken together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from crawlers.facts.found import OrganisationFound, PlaceFound, Sentence, passage_of
from crawlers.facts.gazetteer import Gazetteer, KnownPlace, is_everyday, is_made, place_key
from crawlers.facts.joined_places import JOINED
from crawlers.facts.place_mentions import Mention, mentions_in
from crawlers.facts.place_worth import WORTH

_LOW_WORD = re.compile(r"(?<![\w@./-])[a-z]{3,}(?![\w@]|\.\w)")  # not of an address
# Money, bodies and laws that only one country has.
_WORDS_OF = {
    "gb": re.compile(
        r"\u00a3\s?\d|\b(?:Home Office|Constabulary|Crown Prosecution Service|Borough Council|NHS|"
        r"Community Safety Partnership|PCSOs?|ASBOs?|Metropolitan Police|Cllrs?|"
        r"Police and Crime Commissioner|Safer Streets Fund)\b|"
        r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\.(?:gov|police)\.uk\b|"
        r"(?<!New )\b(?:[A-Z]\w+shire|West (?:Midlands|Mercia|Yorkshire)|(?:North|South) (?:Wales|"
        r"Yorkshire)|Dyfed-Powys|Gwent|Northumbria|Merseyside|Humberside|Greater Manchester|"
        r"Thames Valley) (?:Police|Fire)\b(?! Department)|"
        rf"\b(?:{JOINED})\b"
    ),
    "us": re.compile(
        r"\b(?:District Attorney|Sheriff['\u2019]?s (?:Office|Department)|Police Department|FBI|"
        r"HUD|Medicaid)\b"
    ),
}
_KNOWN_ABROAD = 300_000  # people of a place that is known in other countries too
_LEAST = 0.5
_MOST = 15


def places_in(
    sentences: Sequence[Sentence],
    gazetteer: Gazetteer,
    organisations: Sequence[OrganisationFound] = (),
) -> list[PlaceFound]:
    """Places that a text names, those it names most surely and often first."""
    low = Counter(word for sentence in sentences for word in _LOW_WORD.findall(sentence.text))
    by_key: dict[str, list[Mention]] = {}
    for one in mentions_in(sentences, gazetteer, organisations):
        by_key.setdefault(place_key(one.name), []).append(one)
    told, told_because = _told_by_words(sentences)
    counts = _countries(by_key, told)
    countries, because = sum(counts.values(), Counter[str]()), ""
    if not countries:
        countries, because = told, told_because
    found = []
    for key, listed in by_key.items():
        doubt = 1.0
        for one in listed[:6]:
            doubt *= 1 - one.worth
        sure = 1 - doubt
        part = next((one.whole for one in listed if one.whole), "")
        if not part and (is_everyday(key) or low[key]):
            sure *= 0.75 if max(one.worth for one in listed) >= WORTH["strong"] else 0.4
        if sure < _LEAST:
            continue
        best = max(listed, key=lambda one: (one.worth, -one.start))
        place = _chosen([one for one in listed if one.wider] if part else listed, countries)
        others = _of_others(counts, key, by_key)
        if others.total() <= counts[key].total():
            others = Counter()
        if place and not any(one.wider for one in listed) and _elsewhere(key, place, told, others):
            place = None
        found.append(
            PlaceFound(
                name=place.name if place else part or best.name,
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


def _countries(by_key: dict[str, list[Mention]], told: Counter[str]) -> dict[str, Counter[str]]:
    """By name, how often which country is meant by it, where it leaves no doubt, given what
    money and bodies tell."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, listed in by_key.items():
        for one in listed:
            wider = {one.wider.country} if one.wider else set()
            meant = wider or {place.country for place in one.known if place.country}
            if len(meant) != 1 or one.worth < WORTH["in"]:
                continue
            if one.wider or not (is_made(key) or _elsewhere(key, one.known[0], told, Counter())):
                counts[key][meant.pop().partition("-")[0]] += 1
    return counts


def _of_others(
    counts: dict[str, Counter[str]], key: str, by_key: dict[str, list[Mention]]
) -> Counter[str]:
    """The countries that the other names lie in; a country by itself may be told of in passing."""
    others: Counter[str] = Counter()
    for other, meant in counts.items():
        if other != key and not any(place.kind == "country" for place in by_key[other][0].known):
            others += meant
    return others


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


def _several(listed: Sequence[Mention]) -> bool:
    """Whether places of that name lie in several countries."""
    return len({place.country.partition("-")[0] for one in listed for place in one.known}) > 1


def _elsewhere(key: str, place: KnownPlace, told: Counter[str], others: Counter[str]) -> bool:
    """Whether a place lies in another country than the money and bodies of the text, or than the
    other places it names, and is not meant all the same: beside pounds, Northfield is a ward and
    not in Minnesota. A large city may be, but not one whose name streets have too: Riverside."""
    country = place.country.partition("-")[0]
    against = told or (others if place.kind == "town" else Counter[str]())
    known = place.people >= _KNOWN_ABROAD and not is_made(key)
    return (
        place.kind != "country"
        and bool(country and against)
        and country not in told + others
        and not known
    )


def _chosen(listed: Sequence[Mention], countries: Counter[str]) -> KnownPlace | None:
    """Which of the places of that name is meant; only what is certain of it."""
    if not listed:
        return None
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
