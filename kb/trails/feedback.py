"""What verdicts give back: a nudge to the order of results, work for librarians, judgements."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from kb.trails.models import Annotation, Trail
from kb.trails.seen import seen
from kb.trails.shown import ShownRecord, shown_records
from kb.trails.usefulness import counts, newest

PRIOR_LIMIT = 0.1
"""The most that verdicts move a record, up or down, on a scale of scores from 0 to 1."""
DOUBT = 5
"""How many verdicts of no weight stand against the real ones: a few people cannot move much."""
_WORTH = {0: -1.0, 1: 0.0, 2: 0.6, 3: 1.0}
_FLAWS = ("too-thin", "publicity-only", "out-of-date", "duplicate", "broken-link", "behind-login")


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
    for row in _counted(session):
        people[row.record_id][row.useful or 0] += 1
    return {record_id: useful_prior(count) for record_id, count in people.items()}


def _counted(session: Session) -> list[Annotation]:
    return [row for row in newest(session) if counts(row)]


@dataclass(frozen=True)
class Doubted:
    """A record that people find thin or misleading, with how many gave which reason."""

    record: ShownRecord
    people: int
    doubting: int
    not_useful: int
    reasons: dict[str, int]


def doubted(session: Session, least: int = 2) -> list[Doubted]:
    """Records in which at least `least` people saw a flaw, those with the most first.

    A flaw is a reason against that lies in the record (too thin, out of date, broken link …), or
    the verdict that it is of no use. That the setting differed is nobody's fault.
    """
    grouped: dict[str, list[Annotation]] = defaultdict(list)
    for row in _counted(session):
        grouped[row.record_id].append(row)
    flawed = {
        record_id: [row for row in rows if row.useful == 0 or set(row.why) & set(_FLAWS)]
        for record_id, rows in grouped.items()
    }
    found = []
    for record_id, record in shown_records(session, flawed).items():
        rows = flawed[record_id]
        if len(rows) >= least:
            found.append(
                Doubted(
                    record=record,
                    people=len(grouped[record_id]),
                    doubting=len(rows),
                    not_useful=sum(row.useful == 0 for row in rows),
                    reasons=dict(Counter(code for row in rows for code in row.why)),
                )
            )
    return sorted(
        found, key=lambda item: (-len(flawed[item.record.id]), item.people, item.record.id)
    )


@dataclass(frozen=True)
class Judgement:
    """One line for evaluating search: for this query, this record has this grade (0 to 3)."""

    query: str
    record: str
    grade: int


def judgements(session: Session) -> Iterator[Judgement]:
    """What verdicts say about search: each query on whose results they were given.

    The query is the one noted with the verdict, else those of its trail that had shown the record
    among the first. Several people's grades for one query and record are averaged. Names nobody.
    """
    grades: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = _counted(session)
    led = _queries(session, {row.trail_id for row in rows if row.trail_id and not row.query})
    shown = shown_records(session, {row.record_id for row in rows})
    for row in rows:
        if row.record_id not in shown:
            continue
        queries = [row.query] if row.query else led[row.trail_id or "", row.record_id]
        for query in {_plain(query) for query in queries} - {""}:
            grades[query, row.record_id].append(row.useful or 0)
    for (query, record_id), given in sorted(grades.items()):
        yield Judgement(query, record_id, int(sum(given) / len(given) + 0.5))


def _queries(session: Session, trail_ids: set[str]) -> dict[tuple[str, str], list[str]]:
    """The words of the searches that had shown a record, by trail and record."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for trail in session.exec(select(Trail).where(col(Trail.id).in_(trail_ids))):
        for key, records in seen(session, trail).items():
            words = [p["value"] for p in trail.state["queries"][key]["params"] if p["name"] == "q"]
            for record_id in records:
                found[trail.id, record_id] += words
    return found


def _plain(query: str) -> str:
    return " ".join(query.casefold().split())
