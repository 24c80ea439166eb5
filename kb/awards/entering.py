"""Entering a round with a record: written, sent in, taken back. Only the entrant sees a draft."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, select

from kb.accounts.models import Account
from kb.awards import notices
from kb.awards.contests import Contest, audit, keep
from kb.awards.errors import AwardChanged, AwardNotFound, AwardNotTheirs, AwardStepRefused
from kb.awards.models import AwardJudge, AwardSubmission
from kb.awards.rules import drafted, over_limit
from kb.database import now
from kb.records import Practice
from kb.records.errors import FieldError, RecordInvalid
from kb.records.values import clean_text

STATES = {
    "draft": "Draft: not entered yet",
    "entered": "Entered",
    "ineligible": "Not eligible",
    "withdrawn": "Withdrawn",
}


def begin(
    session: Session, account: Account, contest: Contest, practice: Practice, today: date
) -> AwardSubmission:
    """A draft from a record's text, or the one there is.

    Raises AwardStepRefused, AwardNotTheirs.
    """
    if not contest.takes_entries(today):
        raise AwardStepRefused("This round does not take entries now.")
    _not_judging(session, account, contest)
    held = session.exec(
        select(AwardSubmission).where(
            AwardSubmission.contest_id == contest.id,
            AwardSubmission.record_id == practice.id,
            AwardSubmission.state != "withdrawn",
        )
    ).first()
    if held is not None:
        if held.entrant != account.id:
            raise AwardStepRefused("Somebody else has begun an entry with this record.")
        return held
    row = AwardSubmission(
        contest_id=contest.id,
        record_id=practice.id,
        record_version=practice.version,
        entrant=account.id,
        state="draft",
        texts=drafted(practice.content, contest.rules.form),
        endorser=practice.content.endorser,
        changed_at=now(),
    )
    session.add(row)
    session.flush()
    audit(session, "award_submission", row.id, account.actor, "begun", record=practice.id)
    return row


def _not_judging(session: Session, account: Account, contest: Contest) -> None:
    if session.get(AwardJudge, (contest.id, account.id)) is not None:
        raise AwardNotTheirs("You judge this round, so you cannot enter it.")


def own(session: Session, account: Account, contest: Contest, number: int) -> AwardSubmission:
    """An entry of this person's. Raises AwardNotFound."""
    row = session.get(AwardSubmission, number)
    if row is None or row.contest_id != contest.id or row.entrant != account.id:
        raise AwardNotFound
    return row


def mine(session: Session, account: Account, contest: Contest) -> Sequence[AwardSubmission]:
    """This person's entries in a round."""
    return session.exec(
        select(AwardSubmission).where(
            AwardSubmission.contest_id == contest.id, AwardSubmission.entrant == account.id
        )
    ).all()


def write(
    session: Session,
    account: Account,
    contest: Contest,
    row: AwardSubmission,
    typed: Mapping[str, str],
    gates: Sequence[str],
    version: int,
) -> None:
    """Keep what was typed, however unfinished. Raises AwardStepRefused, AwardChanged."""
    if row.state != "draft" or contest.row.state != "open":
        raise AwardStepRefused("Only a draft can be changed, and only while entries are taken.")
    if row.version != version:
        raise AwardChanged
    form = contest.rules.form
    row.texts = {
        one.title: clean_text(typed.get(f"text-{number}", "")) for number, one in enumerate(form)
    }
    row.gates = [gate for gate in contest.rules.gates if gate in gates]
    row.category = typed.get("category", "")[:200]
    row.endorser = clean_text(typed.get("endorser", ""))[:300]
    months = typed.get("months", "").strip()
    row.months = int(months) if months.isdecimal() and len(months) < 5 else None
    row.consent = typed.get("consent") == "yes"
    keep(session, row)
    audit(session, "award_submission", row.id, account.actor, "written")


def lacking(contest: Contest, row: AwardSubmission) -> list[FieldError]:
    """What stands in the way of entering."""
    rules = contest.rules
    wrong = over_limit(rules, row.texts)
    if not any(text.strip() for text in row.texts.values()):
        wrong.append(FieldError("text-0", "The entry", "write something under the headings", ""))
    if rules.categories and row.category not in rules.categories:
        wrong.append(FieldError("category", "Category", "choose one", ""))
    unmet = [gate for gate in rules.gates if gate not in row.gates]
    if unmet:
        rule = "every condition must be met; not ticked: " + "; ".join(unmet)
        wrong.append(FieldError("gates", "Conditions", rule, ""))
    if rules.endorser and not row.endorser:
        wrong.append(FieldError("endorser", "Endorsed by", "name who endorses the entry", ""))
    if rules.months and (row.months or 0) < rules.months:
        rule = f"at least {rules.months} months are asked for"
        wrong.append(FieldError("months", "Months of data", rule, ""))
    return wrong


def enter(
    session: Session, account: Account, contest: Contest, row: AwardSubmission, today: date
) -> None:
    """Send the draft in. Raises AwardStepRefused, RecordInvalid naming what is missing."""
    if row.state != "draft":
        raise AwardStepRefused("This entry was sent in already.")
    if not contest.takes_entries(today):
        raise AwardStepRefused("This round does not take entries now.")
    _not_judging(session, account, contest)
    wrong = lacking(contest, row)
    if wrong:
        raise RecordInvalid(wrong)
    row.state = "entered"
    keep(session, row)
    audit(session, "award_submission", row.id, account.actor, "entered")
    notices.tell(
        session,
        account.id,
        "received",
        title=contest.title,
        path=contest.path,
        number=row.id,
    )


def withdraw(session: Session, account: Account, contest: Contest, row: AwardSubmission) -> None:
    """Take an entry back, until the results are out. Raises AwardStepRefused."""
    if row.state == "withdrawn" or contest.row.state == "published":
        raise AwardStepRefused("It is too late to take this entry back.")
    row.state = "withdrawn"
    keep(session, row)
    audit(session, "award_submission", row.id, account.actor, "withdrawn")
