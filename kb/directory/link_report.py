"""What a librarian has to look after: addresses that moved or failed twice, by source."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from kb.directory.links import STATES, LinkCheck, Named, named_links


@dataclass(frozen=True, slots=True)
class Trouble:
    """An address that a person may want to look at: flagged, moved, or with new words."""

    url: str
    state: str
    reason: str
    moved_to: str
    archive: str
    """Where a copy stands or may stand; "" when archives were asked and have none."""
    copied_at: datetime | None
    """The moment of the copy that an archive was found to have."""
    since: datetime | None
    checked_at: datetime
    named_by: tuple[Named, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "url": self.url,
            "state": self.state,
            "reason": self.reason,
            "moved_to": self.moved_to,
            "archive": self.archive,
            "copied_at": self.copied_at and self.copied_at.isoformat(timespec="seconds"),
            "since": self.since and self.since.isoformat(timespec="seconds"),
            "checked_at": self.checked_at.isoformat(timespec="seconds"),
            "named_by": [{"kind": who.kind, "id": who.id} for who in self.named_by],
        }


@dataclass(frozen=True)
class Report:
    """How links are doing: number by state, and what needs a person, by source ("" for none).

    `changed` are addresses whose text has changed between the last two looks: no trouble, and yet
    what a record says of such a page may no longer be so.
    """

    named: int
    states: dict[str, int]
    troubles: dict[str, list[Trouble]]
    changed: list[Trouble]


def report(session: Session) -> Report:
    """How every address is that records and sources name now."""
    named = named_links(session)
    states: dict[str, int] = dict.fromkeys(STATES, 0)
    troubles: dict[str, list[Trouble]] = defaultdict(list)
    changed: list[Trouble] = []
    for row in session.exec(select(LinkCheck).order_by(col(LinkCheck.url))):
        who = named.get(row.url)
        if who is None:
            continue
        states[row.state] += 1
        trouble = _trouble(row, who)
        if row.state == "changed":
            changed.append(trouble)
        if row.flagged or row.state == "moved":
            for source_id in sorted({one for item in who for one in item.sources or ("",)}):
                troubles[source_id].append(trouble)
    return Report(len(named), states, dict(sorted(troubles.items())), changed)


def _trouble(row: LinkCheck, who: list[Named]) -> Trouble:
    return Trouble(
        url=row.url,
        state=row.state,
        reason=row.reason,
        moved_to=row.moved_to,
        archive=row.archive if row.flagged else "",
        copied_at=row.copied_at,
        since=row.failed_first,
        checked_at=row.checked_at,
        named_by=tuple(who),
    )
