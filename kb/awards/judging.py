"""Judging: nameless entries, declared interests, a mark for each criterion, each judge apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from kb.accounts.models import Account
from kb.awards.blind import hidden, names_in
from kb.awards.contests import Contest, audit, submissions
from kb.awards.errors import AwardNotFound, AwardNotTheirs, AwardStepRefused
from kb.awards.models import AwardJudge, AwardScore, AwardSubmission
from kb.awards.rules import TOP_MARK, Rules
from kb.database import now
from kb.records import service as records
from kb.records.errors import FieldError, RecordInvalid
from kb.records.values import clean_text


@dataclass(frozen=True)
class Blind:
    """An entry as a judge sees it. `barred` says why it is closed to them, if it is."""

    number: int
    title: str
    category: str
    texts: tuple[tuple[str, str], ...]
    barred: str
    score: AwardScore | None


def judge_of(session: Session, account: Account, contest: Contest) -> AwardJudge:
    """This person's appointment. Raises AwardNotTheirs."""
    row = session.get(AwardJudge, (contest.id, account.id))
    if row is None:
        raise AwardNotTheirs("You are not appointed to judge this round.")
    return row


def entries(session: Session, account: Account, contest: Contest) -> list[Blind]:
    """All eligible entries, nameless; texts of those that this judge may open."""
    judge = judge_of(session, account, contest)
    if contest.row.state == "open":
        return []
    return [_blind(session, judge, row) for row in submissions(session, contest, "entered")]


def opened(session: Session, account: Account, contest: Contest, number: int) -> Blind:
    """One entry to read and mark. Raises AwardNotTheirs when an interest was declared."""
    judge = judge_of(session, account, contest)
    row = _eligible(session, contest, number)
    found = _blind(session, judge, row)
    if found.barred:
        raise AwardNotTheirs(f"This entry is closed to you: {found.barred}")
    return found


def _eligible(session: Session, contest: Contest, number: int) -> AwardSubmission:
    row = session.get(AwardSubmission, number)
    if row is None or row.contest_id != contest.id or row.state != "entered":
        raise AwardNotFound
    if contest.row.state == "open":
        raise AwardStepRefused("Judging has not begun.")
    return row


def _blind(session: Session, judge: AwardJudge, row: AwardSubmission) -> Blind:
    content = records.get(session, row.record_id).content
    entrant = session.get(Account, row.entrant)
    extra = [row.endorser]
    if entrant is not None:
        extra += [entrant.display_name, entrant.organisation]
    names = names_in(content, extra)
    assert row.id is not None
    barred = _barred(judge, row, names)
    return Blind(
        number=row.id,
        title=hidden(content.title, names),
        category=row.category,
        texts=()
        if barred
        else tuple((head, hidden(text, names)) for head, text in row.texts.items()),
        barred=barred,
        score=session.get(AwardScore, (row.id, judge.account_id)),
    )


def _barred(judge: AwardJudge, row: AwardSubmission, names: list[str]) -> str:
    if str(row.id) in judge.interests:
        return "you declared an interest in it."
    named = [name.casefold() for name in names]
    for known in judge.knows:
        if any(known.casefold() in name for name in named):
            return "it names an organisation or place that you declared an interest in."
    return ""


def know(session: Session, account: Account, contest: Contest, text: str) -> None:
    """Declare organisations and places, one a line, whose entries one must not judge."""
    judge = judge_of(session, account, contest)
    lines = [line.strip()[:200] for line in text.splitlines()]
    judge.knows = list(dict.fromkeys(line for line in lines if len(line) > 2))[:100]
    session.add(judge)
    audit(session, "award_contest", contest.id, account.actor, "interests_declared")


def declare(session: Session, account: Account, contest: Contest, number: int, reason: str) -> None:
    """Declare an interest in one entry; a mark given to it before is taken out.

    Raises AwardNotFound, AwardStepRefused.
    """
    judge = judge_of(session, account, contest)
    if contest.row.state != "judging":
        raise AwardStepRefused("Interests are declared while entries are judged.")
    row = _eligible(session, contest, number)
    judge.interests = {**judge.interests, str(number): clean_text(reason)[:500]}
    session.add(judge)
    given = session.get(AwardScore, (number, account.id))
    if given is not None:
        session.delete(given)
    audit(session, "award_submission", row.id, account.actor, "interest_declared")


def marks_of(rules: Rules, typed: Mapping[str, str]) -> dict[str, float]:
    """Marks from what was typed as `mark-0`, `mark-1` and so on. Raises RecordInvalid."""
    marks: dict[str, float] = {}
    wrong = []
    for number, one in enumerate(rules.criteria):
        text = typed.get(f"mark-{number}", "").strip()
        try:
            mark = float(text)
        except ValueError:
            mark = -1
        if 0 <= mark <= TOP_MARK:
            marks[one.title] = mark
        else:
            rule = f"give a mark from 0 to {TOP_MARK}"
            wrong.append(FieldError(f"mark-{number}", one.title, rule, text[:20]))
    if wrong:
        raise RecordInvalid(wrong)
    return marks


def score(
    session: Session, account: Account, contest: Contest, number: int, typed: Mapping[str, str]
) -> None:
    """Give marks, or change one's own. Raises AwardStepRefused, AwardNotTheirs, RecordInvalid."""
    if contest.row.state != "judging":
        raise AwardStepRefused("Marks are given while the round is being judged.")
    opened(session, account, contest, number)
    marks = marks_of(contest.rules, typed)
    row = session.get(AwardScore, (number, account.id)) or AwardScore(
        submission_id=number, account_id=account.id, saved_at=now()
    )
    row.marks, row.comment = marks, clean_text(typed.get("comment", ""))[:4000]
    row.saved_at = now()
    session.add(row)
    audit(session, "award_submission", number, account.actor, "marked")
