"""Which records the plain words of a search find, and what they score by them.

They are taken strictly first: records that have every one of them. Where too few do, one word fewer
is asked for, and so on, which is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.columns import Mask
from index.compile import RUNNING, Compiled
from index.engine import Engine
from index.fields import LABELS, TITLE
from index.fuse import HANDFUL
from index.grammar import Plan
from index.keyword import KeywordReader, Scores, stems
from index.query import Query
from index.results import Strictness
from index.tally import nearby, tally

# With fewer records that have every word typed, one word fewer is asked for, and so on.
ENOUGH = 50
# How much of its score a record would lose for lacking all words of a short search, so that one
# rare word in a title does not win over all of them. From .2 on short CACM queries begin to lose.
LACKING = np.float32(0.2)
# A word that a greater share of the records has, such as "police", does not find one by itself
# where it was typed with others.
SAID_BY_MANY = 0.3


@dataclass(frozen=True, slots=True)
class ByWords:
    """Which records plain words find, and how strictly; `scores` gives every record's score.

    What the scores take may still be looked for until they are asked for.
    """

    found: Mask
    strictness: Strictness | None
    scores: Callable[[], Scores]


def by_words(
    asked: Compiled,
    plan: Plan,
    query: Query,
    engine: Engine,
    reader: KeywordReader,
    required: Mask,
    scores: Scores,
) -> ByWords:
    """What the plain words find among the records `required`, whose `scores` theirs are added to.

    Raises what the index raises, as `scores` of what is given back does.
    """
    if not asked.of:
        return ByWords(required & (asked.required is not None), None, lambda: scores)
    counted = tally(asked, reader, len(required))
    held = np.where(required, counted.held, 0)
    strictness, needed, found = None, 0, held > 0
    few = 1 < asked.of < RUNNING
    if few:
        strictness = None if query.any_words else _strictness(held, asked, reader)
        needed = strictness.needed if strictness else 1
        found = held >= needed
        common = _said_by_many(asked, reader) if strictness and needed == 1 else []
        if strictness and common:
            others = held.copy()
            for tokens in common:
                others -= _having(tokens, asked, reader, len(held))
            found &= others > 0
            many = {token for tokens in common for token in tokens}
            alone = tuple(word for word in plan.meant if not many.isdisjoint(stems(word)))
            strictness = replace(strictness, alone=alone, any_left=bool(found.any()))
    elif asked.of >= RUNNING:
        found = counted.telling & required
    lift = engine.begin(nearby, asked, reader, needed) if asked.nearby is not None else None

    def whole() -> Scores:
        whole = scores + counted.scores
        if lift is not None:
            numbers, more = lift.result()
            whole[numbers] += more
        return lowered(whole, held, asked.of) if few else whole

    return ByWords(found, strictness, whole)


def _said_by_many(asked: Compiled, reader: KeywordReader) -> list[tuple[str, ...]]:
    """Which of the plain words very many records have, as the stems that any of will do for each.

    None where there is no other word.
    """
    if len(reader) < HANDFUL or asked.required is not None:
        return []
    many = SAID_BY_MANY * len(reader)
    common = [
        tokens
        for tokens in dict.fromkeys(_words(asked))
        if sum(len(reader.scores(token, asked.places)[0]) for token in tokens) > many
    ]
    return common if len(common) < asked.of else []


def _words(asked: Compiled) -> list[tuple[str, ...]]:
    """The plain words, each as the stems that any of will do for it."""
    words: list[tuple[str, ...]] = [(token,) for token in asked.stems]
    return words + [tokens for term in asked.terms for tokens in term.words]


def _having(tokens: Sequence[str], asked: Compiled, reader: KeywordReader, size: int) -> Mask:
    """The records that have any of these stems."""
    mask = np.zeros(size, np.bool_)
    for token in tokens:
        mask[reader.scores(token, asked.places)[0]] = True
    return mask


def lowered(scores: Scores, held: NDArray[np.int64], of: int) -> Scores:
    """Scores made less for each of the `of` plain words that a record lacks, given what it has."""
    share = held.astype(np.float32) / np.float32(of)
    return np.asarray(scores * (1 - LACKING * (1 - share)), np.float32)


def _strictness(held: NDArray[np.int64], asked: Compiled, reader: KeywordReader) -> Strictness:
    """The most of the plain words that can be asked for so that enough records are left.

    `held` says how many of them each record has.
    """
    of = asked.of
    # From the most words on: who has three has two.
    having = np.bincount(held, minlength=of + 1)[::-1].cumsum()[::-1][1 : of + 1].tolist()
    enough = [least for least, count in enumerate(having, 1) if count >= ENOUGH]
    needed = max(enough, default=1)
    # Said only where a word fewer will do, and then few have every word.
    like = having[-1] - _saying(held, asked, reader) if needed < of and having[-1] else 0
    return Strictness(of, needed, having[-1], having[0], like=like)


def _saying(held: NDArray[np.int64], asked: Compiled, reader: KeywordReader) -> int:
    """How many of the records that have all words have each of them in their text.

    The others have one by another word for it, or by a tag.
    """
    words = _words(asked)
    if not all(words):  # words like "who", looked for as they are
        return int(np.count_nonzero(held >= asked.of))
    # The whole text holds the title too; nothing but names of tags stands outside of both.
    fields = [name for name, _ in asked.places if name not in (LABELS, TITLE)]
    every = [
        reader.any_of([reader.term(name, token) for name in fields for token in tokens])
        for tokens in words
    ]
    numbers, _ = reader.run(reader.unscored(reader.all_of(every)))
    return int(np.count_nonzero(held[numbers] >= asked.of))
