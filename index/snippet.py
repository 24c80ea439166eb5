"""The stretch of a record that shows why it was found, and which sections hold what was typed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.document import Passage
from index.keyword import stems, words

LENGTH = 260  # characters in a snippet
_LEAD = 30  # of them before the first word that matched
SHORT = 8  # words; a passage with fewer is a name or a label, and shows nothing
MOST_TEXT = 200_000  # characters of one record that are looked through
_NAMED_ONLY = 0.1  # what a match in a short passage is worth

Segment = tuple[str, bool]
Spot = tuple[int, int, str]


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


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
        self.begins = tuple(begins)

    def spots(self, text: str) -> list[Spot]:
        """Where matching words stand: start, end and what they matched."""
        lower = text.lower()
        if len(lower) != len(text):  # a rare letter is two when small: then places would shift
            lower = text
        found: dict[int, Spot] = {}
        for begin in self.begins:
            at = lower.find(begin)
            while at >= 0:
                end = at + len(begin)
                if at not in found and not (at and _in_word(lower[at - 1])):
                    while end < len(lower) and _in_word(lower[end]):
                        end += 1
                    token = self._matched(text[at:end])
                    if token:
                        found[at] = (at, end, token)
                at = lower.find(begin, end)
        return [found[at] for at in sorted(found)]

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
        best, best_worth, best_found = likely, 0.0, None
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
                if not _tells(passage):
                    worth = _NAMED_ONLY
                if worth > best_worth:
                    best, best_worth, best_found = spot, worth, found
        if passages and best_worth <= _NAMED_ONLY and (best is None or not _tells(passages[best])):
            telling = (n for n, one in enumerate(passages) if _tells(one))
            best, best_found = next(telling, best or 0), None
        segments = () if best is None else self.segments(passages[best].text, best_found)
        return Shown(segments, tuple(sections), tuple(matched)[:8])

    def segments(
        self, text: str, found: Sequence[Spot] | None = None, length: int = LENGTH
    ) -> tuple[Segment, ...]:
        """The stretch of `text` with most different matches, as segments.

        `found` are its matches where they are known already.
        """
        if found is None:
            found = self.spots(text)
        start = _best_start(len(text), found, length)
        while start and _in_word(text[start - 1]):
            start -= 1
        end = min(len(text), start + length)
        while end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
            end += 1
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


def _tells(passage: Passage) -> bool:
    """Whether a passage says more than a name."""
    return passage.text.count(" ") >= SHORT - 1


def _best_start(size: int, found: Sequence[Spot], length: int) -> int:
    """Where the stretch with most different matches starts, a little before the first of them."""
    best, best_worth = 0, 0.0
    for spot, (place, _, _) in enumerate(found):
        first = max(0, place - _LEAD)
        inside = [token for start, _, token in found[spot:] if start < first + length]
        worth = len(set(inside)) + 0.1 * len(inside)
        if worth > best_worth:
            best, best_worth = first, worth
    return min(best, max(0, size - length))
