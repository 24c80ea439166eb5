"""What verdicts give back: work for librarians, and judgements of the search."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from kb.trails.models import Annotation, Trail
from kb.trails.seen import seen
from kb.trails.shown import ShownRecord, shown_records
from kb.trails.verdicts import counted

_FLAWS = ("too-thin", "publicity-only", "out-of-date", "duplicate", "broken-link", "behind-login")


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
    for row in counted(session):
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
    rows = counted(session)
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
