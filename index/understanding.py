"""What was typed, as this collection understands it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.engine import Engine
from index.fields import BODY, LABELS
from index.generation import Generation
from index.grammar import Correction, Expansion, Plan
from index.keyword import stems
from index.query import Query
from index.question import opening
from index.thesaurus import Thesaurus

MOST_CHECKED = 60  # words whose spelling is looked at


def understood(plan: Plan, query: Query, engine: Engine, generation: Generation) -> Plan:
    """The plan without the opening of a question, with other words and with corrections."""
    if query.exact:
        return plan
    if query.expand and not plan.boolean and (begun := opening(plan.words)):
        words = tuple(begun.left(plan.words))
        meaning = plan.meaning if words or plan.demanded else ""
        plan = replace(plan, words=words, opening=begun, meaning=meaning)
    expansions = engine.thesaurus().expansions(plan.words) if query.expand else ()
    corrections: tuple[Correction, ...] = ()
    if query.correct and plan.words:
        known = {spot for one in expansions for spot in range(one.start, one.end)}
        corrections = tuple(
            replace(one, means=means)
            for one in engine.speller().corrections(plan.words[:MOST_CHECKED])
            if one.place not in known and (means := _held(one.means, generation))
        )
    plan = replace(plan, expansions=expansions, corrections=corrections)
    if query.expand and corrections:
        plan = replace(plan, expansions=tuple(_with_slips(plan, engine.thesaurus())))
    return plan


def _with_slips(plan: Plan, thesaurus: Thesaurus) -> Iterator[Expansion]:
    """The equivalents of what was meant, also of terms of several words with a slip in them.

    Such a term is met by its right spelling first. A single word stays a mere correction.
    """
    slips = {correction.place for correction in plan.corrections}
    for one in thesaurus.expansions(plan.meant):
        if slips.isdisjoint(range(one.start, one.end)):
            yield one
        elif one.end - one.start > 1:
            typed, meant = (" ".join(of[one.start : one.end]) for of in (plan.words, plan.meant))
            yield replace(one, typed=typed, means=(meant, *one.means))


def _held(meant: Sequence[str], generation: Generation) -> tuple[str, ...]:
    """Those of the words that the generation in use holds."""
    reader = generation.keyword
    fields = (BODY, LABELS)
    return tuple(
        word
        for word in meant
        if any(reader.knows(field, token) for token in stems(word) for field in fields)
    )


def meaning_text(plan: Plan) -> str:
    """What is embedded: what was typed, with acronyms and misspelt words as they are known."""
    known = [
        expansion.means[0]
        for expansion in plan.expansions
        if expansion.means and expansion.typed.isupper()
    ]
    text = plan.meaning
    for correction in plan.corrections:
        text = text.replace(correction.typed, correction.means[0], 1)
    return f"{text} ({', '.join(known)})" if known else text
