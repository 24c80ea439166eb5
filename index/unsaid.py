"""What was typed that no record says, so that near things are not taken for an answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.compile import RUNNING
from index.facets import FACET
from index.fields import BODY, TITLE
from index.fuse import NAMES
from index.grammar import Expansion, Plan
from index.keyword import KeywordReader, stems
from index.ranking import Ranking
from index.results import NONE_HAS_ALL, Strictness, quoted
from index.snippet import Highlighter

NEAR_ONLY = "What is shown is near in meaning only, and may be about something else."


@dataclass(frozen=True, slots=True)
class Told:
    """What to say of a search; `in_vain` when what is found is near to what was typed at most."""

    notes: tuple[str, ...]
    in_vain: bool


def told_of(ranking: Ranking, reader: KeywordReader, best: Sequence[Mapping[str, Any]]) -> Told:
    """The notes of a ranking with those on what neither the collection nor the best records say.

    A record tagged "Wildlife crime" is found for "hare coursing", but does not speak of it. `best`
    are the payloads of the first records; empty where others are shown.
    """
    notes, strictness = list(ranking.notes), ranking.strictness
    if strictness and ranking.mode == "semantic":  # words found none of these
        notes = [note for note in notes if note != strictness.note]
        strictness = None
    words, terms = _words(ranking, reader), list(_terms(ranking, best))
    missing = [note for note, _ in terms]
    if words:
        missing.insert(0, _unsaid(words, strictness))
    if strictness and (words or (terms and strictness.every)):
        # What is missing says it already, or better: it counts those that only a tag brings.
        notes = [note for note in notes if note != strictness.note]
    if words:
        notes = [note for note in notes if note != NONE_HAS_ALL]
    if near_only := _near_only(ranking):
        missing.append(NEAR_ONLY)
    if not missing:
        missing += _mostly_near(ranking)
    untagged = [note for note, tagged in terms if not tagged]
    nothing = bool(terms) and len(untagged) == len(_subjects(ranking.plan))
    return Told((*notes, *missing), not len(ranking.order) or near_only or nothing)


def _unsaid(words: Sequence[str], strictness: Strictness | None) -> str:
    """What to say of words that stand in no record, and of what is shown all the same."""
    missing = sum(len(stems(word)) for word in words)
    return f"No record says {quoted(words)}{strictness.without(missing) if strictness else ''}."


def _words(ranking: Ranking, reader: KeywordReader) -> list[str]:
    """Words that stand in no record; those of terms are told of with the whole term."""
    plan = ranking.plan
    if len(plan.words) >= RUNNING or (ranking.strictness and not ranking.strictness.some):
        return []
    told = {place for one in plan.expansions for place in range(one.start, one.end)}
    told |= {one.place for one in plan.corrections}
    return [
        word
        for place, word in enumerate(plan.words)
        if place not in told
        and (tokens := stems(word))
        and not any(reader.knows(field, token) for token in tokens for field in (BODY, TITLE))
    ]


def _terms(ranking: Ranking, best: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Notes on terms of the thesaurus that no record shown has, by this name or another.

    With each, whether records shown are tagged with what the term is about.
    """
    for term in _subjects(ranking.plan) if best else ():
        names = Highlighter((), (term.typed, *term.means))
        if any(names.spots(text) for payload in best for text in _texts(payload)):
            continue
        tags = dict.fromkeys(
            FACET[name].label_of(code)
            for name, code in term.codes
            for payload in best
            if code in FACET[name].expanded(payload["card"].get("facets", {}).get(name, ()))
        )
        nearest = (
            f"those tagged {quoted(tags)} come nearest" if tags else "they are only the nearest"
        )
        name = " ".join(ranking.plan.meant[term.start : term.end])
        note = f"No record shown here says “{name}” or another name for it; {nearest}."
        yield note, bool(tags)


def _subjects(plan: Plan) -> Sequence[Expansion]:
    """The terms that are about something, as "mum" is not beside "scam calls"; else all of them."""
    return [term for term in plan.expansions if term.codes] or plan.expansions


def _texts(payload: Mapping[str, Any]) -> Iterator[str]:
    yield payload["title"]
    yield from (text for _, text in payload["passages"])


def _mostly_near(ranking: Ranking) -> Iterator[str]:
    """A note where a name of a word or two is in few records, and more are only near to it."""
    plan, having = ranking.plan, int(ranking.by_words[ranking.order].sum())
    loosened = ranking.strictness and ranking.strictness.loosened
    if ranking.mode != "hybrid" or not 0 < len(plan.words) <= NAMES or loosened:
        return
    rest = len(ranking.order) - having
    if 0 < having < rest:
        name, other = " ".join(plan.meant), " or another name for it" * bool(plan.expansions)
        one = having == 1
        has = "Only one record has" if one else f"Only {having} records have"
        where = f"in {'its' if one else 'their'} text or tags"
        more = f"{rest} more are near in meaning, perhaps of other things"
        yield f"{has} “{name}”{other} {where}; {more}."


def _near_only(ranking: Ranking) -> bool:
    typed = ranking.mode == "hybrid" and bool(ranking.plan.words)
    return typed and bool(len(ranking.order)) and not ranking.by_words.any()
