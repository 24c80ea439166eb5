"""The report of a trail: to read and print, and as files."""

import re
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from index.facets import FACET
from kb.database import session_scope
from kb.trails.report import FilterLabel, Report, report
from kb.trails.report_files import FORMATS, colophon
from web import urls
from web.context import Link
from web.errors import PageNotFound
from web.labels import Labels
from web.trail_pages import TrailContext, frame, seen_by, show
from web.visitor import visitor_of

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Context(TrailContext):
    """The report's sections, and the files it can be had as."""

    report: Report
    colophon: tuple[str, ...]
    files: tuple[Link, ...]


def _label(labels: Labels) -> FilterLabel:
    def told(name: str, value: str) -> str:
        if name in FACET:
            return f"{FACET[name].label}: {labels.facet_value(name, value)}"
        return f"{name}: {value}"

    return told


@router.get("/trails/{trail_id}/report")
def read(request: Request, trail_id: str) -> Response:
    """The report as a page that prints well."""
    with session_scope() as session:
        found = seen_by(request, session, trail_id)
        made = report(
            session,
            trail_id,
            visitor_of(request).viewer,
            filter_label=_label(Labels.read(session)),
        )
    context = Context(
        **{**frame(found, "report", "Report"), "step": "report"},
        report=made,
        colophon=tuple(colophon(made)),
        files=tuple(
            Link(each.label, urls.trail(trail_id, f"report.{each.extension}"))
            for each in FORMATS.values()
        ),
    )
    return show(request, "trail_report", context)


@router.get("/trails/{trail_id}/report.{extension}")
def as_file(request: Request, trail_id: str, extension: str) -> Response:
    """The report as a file."""
    chosen = next((each for each in FORMATS.values() if each.extension == extension), None)
    if chosen is None:
        known = ", ".join(f".{each.extension}" for each in FORMATS.values())
        raise PageNotFound(f"Reports can be had as {known}; not as .{extension[:20]}.")
    with session_scope() as session:
        made = report(
            session,
            trail_id,
            visitor_of(request).viewer,
            filter_label=_label(Labels.read(session)),
        )
    name = re.sub(r"[^a-z0-9]+", "-", made.title.lower()).strip("-")[:60] or "report"
    return Response(
        chosen.write(made),
        media_type=chosen.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{extension}"',
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
        },
    )
