"""Everyday words by which texts tell of a vocabulary term: read from `seeds/cues/`.

Vocabularies hold the names of terms; people who tell a story seldom use them. A cue is a phrase;
`~` in it stands for any ending, ` .. ` for up to four words between, and one in
brackets is only a hint.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from kb.errors import VocabularyInvalid
from kb.settings import settings

_GAP = r"(?:\W+\w+){0,4}?\W+"
_START = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class CueFound:
    """A cue of a term at a place of a text; `sure` is False for a hint."""

    code: str
    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """The words that cues begin with, each with the patterns that it may begin: whole words, and
    beginnings of words by their length. Most sentences hold few, so few patterns are tried."""

    whole: Mapping[str, frozenset[int]]
    begun: Mapping[int, Mapping[str, frozenset[int]]]

    def patterns_in(self, text: str) -> list[int]:
        found: set[int] = set()
        for word in set(_START.findall(text.lower())):
            found |= self.whole.get(word, frozenset())
            for length, beginnings in self.begun.items():
                found |= beginnings.get(word[:length], frozenset())
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one field: a pattern for each term and kind, and the words they begin with."""

    patterns: tuple[tuple[str, bool, re.Pattern[str]], ...]
    words: _Words

    def found_in(self, text: str) -> list[CueFound]:
        """Every cue of a text; one inside a longer one of the same field does not count."""
        found = list(self._matches(text))
        found.sort(key=lambda item: (item.start, item.start - item.end))
        kept: list[CueFound] = []
        reach, widest = -1, (0, 0)
        for item in found:
            span = (item.start, item.end)
            if item.end <= reach and span != widest:
                continue
            kept.append(item)
            if item.end > reach:
                reach, widest = item.end, span
        return kept

    def _matches(self, text: str) -> Iterator[CueFound]:
        for number in self.words.patterns_in(text):
            code, sure, pattern = self.patterns[number]
            for match in pattern.finditer(text):
                yield CueFound(code, match.start(), match.end(), sure)


@lru_cache(maxsize=2)
def _all(folder: Path) -> Mapping[str, Cues]:
    found: dict[str, Cues] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            held = yaml.safe_load(path.read_text("utf-8"))
            listed = [
                (str(code), sure, phrases)
                for code, told in held["cues"].items()
                for sure, phrases in _kinds(told)
                if phrases
            ]
            found[held["field"]] = Cues(
                tuple((code, sure, _pattern(phrases)) for code, sure, phrases in listed),
                _words([phrases for _, _, phrases in listed]),
            )
        except (OSError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise VocabularyInvalid(f"{path} cannot be used: {error}") from error
    return found


def cues_of(field: str) -> Cues:
    """The cues of a field; none when there is no file of it. Raises VocabularyInvalid."""
    return _all(settings().seeds_dir / "cues").get(field, Cues((), _Words({}, {})))


def _words(listed: Sequence[Sequence[str]]) -> _Words:
    whole: dict[str, set[int]] = defaultdict(set)
    begun: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for number, phrases in enumerate(listed):
        for phrase in phrases:
            start = _START.search(phrase.lower())
            if start is None:
                raise TypeError(f"the cue '{phrase}' begins with no letter or digit")
            if phrase[start.end() : start.end() + 1] in ("~", "-"):
                begun[len(start[0])][start[0]].add(number)
            else:
                whole[start[0]].add(number)
    return _Words(
        {word: frozenset(numbers) for word, numbers in whole.items()},
        {
            length: {word: frozenset(numbers) for word, numbers in beginnings.items()}
            for length, beginnings in begun.items()
        },
    )


def _kinds(listed: str) -> Iterator[tuple[bool, list[str]]]:
    phrases = [phrase.strip() for phrase in listed.split("|") if phrase.strip()]
    yield True, [phrase for phrase in phrases if not phrase.startswith("(")]
    yield False, [phrase.strip("()") for phrase in phrases if phrase.startswith("(")]


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    # The longest first, so that "crack house closure" is not taken for "crack house".
    forms = [_form(phrase) for phrase in sorted(phrases, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.I)


def _form(phrase: str) -> str:
    parts = []
    for part in phrase.split(" .. "):
        words = [
            re.escape(word).replace("\\~", r"\w*").replace("\\-", r"\W?") for word in part.split()
        ]
        parts.append(r"\W{1,3}".join(words))
    return _GAP.join(parts)
