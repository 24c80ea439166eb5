"""Who may read and who may write: decided here and nowhere else.

A trail or list is its owner's alone. Others read it only through a share that was not revoked: a
link (a random token, kept hashed) or their account's name on it. A role, even that of an
administrator, opens nothing.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlmodel import Session, col, or_, select

from kb.alerts import news
from kb.audit import note_change
from kb.database import now
from kb.trails.errors import TrailNotFound, TrailReadOnly
from kb.trails.models import Share

Subject = Literal["trail", "reading_list"]
SESSION = "session:"
"""How the owner mark of a visitor begins."""
ANONYMOUS = "visitor"
"""Who the audit and the log name when nobody is signed in."""


class Owned(Protocol):
    """A row that belongs to somebody."""

    id: str
    owner: str


@dataclass(frozen=True)
class Viewer:
    """Who is looking: an account if signed in, the key of the browser session, a link's token."""

    account: str = ""
    session_key: str = ""
    link_token: str = ""

    @property
    def owner(self) -> str:
        """What they own is marked with this; empty for somebody with no session at all."""
        if self.account:
            return account_owner(self.account)
        return session_owner(self.session_key) if self.session_key else ""

    @property
    def actor(self) -> str:
        """How the audit and the log name them."""
        return account_owner(self.account) if self.account else ANONYMOUS


def account_owner(account_id: object) -> str:
    """The owner mark of an account."""
    return f"account:{account_id}"


def session_owner(session_key: str) -> str:
    """The owner mark of a browser session; the key itself, which opens things, is not kept."""
    return f"{SESSION}{_hashed(session_key)}"


def _hashed(secret: str) -> str:
    # The secrets are long and random, so a plain hash cannot be guessed back.
    return hashlib.sha256(secret.encode()).hexdigest()


def can_read(session: Session, kind: Subject, subject: Owned, viewer: Viewer) -> bool:
    """Whether this person may see it."""
    return is_owner(subject, viewer) or bool(_leave(session, kind, subject.id, viewer))


def can_write(session: Session, kind: Subject, subject: Owned, viewer: Viewer) -> bool:
    """Whether this person may add to it. A link never lets anybody write."""
    return is_owner(subject, viewer) or any(
        share.may_write and share.account for share in _leave(session, kind, subject.id, viewer)
    )


def is_owner(subject: Owned, viewer: Viewer) -> bool:
    """Whether it is theirs."""
    return bool(viewer.owner) and subject.owner == viewer.owner


def need_read(session: Session, kind: Subject, subject: Owned, viewer: Viewer) -> None:
    """Raises TrailNotFound when they may not see it, in the words used when there is none."""
    if not can_read(session, kind, subject, viewer):
        raise TrailNotFound(kind.replace("_", " "), subject.id)


def need_write(session: Session, kind: Subject, subject: Owned, viewer: Viewer) -> None:
    """Raises TrailNotFound or, when they may read it but no more, TrailReadOnly."""
    need_read(session, kind, subject, viewer)
    if not can_write(session, kind, subject, viewer):
        name = kind.replace("_", " ")
        raise TrailReadOnly(f"You may read this {name} but not change it. Copy it to go on alone.")


def need_owner(session: Session, kind: Subject, subject: Owned, viewer: Viewer) -> None:
    """Raises TrailNotFound or, when it is not theirs, TrailReadOnly."""
    need_read(session, kind, subject, viewer)
    if not is_owner(subject, viewer):
        raise TrailReadOnly(f"Only its owner may do that to this {kind.replace('_', ' ')}.")


def _leave(session: Session, kind: Subject, subject_id: str, viewer: Viewer) -> Sequence[Share]:
    """The living shares through which this person may look."""
    ways = []
    if viewer.account:
        ways.append(col(Share.account) == viewer.account)
    if viewer.link_token:
        ways.append(col(Share.token_hash) == _hashed(viewer.link_token))
    if not ways:
        return []
    return session.exec(
        select(Share).where(
            Share.subject_type == kind,
            Share.subject_id == subject_id,
            col(Share.revoked_at).is_(None),
            or_(*ways),
        )
    ).all()


def share_by_link(session: Session, kind: Subject, subject: Owned, viewer: Viewer) -> str:
    """A token that lets whoever has it read; shown once, for only its hash is kept."""
    need_owner(session, kind, subject, viewer)
    token = secrets.token_urlsafe(24)
    share = Share(
        subject_type=kind, subject_id=subject.id, token_hash=_hashed(token), created_at=now()
    )
    _add(session, share, viewer, by="link")
    return token


def share_with(
    session: Session,
    kind: Subject,
    subject: Owned,
    viewer: Viewer,
    account_id: object,
    *,
    may_write: bool = False,
) -> int:
    """Let a named account read, or write too; returns the share's id. Again changes what it may."""
    need_owner(session, kind, subject, viewer)
    share = session.exec(
        select(Share).where(
            Share.subject_type == kind,
            Share.subject_id == subject.id,
            Share.account == str(account_id),
            col(Share.revoked_at).is_(None),
        )
    ).first() or Share(
        subject_type=kind, subject_id=subject.id, account=str(account_id), created_at=now()
    )
    if share.id is None:
        kind_of_news = "trail-shared" if kind == "trail" else "list-shared"
        news.tell(session, account_id, kind_of_news, _path(kind, subject.id), by=viewer.account)
    share.may_write = may_write
    return _add(session, share, viewer, by="account", account=str(account_id), write=may_write)


def _path(kind: Subject, subject_id: str) -> str:
    return f"/{'trails' if kind == 'trail' else 'lists'}/{subject_id}"


def _add(session: Session, share: Share, viewer: Viewer, **detail: object) -> int:
    session.add(share)
    session.flush()
    note_change(
        session,
        actor=viewer.actor,
        action=f"{share.subject_type}.shared",
        subject_type=share.subject_type,
        subject_id=share.subject_id,
        share=share.id,
        **detail,
    )
    assert share.id is not None
    return share.id


def shares(session: Session, kind: Subject, subject: Owned, viewer: Viewer) -> list[Share]:
    """The living shares, oldest first; for the owner only."""
    need_owner(session, kind, subject, viewer)
    return list(
        session.exec(
            select(Share)
            .where(
                Share.subject_type == kind,
                Share.subject_id == subject.id,
                col(Share.revoked_at).is_(None),
            )
            .order_by(col(Share.id))
        )
    )


def revoke(session: Session, kind: Subject, subject: Owned, viewer: Viewer, share_id: int) -> None:
    """Take a share back: the link or account sees nothing from now on. Raises TrailNotFound."""
    need_owner(session, kind, subject, viewer)
    share = session.get(Share, share_id)
    if share is None or (share.subject_type, share.subject_id) != (kind, subject.id):
        raise TrailNotFound("share", share_id)
    if share.revoked_at is None:
        share.revoked_at = now()
        session.add(share)
        if share.account:
            news.take_back(session, share.account, _path(kind, subject.id))
        note_change(
            session,
            actor=viewer.actor,
            action=f"{kind}.share_revoked",
            subject_type=kind,
            subject_id=subject.id,
            share=share_id,
        )


def drop_shares(session: Session, subject_id: str) -> None:
    """Delete every share of a trail or list that is about to go, and the news that tell of it."""
    for share in session.exec(select(Share).where(Share.subject_id == subject_id)):
        if share.account:
            kind: Subject = "trail" if share.subject_type == "trail" else "reading_list"
            news.take_back(session, share.account, _path(kind, subject_id))
        session.delete(share)
    session.flush()


def shared_with(session: Session, kind: Subject, viewer: Viewer) -> list[str]:
    """Ids of what others share with this person's account by name."""
    if not viewer.account:
        return []
    found = session.exec(
        select(Share.subject_id)
        .where(
            Share.subject_type == kind,
            Share.account == viewer.account,
            col(Share.revoked_at).is_(None),
        )
        .order_by(col(Share.id).desc())
    ).all()
    return list(dict.fromkeys(found))
