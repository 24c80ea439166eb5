"""Any search as an Atom feed: the records it finds, the one last changed first."""

from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from index.query import Query
from index.search import found_ids
from kb.database import now, session_scope
from kb.records import Practice
from kb.settings import settings
from kb.trails.shown import shown_records as shown_now
from web import urls
from web.disclosure import shown_records
from web.search_limit import CountedSearch

router = APIRouter()
MOST = 50
ATOM = "http://www.w3.org/2005/Atom"


@router.get("/feeds/search.atom")
def search_feed(request: Request, _: CountedSearch) -> Response:
    """The newest of what a search finds, as everybody may see it."""
    query = Query.from_params(request.query_params)
    ids = found_ids(query)
    with session_scope() as session:
        dated = shown_now(session, ids).values()
        newest = sorted(dated, key=lambda one: (one.updated_at, one.id), reverse=True)[:MOST]
        practices = list(shown_records(session, [one.id for one in newest]))
    return Response(
        _feed(request, query, practices), media_type="application/atom+xml; charset=utf-8"
    )


def _feed(request: Request, query: Query, practices: list[Practice]) -> bytes:
    address = urls.absolute(request, urls.feed(query))
    updated = practices[0].updated_at if practices else now()
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    what = f"“{query.text}”" if query.text else "all records"
    _text(feed, "title", f"{settings().site_name}: {what}")
    _text(feed, "id", address)
    _text(feed, "updated", _stamp(updated))
    SubElement(feed, "link", {"rel": "self", "href": address, "type": "application/atom+xml"})
    search = urls.absolute(request, urls.search(query))
    SubElement(feed, "link", {"rel": "alternate", "href": search, "type": "text/html"})
    _text(SubElement(feed, "author"), "name", settings().site_name)
    for practice in practices:
        link = urls.absolute(request, urls.record(practice.id))
        entry = SubElement(feed, "entry")
        _text(entry, "title", practice.content.title)
        _text(entry, "id", link)
        _text(entry, "updated", _stamp(practice.updated_at))
        _text(entry, "published", _stamp(practice.created_at))
        SubElement(entry, "link", {"rel": "alternate", "href": link, "type": "text/html"})
        _text(entry, "summary", practice.content.summary or practice.content.title)
    made: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _text(parent: Element, name: str, text: str) -> None:
    # What XML cannot hold may stand in the words somebody searched for.
    SubElement(parent, name).text = "".join(c for c in text if c.isprintable() or c == "\n")


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
