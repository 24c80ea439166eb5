"""A person's part in award rounds in their data export, and what becomes of it at erasure."""

from typing import Any

from sqlmodel import Session, select

from kb.accounts import personal_data as registry
from kb.awards.models import AwardJudge, AwardScore, AwardSubmission


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """What they entered, declared and gave as a judge."""
    return {
        "entries": [
            row.model_dump(mode="json", exclude={"reason", "final"})
            for row in session.exec(
                select(AwardSubmission).where(AwardSubmission.entrant == account_id)
            )
        ],
        "judging": [
            row.model_dump(mode="json")
            for row in session.exec(select(AwardJudge).where(AwardJudge.account_id == account_id))
        ],
        "marks": [
            row.model_dump(mode="json")
            for row in session.exec(select(AwardScore).where(AwardScore.account_id == account_id))
        ],
    }


def erase(session: Session, account_id: str) -> None:
    """Delete drafts and declared interests; what was sent in and marks stay, without a name."""
    for row in session.exec(
        select(AwardSubmission).where(
            AwardSubmission.entrant == account_id, AwardSubmission.state == "draft"
        )
    ):
        session.delete(row)
    for judge in session.exec(select(AwardJudge).where(AwardJudge.account_id == account_id)):
        # That an entry was closed to them has to stay; why is theirs.
        judge.knows, judge.interests = [], dict.fromkeys(judge.interests, "")
        session.add(judge)
    session.flush()


registry.register("awards", personal_data, erase)
