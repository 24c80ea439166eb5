"""Misspelt words, and the words of this collection that were probably meant.

A word is right when a general dictionary, the vocabularies or the thesaurus know it, in British
or American spelling, or when enough records hold it. Only other words are looked up, and only
words that the collection holds are offered. A correction is a suggestion: it is looked for beside
what was typed, for less, and shown.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.grammar import Correction
from index.keyword import stems, words
from kb.settings import settings
from kb.vocabularies import vocabularies

SHORTEST = 4  # letters; below, nearly every word is one letter from another
ESTABLISHED = 5  # records that hold a word, from which on it is no slip of the pen
OUTNUMBERED = 10  # how many times more records must hold the correction than what was typed
SLIPS = 0.3  # a letter; from more of them on, another word was meant or none of these
MOST = 2
MOST_READ = 60  # words of a text

_TRIED = 100
# What differs between spellings of one word in Britain and America, brought to one form. Letters
# that a pattern needs stand before it: to look for them takes a tenth of the time.
_VARIANTS = (
    ("our", re.compile(r"(?<=\w\w)our"), "or"),
    ("ys", re.compile(r"ys(?=(?:e|ed|es|ing|er|ers)$)"), "yz"),
    ("is", re.compile(r"is(?=(?:e|ed|es|ing|er|ers|ation|ations|ational)$)"), "iz"),
    ("tre", re.compile(r"tre(s?)$"), r"ter\1"),
    ("ence", re.compile(r"(?<=lic|def|off|ret)ence"), "ense"),
    ("ogue", re.compile(r"ogue(s?)$"), r"og\1"),
    ("mme", re.compile(r"mme(s?)$"), r"m\1"),
    ("ll", re.compile(r"(?<=[^aeiou][aeiou])ll(?=(?:ed|ing|er|ers|or|ors)$)"), "l"),
    ("ae", re.compile(r"(?<=p)ae(?=d)|(?<=h)ae(?=m)|(?<=n)ae(?=[cs])"), "e"),
    ("oe", re.compile(r"oe(?=str|uv)"), "e"),
    ("gray", re.compile(r"^gray"), "grey"),
)
# Verbs and what is made of them, in so many words that no list of the field would hold them all.
_ISE = re.compile(r"(?<=[iy])[sz](?=(?:e|ed|er|ers|es|ing|ation|ations|ational)$)")
_SHORTEST_ISE = 7  # letters; shorter ones are other words, as "prise" and "prize"
# Most words hold none of this, and are done with one look instead of one for each variant.
_VARIES = re.compile(r"our|[iy]s[eai]|tre|ence|ogue|mme|ll[eio]|ae|oe|^gray")


@lru_cache(maxsize=50_000)
def one_spelling(word: str) -> str:
    """The same for the British and the American spelling of a word."""
    if not _VARIES.search(word):
        return word
    for letters, pattern, other in _VARIANTS:
        if letters in word:
            word = pattern.sub(other, word)
    return word


@lru_cache(maxsize=1)
def dictionary() -> Mapping[str, int]:
    """Right English words with how common they are, under `one_spelling`."""
    found = dict(_listed())
    varying = [(word, found.pop(word)) for word in list(filter(_VARIES.search, found))]
    for word, count in varying:
        key = one_spelling(word)
        found[key] = max(count, found.get(key, 0))
    return found


def _listed() -> Iterator[tuple[str, int]]:
    # Of symspellpy only its word list is used: to look words up by its method, the list would have
    # to be unfolded into several hundred megabytes first.
    listed = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    found = listed.read_text("utf-8-sig").split()
    return zip(found[::2], map(int, found[1::2]), strict=True)


@lru_cache(maxsize=1)
def spelt_otherwise() -> Mapping[str, str]:
    """Words in -ise and -yse and what is made of them, to the same in -ize and -yze, and back."""
    listed = {word for word, _ in _listed() if len(word) >= _SHORTEST_ISE and _ISE.search(word)}
    pairs = [(word, _ISE.sub("z", word)) for word in listed]
    both = [(british, american) for british, american in pairs if british != american in listed]
    return dict([*both, *((american, british) for british, american in both)])


@lru_cache(maxsize=2)
def words_of_the_field(_seeds_dir: Path) -> frozenset[str]:
    """Every word of the vocabularies and the thesaurus, under `one_spelling`."""
    from index.thesaurus import default_thesaurus

    texts = [
        text
        for held in vocabularies().values()
        for term in held
        for text in (term.label, *term.alt)
    ]
    texts += default_thesaurus().texts
    return frozenset(one_spelling(word) for text in texts for word in words(text))


class Speller:
    """Corrects by the words of one state of the collection."""

    def __init__(self, counts: Mapping[str, int], field_words: Iterable[str]) -> None:
        """`counts` says how many records hold each word; `field_words` are right in any case."""
        self.counts = counts
        self.field = frozenset(field_words)
        common = dictionary()
        self.right = [
            word
            for word, count in counts.items()
            if len(word) >= SHORTEST
            and word.isalpha()
            and (count >= ESTABLISHED or self._known(one_spelling(word), common))
        ]
        self._by_length: dict[int, list[str]] = {}
        self._about: dict[tuple[int, int], list[str]] = {}
        for word in self.right:
            self._by_length.setdefault(len(word), []).append(word)

    def _known(self, key: str, common: Mapping[str, int]) -> bool:
        return key in common or key in self.field

    def can_read(self, text: str) -> bool:
        """Whether any word of a text is one: of the collection, the field or English, or nearly."""
        typed = words(text)[:MOST_READ]
        known = (
            one in self.counts or self._known(one_spelling(one), dictionary()) for one in typed
        )
        return any(known) or bool(self.corrections(typed))

    def is_right(self, word: str) -> bool:
        """Whether a word needs no correction: also names, figures and short words."""
        if len(word) < SHORTEST or not word.isalpha():
            return True
        key = one_spelling(word)
        return self._known(key, dictionary()) or self.counts.get(word, 0) >= ESTABLISHED

    def corrections(self, typed: Sequence[str]) -> tuple[Correction, ...]:
        """What was probably meant by the misspelt ones among the words that were typed."""
        shouted = all(word.isupper() for word in typed)
        plainly = any(word.islower() and len(word) >= SHORTEST for word in typed)
        found = []
        for place, word in enumerate(typed):
            plain = words(word)
            acronym = word.isupper() and len(word) <= 5 and not shouted
            if acronym or len(plain) != 1 or self.is_right(plain[0]):
                continue
            # A capital among small letters begins a name, and names differ by little.
            name = plainly and place > 0 and word[:1].isupper()
            means = self.meant(plain[0], 1 if name else None)
            if means:
                found.append(Correction(word, place, means))
        return tuple(found)

    def meant(self, word: str, far: int | None = None) -> tuple[str, ...]:
        """The word that was probably meant, with its other national spelling; often nothing.

        `far` is how many letters may be wrong; without it, the longer the word the more.
        """
        if far is None:
            far = 1 if len(word) < 6 else 2 if len(word) < 8 else 3
        tried = process.extract(
            word,
            self._of_about(len(word), far),
            scorer=OSA.distance,
            score_cutoff=far,
            limit=_TRIED,
        )
        enough = max(1, OUTNUMBERED * self.counts.get(word, 0))
        ranked = []
        for other, distance, _ in tried:
            slips = _slips(word, other, int(distance))
            if slips <= SLIPS * len(word) and self.counts[other] >= enough:
                ranked.append((self._worth(word, other, slips), other))
        ranked.sort(reverse=True)
        if not ranked:
            return ()
        best = ranked[0][1]
        if stems(best) == stems(word):
            return ()  # an ending that no dictionary lists; the search takes both for one word
        same = [other for _, other in ranked if one_spelling(other) == one_spelling(best)]
        return tuple(same[:MOST])

    def _of_about(self, length: int, far: int) -> list[str]:
        """The right words of this length, give or take some letters."""
        known = self._about.get((length, far))
        if known is None:
            lengths = range(length - far, length + far + 1)
            known = [word for one in lengths for word in self._by_length.get(one, ())]
            self._about[length, far] = known
        return known

    def _worth(self, word: str, other: str, slips: float) -> float:
        """How likely `other` was meant: few and usual slips first, then common words."""
        here = math.log1p(self.counts[other])
        anywhere = math.log1p(dictionary().get(one_spelling(other), 0))
        return -3.0 * slips + 0.5 * here + 0.08 * anywhere


def _slips(word: str, other: str, distance: int) -> float:
    """How far a word is from another, usual slips counting less than unusual ones."""
    slips = float(distance)
    if word[0] != other[0]:
        slips += 0.7
    if word[-1] != other[-1]:
        slips += 0.4
    if _without_doubles(word) == _without_doubles(other):
        slips -= 0.6
    elif _without_vowels(word) == _without_vowels(other):
        slips -= 0.45
    elif sorted(word) == sorted(other):
        slips -= 0.5
    elif _left_out(word, other):
        slips -= 0.35 * distance
    elif _left_out(other, word):
        slips -= 0.2 * distance
    return slips


def _left_out(short: str, long: str) -> bool:
    """Whether letters of `long` left out give `short`."""
    letters = iter(long)
    return len(short) < len(long) and all(letter in letters for letter in short)


@lru_cache(maxsize=20_000)
def _without_doubles(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=20_000)
def _without_vowels(word: str) -> str:
    return word[0] + re.sub(r"[aeiouy]", "", _without_doubles(word)[1:])


def speller(counts: Mapping[str, int]) -> Speller:
    """The speller of a collection with these words."""
    return Speller(counts, words_of_the_field(settings().seeds_dir))
