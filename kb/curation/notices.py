"""Mails about entries: to their author about each decision, to the reviewer about each answer."""

from sqlmodel import Session

from kb.alerts import letters
from kb.curation.models import Entry

_TO_AUTHOR = {
    "received": (
        "We have your entry",
        "Thank you for sending it in. A librarian reviews it; you are told what comes of it.",
    ),
    "changes-asked": (
        "The reviewer asks for changes",
        "Open the entry, change what is asked or answer the reviewer, and send it in again.",
    ),
    "published": (
        "Your entry is published",
        "Everybody can read it now, and search finds it within a minute.",
    ),
    "declined": (
        "Your entry was not taken in",
        "You may reply, or appeal once: another librarian then decides.",
    ),
    "commented": (
        "The reviewer wrote to you",
        "Open the entry to read it and to answer.",
    ),
}


def tell_author(session: Session, entry: Entry, what: str) -> None:
    """Tell whoever wrote it. Nobody is told of what was collected, or when the account is gone."""
    headline, advice = _TO_AUTHOR[what]
    if what == "declined" and entry.appeals:
        advice = "Another librarian decided your appeal; that decision stands."
    reason = entry.reason if what in ("changes-asked", "declined") else ""
    _send(session, entry, entry.owner, headline, reason, advice, f"contribute/{entry.id}")


def tell_reviewer(session: Session, entry: Entry, reviewer: str, what: str) -> None:
    """Tell the librarian who has claimed it what its author did."""
    headline = f"An entry of yours to review was {what}"
    _send(session, entry, reviewer, headline, "", "", f"desk/reviews/{entry.id}")


def _send(
    session: Session, entry: Entry, actor: str, headline: str, reason: str, advice: str, path: str
) -> None:
    letters.write_to(
        session,
        actor,
        headline=headline,
        title=entry.title,
        advice=advice,
        path=path,
        reason=reason,
    )
