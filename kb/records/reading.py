"""Reading records from the store, and who may see them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from kb.records.errors import RecordNotFound
from kb.records.models import Record
from kb.records.practice import PracticeIn
from kb.vocabularies import vocabulary


@dataclass(frozen=True)
class Practice:
    """A record as read from the store."""

    id: str
    version: int
    state: str
    restricted: bool
    door: str
    content: PracticeIn
    completeness: int
    stamp: str
    superseded_by: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def visible(self) -> bool:
        """Whether everybody may see it."""
        return is_visible(self.state, self.restricted)


def _visible_states() -> list[str]:
    return [term.code for term in vocabulary("workflow_states") if term.flag("seen_by_all")]


def is_visible(state: str, restricted: bool) -> bool:
    """Whether a record in this state may be seen by everybody."""
    return not restricted and bool(vocabulary("workflow_states").term(state).flag("seen_by_all"))


def _practice(row: Record) -> Practice:
    return Practice(
        id=row.id,
        version=row.version,
        state=row.state,
        restricted=row.restricted,
        door=row.door,
        content=PracticeIn.from_snapshot(row.content),
        completeness=row.completeness,
        stamp=row.stamp,
        superseded_by=row.superseded_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def get(session: Session, record_id: str) -> Practice:
    """One record, whatever its state. Raises RecordNotFound."""
    row = session.get(Record, record_id)
    if row is None:
        raise RecordNotFound(record_id)
    return _practice(row)


def load(session: Session, ids: Iterable[str]) -> Iterator[Practice]:
    """The records with these ids that exist, in the order asked for."""
    wanted = list(ids)
    for start in range(0, len(wanted), 200):
        part = wanted[start : start + 200]
        rows = {row.id: row for row in session.exec(select(Record).where(col(Record.id).in_(part)))}
        for record_id in part:
            if record_id in rows:
                yield _practice(rows[record_id])
        session.expunge_all()


def stamps(session: Session) -> dict[str, str]:
    """Id and stamp of every record that everybody may see: what the index should hold."""
    shown = _visible_states()
    rows = session.exec(
        select(Record.id, Record.stamp).where(
            col(Record.state).in_(shown), col(Record.restricted).is_(False)
        )
    )
    return dict(rows.all())


def state_of(session: Session, record_id: str) -> str | None:
    """The workflow state of a record; None when there is none with that id."""
    row = session.get(Record, record_id) if record_id else None
    return row.state if row is not None else None


def count(session: Session) -> int:
    """How many records there are, in whatever state."""
    return session.exec(select(func.count()).select_from(Record)).one()


def count_shown(session: Session) -> int:
    """How many records everybody may see."""
    shown = col(Record.state).in_(_visible_states()), col(Record.restricted).is_(False)
    return session.exec(select(func.count()).select_from(Record).where(*shown)).one()


def latest(session: Session, count: int) -> list[Practice]:
    """The records most lately made, newest first; unchecked ones only when there is no other."""
    checked = _latest(session, count, ["published"])
    return checked or _latest(session, count, _visible_states())


def _latest(session: Session, count: int, shown: list[str]) -> list[Practice]:
    rows = session.exec(
        select(Record)
        .where(col(Record.state).in_(shown), col(Record.restricted).is_(False))
        .order_by(col(Record.created_at).desc(), col(Record.id))
        .limit(count)
    )
    return [_practice(row) for row in rows]
