"""Moderation: marks side by side, the level and final mark with their reason, and the results."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from kb.accounts.models import Account
from kb.alerts import news
from kb.awards import notices
from kb.awards.contests import Contest, audit, judges, keep, submissions
from kb.awards.errors import AwardChanged, AwardNotFound, AwardNotTheirs, AwardStepRefused
from kb.awards.models import AwardJudge, AwardScore, AwardSubmission
from kb.awards.rules import TOP_MARK, WIDE_SPREAD
from kb.records import service as records
from kb.records.errors import EditConflict, FieldError, RecordInvalid
from kb.records.parts import Award
from kb.records.rules import edit_door
from kb.records.values import clean_text
from kb.vocabularies import Term, vocabulary

UNSTATED = "not-stated"


def levels() -> list[Term]:
    """The levels that a moderator can give: how far an entry got is known here."""
    return [term for term in vocabulary("award_levels").terms if term.code != UNSTATED]


@dataclass(frozen=True)
class Line:
    """One entry with what each judge gave it: account id, weighted mark, marks and comment."""

    row: AwardSubmission
    title: str
    marks: tuple[tuple[str, float, dict[str, float], str], ...]

    @property
    def mean(self) -> float | None:
        """The mean of the judges' weighted marks."""
        given = [mark for _, mark, _, _ in self.marks]
        return sum(given) / len(given) if given else None

    @property
    def spread(self) -> float:
        """How far apart the judges are."""
        given = [mark for _, mark, _, _ in self.marks]
        return max(given) - min(given) if given else 0.0

    @property
    def wide(self) -> bool:
        """Whether they are so far apart that they should talk."""
        return self.spread > WIDE_SPREAD


def table(session: Session, account: Account, contest: Contest) -> list[Line]:
    """Every entry sent in, the best mean first; marks only once judging is over.

    A judge of the round who may also run it sees no names before then. Raises AwardNotTheirs.
    """
    over = contest.row.state in ("moderation", "published")
    if not over and session.get(AwardJudge, (contest.id, account.id)) is not None:
        raise AwardNotTheirs("You judge this round, so its entries stay nameless until moderation.")
    lines = [_line(session, contest, row, over) for row in sent(session, contest)]
    return sorted(lines, key=lambda one: (one.mean is None, -(one.mean or 0), one.row.id or 0))


def sent(session: Session, contest: Contest) -> list[AwardSubmission]:
    """The entries that get a result or at least an answer."""
    return submissions(session, contest, "entered", "ineligible")


def _line(session: Session, contest: Contest, row: AwardSubmission, over: bool) -> Line:
    given = (
        session.exec(
            select(AwardScore)
            .where(AwardScore.submission_id == row.id)
            .order_by(col(AwardScore.account_id))
        ).all()
        if over
        else []
    )
    return Line(
        row=row,
        title=records.get(session, row.record_id).content.title,
        marks=tuple(
            (one.account_id, contest.rules.mark(one.marks), one.marks, one.comment) for one in given
        ),
    )


def line(session: Session, account: Account, contest: Contest, number: int) -> Line:
    """One entry of the table. Raises AwardNotFound, AwardNotTheirs."""
    for one in table(session, account, contest):
        if one.row.id == number:
            return one
    raise AwardNotFound


def _not_own(account: Account, row: AwardSubmission) -> None:
    if row.entrant == account.id:
        raise AwardNotTheirs("This is your own entry, so somebody else has to decide on it.")


def rule_out(
    session: Session, account: Account, contest: Contest, number: int, reason: str
) -> None:
    """Say that an entry is not eligible; its entrant reads why.

    Raises RecordInvalid, AwardStepRefused.
    """
    row = line(session, account, contest, number).row
    _not_own(account, row)
    if contest.row.state == "published" or row.state != "entered":
        raise AwardStepRefused("Only an entry whose result is not out can be ruled out.")
    told = clean_text(reason)[:4000]
    if not told:
        raise RecordInvalid([FieldError("feedback", "Feedback", "say why it is not eligible", "")])
    row.state, row.feedback = "ineligible", told
    keep(session, row)
    _tell(session, account, contest, row, "ruled-out", told)
    audit(session, "award_submission", number, account.actor, "ruled_out")


def decide(
    session: Session,
    account: Account,
    contest: Contest,
    number: int,
    typed: Mapping[str, str],
    version: int,
) -> None:
    """Set level, final mark, reason and feedback; `version` is the one they were set on.

    Raises RecordInvalid, AwardChanged, AwardStepRefused.
    """
    if contest.row.state != "moderation":
        raise AwardStepRefused("Levels are set while the round is moderated.")
    row = line(session, account, contest, number).row
    _not_own(account, row)
    if row.version != version:
        raise AwardChanged
    final, votes = typed.get("final", "").strip(), typed.get("votes", "").strip()
    wrong = []
    try:
        mark = float(final)
    except ValueError:
        mark = -1
    reason, feedback = clean_text(typed.get("reason", "")), clean_text(typed.get("feedback", ""))
    if row.state == "entered":
        if not 0 <= mark <= TOP_MARK:
            rule = f"give a mark from 0 to {TOP_MARK}"
            wrong.append(FieldError("final", "Final mark", rule, final[:20]))
        if typed.get("level", "") not in {term.code for term in levels()}:
            wrong.append(FieldError("level", "Level", "choose one", ""))
        if not reason:
            wrong.append(FieldError("reason", "Reason", "say why, for the record", ""))
    if not feedback:
        wrong.append(FieldError("feedback", "Feedback", "every entrant gets feedback", ""))
    if votes and not (votes.isdecimal() and len(votes) < 10):
        wrong.append(FieldError("votes", "Public votes", "write a whole number", votes[:20]))
    if wrong:
        raise RecordInvalid(wrong)
    if row.state == "entered":
        row.final, row.level, row.reason = round(mark, 2), typed["level"], reason[:4000]
    row.feedback = feedback[:4000]
    row.votes = int(votes) if votes else None
    keep(session, row)
    audit(session, "award_submission", number, account.actor, "decided", level=row.level)


def publish(session: Session, account: Account, contest: Contest) -> int:
    """Publish the results: all or nothing; returns how many records got their award row.

    Only entries whose entrant agreed are shown to anybody but their entrant. Raises
    AwardStepRefused naming what is missing.
    """
    if contest.row.state != "moderation":
        raise AwardStepRefused("Results are published once, after moderation.")
    rows = sent(session, contest)
    for row in rows:
        if not row.feedback:
            raise AwardStepRefused(f"Entry {row.id} has no feedback yet; every entrant gets some.")
        if row.state == "entered" and (row.level is None or row.final is None):
            raise AwardStepRefused(f"Entry {row.id} has no level or final mark yet.")
    told = [row for row in rows if row.state == "entered" and row.consent]
    for row in told:
        _give(session, account, contest, row)
    for row in rows:
        _tell(session, account, contest, row, "result")
    for judge in judges(session, contest):
        notices.tell(session, judge.account_id, "published", title=contest.title, path=contest.path)
    contest.row.state = "published"
    session.add(contest.row)
    audit(session, "award_contest", contest.id, account.actor, "published", shown=len(told))
    return len(told)


def _tell(
    session: Session,
    account: Account,
    contest: Contest,
    row: AwardSubmission,
    what: str,
    reason: str = "",
) -> None:
    """Tell the entrant on the site and by mail that there is an answer."""
    path = f"{contest.path}/entries/{row.id}"
    news.tell(session, row.entrant, "award-result", path, by=account.id, detail=contest.title)
    notices.tell(
        session,
        row.entrant,
        what,
        title=contest.title,
        path=contest.path,
        number=row.id,
        reason=reason,
    )


def _give(session: Session, account: Account, contest: Contest, row: AwardSubmission) -> None:
    """Write the award row into the record."""
    practice = records.get(session, row.record_id)
    award = Award(
        scheme=contest.scheme.id, year=contest.year, category=row.category, level=row.level
    )
    kept = [
        one
        for one in practice.content.awards
        if (one.scheme, one.year, one.category) != (award.scheme, award.year, award.category)
    ]
    content = practice.content.model_copy(update={"id": practice.id, "awards": [*kept, award]})
    try:
        records.save(
            session,
            content,
            door=edit_door(practice.door),
            actor=account.actor,
            state=practice.state,
            expected_version=practice.version,
            note=f"result of {contest.title}",
        )
    except (RecordInvalid, EditConflict) as error:
        raise AwardStepRefused(
            f"The result cannot be written into '{practice.id}', so nothing was published: {error}"
        ) from error
