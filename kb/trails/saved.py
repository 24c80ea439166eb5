"""Saved searches, and the digests that tell what is new or changed in them.

Parameters are kept in the site's own address grammar, never an engine's. What a digest tells and
that it was told are written in one transaction, together with the mail: a crash before the commit
tells nothing and loses nothing, one after it leaves a queued mail that keeps its Message-ID.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlmodel import Session, col, select

from kb.audit import note_change
from kb.database import now
from kb.settings import settings
from kb.trails.access import Viewer, account_owner
from kb.trails.entries import QueryRun, Title, checked, invalid
from kb.trails.errors import TrailNotFound, TrailReadOnly
from kb.trails.models import SavedSearch
from kb.trails.rerun import Found, Runner
from kb.trails.shown import ShownRecord, shown_records

EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
FREQUENCIES = ("none", *EVERY)
MAX_SAVED = 200
SHOWN_IN_DIGEST = 25
"""How many records a digest names; the rest is told as a number."""
_NOT_PART = ("page", "trail")


@dataclass(frozen=True)
class Digest:
    """What is new or changed in one saved search since its owner was last told."""

    saved_id: int
    name: str
    params: list[tuple[str, str]]
    new: list[ShownRecord]
    changed: list[ShownRecord]

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.new or self.changed)


@dataclass(frozen=True)
class DigestMail:
    """A mail to queue in the transaction that made it: what `kb.alerts.mail.queue` takes.

    `unsubscribe_token` stands in the address that ends these mails without signing in.
    """

    account_id: str
    template: str
    message_id: str
    unsubscribe_token: str
    context: dict[str, Any]


def save_search(
    session: Session,
    viewer: Viewer,
    name: str,
    params: Iterable[tuple[str, str]],
    *,
    found: Found,
    frequency: str = "none",
) -> int:
    """Keep a search under a name; what it finds now counts as known. Returns its id.

    The same search saved again is changed, not doubled. Raises EntryInvalid, TrailReadOnly.
    """
    if not viewer.account:
        raise TrailReadOnly("Sign in to save searches, so that we know whom to tell.")
    name = checked(Title, {"title": name}).title
    if not name:
        raise invalid("name", "Name", "give the search a name")
    _check_frequency(frequency)
    query = urlencode(_cleaned(params))
    owned = searches(session, viewer)
    row = next((item for item in owned if item.query == query), None)
    if row is None:
        if len(owned) >= MAX_SAVED:
            raise invalid("name", "Saved searches", f"at most {MAX_SAVED}; delete one first")
        moment = now()
        row = SavedSearch(
            owner=viewer.owner,
            name=name,
            query=query,
            seen=_stamps(shown_records(session, found.ids).values()),
            seen_at=moment,
            unsubscribe_token=secrets.token_urlsafe(24),
            created_at=moment,
        )
    row.name = name
    _schedule(row, frequency)
    session.add(row)
    session.flush()
    _audit(session, row, viewer.actor, "saved_search.saved", frequency=frequency)
    assert row.id is not None
    return row.id


def _cleaned(params: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    rows = [
        {"name": name, "value": value} for name, value in params if value and name not in _NOT_PART
    ]
    return [(row.name, row.value) for row in checked(QueryRun, {"params": rows}).params]


def params_of(saved: SavedSearch) -> list[tuple[str, str]]:
    """The parameters of a saved search."""
    return parse_qsl(saved.query, keep_blank_values=True)


def _stamps(records: Iterable[ShownRecord]) -> dict[str, str]:
    return {record.id: record.stamp for record in records}


def _check_frequency(frequency: str) -> None:
    if frequency not in FREQUENCIES:
        raise invalid(
            "frequency", "How often", f"give one of {', '.join(FREQUENCIES)}", repr(frequency)[:99]
        )


def _schedule(row: SavedSearch, frequency: str) -> None:
    if frequency != row.frequency or (row.due_at is None) != (frequency == "none"):
        row.due_at = now() + EVERY[frequency] if frequency != "none" else None
    row.frequency = frequency


def searches(session: Session, viewer: Viewer) -> list[SavedSearch]:
    """One's own saved searches, oldest first."""
    if not viewer.account:
        return []
    return list(
        session.exec(
            select(SavedSearch)
            .where(SavedSearch.owner == viewer.owner)
            .order_by(col(SavedSearch.id))
        )
    )


def own(session: Session, viewer: Viewer, saved_id: int) -> SavedSearch:
    """One's own saved search, held until the transaction ends. Raises TrailNotFound."""
    row = _locked(session, saved_id)
    if row is None or not viewer.account or row.owner != viewer.owner:
        raise TrailNotFound("saved search", saved_id)
    return row


def _locked(session: Session, saved_id: int) -> SavedSearch | None:
    return session.exec(
        select(SavedSearch)
        .where(SavedSearch.id == saved_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def change(
    session: Session, viewer: Viewer, saved_id: int, *, name: str = "", frequency: str = ""
) -> None:
    """Rename a saved search, or say how often to be told. Raises TrailNotFound, EntryInvalid."""
    row = own(session, viewer, saved_id)
    if name:
        row.name = checked(Title, {"title": name}).title or row.name
    if frequency:
        _check_frequency(frequency)
        _schedule(row, frequency)
        _audit(session, row, viewer.actor, "saved_search.changed", frequency=frequency)
    session.add(row)
    session.flush()


def remove(session: Session, viewer: Viewer, saved_id: int) -> None:
    """Delete a saved search. Raises TrailNotFound."""
    row = own(session, viewer, saved_id)
    _audit(session, row, viewer.actor, "saved_search.deleted")
    session.delete(row)
    session.flush()


def unsubscribe(session: Session, token: str) -> str | None:
    """End the mails of the saved search with this token; returns its name, None if unknown.

    The search itself stays. Doing it twice does no harm.
    """
    row = session.exec(select(SavedSearch).where(SavedSearch.unsubscribe_token == token)).first()
    if row is None:
        return None
    if row.frequency != "none":
        _schedule(row, "none")
        session.add(row)
        session.flush()
        _audit(session, row, row.owner, "saved_search.unsubscribed")
    return row.name


def _audit(session: Session, row: SavedSearch, actor: str, action: str, **detail: str) -> None:
    note_change(
        session,
        actor=actor,
        action=action,
        subject_type="saved_search",
        subject_id=str(row.id),
        **detail,
    )


def due(session: Session, at: datetime | None = None) -> list[int]:
    """Ids of the saved searches whose owners are to be told now, the longest overdue first."""
    found = session.exec(
        select(SavedSearch.id)
        .where(col(SavedSearch.due_at).is_not(None), col(SavedSearch.due_at) <= (at or now()))
        .order_by(col(SavedSearch.due_at), col(SavedSearch.id))
    )
    return [saved_id for saved_id in found if saved_id is not None]


def news(session: Session, saved: SavedSearch, found: Found) -> Digest:
    """What a search finds now that its owner was not told of; changes nothing."""
    shown = shown_records(session, found.ids)
    listed = [shown[record_id] for record_id in found.ids if record_id in shown]
    assert saved.id is not None
    return Digest(
        saved_id=saved.id,
        name=saved.name,
        params=params_of(saved),
        new=[record for record in listed if record.id not in saved.seen],
        changed=[
            record for record in listed if saved.seen.get(record.id, record.stamp) != record.stamp
        ],
    )


def digest(
    session: Session, saved_id: int, run: Runner, at: datetime | None = None
) -> DigestMail | None:
    """The mail that a due search calls for, counted as told in the session's transaction.

    The caller queues the mail in the same transaction, so that both are kept or neither. None when
    it is not due any more (another process took it) or nothing is new; then it is due again after
    its usual time.
    """
    moment = at or now()
    row = _locked(session, saved_id)
    if row is None or row.due_at is None or row.due_at > moment:
        return None
    told = mark_seen(session, row, run(params_of(row)), moment)
    row.due_at = moment + EVERY[row.frequency]
    if told.any:
        row.digests += 1
    session.add(row)
    session.flush()
    return _mail(row, told) if told.any else None


def mark_seen(session: Session, row: SavedSearch, found: Found, at: datetime) -> Digest:
    """What is new, which from now on counts as told.

    What a search no longer finds stays known: should it come back as it was, it is no news.
    """
    told = news(session, row, found)
    row.seen = {**row.seen, **_stamps(told.new), **_stamps(told.changed)}
    row.seen_at = at
    session.add(row)
    session.flush()
    return told


def _mail(row: SavedSearch, told: Digest) -> DigestMail:
    domain = settings().mail_from.rpartition("@")[2]
    return DigestMail(
        account_id=row.owner.removeprefix(account_owner("")),
        template="digest",
        message_id=f"<search-{row.id}-{row.digests}-{row.unsubscribe_token[:8]}@{domain}>",
        unsubscribe_token=row.unsubscribe_token,
        context={
            "name": row.name,
            "query": row.query,
            "frequency": row.frequency,
            "new": [_line(record) for record in told.new[:SHOWN_IN_DIGEST]],
            "changed": [_line(record) for record in told.changed[:SHOWN_IN_DIGEST]],
            "new_count": len(told.new),
            "changed_count": len(told.changed),
        },
    )


def _line(record: ShownRecord) -> dict[str, str]:
    return {"id": record.id, "title": record.title}
