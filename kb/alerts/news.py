"""News for one person, shown on the site: what happened that concerns them while they were away.

A piece of news names things by kind and address only. Titles that may become private again are not
copied into it, and names are looked up when it is shown.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, update
from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from kb.database import UtcDateTime, now

KINDS = {
    "trail-shared": "{who} shared a search trail with you",
    "list-shared": "{who} shared a reading list with you",
    "team-invited": "{who} invited you to a team",
    "search-news": "There is something new or changed in your saved search “{detail}”",
    "award-judge": "{who} asks you to judge: {detail}",
    "award-result": "There is an answer to your award entry: {detail}",
    "tried-accepted": "What you sent in as “we tried it too” is shown now",
    "tried-declined": "What you sent in as “we tried it too” was not taken: {detail}",
}
"""What each kind says; `{who}` is the name of the account it came from."""
KEPT = 200
"""How many an account keeps; the oldest go."""


class News(SQLModel, table=True):
    """One piece of news. `by` is the account that caused it; `path` is where it leads."""

    __tablename__ = "news"

    id: int | None = Field(default=None, primary_key=True)
    account_id: str = Field(index=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    kind: str
    by: str = ""
    path: str
    detail: str = ""
    read_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    def in_words(self, who: str) -> str:
        """The sentence that is shown; `who` is the name of the account `by`."""
        return KINDS[self.kind].format(who=who, detail=self.detail)


def tell(
    session: Session, account_id: object, kind: str, path: str, *, by: object = "", detail: str = ""
) -> None:
    """Tell an account something, in the session's transaction.

    The same thing, still unread, is told once: only its time and detail change.
    """
    assert kind in KINDS, kind
    row = session.exec(
        select(News).where(
            News.account_id == str(account_id),
            News.kind == kind,
            News.path == path,
            col(News.read_at).is_(None),
        )
    ).first() or News(account_id=str(account_id), kind=kind, path=path, at=now())
    row.at, row.by, row.detail = now(), str(by), detail[:500]
    session.add(row)
    session.flush()
    kept = (
        select(News.id)
        .where(News.account_id == row.account_id)
        .order_by(col(News.id).desc())
        .limit(KEPT)
    )
    session.exec(
        delete(News).where(
            col(News.account_id) == row.account_id, col(News.id).not_in(kept.subquery().select())
        )
    )


def unread(session: Session, account_id: object) -> int:
    """How many pieces of news somebody has not read."""
    return session.exec(
        select(func.count())
        .select_from(News)
        .where(News.account_id == str(account_id), col(News.read_at).is_(None))
    ).one()


def newest(session: Session, account_id: object) -> Sequence[News]:
    """All news of an account, newest first."""
    return session.exec(
        select(News)
        .where(News.account_id == str(account_id))
        .order_by(col(News.at).desc(), col(News.id).desc())
    ).all()


def one(session: Session, account_id: object, news_id: int) -> News | None:
    """One's own piece of news; None when it is another's or gone."""
    return session.exec(
        select(News).where(News.id == news_id, News.account_id == str(account_id))
    ).first()


def mark_read(session: Session, account_id: object, ids: Sequence[int] = ()) -> None:
    """From now on these count as read; without ids, all."""
    change = (
        update(News)
        .where(col(News.account_id) == str(account_id), col(News.read_at).is_(None))
        .values(read_at=now())
    )
    session.exec(change.where(col(News.id).in_(ids)) if ids else change)


def take_back(session: Session, account_id: object, path: str) -> None:
    """What the path leads to is not theirs to see any more, so nothing points there."""
    session.exec(
        delete(News).where(col(News.account_id) == str(account_id), col(News.path) == path)
    )


def personal_data(session: Session, account_id: str) -> list[dict[str, Any]]:
    """All news of an account, as plain JSON values."""
    return [row.model_dump(mode="json", exclude={"by"}) for row in newest(session, account_id)]


def erase(session: Session, account_id: str) -> None:
    """Delete all news of an account, and its name from what it caused."""
    session.exec(delete(News).where(col(News.account_id) == account_id))
    session.exec(update(News).where(col(News.by) == account_id).values(by=""))
