"""Rounds run here: opened with a scheme's rules, judges appointed, and moved on state by state.

Every change writes its audit entry with it. The web asks for the permission `awards`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from kb.accounts import people
from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.alerts import news
from kb.audit import note_change
from kb.awards import notices
from kb.awards.errors import AwardNotFound, AwardStepRefused
from kb.awards.models import (
    AwardContest,
    AwardJudge,
    AwardRound,
    AwardScheme,
    AwardScore,
    AwardSubmission,
)
from kb.awards.rules import LEAST_SCORES, Rules, changed, rules_of
from kb.database import now
from kb.records.errors import FieldError, RecordInvalid

STATES = {
    "open": "Open for entries",
    "judging": "Being judged",
    "moderation": "Being moderated",
    "published": "Results published",
}


@dataclass(frozen=True)
class Contest:
    """A round run here, with its scheme and rules."""

    row: AwardContest
    scheme: AwardScheme
    year: int
    rules: Rules

    @property
    def id(self) -> int:
        """Its number."""
        assert self.row.id is not None
        return self.row.id

    @property
    def title(self) -> str:
        """Scheme and year."""
        return f"{self.scheme.title}, {self.year}"

    @property
    def path(self) -> str:
        """Where its page stands on the site."""
        return f"/awards/{self.scheme.id}/{self.year}"

    def takes_entries(self, today: date) -> bool:
        """Whether an entry can be made on this day."""
        row = self.row
        early = row.opens is not None and today < row.opens
        late = row.closes is not None and today > row.closes
        return row.state == "open" and not early and not late


def audit(
    session: Session, subject: str, number: object, actor: str, what: str, **detail: Any
) -> None:
    """Note a change of a round (`award_contest`) or of an entry in it (`award_submission`)."""
    note_change(
        session,
        actor=actor,
        action=f"{subject}.{what}",
        subject_type=subject,
        subject_id=str(number),
        **detail,
    )


def find(session: Session, scheme_id: str, year: int) -> Contest | None:
    """The round of this scheme and year that is run here, if there is one."""
    row = session.exec(
        select(AwardContest)
        .join(AwardRound, col(AwardRound.id) == AwardContest.round_id)
        .where(AwardRound.scheme_id == scheme_id, AwardRound.year == year)
    ).first()
    scheme = session.get(AwardScheme, scheme_id)
    if row is None or scheme is None:
        return None
    return Contest(row, scheme, year, Rules.model_validate(row.rules))


def get(session: Session, scheme_id: str, year: int) -> Contest:
    """The same. Raises AwardNotFound."""
    found = find(session, scheme_id, year)
    if found is None:
        raise AwardNotFound
    return found


def running(session: Session) -> list[Contest]:
    """Every round run here, newest first."""
    rows = session.exec(
        select(AwardRound.scheme_id, AwardRound.year)
        .join(AwardContest, col(AwardContest.round_id) == AwardRound.id)
        .order_by(col(AwardRound.year).desc(), col(AwardRound.scheme_id))
    ).all()
    return [get(session, scheme_id, year) for scheme_id, year in rows]


def _days(typed: Mapping[str, str]) -> tuple[date | None, date | None]:
    found: dict[str, date | None] = {}
    for name, title in (("opens", "Opens on"), ("closes", "Closes on")):
        text = typed.get(name, "").strip()
        try:
            found[name] = date.fromisoformat(text) if text else None
        except ValueError:
            rule = "write a day such as 2026-03-05"
            raise RecordInvalid([FieldError(name, title, rule, text[:40])]) from None
    opens, closes = found["opens"], found["closes"]
    if opens and closes and closes < opens:
        raise RecordInvalid([FieldError("closes", "Closes on", "must not be before it opens", "")])
    return opens, closes


def open_round(
    session: Session, account: Account, scheme_id: str, year: int, typed: dict[str, str]
) -> Contest:
    """Open a round with the scheme's rules as they were changed.

    Raises AwardNotFound, RecordInvalid.
    """
    scheme = session.get(AwardScheme, scheme_id)
    if scheme is None:
        raise AwardNotFound
    if not 1900 <= year <= 2100:
        raise RecordInvalid([FieldError("year", "Year", "must be from 1900 to 2100", "")])
    if find(session, scheme_id, year) is not None:
        rule = "a round of that year is already run here"
        raise RecordInvalid([FieldError("year", "Year", rule, str(year))])
    opens, closes = _days(typed)
    rules = changed(rules_of(scheme), typed)
    held = session.exec(
        select(AwardRound).where(AwardRound.scheme_id == scheme_id, AwardRound.year == year)
    ).first() or AwardRound(scheme_id=scheme_id, year=year)
    session.add(held)
    session.flush()
    assert held.id is not None
    row = AwardContest(
        round_id=held.id,
        state="open",
        opens=opens,
        closes=closes,
        rules=rules.model_dump(mode="json"),
        created_by=account.actor,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    audit(session, "award_contest", row.id, account.actor, "opened", scheme=scheme_id, year=year)
    return Contest(row, scheme, year, rules)


def change_rules(
    session: Session, account: Account, contest: Contest, typed: dict[str, str]
) -> None:
    """Change dates and rules while entries are taken. Raises AwardStepRefused, RecordInvalid."""
    if contest.row.state != "open":
        raise AwardStepRefused("The rules stand fast once judging has begun.")
    contest.row.opens, contest.row.closes = _days(typed)
    contest.row.rules = changed(contest.rules, typed).model_dump(mode="json")
    session.add(contest.row)
    audit(session, "award_contest", contest.id, account.actor, "rules_changed")


def judges(session: Session, contest: Contest) -> list[AwardJudge]:
    """Everybody appointed to this round."""
    return list(
        session.exec(
            select(AwardJudge)
            .where(AwardJudge.contest_id == contest.id)
            .order_by(col(AwardJudge.account_id))
        )
    )


def appoint(session: Session, account: Account, contest: Contest, email: str) -> None:
    """Make somebody a judge of this round. Raises RecordInvalid, AwardStepRefused."""
    if contest.row.state not in ("open", "judging"):
        raise AwardStepRefused("Judging is over, so nobody can be appointed any more.")
    found = people.by_email(session, email)
    if found is None or not may(found, "judge"):
        rule = "no account with this address may judge; an administrator gives the role 'awards'"
        raise RecordInvalid([FieldError("email", "E-mail address of a judge", rule, email[:80])])
    entered = session.exec(
        select(AwardSubmission.id).where(
            AwardSubmission.contest_id == contest.id,
            AwardSubmission.entrant == found.id,
            AwardSubmission.state == "entered",
        )
    ).first()
    if entered is not None:
        rule = "has entered this round, so cannot judge it"
        raise RecordInvalid([FieldError("email", "E-mail address of a judge", rule, email[:80])])
    if session.get(AwardJudge, (contest.id, found.id)) is None:
        session.add(AwardJudge(contest_id=contest.id, account_id=found.id))
        audit(
            session, "award_contest", contest.id, account.actor, "judge_appointed", judge=found.id
        )
        notices.tell(session, found.id, "appointed", title=contest.title, path=contest.path)
        news.tell(
            session,
            found.id,
            "award-judge",
            f"{contest.path}/judge",
            by=account.id,
            detail=contest.title,
        )


def dismiss(session: Session, account: Account, contest: Contest, judge_id: str) -> None:
    """Take a judge off this round; only before they gave a mark. Raises AwardStepRefused."""
    row = session.get(AwardJudge, (contest.id, judge_id))
    if row is None:
        return
    marked = session.exec(
        select(AwardScore.submission_id)
        .join(AwardSubmission, col(AwardSubmission.id) == AwardScore.submission_id)
        .where(AwardSubmission.contest_id == contest.id, AwardScore.account_id == judge_id)
    ).first()
    if marked is not None:
        raise AwardStepRefused("This judge has given marks, so they stay with the round.")
    session.delete(row)
    audit(session, "award_contest", contest.id, account.actor, "judge_dismissed", judge=judge_id)


def keep(session: Session, row: AwardSubmission) -> None:
    """Keep what was changed in an entry, as its next version."""
    row.version += 1
    row.changed_at = now()
    session.add(row)
    session.flush()


def submissions(session: Session, contest: Contest, *states: str) -> list[AwardSubmission]:
    """The entries of a round, in the order they were begun; of these states when any is given."""
    asked = select(AwardSubmission).where(AwardSubmission.contest_id == contest.id)
    if states:
        asked = asked.where(col(AwardSubmission.state).in_(states))
    return list(session.exec(asked.order_by(col(AwardSubmission.id))))


def begin_judging(session: Session, account: Account, contest: Contest) -> None:
    """Close for entries and let judges read. Raises AwardStepRefused saying what is missing."""
    if contest.row.state != "open":
        raise AwardStepRefused("This round is past taking entries.")
    if not contest.rules.criteria:
        raise AwardStepRefused("Say what is judged first: this round has no criteria yet.")
    if len(judges(session, contest)) < LEAST_SCORES:
        raise AwardStepRefused(f"Appoint at least {LEAST_SCORES} judges first.")
    if not submissions(session, contest, "entered"):
        raise AwardStepRefused("Nobody has entered yet.")
    _move(session, account, contest, "judging")
    for judge in judges(session, contest):
        notices.tell(session, judge.account_id, "judging", title=contest.title, path=contest.path)


def unscored(session: Session, contest: Contest) -> dict[int, int]:
    """The eligible entries with too few marks, each with how many it has."""
    marks: dict[int, int] = {}
    for row in submissions(session, contest, "entered"):
        assert row.id is not None
        given = session.exec(
            select(AwardScore.account_id).where(AwardScore.submission_id == row.id)
        ).all()
        if len(given) < LEAST_SCORES:
            marks[row.id] = len(given)
    return marks


def begin_moderation(session: Session, account: Account, contest: Contest) -> None:
    """End judging and open the marks to the moderators. Raises AwardStepRefused."""
    if contest.row.state != "judging":
        raise AwardStepRefused("Moderation follows on judging.")
    lacking = unscored(session, contest)
    if lacking:
        told = ", ".join(f"entry {number} has {count}" for number, count in lacking.items())
        raise AwardStepRefused(f"Every entry needs {LEAST_SCORES} judges: {told}.")
    _move(session, account, contest, "moderation")


def _move(session: Session, account: Account, contest: Contest, state: str) -> None:
    contest.row.state = state
    session.add(contest.row)
    audit(session, "award_contest", contest.id, account.actor, state)
