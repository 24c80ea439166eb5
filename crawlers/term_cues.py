"""Everyday words by which texts tell of a vocabulary term: read from `seeds/cues/`.

Vocabularies hold the names of terms; people who tell a story seldom use them. A cue is a phrase;
`~` in it stands for any ending, ` .. ` for up to four words between, and one in
brackets is only a hint.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from kb.errors import VocabularyInvalid
from kb.settings import settings

_GAP = r"(?:\W+\w+){0,4}?\W+"


@dataclass(frozen=True, slots=True)
class CueFound:
    """A cue of a term at a place of a text; `sure` is False for a hint."""

    code: str
    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one field: a pattern for each term and kind, and the stages that tell of it."""

    stages: tuple[str, ...]
    patterns: tuple[tuple[str, bool, re.Pattern[str]], ...]

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
        for code, sure, pattern in self.patterns:
            for match in pattern.finditer(text):
                yield CueFound(code, match.start(), match.end(), sure)


@lru_cache(maxsize=2)
def _all(folder: Path) -> Mapping[str, Cues]:
    found: dict[str, Cues] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            held = yaml.safe_load(path.read_text("utf-8"))
            patterns = [
                (str(code), sure, _pattern(phrases))
                for code, listed in held["cues"].items()
                for sure, phrases in _kinds(listed)
                if phrases
            ]
            found[held["field"]] = Cues(tuple(held["sections"]), tuple(patterns))
        except (OSError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise VocabularyInvalid(f"{path} cannot be used: {error}") from error
    return found


def cues_of(field: str) -> Cues:
    """The cues of a field; none when there is no file of it. Raises VocabularyInvalid."""
    return _all(settings().seeds_dir / "cues").get(field, Cues((), ()))


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
