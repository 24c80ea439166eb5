"""How much a name says of a place, by what stands round it."""

import re
from collections.abc import Sequence

from crawlers.dates import MONTHS
from crawlers.facts.gazetteer import KnownPlace

_IN = re.compile(
    r"\b(?:in|at|near|around|across|throughout|outside|within|into|from|to|of|for|serving|covers?|"
    r"covering|between|north|south|east|west|northern|southern|eastern|western|central|inner|"
    r"downtown|city of|town of|county of|borough of|village of|state of|province of)"
    r"(?:\s+the)?(?:\s+(?:city|town|county|borough|village|state|province)\s+of)?\s+$",
    re.I,
)
STRONG_IN = re.compile(
    r"\b(?:in|at|near|around|across|throughout|outside|within|(?:city|town|county|borough|village|"
    r"state|province) of|northern|southern|eastern|western|central|inner|downtown)"
    r"(?:\s+the|\s+both)?"
    r"\s+$",
    re.I,
)
PERSON_BEFORE = re.compile(
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
STREET_AFTER = re.compile(
    r"\s+(?:Street|Road|Avenue|Ave|Lane|Drive|Close|Way|Place|House|Hotel|Park|Bridge|Station|Hall|"
    r"Act|Court|Square|Elementary|High School|Terrace|Gardens|Freeway|Boulevard|Award|Model|"
    r"University|College|Prison|Hospital|Theater|Theatre|Building|Apartments?|Center|Centre)\b"
)
# "the Riverside car park": a thing that stands in a town, and at times bears its name.
_THING_AFTER = re.compile(
    r"\s+(?:(?:car|retail|business|industrial|caravan|skate|country|theme)\s?parks?|park|"
    r"(?:(?:shopping|leisure|community|sports?|day|health|children['\u2019]?s|youth|arts|visitor)\s)?"
    r"centre|(?:industrial|trading)\sestate|street|road|lane|avenue|library|school|academy|college|"
    r"hospital|hostel|pub|inn|hotel|flats|towers?|tower\sblocks?|building|playground|playing\sfields?|"
    r"recreation\sground|underpass|subway|golf\s(?:course|club)|allotments|cemetery|bus\sstop|club|"
    r"cinema|store|supermarket|marina|bridge|roundabout|junction)\b"
)
# Where a thing stands: "Victoria Park, Stretford".
_THING_BEFORE = re.compile(
    r"\b(?:[Pp]ark|[Gg]rove|[Gg]ardens|[Ee]states?|[Cc]entre|[Pp]recinct|[Ss]tation|[Ss]chool|[Ss]quare|"
    r"[Gg]reen|[Cc]ommon|[Pp]ier|[Bb]each|[Hh]ospital|[Qq]uay|[Ww]ard|[Mm]arket|[Ff]lats),\s+$"
)
# "on Mount Pleasant, Burnley"
_AT_BEFORE = re.compile(r"\b(?:in|at|on|near|around)\s(?:[A-Z][\w'\u2019-]+\s?){1,3},\s+$")
# A line of a form.
_PLACE_LINE = re.compile(
    r"^(?:area|location|place|where|town|city|county|district|borough|ward|local authority|"
    r"force(?: area)?|site)s?(?: covered)?\s*[:|]\s*$",
    re.I,
)
WORTH = {
    "strong": 0.8,
    "in": 0.6,
    "body": 0.6,
    "pair": 0.9,
    "alone": 0.35,
    "sort": 0.7,
    "beside": 0.45,  # "in Bradford and Keighley": often places that are told of in passing
}
"""How much a mention says, by what stands round it."""


def worth_of(
    text: str, start: int, end: int, before_in_run: int, ends_run: bool, known: Sequence[KnownPlace]
) -> float:
    """How much a mention of a known name says, by what stands round it; 0 for a name of another
    thing."""
    before = text[max(0, start - 60) : start]
    after = text[end : end + 40]
    if PERSON_BEFORE.search(before) or is_address(text, start, end):
        return 0.0
    if text[start:end].casefold() in MONTHS:
        return 0.0  # March, the town, counts only beside its county
    if re.match(r"\s+(?:[A-Z]\.\s+)?[A-Z][a-z]+(?:,| said| was\b)", after) and not ends_run:
        return 0.0 if not _BODY_AFTER.match(after) else WORTH["body"]
    if STREET_AFTER.match(after) or re.match(r"\s+(?:19|20)\d\d\b", after):
        return 0.0  # a street, or "in Spring 2022"
    if _THING_AFTER.match(after):
        return 0.0 if re.search(r"\b[Tt]he\s+$", before) else 0.3
    if _BODY_AFTER.match(after):
        return WORTH["body"]
    if not ends_run:
        return 0.3 if known[0].kind in ("country", "part") else 0.0
    if before_in_run and not re.search(
        r"\b(?:[Oo]f|[Ii]n|[Aa]t|and|upon|North|South|East|West)\s+$", before
    ):
        return 0.15
    if STRONG_IN.search(before) or _PLACE_LINE.search(before) or _THING_BEFORE.search(before):
        return WORTH["strong"]
    if _IN.search(before) or _AT_BEFORE.search(before) or re.match(r"['\u2019]s?\s", after):
        return WORTH["in"]
    if known[0].kind in ("country", "part", "county"):
        return 0.6 if re.search(r",\s*$", before) else 0.45
    return WORTH["alone"]


def is_address(text: str, start: int, end: int) -> bool:
    """Whether a name is part of a postal address."""
    return bool(
        _ADDRESS_AFTER.match(text, end) or _STREET_BEFORE.search(text[max(0, start - 50) : start])
    )
