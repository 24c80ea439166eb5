"""Everyday words by which texts tell of a vocabulary term: read from `seeds/cues/`.

Vocabularies hold the names of terms; people who tell a story seldom use them. A cue is a phrase;
`~` in it stands for any ending, ` .. ` for up to four words between, and one in
brackets is only a hint.

There are tens of thousands of them, so they are kept as trees of words that a text is walked along:
what that takes does not grow with their number. The tree of a first word is made when a text first
has that word.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path

from kb.errors import KbError, VocabularyInvalid
from kb.seeding import read_yaml
from kb.settings import settings

_MOST_BETWEEN = 4  # words that ` .. ` stands for
_APART = 3  # characters between two words of a phrase at most
_WORD = re.compile(r"\w+")
_ENDS_OPEN, _GAP = "~", ".."
_IN_OPEN = f"in{_ENDS_OPEN}"
_WORD_OR_BEGINNING = re.compile(rf"\w+{_ENDS_OPEN}?")


@dataclass(frozen=True, slots=True)
class CueFound:
    """A cue of a term at a place of a text; `sure` is False for a hint."""

    code: str
    start: int
    end: int
    sure: bool


@dataclass(slots=True)
class _Node:
    """What may follow the words so far: whole words, beginnings by their length, words after a
    gap; and the cues that end here."""

    whole: dict[str, "_Node"] = field(default_factory=dict)
    begun: dict[int, dict[str, "_Node"]] = field(default_factory=dict)
    later: "_Node | None" = None
    ends: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, words: Sequence[str], cue: tuple[str, bool]) -> None:
        node = self
        for word in words:
            if word == _GAP:
                node.later = node.later or _Node()
                node = node.later
            elif word.endswith(_ENDS_OPEN):
                start = word.rstrip(_ENDS_OPEN)
                node = node.begun.setdefault(len(start), {}).setdefault(start, _Node())
            else:
                node = node.whole.setdefault(word, _Node())
        if cue not in node.ends:
            node.ends.append(cue)

    def after(self, word: str) -> Iterator["_Node"]:
        if (node := self.whole.get(word)) is not None:
            yield node
        for length, beginnings in self.begun.items():
            if (node := beginnings.get(word[:length])) is not None:
                yield node


class Cues:
    """The cues of one field."""

    def __init__(self, told: Mapping[str, str]) -> None:
        """By code, phrases parted by `|`, as the files have them.

        Raises ValueError for a phrase that begins with no word.
        """
        self.codes = frozenset(told)
        self._phrases: dict[str, list[tuple[str, tuple[str, bool]]]] = defaultdict(list)
        for code, phrases in told.items():
            for phrase in filter(None, map(str.strip, phrases.split("|"))):
                inner = phrase.strip("()").lower()
                for first in _firsts(inner):
                    self._phrases[first].append((inner, (code, not phrase.startswith("("))))
        self._lengths = {len(first) - 1 for first in self._phrases if first.endswith(_ENDS_OPEN)}
        self._trees: dict[str, _Node] = {}

    def _begun_by(self, word: str) -> Iterator[_Node]:
        """The trees of what may begin with this word."""
        for first in (word, *(word[:length] + _ENDS_OPEN for length in self._lengths)):
            if first in self._phrases:
                if first not in self._trees:
                    self._trees[first] = self._tree(first)
                yield self._trees[first]

    def _tree(self, first: str) -> _Node:
        tree = _Node()
        for phrase, cue in self._phrases[first]:
            for words in _ways(phrase):
                if words[0] == first:
                    tree.add(words[1:], cue)
        return tree

    def found_in(self, text: str) -> list[CueFound]:
        """Every cue of a text; one inside a longer one of the same field does not count."""
        found = list(self._matches(text))
        found.sort(key=lambda item: (item.start, item.start - item.end))
        kept: list[CueFound] = []
        reach, widest = -1, (0, 0)
        ended: dict[tuple[str, bool], int] = {}
        for item in found:
            span = (item.start, item.end)
            if item.end <= reach and span != widest:
                continue
            if item.start < ended.get((item.code, item.sure), 0):
                continue
            ended[item.code, item.sure] = item.end
            kept.append(item)
            if item.end > reach:
                reach, widest = item.end, span
        return kept

    def _matches(self, text: str) -> Iterator[CueFound]:
        spans = [match.span() for match in _WORD.finditer(text)]
        words = [text[start:end].lower() for start, end in spans]
        for first in range(len(words)):
            reached = [(node, first) for node in self._begun_by(words[first])]
            while reached:
                node, at = reached.pop()
                for code, sure in node.ends:
                    yield CueFound(code, spans[first][0], spans[at][1], sure)
                near = at + 1
                if near < len(words) and spans[near][0] - spans[at][1] <= _APART:
                    reached += [(further, near) for further in node.after(words[near])]
                if node.later is not None:
                    for far in range(near, min(near + _MOST_BETWEEN + 1, len(words))):
                        reached += [(further, far) for further in node.later.after(words[far])]


def cues_of(field: str) -> Cues:
    """The cues of a field; none when there is no file of it. Raises VocabularyInvalid."""
    return _read(settings().seeds_dir / "cues" / f"{field}.yaml")


@lru_cache(maxsize=32)
def _read(path: Path) -> Cues:
    if not path.exists():
        return Cues({})
    try:
        return Cues(read_yaml(path)["cues"])
    except (KbError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise VocabularyInvalid(f"{path} cannot be used: {error}") from error


def _firsts(phrase: str) -> list[str]:
    """The words that a phrase may begin with. Raises ValueError where it begins with none."""
    first = phrase.split(None, 1)[0] if phrase else ""
    words = _WORD_OR_BEGINNING.findall(first)
    if not words:
        raise ValueError(f"the cue '{phrase}' begins with no letter or digit")
    return [words[0], "".join(words)] if _joins(first, words) else words[:1]


def _joins(part: str, words: Sequence[str]) -> bool:
    # Not "break-in~", which would be found in "breaking".
    return "-" in part and len(words) > 1 and words[-1] != _IN_OPEN


def _ways(phrase: str) -> Iterator[list[str]]:
    """The words of a phrase; what a hyphen joins stands as one word or as several."""
    parts = []
    for part in phrase.split():
        words = [_GAP] if part == _GAP else _WORD_OR_BEGINNING.findall(part)
        parts.append([words, ["".join(words)]] if _joins(part, words) else [words])
    for way in product(*parts):
        yield [word for words in way for word in words]
