"""Names of organisations in a sentence: where each begins and ends, and how sure it is one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawlers.facts.body_words import (
    BY_HEAD,
    BY_ROLE,
    EVERYWHERE,
    GENERIC,
    HEAD,
    LEADING,
    NATIONAL,
    NO_BODY,
    OF_FIRST,
    PHRASE,
    POLICE,
    POLICE_BEFORE_NO,
    SCOTLAND,
    STRAY,
    TOLD_OF,
    WEAK,
)
from crawlers.facts.gazetteer import Gazetteer
from crawlers.facts.joined_places import JOINED_PLACES
from crawlers.facts.written_names import PERSON

_LONGEST = 90
_CERTAIN = 0.9


@dataclass(frozen=True, slots=True)
class Named:
    """A name at a place of a sentence; `known` when the store has it."""

    name: str
    start: int
    end: int
    sure: float
    known: bool = False


def says_which(name: str) -> bool:
    """Whether a name tells one body from others of its kind: "City Council" does not."""
    national = bool(NATIONAL.search(name)) and not re.match(r"the\b", name, re.I)
    return bool(_own_words(name)) or national or any(one.search(name) for one in EVERYWHERE)


def _own_words(name: str) -> list[str]:
    words = [word.strip(".,").casefold() for word in name.split()]
    return [word for word in words if re.sub(r"['\u2019]s?$", "", word) not in GENERIC]


def names_in(text: str, gazetteer: Gazetteer, known: re.Pattern[str] | None) -> Iterator[Named]:
    """Every name of a sentence once, the surest and longest reading of it.

    `known` finds names that the store has.
    """
    taken: list[tuple[int, int]] = []
    for found in _candidates(text, gazetteer, known):
        one = _before_the_surer(found, taken)
        if all(one.end <= start or one.start >= end for start, end in taken):
            taken.append((one.start, one.end))
            yield one


def _before_the_surer(one: Named, taken: list[tuple[int, int]]) -> Named:
    """A name without what of it is a surer one: "Borough of Barnet and Victim Support"."""
    for start, end in taken:
        if one.start < start < one.end <= end:
            left = re.sub(r",?(?: (?:and|&))?(?: the)? $", "", one.name[: start - one.start])
            if OF_FIRST.fullmatch(left) or _ENDS_WITH_HEAD.search(left):
                return replace(one, name=left, end=one.start + len(left))
    return one


def _candidates(text: str, gazetteer: Gazetteer, known: re.Pattern[str] | None) -> list[Named]:
    """Every reading of every name, the surest and longest first."""
    found: list[Named] = []
    if known is not None:
        found += [Named(m[0], m.start(), m.end(), 0.95, True) for m in known.finditer(text)]
    for pattern in EVERYWHERE:
        found += [Named(m[0], m.start(), m.end(), 0.9) for m in pattern.finditer(text)]
    read = _capitals_as_title(text)
    for match, sure in _readings(read, 0, len(read)):
        one = _judged(text, read, match, sure, gazetteer)
        if one is None:
            continue
        found.append(one)
        if one.start > match.start():  # another body may stand before it: "A Trust and B Council"
            for left, sure_left in _readings(read, match.start(), one.start):
                before = _judged(text, read, left, sure_left, gazetteer)
                found += [before] if before is not None else []
    return sorted(found, key=lambda one: (one.sure < _CERTAIN, one.start - one.end, -one.sure))


def _readings(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], float]]:
    """What reads as a name in a stretch of a text, with how sure its form alone makes that."""
    for pattern, sure in (
        (BY_ROLE, 0.9),
        (SCOTLAND, 0.9),
        (OF_FIRST, 0.85),
        (BY_HEAD, 0.85),
        (POLICE, 0.85),
    ):
        for match in pattern.finditer(text, start, end):
            yield match, sure


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
) -> Named | None:
    """A match as a name with how sure that is; None when it says no particular body."""
    start, end = match.span("name")
    name = read[start:end]
    of = match.groupdict().get("of") or ""
    if of and _takes_of(name):
        name, end = name + of, end + len(of)
    leading = LEADING.match(name)
    if leading:
        name, start = name[leading.end() :], start + leading.end()
    if re.search(" (?:of|for) ", name) or name.endswith(("Council's", "Council\u2019s")):
        name = re.sub(r"['\u2019]s$", "", name)
    for splitter in (". ", ": "):
        if splitter in name and not re.search(r"\b(?:St|[A-Z])\. ", name):
            start += name.rfind(splitter) + 2
            name = name[name.rfind(splitter) + 2 :]
    cut = _cut(JOINED_PLACES.sub(_as_one, name), gazetteer)
    name, start = name[cut:], start + cut
    cut = _behind_person(name, gazetteer)
    name, start = name[cut:], start + cut
    told = TOLD_OF.match(name)
    cut = told.end() if told else 0
    name, start = name[cut:], start + cut
    cut = _behind_person_of(name)
    name, start = name[cut:], start + cut
    name = _short_of(name, gazetteer)
    while stray := STRAY.search(name):
        start += stray.end() * (stray.start() == 0)
        name = name[: stray.start()] + name[stray.end() :]
    if ", " in name and not _ENDS_WITH_HEAD.search(name) and not of:
        name = name[: name.find(", ")]  # "City of Fresno, It"
    titled = _TITLED.search(read[:start])
    if titled and len(name.split()) > _PERSON_WORDS:
        start += len(name) - len(name.split(maxsplit=_PERSON_WORDS)[-1])
        name = name.split(maxsplit=_PERSON_WORDS)[-1]
    bare = re.sub(r"^(?:(?:of|at|from|for|and|&)\s+)?[Tt]he\s+|^(?:of|at|from|and|&)\s+", "", name)
    name, start = bare, start + len(name) - len(bare)
    of_place = _PLACE_BEHIND.match(read, start + len(name))
    if of_place and gazetteer.named(of_place[1]):  # "Department of Justice (Northern Ireland)"
        name += of_place[0]
    words = [word.strip(".,").casefold() for word in name.split()]
    own = _own_words(name)
    national = bool(NATIONAL.search(name)) and words[0] != "the"
    if not says_which(name) or len(name) > _LONGEST or NO_BODY.search(name):
        return None
    if PHRASE.search(name):
        return None
    if name.casefold().endswith(" police") and words[-2] in POLICE_BEFORE_NO:
        return None
    placed = _begins_with_place(name, gazetteer) or national
    if WEAK.search(name) and not placed:
        sure = 0.55 if len(own) > 1 else 0.4
    elif not placed and len(own) == 1 and own[0] not in read[:start].casefold():
        sure -= 0.1
    # As it stands in the text, but for shouting.
    return Named(name, start, start + len(name), round(sure, 2))


def _as_one(match: re.Match[str]) -> str:
    """Joined places as one word, letter for letter as long, so that no list is seen in them."""
    return re.sub(r"[ ,&]", "_", match[0])


def _cut(name: str, gazetteer: Gazetteer) -> int:
    """Where a name begins in what may be a list: "Porchlight and Harrowbridge Borough Council"."""
    start = 0
    if "," in name and not re.match(r"\w+, \w+ (?:and|&) \w+ \w+$", name):
        start = name.rfind(", ") + 2
        if not (_ENDS_WITH_HEAD.search(name[start:]) or OF_FIRST.fullmatch(name[start:])):
            return 0
        start += len(name[start:]) - len(re.sub(r"^and\s+", "", name[start:]))
    for joint in re.finditer(r" (?:and|&) (?:the )?", name[start:]):
        left, right = name[start : start + joint.start()], name[start + joint.end() :]
        complete = bool(_ENDS_WITH_HEAD.search(left) or OF_FIRST.fullmatch(left))
        # "Royal Devon and Exeter Hospital" is one.
        royal = bool(NATIONAL.match(left)) and bool(gazetteer.named(left.split()[-1]))
        place_left = royal or bool(gazetteer.named(left))
        first = " ".join(right.split()[:1])
        own_right = first.casefold() not in GENERIC or bool(NATIONAL.match(first))
        own_right = own_right or bool(_OWN_AREA.match(right) or OF_FIRST.match(right))
        # "Kent Police and South Wales Fire Service": both sides are whole.
        own_right = own_right or (bool(_ENDS_WITH_HEAD.search(left)) and _is_body_of_its_own(right))
        longer = len(right.split()) > 2 or bool(gazetteer.named(first)) or "_" in first
        if own_right and (complete or (longer and not place_left)):
            return start + joint.end()
    return start


_OWN_AREA = re.compile(r"(?:North|South|East|West|Mid|Greater) (?!East|West)[A-Z]\w+ ")


def _is_body_of_its_own(name: str) -> bool:
    own = any(word.strip(".,").casefold() not in GENERIC for word in name.split())
    return own and bool(_ENDS_WITH_HEAD.search(name) or OF_FIRST.fullmatch(name))


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


def _behind_person_of(name: str) -> int:
    """Where the body begins in "J. Trelawny of the University of Exeter"."""
    named = _PERSON_OF.match(name)
    if named is None or _ENDS_WITH_HEAD.search(named["person"]):
        return 0
    words = {word.casefold().strip(".") for word in named["person"].split()}
    return 0 if words & GENERIC or not _is_body_of_its_own(name[named.end() :]) else named.end()


_PERSON_OF = re.compile(rf"{PERSON} (?:of|from|at) (?:the )?")
_PLACE_BEHIND = re.compile(r" \(([A-Z]\w+(?: [A-Z]\w+)?)\)")
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
    if words[-1] == "Council":
        return name  # "City of Edinburgh Council"
    for count in range(len(words), 0, -1):
        if gazetteer.named(" ".join(words[:count])):
            return lead[0] + " ".join(words[:count])
    return name


_ENDS_WITH_HEAD = re.compile(rf"\b(?:{HEAD}|Police)$", re.X)


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
