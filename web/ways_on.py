"""What to read after a record: others like it, other responses, other problems."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from index.related import Kin, Related, kin
from kb.errors import KbError
from kb.records import Practice
from web import listings, urls
from web.context import Link

MOST = 4  # records in each list on a page
MOST_TERMS = 3  # named of each


@dataclass(frozen=True)
class WayOn:
    """Records to read next, each with what it shares or how it differs."""

    id: str
    title: str
    links: tuple[Link, ...]


def shown_kin(session: Session, record_id: str, limit: int) -> Kin:
    """Records like one that everybody may see. Raises as opening the index does."""
    found = kin(record_id, limit)
    every = (*found.like, *found.other_responses, *found.other_problems)
    kept = listings.titles(session, [one.id for one in every])

    def shown(listed: Iterable[Related]) -> tuple[Related, ...]:
        return tuple(one for one in listed if one.id in kept)

    return Kin(shown(found.like), shown(found.other_responses), shown(found.other_problems))


def ways_on(session: Session, practice: Practice) -> tuple[WayOn, ...]:
    """The lists that hold anything; none while there is no index.

    Where a record does not tell its own response or problem, no other is called different.
    """
    try:
        found = shown_kin(session, practice.id, MOST)
    except KbError:
        return ()
    has = practice.content.codes
    ways = (
        WayOn("like", "Records like this one", _links(found.like, _shared)),
        WayOn(
            "other-responses",
            "Similar problem, different response"
            if has("response_types")
            else "What others did about this problem",
            _links(found.other_responses, lambda one: _own("Response", one)),
        ),
        WayOn(
            "other-problems",
            "Same response, other problem"
            if has("problem_types")
            else "The same response elsewhere",
            _links(found.other_problems, lambda one: _own("Problem", one)),
        ),
    )
    return tuple(way for way in ways if way.links)


def _links(listed: Iterable[Related], note: Callable[[Related], str]) -> tuple[Link, ...]:
    return tuple(Link(one.title, urls.record(one.id), note(one)) for one in listed)


def _shared(one: Related) -> str:
    return f"Both: {', '.join(one.why)}" if one.why else ""


def _own(name: str, one: Related) -> str:
    more = ", and more" if len(one.differs) > MOST_TERMS else ""
    return f"{name}: {', '.join(one.differs[:MOST_TERMS])}{more}"
