"""Other words for what was typed: acronyms, slang, spellings, old and new names.

Read from `seeds/thesaurus/*.yaml`. Matching ignores case, punctuation and a plural s; an entry
marked ambiguous (`TEN`, `PACE`) counts only when typed in capitals, and one marked derogatory is
understood but never given as another word for anything. A word in -ise or -ize without
an entry stands for its other spelling.
"""

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from index.facets import FACETS
from index.grammar import Expansion
from index.spelling import spelt_otherwise
from kb.errors import VocabularyInvalid
from kb.settings import settings
from kb.vocabularies import published

MAX_MEANS = 4

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Equivalent:
    """What a term may be replaced by; `capitals` when only if typed in capitals."""

    means: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]
    capitals: bool


class Thesaurus:
    """Every entry, found by its words."""

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        """`entries` as they stand in the files."""
        self._found: dict[Key, list[Equivalent]] = {}
        self._longest: dict[str, int] = {}  # by first word, since few words begin an entry
        self._derogatory: set[Key] = set()
        self.texts: list[str] = []
        for entry in entries:
            self._add(entry)

    def _add(self, entry: dict[str, Any]) -> None:
        term, means = str(entry["term"]), tuple(str(text) for text in entry.get("means") or ())
        codes = tuple(_facet_codes(entry.get("codes") or ()))
        self.texts += (term, *means)
        self._put(term, Equivalent(means, codes, bool(entry.get("ambiguous"))))
        if entry.get("derogatory"):
            self._derogatory.add(_key(term))
        elif entry.get("direction", "both") == "both":
            for spot, meaning in enumerate(means):
                others = (term, *means[:spot], *means[spot + 1 :])
                self._put(meaning, Equivalent(others, codes, capitals=False))

    def _put(self, term: str, equivalent: Equivalent) -> None:
        key = _key(term)
        if key:
            self._found.setdefault(key, []).append(equivalent)
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def __len__(self) -> int:
        return len(self._found)

    def is_ambiguous(self, typed: str) -> bool:
        """Whether this has another sense, so that it counts only when typed in capitals."""
        found = self._found.get(_key(typed), ())
        return bool(found) and all(equivalent.capitals for equivalent in found)

    def is_derogatory(self, text: str) -> bool:
        """Whether this is what some call people, and is not to be offered or shown as a name."""
        return _key(text) in self._derogatory

    def expansions(self, words: Sequence[str]) -> tuple[Expansion, ...]:
        """Equivalents of stretches of what was typed, the longest stretch first at each word."""
        shouted = all(word.isupper() for word in words if any(map(str.isalpha, word)))
        tokens = [(token, spot) for spot, word in enumerate(words) for token in _key(word)]
        found: list[Expansion] = []
        at = 0
        while at < len(tokens):
            length, expansion = self._at(tokens, at, words, shouted=shouted and len(words) > 1)
            if expansion:
                found.append(expansion)
            at += length
        return tuple(found)

    def _at(
        self, tokens: Sequence[tuple[str, int]], at: int, words: Sequence[str], *, shouted: bool
    ) -> tuple[int, Expansion | None]:
        longest = self._longest.get(tokens[at][0], 0)
        for length in range(min(longest, len(tokens) - at), 0, -1):
            stretch = tokens[at : at + length]
            start, end = stretch[0][1], stretch[-1][1] + 1
            # A stretch must hold whole words: half of "off-road" is not "road".
            cut_start = at > 0 and tokens[at - 1][1] == start
            cut_end = at + length < len(tokens) and tokens[at + length][1] == end - 1
            if cut_start or cut_end:
                continue
            typed = " ".join(words[start:end])
            # A capital behind the first letter, as in "ACEs", tells an acronym from a word.
            capitals = any(map(str.isupper, typed[1:])) and not shouted
            fitting = [
                equivalent
                for equivalent in self._found.get(tuple(token for token, _ in stretch), ())
                if capitals or not equivalent.capitals
            ]
            if fitting:
                same = _key(typed)
                means = dict.fromkeys(
                    text for one in fitting for text in one.means if _key(text) != same
                )
                codes = dict.fromkeys(code for one in fitting for code in one.codes)
                return length, Expansion(typed, start, end, tuple(means)[:MAX_MEANS], tuple(codes))
        return 1, _spelt_otherwise(words[tokens[at][1]], tokens[at][1])


def _spelt_otherwise(typed: str, place: int) -> Expansion | None:
    """The other national spelling of a word that no entry has."""
    other = spelt_otherwise().get(typed.strip(string.punctuation).lower())
    return Expansion(typed, place, place + 1, (other,)) if other else None


def _key(text: str) -> Key:
    words = re.findall(r"\w+", text.casefold().replace("\u2019", "'").replace("'", ""))
    return tuple(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
    )


def _facet_codes(codes: Iterable[str]) -> Iterable[tuple[str, str]]:
    for code in codes:
        vocabulary_id, _, term = str(code).partition(":")
        for facet in FACETS:
            if facet.vocabulary == vocabulary_id:
                yield facet.name, term


def read_thesaurus(folder: Path, more: Iterable[dict[str, Any]] = ()) -> Thesaurus:
    """The thesaurus of the files in `folder`, and of `more` entries.

    Raises VocabularyInvalid naming a broken file.
    """
    entries: list[dict[str, Any]] = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(folder.glob("*.yaml")):
        try:
            held = yaml.load(path.read_text("utf-8"), Loader=loader)["entries"]  # noqa: S506
            for entry in held:
                if not entry["term"] or not isinstance(entry.get("means") or [], list):
                    raise ValueError(f"an entry needs a term and a list of means: {entry}")
            entries += held
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
            raise VocabularyInvalid(f"{path} cannot be used: {error}") from error
    return Thesaurus([*more, *entries])


def default_thesaurus() -> Thesaurus:
    """The thesaurus of the settings' seeds and of the vocabulary desk, made once for each state."""
    return _made(settings().seeds_dir, published.stamp())


@lru_cache(maxsize=2)
def _made(seeds: Path, desk: published.Stamp | None) -> Thesaurus:
    return read_thesaurus(seeds / "thesaurus", published.synonyms(desk))
