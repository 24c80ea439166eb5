"""Searches in vain, as a list of what the collection lacks. Without the person."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from kb.database import now
from kb.directory.models import SearchGap

MOST_WORDS = 12
MOST_LETTERS = 120
KEPT_DAYS = 730
ONCE = 2
"""How often a search must have been in vain before it is shown to anybody.

A search made once may hold what only one person knows; a want of the collection comes again.
"""
_PERSONAL = re.compile(r"@|https?:|www\.|\d{5,}|\d{2,}[-/ .]\d{2,}[-/ .]\d{2,}")


def note_gap(
    session: Session, text: str, filters: Mapping[str, Iterable[str]], day: date | None = None
) -> bool:
    """Count a search that found nothing, or nothing that says it; whether it was counted.

    Nothing is kept of a search that is empty, longer than a search is wont to be, or that holds an
    e-mail address, a web address or a long number: those are about somebody, not about practice.
    What nobody has searched for in KEPT_DAYS goes when something new is counted. The caller
    commits.
    """
    plain = " ".join(text.casefold().split())
    chosen = {name: sorted(set(codes)) for name, codes in sorted(filters.items())}
    chosen = {name: codes for name, codes in chosen.items() if codes}
    if not plain or len(plain) > MOST_LETTERS or len(plain.split()) > MOST_WORDS:
        return False
    if _PERSONAL.search(plain) or not re.search(r"\w{2}", plain):
        return False
    day = day or now().date()
    key = hashlib.blake2b(json.dumps([plain, chosen]).encode(), digest_size=16).hexdigest()
    gap = session.exec(select(SearchGap).where(SearchGap.key == key)).first()
    if gap is None:
        _forget_old(session, day)
        gap = SearchGap(key=key, text=plain, filters=chosen, times=0, first_day=day, last_day=day)
    gap.times += 1
    gap.last_day = max(gap.last_day, day)
    session.add(gap)
    return True


def gaps(session: Session, limit: int = 100, *, settled: bool = False) -> list[SearchGap]:
    """What is searched for in vain, the most wanted first; those settled on request."""
    asked = (
        select(SearchGap)
        .where(SearchGap.times >= ONCE, SearchGap.settled == settled)
        .order_by(col(SearchGap.times).desc(), col(SearchGap.last_day).desc(), col(SearchGap.text))
    )
    return list(session.exec(asked.limit(limit)))


def settle(session: Session, gap_id: int, *, settled: bool = True) -> bool:
    """Mark a gap as dealt with, or open again; False when there is no such gap."""
    gap = session.get(SearchGap, gap_id)
    if gap is None:
        return False
    gap.settled = settled
    session.add(gap)
    return True


def _forget_old(session: Session, today: date) -> None:
    before = today - timedelta(days=KEPT_DAYS)
    session.exec(delete(SearchGap).where(col(SearchGap.last_day) < before))
