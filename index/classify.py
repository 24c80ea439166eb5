"""Vocabulary terms that fit a text, with how sure that is and which words led to it.

A term fits when its label, an alternative label or a thesaurus entry of it stands in the text.
Words are compared without case, punctuation, plural endings and the differences between British
and American spelling; of overlapping phrases the longest counts. How sure it is depends on how
much the phrase says by itself: several words say more than one, a label more than a thesaurus
entry, a phrase of one term more than one that several terms share. An acronym with other meanings
says little where nothing else in the text names its term, and a word that is a month or
somebody's name says little with a capital.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.facets import FACETS
from index.grammar import Expansion
from index.thesaurus import default_thesaurus
from kb.settings import settings
from kb.vocabularies import Vocabulary, vocabulary

Key = tuple[str, ...]

# How much each kind of name says, when it is made of several words and of one.
_LABEL = (0.95, 0.8)
_ALTERNATIVE = (0.9, 0.7)
_THESAURUS = (0.75, 0.45)
# Factors that lower it, for
_CODE_NAME = 0.6  # words of a code name: "Operation Street Sweep" is about no sweeping
_VAGUE_NAME = 0.5  # words that name a term only in the right company
_PLACE_NAME = 0.5  # the second half of a place name: "Main Street Crime Watch"
_SHOUTED = 0.5  # a plain word in capitals, which is then somebody's acronym: "RADAR"
_PROPER_NAME = 0.3  # a word that with a capital is a month, a person or a place
_ALONE = 0.3  # an acronym that may mean something else, without another name of its term

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_LINKS = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "off", "on", "or", "out"}
    | {"the", "to", "up", "with"}
)
_CODE_NAMES = frozenset(("operation", "operations", "op", "project"))
_CODE_NAME_LENGTH = 2
_PLACE_WORDS = frozenset(("street", "road", "park", "avenue"))
_BEFORE_PLACE_WORDS = re.compile(r"\d+\w*|main|high|north|south|east|west|st")
# What ends a phrase when it stands between two words of a text.
_BREAK = re.compile(r"[.:;?!()]")
# Names of terms that mean something else, or nothing much, in most texts that hold them.
_VAGUE = """
    abatement, ABC, advocate, analysis, arrest, bar, coke, community development, community service,
    COP, demolition, demonstration, detection, detections, evaluation, exclusions, exclusion,
    facilities, fair, hash, high school, investigation, investigations, maintenance, middle school,
    neighbourhood crime, offending, offender programme, ordinance, parade, parking facilities,
    park, patrol, playground, pot, prevention programme, problem solving, refuse, rehabilitation,
    remote, residents, safe at home, SARA, shelter, smack, software, spice, steaming, suspension,
    taxing, training, transit, upkeep, vice
"""
# Words that mean something else when they are written so.
_PROPER_NAMES = frozenset(("Barking", "Island", "John", "March", "Port"))
# Phrases whose words must not be read one by one.
_SET_PHRASES = """
    law enforcement, under the radar, burglar alarms, public safety department, St. Johns, Mental
    Evaluation Team, violent intruder, off road, off street, street value, street name, bar chart,
    vice chair, vice president, vice versa
"""
_SPELLINGS = (
    (re.compile(r"(?<=\w\w)our"), "or"),
    (re.compile(r"is(?=(?:e|ed|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"tre$"), "ter"),
    (re.compile(r"(?<=\w\wen)ce$"), "se"),
    (re.compile(r"ogue$"), "og"),
    (re.compile(r"mme$"), "m"),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that fits: `confidence` from 0 to 1, `because` the words of the text."""

    code: str
    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text: `part` tells words apart that a full stop or the like divides."""

    key: str
    start: int
    end: int
    capitals: bool
    proper: bool
    part: int


@dataclass(frozen=True, slots=True)
class _Match:
    """Words `first` up to `last` (not included) of a text name a term.

    An `ambiguous` match is believed only beside another of the term, or of one above or below it.
    """

    first: int
    last: int
    code: str
    confidence: float
    ambiguous: bool = False


def suggest_terms(
    text: str,
    vocabulary_id: str,
    *,
    most: int = 4,
    at_least: float = 0.3,
    allowed: Callable[[int, int], bool] | None = None,
) -> list[Suggestion]:
    """The terms of a vocabulary that fit a text, the surest first, then those named most often.

    `most` and `at_least` limit how many are given and how sure they must be; `allowed` says whether
    the words from one letter of the text to another may name a term. A broader term is left out
    beside its narrower one. Raises VocabularyInvalid for an unknown vocabulary.
    """
    terms = vocabulary(vocabulary_id)
    words = _words(text)
    named = [*_named(words, vocabulary_id), *_equivalents(text, words, vocabulary_id)]
    shouted = text.isupper()
    sure: dict[str, Suggestion] = {}
    times: Counter[str] = Counter()
    matches = _longest([*named, *_set_phrases(words)])
    for match in matches:
        if allowed and not allowed(words[match.first].start, words[match.last - 1].end):
            continue
        confidence = match.confidence * _in_context(words, match, shouted=shouted)
        if match.ambiguous and not _in_company(match, matches, terms):
            confidence *= _ALONE
        known = sure.get(match.code)
        times[match.code] += 1
        if known is None or confidence > known.confidence:
            because = text[words[match.first].start : words[match.last - 1].end]
            sure[match.code] = Suggestion(match.code, round(confidence, 2), because)
    broader = {code for found in sure for code in terms.ancestors(found)}
    kept = [item for item in sure.values() if item.code not in broader]
    kept = [item for item in kept if item.confidence >= at_least]
    return sorted(kept, key=lambda item: (-item.confidence, -times[item.code]))[:most]


def word_keys(text: str) -> list[str]:
    """The words of a text, each without what does not tell it apart: case, plural, spelling."""
    return [_key(found[0]) for found in _WORD.finditer(text)]


def words_by_key(text: str) -> dict[str, str]:
    """The words of a text as each first stands in it, by what `word_keys` makes of them."""
    words: dict[str, str] = {}
    for found in _WORD.finditer(text):
        words.setdefault(_key(found[0]), found[0])
    return words


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[_Word, ...]:
    words: list[_Word] = []
    part = end = 0
    for found in _WORD.finditer(text):
        if words and _BREAK.search(text, end, found.start()):
            part += 1
        end = found.end()
        word = found[0]
        capitals, proper = word.isupper(), word in _PROPER_NAMES
        words.append(_Word(_key(word), found.start(), end, capitals, proper, part))
    return tuple(words)


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """A word without what does not tell it apart: case, possessive, plural, national spelling."""
    plain = re.sub(r"['\u2019]s?$", "", word.casefold()).replace("'", "").replace("\u2019", "")
    if len(plain) > 4 and plain.endswith("ies"):
        plain = plain[:-3] + "y"
    elif len(plain) > 4 and re.search(r"(?:ss|x|ch|sh|z)es$", plain):
        plain = plain[:-2]
    elif len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-1]
    if len(plain) > 4:
        for pattern, other in _SPELLINGS:
            plain = pattern.sub(other, plain)
    return plain


def _phrase(text: str) -> Key:
    return tuple(word.key for word in _words(text))


@lru_cache(maxsize=2)
def _phrases(listed: str) -> frozenset[Key]:
    return frozenset(_phrase(name) for name in listed.split(","))


def _stretches(words: Sequence[_Word], longest: dict[str, int]) -> Iterator[tuple[int, int, Key]]:
    """Every run of words that nothing divides, as long as phrases that begin with its first are."""
    for first, word in enumerate(words):
        for last in range(first + 1, min(first + longest.get(word.key, 0), len(words)) + 1):
            if words[last - 1].part != word.part:
                break
            yield first, last, tuple(word.key for word in words[first:last])


def _named(words: Sequence[_Word], vocabulary_id: str) -> Iterator[_Match]:
    """Places where a label or alternative label of a term stands."""
    names, longest = _names(settings().seeds_dir, vocabulary_id)
    for first, last, key in _stretches(words, longest):
        for code, confidence, capitals in names.get(key, ()):
            if not capitals or all(word.capitals for word in words[first:last]):
                yield _Match(first, last, code, confidence)


def _set_phrases(words: Sequence[_Word]) -> Iterator[_Match]:
    """Places where a phrase stands that names no term but hides those its words would name."""
    listed = _phrases(_SET_PHRASES)
    for first, last, key in _stretches(words, _longest_by_first_word(listed)):
        if key in listed:
            yield _Match(first, last, "", 0)


@lru_cache(maxsize=32)
def _names(
    seeds_dir: Path, vocabulary_id: str
) -> tuple[dict[Key, list[tuple[str, float, bool]]], dict[str, int]]:
    """Phrase to (code, confidence, only in capitals); longest phrase by its first word."""
    found: dict[Key, dict[str, tuple[float, bool]]] = defaultdict(dict)
    for term in vocabulary(vocabulary_id):
        if term.deprecated:
            continue
        for name, (several, one) in ((term.label, _LABEL), *((a, _ALTERNATIVE) for a in term.alt)):
            key = _phrase(name)
            # An acronym that is also a word (POP, SARA, CIT) counts only as it is written.
            capitals = len(key) == 1 and name.isupper()
            if key:
                confidence = several if _weight(key) > 1 or capitals else one
                found[key].setdefault(term.code, (confidence, capitals))
    names = {
        key: [
            (code, confidence / len(codes) ** 0.5, capitals)
            for code, (confidence, capitals) in codes.items()
        ]
        for key, codes in found.items()
    }
    return names, _longest_by_first_word(frozenset(names))


@lru_cache(maxsize=32)
def _longest_by_first_word(keys: frozenset[Key]) -> dict[str, int]:
    """For each word that begins a phrase, how many words the longest such phrase has."""
    longest: dict[str, int] = {}
    for key in keys:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return longest


def _weight(key: Key) -> int:
    """How many words of a phrase say something."""
    return sum(word not in _LINKS for word in key)


def _equivalents(text: str, words: Sequence[_Word], vocabulary_id: str) -> Iterator[_Match]:
    """Places where the thesaurus says that a term is meant."""
    facets = {facet.name for facet in FACETS if facet.vocabulary == vocabulary_id}
    if not facets:
        return
    for expansion in _expansions(text, settings().seeds_dir):
        codes = [code for facet, code in expansion.codes if facet in facets]
        ambiguous = default_thesaurus().is_ambiguous(expansion.typed)
        several, one = _THESAURUS
        keys = tuple(word.key for word in words[expansion.start : expansion.end])
        capitals = all(word.capitals for word in words[expansion.start : expansion.end])
        sure = several if capitals or _weight(keys) > 1 else one
        for code in codes:
            sure_of_one = sure / len(codes) ** 0.5
            yield _Match(expansion.start, expansion.end, code, sure_of_one, ambiguous)


@lru_cache(maxsize=64)
def _expansions(text: str, _seeds_dir: Path) -> tuple[Expansion, ...]:
    return default_thesaurus().expansions([text[word.start : word.end] for word in _words(text)])


def _longest(matches: Sequence[_Match]) -> list[_Match]:
    """Matches that stand neither inside a longer one nor where a set phrase stands."""
    spans = {(match.first, match.last) for match in matches}
    hidden = {(match.first, match.last) for match in matches if not match.code}
    return [
        match
        for match in matches
        if (match.first, match.last) not in hidden
        and not any(
            first <= match.first
            and match.last <= last
            and (first, last) != (match.first, match.last)
            for first, last in spans
        )
    ]


def _in_company(match: _Match, matches: Sequence[_Match], terms: Vocabulary) -> bool:
    """Whether other words name the term of a match, or one above or below it."""
    return any(
        other.first != match.first
        and not other.ambiguous
        and (
            other.code == match.code
            or other.code in terms.ancestors(match.code)
            or match.code in terms.ancestors(other.code)
        )
        for other in matches
    )


def _in_context(words: Sequence[_Word], match: _Match, *, shouted: bool) -> float:
    """Factor for what the matched words are and what stands before them."""
    key = tuple(word.key for word in words[match.first : match.last])
    before = [word.key for word in words[max(0, match.first - _CODE_NAME_LENGTH) : match.first]]
    factor = 1.0
    if any(word in _CODE_NAMES for word in before):
        factor *= _CODE_NAME
    if key in _phrases(_VAGUE):
        factor *= _VAGUE_NAME
    if before and key[0] in _PLACE_WORDS and _BEFORE_PLACE_WORDS.fullmatch(before[-1]):
        factor *= _PLACE_NAME
    if len(key) == 1 and len(key[0]) > 3 and words[match.first].capitals and not shouted:
        factor *= _SHOUTED
    if len(key) == 1 and words[match.first].proper:
        factor *= _PROPER_NAME
    return factor
