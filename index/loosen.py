"""When a search finds little: the same without one of its demands, and problems that are near.

Nothing is loosened behind anybody's back: what was asked for keeps its own total, and each looser
search says what it leaves out.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from index.classify import suggest_terms
from index.engine import Engine, default_engine
from index.facets import FACET
from index.grammar import parse
from index.query import Query
from index.results import Hit
from index.search import found_ids, search
from kb.errors import KbError

FEW = 3  # records; with fewer, looser searches are worth their time
MOST_TRIED = 8
SHOWN = 5
_NEIGHBOURS = 20  # records that have a say in which problems are near


@dataclass(frozen=True, slots=True)
class Looser:
    """The search without one demand: what it leaves out, how many it finds, and the best."""

    left_out: str
    query: Query
    total: int
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class NearProblem:
    """A problem that what was typed is near to: its code, its name and how many records have it."""

    code: str
    label: str
    count: int


def looser(query: Query, engine: Engine | None = None) -> tuple[Looser, ...]:
    """The search without each of its demands in turn, those that find most first.

    Only what finds more than the search itself is given. When leaving out one demand is not
    enough, the most fruitful is left out and the others are tried on what is left. The first
    comes with its best records. Raises as `search` does.
    """
    engine = engine or default_engine()
    least = len(found_ids(query, engine=engine))
    found: list[Looser] = []
    tried: list[Looser] = [Looser("", query, least)]
    for _ in range(3):  # one demand, then two, then three
        start = tried[0]
        tried = []
        for left_out, variant in _without_one(start.query, engine):
            shown = f"{start.left_out}, {left_out}" if start.left_out else left_out
            total = len(found_ids(variant, engine=engine))
            tried.append(Looser(shown, variant, total))
        tried.sort(key=lambda one: -one.total)
        found = [one for one in tried if one.total > least]
        if found or not tried:
            break
    if not found:
        return ()
    best = search(replace(found[0].query, page=1, per_page=SHOWN), engine)
    return (replace(found[0], hits=best.hits), *found[1:])


def _without_one(query: Query, engine: Engine) -> Iterator[tuple[str, Query]]:
    """The search without each demand of its text and each filter, not more than a few."""
    variants: list[tuple[str, Query]] = []
    first = replace(query, page=1)
    for part, rest in engine.parts(query.text, exact=query.exact):
        variants.append((part, replace(first, text=rest)))
    for name, codes in query.filters.items():
        if name in FACET and codes:
            labels = " or ".join(FACET[name].label_of(code) for code in codes)
            variants.append((f"{FACET[name].label}: {labels}", query.without_filter(name)))
    if query.exact:
        variants.append(("exact words only", replace(first, exact=False)))
    yield from variants[:MOST_TRIED]


def near_problems(text: str, limit: int = 5, engine: Engine | None = None) -> list[NearProblem]:
    """Problems that the words name, then those of the records nearest in meaning.

    None of them when no word of the text, names of fields aside, is one; only problems that some
    record is about.
    """
    engine = engine or default_engine()
    columns, layout = engine.generation().columns, engine.generation().keyword.layout
    text = parse(text, layout.names, layout.sections).meaning
    if "problem" not in columns.facets or not engine.speller().can_read(text):
        return []
    named = [one.code for one in suggest_terms(text, "problem_types", most=limit)]
    votes: Counter[str] = Counter()
    for number in _nearest(text, engine):
        codes = columns.facets["problem"].row(number)
        votes.update({columns.codes["problem"][place]: 1 / len(codes) for place in codes})
    near = [code for code, _ in votes.most_common()]
    counts = dict(zip(columns.codes["problem"], _counts(engine), strict=True))
    return [
        NearProblem(code, FACET["problem"].label_of(code), counts[code])
        for code in dict.fromkeys((*named, *near))
        if counts.get(code)
    ][:limit]


def _counts(engine: Engine) -> list[int]:
    columns = engine.generation().columns
    return [int(count) for count in columns.counts("problem", columns.alive)]


def _nearest(text: str, engine: Engine) -> list[int]:
    """Numbers of the records nearest in meaning, however far they are; none without a model."""
    try:
        likeness = engine.likeness(text)
    except KbError:
        return []
    similar = np.where(engine.generation().columns.alive, likeness.similar, -1)
    order = np.argsort(-similar, kind="stable")[:_NEIGHBOURS]
    return [int(number) for number in order if similar[number] > 0]
