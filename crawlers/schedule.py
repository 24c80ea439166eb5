"""Crawls that run by themselves: what is due, and the job that does it.

A source's directory entry says how often it is read (`every_days`); one that does not is read only
when somebody asks. Nothing is scheduled before KB_CRAWLER_CONTACT says who crawls.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from crawlers import live
from crawlers.errors import RunInProgress
from crawlers.source import known_sources, source_named
from kb import jobs
from kb.database import now, session_scope
from kb.directory import service as directory
from kb.directory.models import Source
from kb.settings import settings

logger = logging.getLogger(__name__)

JOB = "crawl.run"


def queue_due() -> None:
    """Queue a crawl of every source whose last one is longer ago than its entry says."""
    if not settings().crawler_contact:
        return
    with session_scope(write=True) as session:
        for row in directory.sources(session):
            if _is_due(session, row, now()):
                jobs.enqueue(session, JOB, {"source": row.id}, key=row.id)


def _is_due(session: Session, row: Source, moment: datetime) -> bool:
    days = row.entry.get("every_days")
    if not days or row.id not in known_sources() or source_named(row.id).kind == "file":
        return False
    last = directory.last_run(session, row.id)
    return last is None or last.started_at <= moment - timedelta(days=days)


def crawl_source(payload: dict[str, Any]) -> None:
    """The job: crawl one source; what went wrong stands in its run report, not in the job."""
    try:
        live.crawl(source_named(payload["source"]))
    except RunInProgress as error:
        logger.info("not crawled by the schedule: %s", error)
