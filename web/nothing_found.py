"""What to do when little or nothing is found: looser searches, near problems, other sites."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.classify import suggest_terms
from index.engine import default_engine
from index.loosen import FEW, NearProblem, looser, near_problems
from index.query import Query
from index.results import Results
from kb.database import session_scope
from kb.directory.gaps import note_gap
from kb.directory.models import Source
from kb.errors import KbError
from kb.trails.excluded import with_excluded
from kb.vocabularies import vocabulary
from web import urls
from web.context import Link
from web.hits import HitView, hit_view
from web.labels import Labels

_MOST_PROBLEMS = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceLink(Link):
    """A ready-made search on another site; `note` is where the source is told of."""

    id: str = ""


@dataclass(frozen=True)
class Instead:
    """Ways on: searches that leave something out, the best hits of the first, problems.

    `near` says that the problems are near to what was typed; else they are all there are.
    """

    looser: tuple[Link, ...] = ()
    best: tuple[HitView, ...] = ()
    without: str = ""
    problems: tuple[Link, ...] = ()
    near: bool = False


def instead(
    results: Results, labels: Labels, typed: Query, excluded: Sequence[str] = ()
) -> Instead:
    """What to offer beside these results; nothing when enough was found.

    `typed` is the search without the terms that a trail has `excluded`, which no link repeats.
    """
    query = results.query
    if results.total > FEW or not (query.text or query.filters):
        return Instead()
    says = default_engine().speller().can_read(typed.text)
    # Without anything that was asked for, everything would be found; for what is no word, anything.
    found = [
        (one, text)
        for one in looser(query)
        if (text := _unexcluded(one.query.text, excluded)) or one.query.filters
        if says or not typed.text
    ]
    links = tuple(
        Link(
            f"Without {one.left_out}",
            urls.search(replace(one.query, text=text)),
            _records(one.total),
        )
        for one, text in found
    )
    if len(query.filters) > 1:
        links = (*links, Link("Without any filter", urls.search_unfiltered(typed)))
    if query.mode == "keyword" and not results.total:
        by_meaning = replace(typed, mode="hybrid", exact=False, page=1)
        links = (*links, Link("By meaning too", urls.search(by_meaning)))
    near = _near(typed.text) if says and not results.total else []
    problems = [
        Link(one.label, urls.search_with(Query(), "problem", one.code), _records(one.count))
        for one in near
    ]
    if not results.total and not problems:
        problems = [
            Link(term.label, urls.search_with(Query(), "problem", term.code))
            for term in vocabulary("problem_types").children(None)
        ]
    best = found[0][0].hits if found and not results.total else ()
    return Instead(
        looser=links,
        best=tuple(hit_view(hit, labels) for hit in best),
        without=found[0][0].left_out if best else "",
        problems=tuple(problems),
        near=bool(near),
    )


def _unexcluded(text: str, excluded: Sequence[str]) -> str:
    """A text without the clauses that leave these terms out."""
    for term in excluded:
        if clause := with_excluded("", [term]):
            text = text.replace(f"NOT {clause[1:]}", "").replace(clause, "")
    return " ".join(text.split())


def _near(text: str) -> list[NearProblem]:
    """Problems near to a text; a top term such as "Crime" only where it is named."""
    terms = vocabulary("problem_types")
    kept = {one.code for one in suggest_terms(text, "problem_types")}
    tops = {term.code for term in terms.children(None)} - kept
    found = near_problems(text, limit=_MOST_PROBLEMS + len(tops))
    return [one for one in found if one.code not in tops][:_MOST_PROBLEMS]


def _records(count: int) -> str:
    return f"{count:,} record" + ("" if count == 1 else "s")


def keep_gap(query: Query) -> None:
    """Count a search in vain for the librarians, without the person; never stands in the way."""
    try:
        with session_scope(write=True) as session:
            note_gap(session, query.text, query.filters)
    except KbError as error:
        log.warning("a search in vain was not counted: %s", error)


def elsewhere(sources: Iterable[Source], text: str) -> tuple[SourceLink, ...]:
    """Other sites to try, with a ready-made search where its address is known."""
    links = []
    for source in sources:
        template = source.entry.get("search_template", "")
        href = urls.source_search(template, text) if template and text else ""
        if href and source.state in ("live", "moved", "frozen"):
            links.append(SourceLink(source.title, href, urls.source(source.id), source.id))
    return tuple(links)
