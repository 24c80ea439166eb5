"""What people found useful: verdicts, who may read their notes, and totals in words.

A verdict is never overwritten; of each person and record the newest counts. Totals count people
with an account, one verdict each, and tell nobody's name.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from kb.database import now
from kb.records.definition import Part
from kb.records.definition import field as part_field
from kb.records.errors import RecordNotFound
from kb.trails import teams
from kb.trails.access import Viewer, account_owner
from kb.trails.entries import checked, invalid
from kb.trails.errors import TrailReadOnly
from kb.trails.models import Annotation
from kb.trails.recorder import note_verdict
from kb.trails.service import readable
from kb.trails.shown import shown_records
from kb.trails.verdicts import counts, newest
from kb.vocabularies import vocabulary


class Verdict(Part):
    """What one person says of a record."""

    useful: str = part_field("How useful?", vocabulary="usefulness", submit=True)
    why: list[str] = part_field("Why?", default=[], vocabulary="usefulness_reasons")
    used_for: str | None = part_field("Used for", default=None, vocabulary="usefulness_uses")
    note: str = part_field("Note", long=True, max_length=5000)
    visibility: str = part_field("Who may read the note?", default="me", vocabulary="visibility")


def annotate(
    session: Session,
    viewer: Viewer,
    record_id: str,
    verdict: dict[str, Any],
    *,
    trail_id: str = "",
    query: str = "",
) -> int:
    """Keep a verdict on a record; returns its id. While the trail is open it notes it, too.

    `query` is the search on whose results the verdict was given. Raises EntryInvalid,
    RecordNotFound, TrailNotFound, TrailReadOnly.
    """
    entry = checked(Verdict, verdict)
    if not entry.useful:
        raise invalid("useful", "How useful?", "choose one")
    if record_id not in shown_records(session, [record_id]):
        raise RecordNotFound(record_id)
    if not viewer.owner:
        raise TrailReadOnly("Allow cookies or sign in, so that your verdict can be kept.")
    problems: list[str] = []
    if trail_id:
        problems = list(readable(session, trail_id, viewer).state["brief"].get("problem_types", []))
    row = Annotation(
        owner=viewer.owner,
        record_id=record_id,
        at=now(),
        useful=level(entry.useful),
        why=entry.why,
        used_for=entry.used_for,
        note=entry.note,
        # A visitor nobody knows cannot speak to others.
        visibility=entry.visibility if viewer.account else "me",
        trail_id=trail_id or None,
        problem_types=problems,
        query=query[:1000],
    )
    session.add(row)
    session.flush()
    if trail_id:
        said = entry.model_dump(exclude={"visibility"})
        note_verdict(session, trail_id, viewer, record_id, said)
    assert row.id is not None
    return row.id


def take_back(session: Session, viewer: Viewer, record_id: str) -> None:
    """Withdraw one's verdict; it no longer counts and its note is shown to nobody."""
    if verdict_of(session, viewer, record_id) is not None:
        session.add(Annotation(owner=viewer.owner, record_id=record_id, at=now()))
        session.flush()


def level(code: str) -> int:
    """The number from 0 to 3 of a code of the usefulness vocabulary."""
    return int(vocabulary("usefulness").term(code).value or 0)


def code_of(useful: int) -> str:
    """The code of a number from 0 to 3."""
    return next(term.code for term in vocabulary("usefulness") if term.value == useful)


def verdict_of(session: Session, viewer: Viewer, record_id: str) -> Annotation | None:
    """One's own verdict that counts now."""
    rows = newest(session, [record_id], owner=viewer.owner)
    return rows[0] if rows else None


def history(session: Session, viewer: Viewer, record_id: str) -> Sequence[Annotation]:
    """All one ever said of a record, newest first."""
    return session.exec(
        select(Annotation)
        .where(Annotation.owner == viewer.owner, Annotation.record_id == record_id)
        .order_by(col(Annotation.id).desc())
    ).all()


def notes(session: Session, viewer: Viewer, record_id: str) -> list[Annotation]:
    """Verdicts with a note that this person may read: their own, their team's, everybody's."""
    mates = teams.teammates(session, viewer.account) if viewer.account else set()
    owners = {account_owner(account) for account in mates}
    return [
        row
        for row in newest(session, [record_id])
        if row.note
        and (
            (viewer.owner and row.owner == viewer.owner)
            or row.visibility == "all"
            or (row.visibility == "team" and row.owner in owners)
        )
    ]


@dataclass(frozen=True)
class Totals:
    """How many people said what of one record. `problem` narrows it to those who had that one."""

    people: int = 0
    useful: dict[int, int] = field(default_factory=dict)
    why: dict[str, int] = field(default_factory=dict)
    problem: str = ""

    def in_words(self) -> str:
        """Such as '9 of 12 people working on burglary found this key; setting differed for 2'."""
        if not self.people:
            return ""
        who = "1 person" if self.people == 1 else f"{self.people} people"
        if self.problem:
            who += f" working on {_lower(vocabulary('problem_types').label(self.problem))}"
        number, found = self._most()
        share = who if number == self.people else f"{number} of {who}"
        against = [
            _AGAINST.get(
                code, _lower(vocabulary("usefulness_reasons").label(code)) + " for {n}"
            ).format(n=number)
            for code, number in sorted(self.why.items(), key=lambda item: (-item[1], item[0]))
            if _is_against(code)
        ]
        return "; ".join([f"{share} found this {found}", *against[:2]])

    def _most(self) -> tuple[int, str]:
        """The strongest thing that at least half of them said, with how many did."""
        key, useful = self.useful.get(3, 0), self.useful.get(2, 0)
        if key * 2 >= self.people:
            return key, "key"
        if (key + useful) * 2 >= self.people:
            return key + useful, "useful or key" if key else "useful"
        none = self.useful.get(0, 0)
        if none * 2 >= self.people:
            return none, "of no use"
        return self.people - none, "good to know at least"


# How a reason against is put in a sentence; {n} is how many people gave it.
_AGAINST = {
    "wrong-context": "setting differed for {n}",
    "too-thin": "too thin for {n}",
    "publicity-only": "only publicity to {n}",
    "out-of-date": "out of date for {n}",
    "duplicate": "already known to {n}",
    "broken-link": "link broken for {n}",
    "behind-login": "behind a login for {n}",
    "not-transferable": "could not be transferred for {n}",
}


def _lower(label: str) -> str:
    """A label inside a sentence; an acronym keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _is_against(code: str) -> bool:
    return "reasons-against" in vocabulary("usefulness_reasons").ancestors(code)


def totals(session: Session, ids: Iterable[str], problem: str = "") -> dict[str, Totals]:
    """Totals of these records; records nobody judged are left out.

    With a problem, only people who were working on it or on a narrower one, where there are any.
    """
    grouped: dict[str, list[Annotation]] = {}
    for row in newest(session, ids):
        if counts(row):
            grouped.setdefault(row.record_id, []).append(row)
    found = {}
    for record_id, rows in grouped.items():
        same = [row for row in rows if problem and _concerns(row.problem_types, problem)]
        found[record_id] = _total(same or rows, problem if same else "")
    return found


def _concerns(problem_types: list[str], problem: str) -> bool:
    terms = vocabulary("problem_types")
    return any(code == problem or problem in terms.ancestors(code) for code in problem_types)


def _total(rows: list[Annotation], problem: str) -> Totals:
    return Totals(
        people=len(rows),
        useful=dict(Counter(row.useful for row in rows if row.useful is not None)),
        why=dict(Counter(code for row in rows for code in row.why)),
        problem=problem,
    )
