"""A certificate to print: for the entrant, and for those who run the round."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.awards import contests
from kb.awards.errors import AwardNotFound
from kb.awards.models import AwardSubmission
from kb.database import session_scope
from kb.records import service as records
from web.award_pages import crumbs
from web.context import BaseContext, Link, render
from web.forms import RowNumber
from web.labels import award_level
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """What stands on the certificate."""

    project: str
    award: str
    year: int
    level: str
    category: str
    body: str
    organisations: tuple[str, ...]


@router.get("/awards/{scheme_id}/{year:int}/certificates/{number:int}")
def certificate(request: Request, scheme_id: str, year: RowNumber, number: RowNumber) -> Response:
    """The certificate, once the results are out."""
    visitor = need(request)
    account = visitor.account
    assert account is not None
    with session_scope() as session:
        contest = contests.get(session, scheme_id, year)
        row = session.get(AwardSubmission, number)
        if (
            row is None
            or row.contest_id != contest.id
            or row.state != "entered"
            or contest.row.state != "published"
            or not (row.entrant == account.id or visitor.may("awards"))
        ):
            raise AwardNotFound
        content = records.get(session, row.record_id).content
    lead = [one.organisation for one in content.partners if "lead" in one.roles]
    context = Context(
        title=f"Certificate: {content.title}",
        robots="noindex",
        crumbs=crumbs(contest, Link("Certificate")),
        project=content.title,
        award=contest.scheme.title,
        year=year,
        level=award_level(row.level),
        category=row.category,
        body=contest.scheme.entry.get("body") or "",
        organisations=tuple(lead or [one.organisation for one in content.partners]),
    )
    return render(request, "award_certificate", context)
