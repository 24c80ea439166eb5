"""The stretch of a record that shows why it was found, and which sections hold what was typed."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.keyword import stems, words

LENGTH = 260  # characters in a snippet
_LEAD = 30  # of them before the first word that matched
SHORT = 8  # words; a passage with fewer is a name or a label, and shows nothing
MOST_TEXT = 200_000  # characters of one record that are looked through
APART = 12  # characters between two words of a phrase at most
MOST_NAMED = 8  # words that are named as found
_NAMED_ONLY = 0.1  # what a match in a short passage is worth

Segment = tuple[str, bool]
Spot = tuple[int, int, str]


class _Plain(dict[int, int]):
    """Letters without their accents, one for one."""

    def __missing__(self, letter: int) -> int:
        plain = ord(unicodedata.normalize("NFD", chr(letter))[0])
        self[letter] = plain if plain < 128 else letter
        return self[letter]


_PLAIN = _Plain()
# Letters that may have one: to look each letter up takes longer than all the rest, and most texts
# have only dashes, quotation marks and signs of money beyond plain letters.
_ACCENTED = re.compile(r"[^\x00-\xbf\u2000-\u2bff]")
_REST = re.compile(r"\w+")  # of a word


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


@dataclass(frozen=True, slots=True)
class Shown:
    """Segments (text, highlighted), sections with matches, and a word for each stem found."""

    segments: tuple[Segment, ...]
    sections: tuple[str, ...]
    matched: Mapping[str, str]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """The one stem of a word; empty for a stop word."""
    return next(iter(stems(word)), "")


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return next(iter(words(word)), "")


class Highlighter:
    """Finds the words of one search in texts."""

    def __init__(
        self,
        texts: Iterable[str],
        phrases: Iterable[str] = (),
        beginnings: Iterable[str] = (),
        *,
        exact: bool = False,
    ) -> None:
        """`texts` are what was looked for, `beginnings` those of words like a wildcard.

        The words of `phrases` must stand together: "people" of "young people" matches nothing.
        `exact` wants words with the endings they have in `texts`.
        """
        texts = tuple(texts)
        parted = [tuple(stems(phrase)) for phrase in phrases]
        self.single = {token for text in texts for token in stems(text) if not exact}
        self.single |= {phrase[0] for phrase in parted if len(phrase) == 1}
        self.phrases = tuple(dict.fromkeys(phrase for phrase in parted if len(phrase) > 1))
        self.tokens = self.single | {token for phrase in self.phrases for token in phrase}
        self.exact: set[str] = set()
        self.starts = tuple(dict.fromkeys(beginnings))
        if exact or not (self.tokens or self.starts):
            self.exact = {token for text in texts for token in words(text)}
        # A first, coarse look: letters that any match begins with. "y" turns to "i" in a stem, and
        # "racing" to "race".
        begins = {
            token[:-1] if len(token) > 2 and token[-1] in "ie" else token for token in self.tokens
        }
        begins |= self.exact | set(self.starts)
        # One is enough of those that begin alike: whoever looks for "car" comes by "care" as well.
        self.begins: list[str] = []
        for begin in sorted(filter(None, begins)):
            if not self.begins or not begin.startswith(self.begins[-1]):
                self.begins.append(begin)

    def spots(self, text: str) -> list[Spot]:
        """Where matching words stand: start, end and what they matched."""
        lower = text.lower()
        if len(lower) != len(text):  # a rare letter is two when small: then places would shift
            lower = text
        if not lower.isascii() and _ACCENTED.search(lower):
            lower = lower.translate(_PLAIN)
        found: list[Spot] = []
        # To look for one beginning after the other is quicker than one regular expression of them
        # all: for three words more than twice.
        for begin in self.begins:
            start = lower.find(begin)
            while start >= 0:
                end = start + len(begin)
                if not start or not _in_word(lower[start - 1]):
                    if rest := _REST.match(lower, end):
                        end = rest.end()
                    if token := self._matched(text[start:end]):
                        found.append((start, end, token))
                start = lower.find(begin, end)
        if len(self.begins) > 1:
            found.sort()
        return self._whole(found)

    def _whole(self, found: list[Spot]) -> list[Spot]:
        """The spots without words that stand only in phrases, where no whole phrase is there."""
        if not self.phrases:
            return found
        kept = {at for at, (_, _, token) in enumerate(found) if self._alone(token)}
        for first in range(len(found)):
            for phrase in self.phrases:
                kept.update(self._run(found, first, phrase))
        return [found[at] for at in sorted(kept)]

    def _alone(self, token: str) -> bool:
        return token in self.single or token in self.exact or token in self.starts

    @staticmethod
    def _run(found: Sequence[Spot], first: int, phrase: Sequence[str]) -> list[int]:
        """The spots that a phrase takes from here on; none where it is not whole."""
        run: list[int] = []
        for at in range(first, len(found)):
            start, _, token = found[at]
            if run and start - found[run[-1]][1] > APART:
                break
            if token == phrase[len(run)]:
                run.append(at)
                if len(run) == len(phrase):
                    return run
            elif not run:
                break
        return []

    def _matched(self, word: str) -> str:
        stem = _stem(word)
        if stem in self.tokens:
            return stem
        folded = _folded(word)
        if folded in self.exact:
            return folded
        return next((start for start in self.starts if folded.startswith(start)), "")

    def show(
        self, passages: Sequence[Sequence[str]], likely: int | None, within: Collection[str] = ()
    ) -> Shown:
        """The passage with most of the words, cut to a snippet; `likely` breaks ties.

        `passages` are sections and their texts, as payloads have them; `likely` is the position of
        the passage nearest in meaning. `within` limits sections.
        """
        best, best_worth, best_found = likely, 0.0, None
        sections: dict[str, None] = {}
        matched: dict[str, str] = {}
        seen = 0
        for spot, (section, text) in enumerate(passages):
            if within and section not in within:
                continue
            seen += len(text)
            if seen > MOST_TEXT and spot != likely:
                continue
            found = self.spots(text)
            if found:
                sections[section] = None
                for start, end, token in found:
                    word = text[start:end]
                    # As it is written within a sentence, unless it always begins with a capital.
                    if word.islower() or token not in matched:
                        matched[token] = word
                worth = len({token for _, _, token in found}) + 0.5 * (spot == likely)
                if not _tells(text):
                    worth = _NAMED_ONLY
                if worth > best_worth:
                    best, best_worth, best_found = spot, worth, found
        if (
            passages
            and best_worth <= _NAMED_ONLY
            and (best is None or not _tells(passages[best][1]))
        ):
            telling = (n for n, (_, text) in enumerate(passages) if _tells(text))
            best, best_found = next(telling, best or 0), None
        segments = () if best is None else self.segments(passages[best][1], best_found)
        return Shown(segments, tuple(sections), matched)

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


def _tells(text: str) -> bool:
    """Whether a passage says more than a name."""
    return text.count(" ") >= SHORT - 1


def _best_start(size: int, found: Sequence[Spot], length: int) -> int:
    """Where the stretch with most different matches starts, a little before the first of them."""
    if found and found[-1][0] < (first := max(0, found[0][0] - _LEAD)) + length:
        return min(first, max(0, size - length))  # they all fit in
    best, best_worth = 0, 0.0
    for spot, (place, _, _) in enumerate(found):
        first = max(0, place - _LEAD)
        inside = [token for start, _, token in found[spot:] if start < first + length]
        worth = len(set(inside)) + 0.1 * len(inside)
        if worth > best_worth:
            best, best_worth = first, worth
    return min(best, max(0, size - length))
