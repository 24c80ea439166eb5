"""Words that belong together and must not be read one by one: names of places, people, bodies and
of who gives money, and figures of speech.

Who lives in Station Road has no trouble at a station, who is paid by the Youth Endowment Fund need
not work with young people, and who is a prisoner in her own home is in no prison. Names are told by
their capitals and by the word at their head; figures of speech are listed in `seeds/cues/`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from index.term_cues import cues_of

_FIGURES = "figures_of_speech"  # the file of cues that lists them, by the field they mislead
_EVERY = "every"


class Kind(Enum):
    """What words together are."""

    PLACE = "place"
    PERSON = "person"
    HOUSE = "house"
    BODY = "body"
    GIVER = "giver"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class SetWords:
    """Words of a text from one letter to another; the head of the name of a body or house is its
    letters from `head` to `head_end`. A figure of speech misleads in a `field`, or in every one."""

    kind: Kind
    start: int
    end: int
    head: int = 0
    head_end: int = 0
    field: str = _EVERY

    def allow(self, field: str, start: int, end: int) -> bool:
        """Whether words from `start` to `end` may name a term of a field.

        A road, an estate and a person tell nothing. Words that reach beyond other set words always
        may. A house (a school, an inn) tells what the words with its head say. Who gives money or
        writes a report tells only of who took part, a body also what several words with its head
        say ("Crime and Disorder Partnership"), a figure of speech only what all of it says.
        """
        if self.kind in (Kind.PLACE, Kind.PERSON):
            return end <= self.start or self.end <= start
        if start < self.start or end > self.end:
            return True
        if self.kind is Kind.FIGURE:
            misled = self.field in (_EVERY, field)
            return not misled or (start, end) == (self.start, self.end)
        has_head = start <= self.head and self.head_end <= end
        if self.kind is Kind.HOUSE:
            return has_head
        if field == "agencies":
            return True
        return self.kind is Kind.BODY and has_head and end - start > self.head_end - self.head


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A scheme that is called after what it wishes for, which says nothing of where it is.
_WISHES = re.compile(
    r"\b(?:Quiet|Quieter|Safe|Safer|Clean|Cleaner|Bright|Brighter|Better|Strong|Stronger|Secure|Kind|"
    r"Kinder|Calm|Calmer|Green|Greener|Healthy|Healthier|Friendly|Friendlier|Good|Great|Happy|Proud)"
    r" (?:Streets|Homes|Parks|Estates|Stations|Schools|Towns|Neighbou?rhoods|Places|Spaces)\b"
)
_SETTINGS = "settings"

_LINKS = _listed("of for the and")
# What stands behind "and" in the name of one body; otherwise another name begins there.
_JOINED = _listed(
    """
    Alcohol Care Communities Community Crime Development Disorder Drug Drugs Environment
    Families Health Housing Justice Order Recreation Rescue Safety Skills Social Sport
    Wellbeing Young
    """
)
_GIVERS = _listed("Endowment Foundation Fund Funding Funds Grant Grants Lottery Trust")
_BODIES = _listed(
    """
    Act Agency Alliance Assembly Association Authority Bill Board Commission Commissioner
    Committee Council Department Federation Inspectorate Institute Ministry Office Partnership
    Society
    """
)
_HOUSES = _listed("Arms Church Hospital Hotel Inn School Tavern")
_RANKS = _listed("Cllr Councillor Dr Insp Miss Mr Mrs Ms PC PCSO Rev Sergeant Sgt Supt")
_ESTATES = _listed("Estate Ward")
_BEFORE_ESTATE = re.compile(r"\s(?:estates?|wards?)\b", re.I)
_ROADS = _listed("Ave Avenue Boulevard Blvd Close Crescent Drive Grove Lane Rd Road Street Terrace")
_HEADS = {
    **dict.fromkeys(_BODIES, Kind.BODY),
    **dict.fromkeys(_GIVERS, Kind.GIVER),
    **dict.fromkeys(_HOUSES, Kind.HOUSE),
}
# What makes of them no name of a road, before them and behind them.
_NO_ROAD_AFTER = _listed(
    """
    A Back Bike Bus Clean Cleaner Country Cycle Each Every Fast High In Main Off On Open Our
    Illegal Play Residential Safe Safer That The This To Your
    """
)
_NO_ROAD_BEFORE = re.compile(
    r"\s(?:angels?|art|casualt|crime|culture|death|drink|drug|games|lighting|outreach|party|"
    r"parties|pastors?|polic|racing|rage|robber|safe|scene|sex|sweep|team|traffic|user|violence|"
    r"warden|watch|work)",
    re.I,
)
_NO_NAME_FIRST = _listed("A All An As At Both By For From In It On Our The Their This To We With")
_ROAD_LEADS = 2
_LONGEST_PERSON = 3
_LONGEST_NAME = 9
_LONGEST_LINE = 4  # words with capitals throughout that are no headline yet
# Words that headlines write without a capital.
_SMALL = _listed(
    """
    a an and as at but by for from in into its of off on or our out over than that the their
    to up via with
    """
)

_GIVEN_BY = re.compile(
    r"(?:\b(?:funded|financed|paid(?: for)?|sponsored|commissioned|written|published|produced|"
    r"compiled|prepared|donated|awarded)(?: \w+ly| in part)? by|"
    r"\b(?:fund(?:s|ing)|grants?|money|donations?|sponsorship|reports?|study|figures)"
    r" (?:from|by)|\u00a3[\d,.]+\w* from)(?: the| our| local| a)? $",
    re.I,
)
_GIVES = re.compile(
    r" (?:has |have |also |kindly )?(?:gave|donated|funded|paid|granted|awarded|sponsored|"
    r"contributed|financed)\b"
)


def set_words(text: str, *, title: bool = False) -> tuple[SetWords, ...]:
    """The names and figures of speech in a sentence or heading."""
    figures = cues_of(_FIGURES).found_in(text)
    found = [SetWords(Kind.FIGURE, one.start, one.end, field=one.code) for one in figures]
    for name in _WISHES.finditer(text):
        found.append(SetWords(Kind.FIGURE, *name.span(), field=_SETTINGS))
    if not text.isupper():
        words = _words(text)
        headline = title or (len(words) > _LONGEST_LINE and not any(map(_is_plain, words)))
        for run in _runs(text, words):
            found += _roads(text, run, leads=1 if headline else _ROAD_LEADS)
            if not headline:
                found += (*_estates(text, run), *_people(run), *_bodies(text, run))
    return tuple(found)


def allows(together: Iterable[SetWords], field: str, start: int, end: int) -> bool:
    """Whether words from one letter of a text to another may name a term of a field, for all that
    belongs `together` in it."""
    return all(one.allow(field, start, end) for one in together)


def without_places(text: str) -> str:
    """A text without the names of roads and estates."""
    kept, at = [], 0
    for run in _runs(text, _words(text)):
        for place in (*_roads(text, run, leads=_ROAD_LEADS), *_estates(text, run)):
            if place.start >= at:
                kept.append(text[at : place.start])
                at = place.end
    return "".join([*kept, text[at:]])


def _words(text: str) -> list[_Word]:
    return [_Word(match[0], *match.span()) for match in _WORD.finditer(text)]


def _is_plain(word: _Word) -> bool:
    """Whether a headline would write it with a capital, and this does not."""
    return word.text[0].islower() and word.text not in _SMALL


def _runs(text: str, words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Words with capitals or numbers that follow one another, with the links between them."""
    run: list[_Word] = []
    links: list[_Word] = []
    for word in words:
        last = (links or run or [word])[-1]
        near = last is word or text[last.end : word.start] in (
            (" ", ". ") if last.text in _RANKS else (" ", " & ")
        )
        if run and near and word.text in _LINKS:
            links.append(word)
            continue
        named = word.text[0].isupper() or word.text[0].isdigit()
        joined = all(link.text != "and" or word.text in _JOINED for link in links)
        if run and not (named and near and joined):
            yield run
            run, links = [], []
        if named:
            run += [*links, word]
        links = []
    if run:
        yield run


def _roads(text: str, run: Sequence[_Word], *, leads: int) -> Iterator[SetWords]:
    for at, word in enumerate(run):
        if word.text not in _ROADS or at == 0 or _NO_ROAD_BEFORE.match(text, word.end):
            continue
        first = at
        while first and at - first < leads and run[first - 1].text not in _LINKS:
            first -= 1
        if first < at and run[at - 1].text not in _NO_ROAD_AFTER:
            yield SetWords(Kind.PLACE, run[first].start, word.end)


def _estates(text: str, run: Sequence[_Word]) -> Iterator[SetWords]:
    run = _from_name(run)
    if len(run) > 1 and run[-1].text in _ESTATES:
        run = run[:-1]
    if run and _BEFORE_ESTATE.match(text, run[-1].end):
        begins = not text[: run[0].start].strip()  # and may have its capital from that
        if not (begins and len(run) == 1) and not any(word.text in _HEADS for word in run):
            yield SetWords(Kind.PLACE, run[0].start, run[-1].end)


def _people(run: Sequence[_Word]) -> Iterator[SetWords]:
    for at, word in enumerate(run[:-1]):
        if word.text in _RANKS:
            last = run[min(at + _LONGEST_PERSON, len(run) - 1)]
            yield SetWords(Kind.PERSON, run[at + 1].start, last.end)


def _bodies(text: str, run: Sequence[_Word]) -> Iterator[SetWords]:
    """The name of a body, giver or house that a run of words holds."""
    run = _from_name(run)
    if not 1 < len(run) <= _LONGEST_NAME:
        return
    start, end = run[0].start, run[-1].end
    heads = [at for at, word in enumerate(run) if _plainly(word) in _HEADS]
    if _GIVEN_BY.search(text, 0, start) or _GIVES.match(text, end):
        yield SetWords(Kind.GIVER, start, end)
    elif heads and (heads[-1] > 0 or run[1].text in _LINKS):
        head = run[heads[-1]]
        linked = heads[-1] + 1 < len(run) and run[heads[-1] + 1].text in _LINKS
        kind = _HEADS[_plainly(head)]
        yield SetWords(kind, start, end if linked else head.end, head.start, head.end)


def _from_name(run: Sequence[_Word]) -> Sequence[_Word]:
    """A run of words without those before a name."""
    first = 0
    while first < len(run) and run[first].text in (_NO_NAME_FIRST | _LINKS):
        first += 1
    return run[first:]


def _plainly(word: _Word) -> str:
    """A word without the ending of an owner."""
    return re.sub(r"['\u2019]s?$", "", word.text)
