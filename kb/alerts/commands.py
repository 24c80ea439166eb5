"""Telling people what is new in their saved searches: the command, and the job that repeats it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import click
from sqlmodel import Session, col, select

from kb import jobs
from kb.accounts import personal_data
from kb.accounts.models import Account
from kb.alerts import mail, news
from kb.database import now, session_scope
from kb.errors import KbError
from kb.folders import service
from kb.trails import saved
from kb.trails.models import SavedSearch
from kb.trails.rerun import Runner

logger = logging.getLogger(__name__)

JOB = "alerts.send"
RETRY = timedelta(minutes=15)
"""How long to wait when searches could not be run, as while the index is being made."""
_SERVICE = "run_search"


class SearchMissing(KbError):
    """Nothing installed can run a saved search."""


@dataclass(frozen=True)
class Sent:
    """What one round did: searches that were due, mails queued for them, and what went wrong."""

    due: int
    mails: int
    problems: tuple[str, ...]


def _runner() -> Runner:
    """Runs a search from its parameters; an upper folder offers it. Raises SearchMissing."""
    found = service(_SERVICE)
    if found is None:
        raise SearchMissing("No folder offers search, so saved searches cannot be run.")
    return cast(Runner, found)


def send_due(run: Runner | None = None) -> Sent:
    """Queue a mail for each saved search that is due and finds something new.

    Each search has a transaction of its own, in which what was told and the mail are written
    together: a crash between two loses neither and repeats neither. Raises SearchMissing.
    """
    run = run or _runner()
    with session_scope() as session:
        due = saved.due(session)
    mails = 0
    problems = []
    for saved_id in due:
        try:
            with session_scope(write=True) as session:
                mails += _tell(session, saved_id, run)
        except KbError as error:
            # It stays due; the others are told all the same.
            problems.append(f"saved search {saved_id}: {error}")
    return Sent(len(due), mails, tuple(problems))


def _tell(session: Session, saved_id: int, run: Runner) -> int:
    told = saved.digest(session, saved_id, run)
    account = session.get(Account, told.account_id) if told else None
    if told is None or account is None or account.state != "active":
        return 0
    news.tell(session, account.id, "search-news", "/account/searches", detail=told.context["name"])
    mail.queue(
        session,
        to=account.email,
        template=told.template,
        context=told.context,
        account_id=account.id,
        message_id=told.message_id,
        unsubscribe=f"{mail.site_address()}/unsubscribe/{told.unsubscribe_token}",
    )
    return 1


def schedule(session: Session, earliest: datetime | None = None) -> None:
    """See that the job runs when the next saved search is due, in the session's transaction.

    Call it whenever a saved search was made or changed. `earliest` holds the next round back.
    """
    next_due = session.exec(
        select(SavedSearch.due_at)
        .where(col(SavedSearch.due_at).is_not(None))
        .order_by(col(SavedSearch.due_at))
        .limit(1)
    ).first()
    if next_due is None:
        return
    moment = max(next_due, earliest) if earliest else next_due
    # A job that is due now may be running and past the point at which it looks, so it counts not.
    waiting = session.exec(
        select(jobs.Job.id).where(
            jobs.Job.name == JOB,
            jobs.Job.state == "queued",
            col(jobs.Job.not_before) > now(),
            col(jobs.Job.not_before) <= moment,
        )
    ).first()
    if waiting is None:
        job = jobs.enqueue(session, JOB)
        job.not_before = moment
        session.add(job)


def run_job(_payload: dict[str, Any]) -> None:
    """The job: tell what is due, then see to the next time."""
    sent = send_due()
    for problem in sent.problems:
        logger.warning("not told yet, it will be tried again: %s", problem)
    with session_scope(write=True) as session:
        schedule(session, now() + RETRY if sent.problems else None)


@click.group("alerts")
def alerts() -> None:
    """Tell people what is new in their saved searches."""


@alerts.command()
def send() -> None:
    """Queue the mails that are due now, and send them if no worker runs.

    The worker does this by itself; the command is for sites that run jobs from a timetable.
    """
    sent = send_due()
    for problem in sent.problems + tuple(jobs.settle()):
        click.echo(f"Not told yet, it will be tried again: {problem}", err=True)
    click.echo(f"{sent.due} saved searches were due; {sent.mails} mails queued.")
    if sent.problems:
        raise click.exceptions.Exit(1)


personal_data.register("news", news.personal_data, news.erase)
