"""What was typed, as the search page tells of it: in short, with slips and other words for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from index.results import Results
from web.filters import clipped

_SHORT = 120  # letters of what was typed in a heading
_LONG_WORD = 40


@dataclass(frozen=True)
class Expanded:
    """Words that were searched for as well as those typed."""

    typed: str
    means: str


def in_short(text: str) -> str:
    """What was typed, for a heading: what stands there over and over once, long words cut.

    >>> in_short("x x x x burglary")
    'x burglary'
    """
    words = (word for word, _ in groupby(text.split()))
    return clipped(" ".join(clipped(word, _LONG_WORD) for word in words), _SHORT)


def expanded(results: Results) -> tuple[Expanded, ...]:
    """Other words that were searched for, for what was typed or, in place of a slip, meant."""
    return _each_once(_expanded(results))


def _expanded(results: Results) -> Iterator[Expanded]:
    for item in results.expansions:
        words = item.typed.split()
        for slip in results.corrections:
            if item.start <= slip.place < item.end:
                words[slip.place - item.start] = slip.means[0]
        meant = " ".join(words)
        # The right spelling itself is told of with the slip.
        if others := [text for text in item.means if text != meant]:
            yield Expanded(meant, ", ".join(others))


def corrected(results: Results) -> tuple[Expanded, ...]:
    """Misspelt words with what they may mean; those that stand side by side as one phrase."""
    return _each_once(_corrected(results))


def _corrected(results: Results) -> Iterator[Expanded]:
    for _, run in groupby(enumerate(results.corrections), lambda one: one[1].place - one[0]):
        side = [one for _, one in run]
        typed = " ".join(one.typed for one in side)
        if len(side) == 1:
            yield Expanded(typed, " or ".join(side[0].means))
        else:
            yield Expanded(typed, " ".join(one.means[0] for one in side))


def _each_once(told: Iterable[Expanded]) -> tuple[Expanded, ...]:
    """What is told of words of a search, each once however often it was typed."""
    return tuple({(one.typed.lower(), one.means): one for one in told}.values())
