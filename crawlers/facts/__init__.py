"""What a text states: costs, dates, places, organisations and whom to ask.

    facts = facts_of(document.text)

Everything comes with how sure it is and where it stands. A person checks it; nothing is published
by itself, and what may be personal (names, addresses, numbers) stands in no other field.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawlers.contacts import without_contacts
from crawlers.facts.costs import costs_in
from crawlers.facts.elsewhere import own_parts
from crawlers.facts.evaluators import evaluators_in
from crawlers.facts.found import (
    Facts,
    PersonFound,
    RoleFound,
    Sentence,
    passage_of,
    sentences_with_places,
)
from crawlers.facts.funding import funding_in
from crawlers.facts.gazetteer import Gazetteer, KnownPlace
from crawlers.facts.organisations import organisations_in
from crawlers.facts.periods import dates_in
from crawlers.facts.places import places_in
from crawlers.facts.roles import roles_in
from crawlers.facts.taking_part import taking_part
from kb.named_people import named_people

_NAMED = 0.8
_MOST_PEOPLE = 50
_MOST_LETTERS = 120_000  # about fifty pages; what a practice cost stands in none behind them


@dataclass(frozen=True, slots=True)
class Known:
    """Names that the store has: of organisations, and of places."""

    organisations: tuple[str, ...] = ()
    places: tuple[KnownPlace, ...] = ()


def facts_of(text: str, known: Known | None = None) -> Facts:
    """Everything that a text states, with names that the store knows counted as sure."""
    known = known or Known()
    sentences = list(sentences_with_places(text[:_MOST_LETTERS]))
    gazetteer = Gazetteer(known.places)
    organisations = organisations_in(sentences, gazetteer, known.organisations)
    own = list(own_parts(sentences, gazetteer))
    funding, evaluators = funding_in(sentences), evaluators_in(sentences, organisations)
    roles = roles_in(sentences, organisations)
    return Facts(
        costs=[replace(one, item=without_contacts(one.item)) for one in costs_in(sentences)],
        dates=dates_in(own),
        places=places_in(own, gazetteer, organisations),
        organisations=taking_part(organisations, sentences, funding, evaluators),
        role_contacts=roles,
        funding=funding,
        evaluators=evaluators,
        people=_people(text, sentences, roles),
    )


def _people(
    text: str, sentences: Sequence[Sentence], roles: Sequence[RoleFound]
) -> list[PersonFound]:
    """Each person that is named, once; those who are named with a role too."""
    found: dict[str, PersonFound] = {}
    for sentence in sentences:
        for one in named_people(sentence.text):
            person = PersonFound(
                confidence=_NAMED,
                passage=passage_of(sentence.text),
                start=sentence.start + one.start,
                end=sentence.start + one.end,
                name=one.name,
            )
            found.setdefault(one.name, person)
    for role in roles:
        start = text.find(role.person)
        if role.person and start >= 0 and not any(role.person in name for name in found):
            found[role.person] = PersonFound(
                confidence=_NAMED,
                passage=role.passage,
                start=start,
                end=start + len(role.person),
                name=role.person,
            )
    return list(found.values())[:_MOST_PEOPLE]


__all__ = ["Facts", "Known", "facts_of"]
