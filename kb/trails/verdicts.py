"""Which verdicts count, and the nudge that they give to the order of results.

Apart from how verdicts are given, since every search reads this much.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import func
from sqlmodel import Session, col, select

from kb.trails.access import SESSION
from kb.trails.models import Annotation

PRIOR_LIMIT = 0.1
"""The most that verdicts move a record, up or down, on a scale of scores from 0 to 1."""
DOUBT = 5
"""How many verdicts of no weight stand against the real ones: a few people cannot move much."""
_WORTH = {0: -1.0, 1: 0.0, 2: 0.6, 3: 1.0}


def newest(
    session: Session, ids: Iterable[str] | None = None, *, owner: str = ""
) -> list[Annotation]:
    """The verdicts that count: the newest of each owner and record, unless taken back."""
    last = select(func.max(Annotation.id)).group_by(
        col(Annotation.owner), col(Annotation.record_id)
    )
    if ids is not None:
        last = last.where(col(Annotation.record_id).in_(list(ids)))
    if owner:
        last = last.where(Annotation.owner == owner)
    rows = session.exec(
        select(Annotation)
        .where(col(Annotation.id).in_(last), col(Annotation.useful).is_not(None))
        .order_by(col(Annotation.id).desc())
    )
    return list(rows)


def counts(verdict: Annotation) -> bool:
    """Whether a verdict counts in totals: a visitor's does not, for one person could be many."""
    return not verdict.owner.startswith(SESSION)


def counted(session: Session) -> list[Annotation]:
    """The verdicts of everybody that count in totals."""
    return [row for row in newest(session) if counts(row)]


def useful_prior(people: Mapping[int, int]) -> float:
    """How far verdicts (level 0 to 3 → number of people) move a record's score.

    Between -PRIOR_LIMIT and PRIOR_LIMIT, 0 without verdicts, and drawn towards 0 when few.

    >>> useful_prior({})
    0.0
    >>> useful_prior({3: 1}) < useful_prior({3: 10}) < PRIOR_LIMIT
    True
    """
    worth = sum(_WORTH[level] * number for level, number in people.items())
    return PRIOR_LIMIT * worth / (sum(people.values()) + DOUBT)


def priors(session: Session) -> dict[str, float]:
    """The prior of every record that people with an account judged."""
    people: dict[str, Counter[int]] = defaultdict(Counter)
    for row in counted(session):
        people[row.record_id][row.useful or 0] += 1
    return {record_id: useful_prior(count) for record_id, count in people.items()}
