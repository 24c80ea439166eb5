"""The stretch of a record that shows why it was found, and which sections hold what was typed."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.document import Passage
from index.keyword import stems, words

LENGTH = 40  # words in a snippet
MOST_TEXT = 200_000  # characters of one record that are looked through

Segment = tuple[str, bool]

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Shown:
    """Segments (text, highlighted), the sections with matches and the words that matched."""

    segments: tuple[Segment, ...]
    sections: tuple[str, ...]
    matched: tuple[str, ...]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """The one stem of a word; empty for a stop word."""
    return next(iter(stems(word)), "")


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return next(iter(words(word)), "")


class Highlighter:
    """Finds the words of one search in texts."""

    def __init__(self, texts: Iterable[str], patterns: Iterable[str] = ()) -> None:
        """`texts` are what was looked for; `patterns` starts of words, from wildcards."""
        self.tokens = {token for text in texts for token in stems(text)}
        self.exact: set[str] = set()
        if not self.tokens:
            self.exact = {token for text in texts for token in words(text)}
        self.starts = tuple({pattern for pattern in patterns if pattern})
        # A first, coarse look: letters that any match begins with. "y" turns to "i" in a stem.
        begins = {
            token[:-1] if len(token) > 3 and token[-1] == "i" else token for token in self.tokens
        }
        begins |= self.exact | set(self.starts)
        ordered = sorted(begins, key=len, reverse=True)
        joined = "|".join(re.escape(begin) for begin in ordered)
        self.coarse = re.compile(rf"\b(?:{joined})\w*", re.IGNORECASE) if ordered else None

    def spots(self, text: str) -> list[tuple[int, int, str]]:
        """Where matching words stand: start, end and what they matched."""
        if self.coarse is None:
            return []
        found = []
        for match in self.coarse.finditer(text):
            token = self._matched(match[0])
            if token:
                found.append((match.start(), match.end(), token))
        return found

    def _matched(self, word: str) -> str:
        stem = _stem(word)
        if stem in self.tokens:
            return stem
        folded = _folded(word)
        if folded in self.exact:
            return folded
        return next((start for start in self.starts if folded.startswith(start)), "")

    def show(
        self, passages: Sequence[Passage], likely: int | None, within: Collection[str] = ()
    ) -> Shown:
        """The passage with most of the words, cut to a snippet; `likely` breaks ties.

        `likely` is the position of the passage nearest in meaning. `within` limits sections.
        """
        best, best_worth = likely, 0.0
        sections: dict[str, None] = {}
        matched: dict[str, None] = {}
        seen = 0
        for spot, passage in enumerate(passages):
            if within and passage.section not in within:
                continue
            seen += len(passage.text)
            if seen > MOST_TEXT and spot != likely:
                continue
            found = self.spots(passage.text)
            if found:
                sections[passage.section] = None
                matched.update(dict.fromkeys(passage.text[a:b].lower() for a, b, _ in found))
                worth = len({token for _, _, token in found}) + 0.5 * (spot == likely)
                if worth > best_worth:
                    best, best_worth = spot, worth
        if best is None:
            best = 0 if passages else None
        segments = () if best is None else self.segments(passages[best].text)
        return Shown(segments, tuple(sections), tuple(matched)[:8])

    def segments(self, text: str, length: int = LENGTH) -> tuple[Segment, ...]:
        """The stretch of `text` with most different matches, as segments."""
        ends = [match.span() for match in _WORD.finditer(text)]
        if not ends:
            return ()
        found = self.spots(text)
        first = _best_start(ends, found, length)
        start = ends[first][0] if first else 0
        last = min(first + length, len(ends)) - 1
        end = len(text) if last == len(ends) - 1 else ends[last][1]
        made: list[Segment] = [("… ", False)] if start else []
        at = start
        for left, right, _ in found:
            if left >= at and right <= end:
                made += [(text[at:left], False), (text[left:right], True)]
                at = right
        made.append((text[at:end], False))
        if end < len(text):
            made.append((" …", False))
        return tuple((part, lit) for part, lit in made if part)


def _best_start(
    ends: Sequence[tuple[int, int]], found: Sequence[tuple[int, int, str]], length: int
) -> int:
    """The word at which the window with most different matches starts, a few words before them."""
    if not found:
        return 0
    position = {start: spot for spot, (start, _) in enumerate(ends)}
    places = [(position.get(start, 0), token) for start, _, token in found]
    best, best_worth = 0, 0.0
    for place, _ in places:
        first = max(0, place - 5)
        inside = [token for spot, token in places if first <= spot < first + length]
        worth = len(set(inside)) + 0.1 * len(inside)
        if worth > best_worth:
            best, best_worth = first, worth
    return min(best, max(0, len(ends) - length))
