"""The text that is searched, and how much each part of it counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.records import Practice

# How much a word counts where it stands. The body holds every passage and the title again.
BODY = "body"
TITLE = "title"
LABELS = "labels"
# Facets whose terms are called by words such as "help" and "what", which questions mean otherwise:
# they are found by the facet's name alone, as in aspect:who.
NAMED_ALONE = ("aspect",)
BOOSTS = {BODY: 1.0, TITLE: 0.5, LABELS: 0.3}
Places = tuple[tuple[str, float], ...]  # fields, and how much a word counts in each
EVERYWHERE: Places = tuple(BOOSTS.items())

# Words typed next to each other that stand near each other in the text count this much more.
NEAR_BOOST = 0.25
NEAR_SLOP = 2
# An equivalent from the thesaurus counts this much of the word that was typed.
EXPANSION_BOOST = 0.6
# One word of a term that the thesaurus knows, such as "farms" of "cannabis farms", counts this much
# of a word that stands for itself: alone it is mostly about something else.
PART_BOOST = 0.35
# What a misspelt word probably means counts this much of a word that was typed.
CORRECTION_BOOST = 0.8

# Words that carry no subject. Phrases and wildcards are matched on text that still has them.
STOP_WORDS = tuple(
    """a about above after again against all also am an and any are as at be because been
    before being below between both but by can could did do does doing down during each few
    for from further had has have having he her here hers herself him himself his how i if
    in into is it its itself just may me might more most must my myself no nor not now of
    off on once only or other our ours ourselves out over own same shall she should so some
    such than that the their theirs them themselves then there these they this those through
    to too under until up upon us very was we were what when where which while who whom
    whose why will with within without would you your yours yourself yourselves""".split()  # noqa: SIM905  a list of 130 quoted words is harder to read
)


@dataclass(frozen=True, slots=True)
class NamedField:
    """Text searched only when its name is typed: `author:clarke`."""

    name: str
    label: str
    values: Callable[["Practice"], Iterable[str]]


def _authors(practice: "Practice") -> Iterable[str]:
    content = practice.content
    yield from content.authors
    yield from filter(None, [content.publisher, content.contributor_organisation])
    for contact in content.contacts:
        yield from filter(None, [contact.organisation])
    for reference in content.references:
        yield reference.citation
    for partner in content.partners:
        yield partner.organisation


def _triggers(practice: "Practice") -> Iterable[str]:
    return filter(None, [practice.content.triggers])


NAMED_FIELDS = (
    NamedField("author", "Author, contact or organisation", _authors),
    NamedField("trigger", "What tells you to start", _triggers),
)
