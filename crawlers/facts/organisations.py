"""Organisations that a text names: by the words such names are made of, by a few bodies that are
known by name everywhere, and by those the store knows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawlers.facts.found import OrganisationFound, Sentence, passage_of, word_set
from crawlers.facts.gazetteer import Gazetteer
from kb.records.identity import name_key

# The last word, or words, of a name: "Casper Police Department".
_HEAD = r"""
    Police\ (?:Department|Service|Force|Authority|Bureau|Foundation|Commission)|
    Police\ and\ Crime\ Commissioner|(?:Police|Fire)\ (?:and\ )?Rescue\ Service|
    Constabulary|Sheriff['\u2019]?s?\ (?:Office|Department)|
    (?:Police|Prosecutor['\u2019]s|Attorney['\u2019]?s?|Mayor['\u2019]s)\ Office|
    (?:(?:Borough|City|County|District|Town|Parish|Community|Unitary|Metropolitan)\ )?Council|
    Fire\ (?:and\ Rescue|Department|Service|Brigade|Authority)(?:\ Service)?|
    Housing\ (?:Association|Authority|Trust|Group)|Health\ (?:Board|Authority|Trust|Service)|
    School\ (?:District|Board)|Garda\ Station|Youth\ Justice\ Service|
    Department|Ministry|Authority|Agency|Commission|Commissioner|Association|Associations|Trust|
    Foundation|Fund|University|College|Institute|Hospital|Infirmary|Academy|(?:High\ )?School|
    Partnership|Board|Federation|Society|Union|Ltd|Limited|Inc|LLP|plc|Church|Network|
    Alliance|Forum|Committee|Coalition|Collaborative|Directorate|Corporation|Consortium|Bureau|
    Homes|Housing|Probation\ (?:Service|Office)|Ambulance\ Service|Prison\ Service|Service|Services|
    Group|Management|Council['\u2019]s|Charity|Mission|Secretariat|Inspectorate|Observatory|
    Unit|Centre|Center|Party
"""
# Heads that are believed only behind the name of a place or a body's own name in two words: most
# texts write "Traffic Unit" and "Family Centre" with capitals.
_WEAK = re.compile(
    r"(?<!Police )(?<!Fire )(?<!Sheriff's )(?<!Sheriffs )(?<!Rescue )(?<!Probation )"
    r"(?:Unit|Centre|Center|Group|Services?|Management|Network|Forum|Committee|Party|Department|"
    r"Fund|Board|Union|Mission|Homes|Housing|Bureau|School|Church)$"
)
_WORD = r"[A-Z\u00c0-\u00de][\w'\u2019&\u00c0-\u017f-]*|[A-Z]\.(?:[A-Z]\.)*|St\."
_LINK = r"(?:of\ the|for\ the|and\ the|of|for|and|&|the|upon|in|de|du)"
_NAME = rf"(?:(?:{_WORD}),?\ (?:{_LINK}\ )?){{1,7}}?(?:{_HEAD})"
# What may follow the head: "Department of Public Works", "Commissioner for Kent".
_OF_WORD = r"[A-Z\u00c0-\u00de][\w'\u2019\u00c0-\u017f-]*"
_OF = (
    rf"(?:\ (?:of|for)\ (?:the\ )?(?:{_OF_WORD})"
    rf"(?:,?\ (?:and\ the|of\ the|and|of|&)?\ ?(?:{_OF_WORD})){{0,5}})"
)
_BY_HEAD = re.compile(rf"\b(?P<name>{_NAME.strip()})\b(?P<of>{_OF})?", re.X)
_OF_FIRST = re.compile(
    r"\b(?P<name>(?:(?:The\ )?(?:University|Department|Ministry|Office|City|Town|County|Borough|"
    r"Municipality|Government|Institute|Bank|Bishop|Diocese|Archdiocese|Friends|College|Council|"
    r"Police\ Service|Association|Federation|Society|Housing\ Authority|Archbishop|"
    r"(?:(?:Royal|London)\ )Borough))\ of\ (?:the\ )?"
    rf"{_OF_WORD}(?:,?\ (?:(?:and|of|of\ the|for|&)\ )?{_OF_WORD}){{0,4}})",
    re.X,
)
_POLICE = re.compile(rf"\b(?P<name>(?:{_OF_WORD} (?:and )?){{1,4}}Police)\b(?! [A-Z][a-z])")
_SCOTLAND = re.compile(r"\b(?P<name>Police (?:Scotland|Service of [A-Z]\w+(?: [A-Z]\w+)?))\b")
_BY_ROLE = re.compile(
    rf"\b(?P<name>(?:Police and Crime Commissioner|Chief Constable|Crown Office|Victims' "
    rf"Commissioner|Children's Commissioner) for (?:{_OF_WORD})"
    rf"(?: and (?:{_OF_WORD})| {_OF_WORD})*)"
)
_EVERYWHERE = tuple(
    re.compile(rf"(?<!\w){name}(?!\w)")
    for name in (
        "Home Office",
        "Ministry of Justice",
        "Cabinet Office",
        "Scottish Government",
        "Welsh Government",
        "European Commission",
        "An Garda S\u00edoch\u00e1na",
        "Garda S\u00edoch\u00e1na",
        "Royal Canadian Mounted Police",
        "Federal Bureau of Investigation",
        "Police Executive Research Forum",
        "Crown Prosecution Service",
        "HM Prison and Probation Service",
        "National Probation Service",
        "National Crime Agency",
        "British Transport Police",
        "Transport for London",
        "Network Rail",
        "Environment Agency",
        "Royal Mail",
        "Barnardo['\u2019]s",
        "Age UK",
        "Age Concern",
        "NSPCC",
        "RSPCA",
        "NACRO",
        "Nacro",
        "Catch22",
        "Crimestoppers",
        "Victim Support",
        "Women['\u2019]s Aid",
        "Citizens Advice",
        "Salvation Army",
        "Samaritans",
        "St Giles Trust",
        "Groundwork",
        "Turning Point",
        "Public Health England",
        "Public Safety Canada",
        "NHS(?: [A-Z][a-z]+){1,4}",
        "The Children['\u2019]s Society",
        "The Prince['\u2019]s Trust",
        "Secured by Design",
        "John Jay College of Criminal Justice",
        "RAND Corporation",
        "RAND Europe",
        "[A-Z][a-z]+ Watch Association",
    )
)
# Names made only of these say which kind of body, not which body.
_GENERIC = word_set(
    """
    the a an our this that these each every local national county city town borough district
    metropolitan state federal central regional police fire department departments service services
    council councils authority authorities agency agencies office board committee division
    community safety neighbourhood neighborhood housing health public social school high middle
    elementary primary secondary university college hospital youth and of for to in on at with by
    partnership partnerships group association associations forum unit team centre center network
    residents tenants business crime reduction prevention project program programme section bureau
    commission force forces sheriff sheriffs joint new first second third north south east west
    parish planning education probation family families children women men domestic violence
    street traffic patrol problem oriented response task management trust fund union society church
    churches company homes day night care support victim victims drug drugs alcohol mental
    emergency ambulance prison court courts justice government environmental parks recreation
    works research development services directorate constabulary commissioner charity data action
    resident tenant homeowners owners disorder special operations operation initiative both
    all many some other most when if as while after
    before since during under from through chief officer officers sergeant captain lieutenant
    inspector constable crime's city's county's department's mr mrs ms dr area areas
    """
)
# A heading, not a name: "Reducing Crime In the Maravilla Public Housing".
_PHRASE = re.compile(
    r"^\w+ing\b(?! (?:Board|Authority|Association|Trust|Group))"
    r"| (?:In|By|To|With|Through|Our|Their) "
)
_LEADING = re.compile(
    r"^(?:(?:The|A|An|Our|This|That|These|Those|Each|Every|Both|All|In|At|By|From|With|For|Since|"
    r"When|While|After|Before|Under|Through|If|As|On|To|And|But|Or|Also|Dear|Chief|Sergeant|Sgt|"
    r"Officer|Detective|Captain|Lieutenant|Corporal|Inspector|Superintendent|Constable|Mr|Mrs|Ms|"
    r"Dr|Contact|Local|Ask|Author|Organisation|Organization|Agency|Re|Project|Summary|Working|"
    r"Abstract)\b[.:,]?\s+(?:the\s+)?)+"
)
_NO_BODY = re.compile(
    r"\b(?:Award|Awards|Prize|Act|Model|Application|Nomination|Initiative|Operation|Conference|"
    r"Problem[- ](?:Oriented|Solving)|Watch Program)\b"
)
_NATIONAL = re.compile(
    r"\b(?:National|Royal|British|Dutch|Scottish|Welsh|Irish|English|American|Canadian|Australian|"
    r"European|Metropolitan|International|Federal|Norwegian|Swedish|Danish|German|French|Belgian)\b"
)
_POLICE_BEFORE_NO = word_set("neighbourhood neighborhood community transport local")
_LONGEST = 90
_CERTAIN = 0.9
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    start: int
    end: int
    sure: float
    known: bool = False


def organisations_in(
    sentences: list[Sentence], gazetteer: Gazetteer, known: Iterable[str] = ()
) -> list[OrganisationFound]:
    """Every organisation that is named, the surest first, each once under its fullest first form.

    `known` are names of organisations that the store has.
    """
    pattern = _known_pattern(known)
    found: dict[str, OrganisationFound] = {}
    for sentence in sentences:
        for one in _of_sentence(sentence.text, gazetteer, pattern):
            key = organisation_key(one.name)
            before = found.get(key)
            sure = one.sure if before is None else max(before.confidence, one.sure)
            mentions = 1 if before is None else before.mentions + 1
            if mentions > 1:
                sure = min(0.95, sure + 0.05)
            first = before or OrganisationFound(
                name=one.name,
                known=one.known,
                confidence=one.sure,
                passage=passage_of(sentence.text),
                start=sentence.start + one.start,
                end=sentence.start + one.end,
            )
            found[key] = OrganisationFound(
                name=first.name,
                known=first.known or one.known,
                mentions=mentions,
                confidence=round(sure, 2),
                passage=first.passage,
                start=first.start,
                end=first.end,
            )
    kept = [
        one for one in found.values() if one.confidence >= _LEAST and not _told_in_full(one, found)
    ]
    return sorted(kept, key=lambda one: -one.confidence)


def _told_in_full(one: OrganisationFound, found: dict[str, OrganisationFound]) -> bool:
    """Whether the same body stands there under a longer name: "Raleigh Police Department"."""
    key = organisation_key(one.name)
    return any(
        f"{key} {more}" in found for more in ("department", "service", "force", "constabulary")
    )


def organisation_key(name: str) -> str:
    """A name without what does not tell it apart."""
    return name_key(re.sub(r"['\u2019]", "", re.sub(r"^[Tt]he\s+", "", name)))


def _known_pattern(known: Iterable[str]) -> re.Pattern[str] | None:
    """Names that the store knows; single plain words are left out, they would be found in any
    text."""
    names = sorted(
        {name for name in known if len(name) > 5 and (" " in name or name.isupper())},
        key=len,
        reverse=True,
    )
    if not names:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(name) for name in names)})(?!\w)")


def _of_sentence(
    text: str, gazetteer: Gazetteer, known: re.Pattern[str] | None
) -> Iterator[_Named]:
    taken: list[tuple[int, int]] = []
    for one in _candidates(text, gazetteer, known):
        if all(one.end <= start or one.start >= end for start, end in taken):
            taken.append((one.start, one.end))
            yield one


def _candidates(text: str, gazetteer: Gazetteer, known: re.Pattern[str] | None) -> list[_Named]:
    """Every reading of every name, the surest and longest first."""
    found: list[_Named] = []
    if known is not None:
        found += [_Named(m[0], m.start(), m.end(), 0.95, True) for m in known.finditer(text)]
    for pattern in _EVERYWHERE:
        found += [_Named(m[0], m.start(), m.end(), 0.9) for m in pattern.finditer(text)]
    read = _capitals_as_title(text)
    for pattern, sure in (
        (_BY_ROLE, 0.9),
        (_SCOTLAND, 0.9),
        (_OF_FIRST, 0.85),
        (_BY_HEAD, 0.85),
        (_POLICE, 0.85),
    ):
        for match in pattern.finditer(read):
            one = _judged(text, read, match, sure, gazetteer)
            if one is not None:
                found.append(one)
    return sorted(found, key=lambda one: (one.sure < _CERTAIN, one.start - one.end, -one.sure))


def _capitals_as_title(text: str) -> str:
    """The text with runs of words in capitals as titles write them, letter for letter as long."""

    def lowered(match: re.Match[str]) -> str:
        words = match[0]
        if len(words) < _SHOUTED:
            return words
        return re.sub(
            r"[A-Z\u00c0-\u00de]['\u2019A-Z\u00c0-\u00de]+",
            lambda word: word[0].lower() if word[0] in _LINKS else word[0][0] + word[0][1:].lower(),
            words,
        )

    changed = _CAPITALS.sub(lowered, text)
    return changed if len(changed) == len(text) else text


_LINKS = frozenset(("OF", "AND", "THE", "FOR"))
_SHOUTED = 12
_CAPITALS = re.compile(r"\b[A-Z\u00c0-\u00de]{2,}(?:[ '\u2019&-]+[A-Z\u00c0-\u00de]{1,}){1,12}\b")


def _judged(
    text: str, read: str, match: re.Match[str], sure: float, gazetteer: Gazetteer
) -> _Named | None:
    """A match as a name with how sure that is; None when it says no particular body."""
    start, end = match.span("name")
    name = read[start:end]
    of = match.groupdict().get("of") or ""
    if of and _takes_of(name):
        name, end = name + of, end + len(of)
    leading = _LEADING.match(name)
    if leading:
        name, start = name[leading.end() :], start + leading.end()
    name = (
        re.sub(r"['\u2019]s$", "", name) if name.endswith(("Council's", "Council\u2019s")) else name
    )
    for splitter in (". ", ": "):
        if splitter in name and not re.search(r"\b(?:St|[A-Z])\. ", name):
            start += name.rfind(splitter) + 2
            name = name[name.rfind(splitter) + 2 :]
    cut = _cut(name, gazetteer)
    name, start = name[cut:], start + cut
    cut = _behind_person(name, gazetteer)
    name, start = name[cut:], start + cut
    name = _short_of(name, gazetteer)
    if ", " in name and not _ENDS_WITH_HEAD.search(name) and not of:
        name = name[: name.find(", ")]  # "City of Fresno, It"
    titled = _TITLED.search(read[:start])
    if titled and len(name.split()) > _PERSON_WORDS:
        start += len(name) - len(name.split(maxsplit=_PERSON_WORDS)[-1])
        name = name.split(maxsplit=_PERSON_WORDS)[-1]
    bare = re.sub(r"^[Tt]he\s+", "", name)
    name, start = bare, start + len(name) - len(bare)
    words = [word.strip(".,").casefold() for word in name.split()]
    own = [word for word in words if re.sub(r"['\u2019]s?$", "", word) not in _GENERIC]
    national = bool(_NATIONAL.search(name)) and words[0] != "the"
    if not (own or national) or len(name) > _LONGEST or _NO_BODY.search(name):
        return None
    if _PHRASE.search(name):
        return None
    if name.casefold().endswith(" police") and words[-2] in _POLICE_BEFORE_NO:
        return None
    placed = _begins_with_place(name, gazetteer) or national
    if _WEAK.search(name) and not placed:
        sure = 0.55 if len(own) > 1 else 0.4
    elif not placed and len(own) == 1 and own[0] not in read[:start].casefold():
        sure -= 0.1
    # As it stands in the text, but for shouting.
    return _Named(name, start, start + len(name), round(sure, 2))


def _cut(name: str, gazetteer: Gazetteer) -> int:
    """Where a name begins in what may be a list: "Porchlight and Harrowbridge Borough Council"."""
    start = 0
    if "," in name and not re.match(r"\w+, \w+ (?:and|&) \w+ \w+$", name):
        start = name.rfind(", ") + 2
        if not _ENDS_WITH_HEAD.search(name[start:]):
            return 0
        start += len(name[start:]) - len(re.sub(r"^and\s+", "", name[start:]))
    for joint in re.finditer(r" (?:and|&) (?:the )?", name[start:]):
        left, right = name[start : start + joint.start()], name[start + joint.end() :]
        complete = bool(_ENDS_WITH_HEAD.search(left) or _OF_FIRST.fullmatch(left))
        place_left = bool(gazetteer.named(left))
        first = " ".join(right.split()[:1])
        own_right = first.casefold() not in _GENERIC or bool(_NATIONAL.match(first))
        longer = len(right.split()) > 2 or bool(gazetteer.named(first))
        if own_right and (complete or (longer and not place_left)):
            return start + joint.end()
    return start


def _behind_person(name: str, gazetteer: Gazetteer) -> int:
    """Where the body begins behind a name: "Inspector Ann Rowland Hampshire Constabulary"."""
    head = _OF_A_PLACE.search(name)
    if head is None:
        return 0
    words = list(re.finditer(r"\S+", name[: head.start()]))
    for word in words:
        place = name[word.start() : head.start()].strip()
        if gazetteer.named(place):
            before = name[: word.start()]
            linked = re.search(
                r"(?:\b(?:and|of|upon|the|North|South|East|West|Greater|New)|&)\s$", before
            )
            return 0 if linked or len(before.split()) < 2 else word.start()
    return 0


_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr)\.?\s+$")
_PERSON_WORDS = 2
_OF_A_PLACE = re.compile(
    r"\s(?:(?:City|County|Borough|District) )?(?:Police(?: Department| Service)?|"
    r"Constabulary|Council|Sheriff['\u2019]?s? \w+)$"
)


def _short_of(name: str, gazetteer: Gazetteer) -> str:
    """ "City of Phoenix Alarm Ordinance" is the City of Phoenix."""
    lead = re.match(r"(?:City|Town|County|Borough|Municipality) of ", name)
    if lead is None:
        return name
    words = name[lead.end() :].split()
    for count in range(len(words), 0, -1):
        if gazetteer.named(" ".join(words[:count])):
            return lead[0] + " ".join(words[:count])
    return name


_ENDS_WITH_HEAD = re.compile(rf"\b(?:{_HEAD}|Police)$", re.X)


def _takes_of(name: str) -> bool:
    return bool(
        re.search(
            r"(?:Department|Ministry|Office|Authority|Agency|Commission|Commissioner|Association|"
            r"Institute|Bureau|University|College|School|Board|Society|Federation|Foundation|"
            r"Police Service|Division|Institute|Council)$",
            name,
        )
    )


def _begins_with_place(name: str, gazetteer: Gazetteer) -> bool:
    words = name.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        if gazetteer.named(" ".join(words[:count]).strip(",")):
            return True
    return any(
        gazetteer.named(part) for part in re.findall(r"(?:of|for) (?:the )?([A-Z]\w+)", name)
    )
