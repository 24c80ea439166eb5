"""A record: the card that stands alone, then everything it tells; and its other formats."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kb.curation import attachments
from kb.database import session_scope
from kb.directory import contacts, links, presence
from kb.duplicates.merging import merged_from
from kb.exports import exporters
from kb.file_kinds import KINDS
from kb.records import Practice, PracticeIn
from kb.records.parts import Body
from kb.records.rules import Completeness, completeness
from kb.vocabularies import vocabulary
from web import citation, listings, record_card, record_view, urls
from web.context import BaseContext, Link, render
from web.disclosure import Withheld, pointed_to, shown_record, withheld_text
from web.errors import PageNotFound
from web.filters import host
from web.labels import Labels, award_level
from web.noting import is_read, note_opened
from web.record_view import ResultView, Section, Value
from web.said import Said, what_people_say
from web.visitor import visitor_of
from web.ways_on import WayOn, ways_on

router = APIRouter()

MOST_ORIGINALS = 4


@dataclass(frozen=True)
class AwardView:
    """One entry for an award, with the round it stood in."""

    scheme: str
    href: str
    year: str
    level: str
    category: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """Everything the record page shows."""

    record: Practice
    harmful: bool
    worse: tuple[ResultView, ...]
    card: tuple[tuple[str, tuple[Value, ...]], ...]
    sections: tuple[Section, ...]
    results: tuple[ResultView, ...]
    stage: str
    stage_definition: str
    stage_reason: str
    short_cuts: tuple[Link, ...]
    body: tuple[Body, ...]
    text_withheld: Withheld
    untold: tuple[Section, ...]
    is_case: bool
    originals: tuple[Link, ...]
    awards: tuple[AwardView, ...]
    complete: Completeness | None
    exports: tuple[Link, ...]
    files: tuple[Link, ...]
    writable: tuple[Link, ...]
    helpers: str
    ways_on: tuple[WayOn, ...]
    superseded_by: Link | None
    merged_from: tuple[str, ...]
    said: Said
    lost: tuple[Link, ...]
    """Archived copies of originals that are gone; `note` says since when."""
    silent: tuple[tuple[str, date], ...]
    """Sources that tell nothing of it any more, and since when."""
    source_line: str
    citation: tuple[tuple[str, str], ...]
    json_ld: dict[str, Any]


@router.get("/records/{name}")
def record(request: Request, name: str) -> Response:
    """The page of a record, or with an ending such as `.ris` the record in that format."""
    record_id, _, extension = name.partition(".")
    visitor = visitor_of(request)
    with session_scope() as session:
        practice = shown_record(session, record_id)
        if extension:
            return _exported(practice, extension)
        labels = Labels.read(session)
        known = listings.titles(session, pointed_to(practice.content))
        after = practice.superseded_by
        newer = listings.titles(session, [after]).get(after) if after else None
        withheld = withheld_text(session, practice)
        reading = ways_on(session, practice)
        parts = tuple(merged_from(session, practice.id))
        told = what_people_say(session, visitor.viewer, practice.id)
        files = attachments.of_record(session, practice.id)
        writable = [one for one in contacts.listed(session, records=[practice.id]) if one.reachable]
        lost = _lost(session, practice.content)
        silent = presence.silent(session, practice.id)
    if visitor.trail is not None and is_read(request):
        note_opened(visitor, visitor.trail, practice.id)
    return _page(
        request,
        practice,
        record_view.Names(labels, known),
        superseded_by=Link(newer, urls.record(after)) if newer and after else None,
        parts=parts,
        text_withheld=withheld,
        files=tuple(
            Link(
                row.title or row.name, urls.record_file(practice.id, row.id), KINDS[row.kind].label
            )
            for row in files
        ),
        said=told,
        writable=tuple(
            Link(
                ", ".join(filter(None, (one.role, one.organisation))) or "the contact",
                urls.contact(practice.id, one.position),
            )
            for one in writable
        ),
        lost=lost,
        silent=tuple(silent),
        reading=reading,
    )


def _lost(session: Session, content: PracticeIn) -> tuple[Link, ...]:
    """Where the originals of this record that are gone can still be read."""
    kept = {
        url: item.memento_url
        for item in content.provenance
        for url in (item.original_url, item.document_url)
        if url
    }
    return tuple(
        Link(
            url,
            kept[url] or row.copy_url or links.archive_link(row),
            f"{row.failed_first:%Y-%m-%d}" if row.failed_first else "",
        )
        for url, row in links.flagged(session, list(kept)).items()
    )


def _page(
    request: Request,
    practice: Practice,
    names: record_view.Names,
    *,
    superseded_by: Link | None,
    parts: tuple[str, ...],
    reading: tuple[WayOn, ...],
    text_withheld: Withheld,
    said: Said,
    files: tuple[Link, ...],
    writable: tuple[Link, ...],
    lost: tuple[Link, ...],
    silent: tuple[tuple[str, date], ...],
) -> HTMLResponse:
    content = practice.content
    address = urls.absolute(request, urls.record(practice.id))
    made = record_view.sections(content, names)
    found = record_view.results(content)
    stages = vocabulary("stages")
    stage = stages.term(content.stage_of_practice) if content.stage_of_practice else None
    context = Context(
        title=content.title,
        description=content.summary[:300],
        canonical=address,
        crumbs=(Link("Home", urls.home()), Link("Records", urls.search()), Link(content.title)),
        record=practice,
        harmful=content.harmful is True,
        worse=tuple(result for result in found if result.direction == "worse"),
        card=record_card.card(content),
        sections=made,
        results=found,
        stage=stage.label if stage else "",
        stage_definition=stage.definition if stage else "",
        stage_reason=content.stage_reason,
        short_cuts=record_view.short_cuts(made),
        body=tuple(content.body),
        text_withheld=text_withheld,
        untold=tuple(
            section
            for section in made
            if section.missing
            and not section.fields
            and not (section.id == "assessment" and (found or stage))
        ),
        is_case=record_view.is_case(content),
        originals=_originals(content),
        awards=tuple(
            AwardView(
                scheme=names.labels.schemes.get(row.scheme, row.scheme),
                href=urls.awards(row.scheme, row.year),
                year=str(row.year or ""),
                level=award_level(row.level),
                category=row.category,
            )
            for row in content.awards
        ),
        complete=completeness(content) if record_view.is_case(content) else None,
        exports=_exports(practice.id),
        files=files,
        writable=writable,
        helpers=urls.people(problem=next(iter(content.problem_types), "")),
        ways_on=reading,
        superseded_by=superseded_by,
        merged_from=parts,
        said=said,
        lost=lost,
        silent=silent,
        source_line=citation.source_line(content, names.labels),
        citation=citation.tags(practice, address),
        json_ld=citation.json_ld(practice, address),
    )
    return render(request, "record", context)


def _originals(content: PracticeIn) -> tuple[Link, ...]:
    """Where the original can be read: the document itself first."""
    places = [item.document_url for item in content.provenance]
    places += [item.original_url for item in content.provenance]
    places += [item.memento_url for item in content.provenance]
    shown = [url for url in dict.fromkeys(places) if url and urls.is_web_address(url)]
    return tuple(Link(_place_name(url), url) for url in shown[:MOST_ORIGINALS])


def _place_name(url: str) -> str:
    """The site, and of a document its file name too: two may stand on one site."""
    name = unquote(urlsplit(url).path).rpartition("/")[2]
    is_document = name.lower().endswith((".pdf", ".doc", ".docx"))
    return f"{name} at {host(url)}" if is_document else host(url)


def _exports(record_id: str) -> tuple[Link, ...]:
    return tuple(
        Link(each.label, urls.record_export(record_id, each.extension))
        for each in exporters().values()
    )


def _exported(practice: Practice, extension: str) -> Response:
    found = next((each for each in exporters().values() if each.extension == extension), None)
    if found is None:
        known = ", ".join("." + each.extension for each in exporters().values())
        raise PageNotFound(f"Records can be had as {known}; not as .{extension[:20]}.")
    return Response(
        found.write([practice]),
        media_type=found.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{practice.id}.{extension}"',
            "X-Robots-Tag": "noindex",
        },
    )
