"""Titles of pages elsewhere that people noted by address: fetched by a job, never by the site.

The folder that may reach the network offers the service `page_title` (address to title); where it
does not, the address stands for the title.
"""

import logging
from typing import Any

from sqlmodel import Session

from kb import jobs
from kb.database import session_scope
from kb.errors import KbError
from kb.folders import service as offered
from kb.trails import service, steps
from kb.trails.access import Viewer

JOB = "trail.title"
_SERVICE = "page_title"
log = logging.getLogger(__name__)


def ask_for_title(
    session: Session, trail_id: str, viewer: Viewer, result_id: str, url: str
) -> None:
    """Queue the job in the session's transaction. Only for somebody whom a job can act for."""
    if viewer.account and offered(_SERVICE) is not None:
        payload = {"trail": trail_id, "account": viewer.account, "result": result_id, "url": url}
        jobs.enqueue(session, JOB, payload, key=f"{trail_id}:{result_id}")


def fetch_title(payload: dict[str, Any]) -> None:
    """The job: put the page's title on the result, unless somebody has named it meanwhile."""
    fetch = offered(_SERVICE)
    if fetch is None:
        return
    try:
        title = str(fetch(payload["url"]))[:500]
    except KbError as error:
        # A page that cannot be read has no title; its address will do.
        log.info("no title for a noted page: %s", error)
        return
    viewer = Viewer(account=payload["account"])
    with session_scope(write=True) as session:
        try:
            found = service.view(session, payload["trail"], viewer)
        except KbError:
            return
        named = {item.id: item.title for item in found.state.results}
        if title and named.get(payload["result"]) == "" and found.state.status != "closed":
            steps.set_result(session, payload["trail"], viewer, {"title": title}, payload["result"])
