"""What was typed that no record says, so that near things are not taken for an answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from index.compile import RUNNING
from index.fields import BODY, TITLE
from index.keyword import KeywordReader, stems
from index.ranking import Ranking
from index.snippet import Highlighter

NEAR_ONLY = "What is shown is near in meaning only, and may be about something else."


def notes_on(
    ranking: Ranking, reader: KeywordReader, best: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """The notes of a ranking with those on what neither the collection nor the best records say.

    A record tagged "Wildlife crime" is found for "hare coursing", but does not speak of it. `best`
    are the payloads of the first records; empty where others are shown.
    """
    notes = list(ranking.notes)
    missing = [*_words(ranking, reader), *_terms(ranking, best)]
    if missing and ranking.strictness and ranking.strictness.every:
        # It counts records that have the words only in names of their tags.
        notes = [note for note in notes if note != ranking.strictness.note]
    return (*notes, *missing, *_near_only(ranking))


def _words(ranking: Ranking, reader: KeywordReader) -> Iterator[str]:
    """Words that stand in no record; those of terms are told of with the whole term."""
    plan = ranking.plan
    if len(plan.words) >= RUNNING or (ranking.strictness and not ranking.strictness.some):
        return
    told = {place for one in plan.expansions for place in range(one.start, one.end)}
    told |= {one.place for one in plan.corrections}
    missing = [
        word
        for place, word in enumerate(plan.words)
        if place not in told
        and (tokens := stems(word))
        and not any(reader.knows(field, token) for token in tokens for field in (BODY, TITLE))
    ]
    if missing:
        yield f"No record says {' or '.join(f'“{word}”' for word in missing)}."


def _terms(ranking: Ranking, best: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Terms of the thesaurus that no record shown has, by this name or another."""
    for term in ranking.plan.expansions if best else ():
        names = Highlighter((), (term.typed, *term.means))
        if not any(names.spots(text) for payload in best for text in _texts(payload)):
            yield (
                f"No record shown here says “{term.typed}” or another name for it: "
                "these are only the nearest."
            )


def _texts(payload: Mapping[str, Any]) -> Iterator[str]:
    yield payload["title"]
    yield from (text for _, text in payload["passages"])


def _near_only(ranking: Ranking) -> Iterator[str]:
    typed = ranking.mode == "hybrid" and ranking.plan.words
    if typed and len(ranking.order) and not ranking.by_words.any():
        yield NEAR_ONLY
