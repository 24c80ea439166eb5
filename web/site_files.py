"""Small files that browsers, search engines and robots look for."""

from xml.sax.saxutils import escape

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from index.facets import FACETS
from kb.database import session_scope
from kb.directory import service as directory
from kb.settings import settings
from web import urls
from web.listings import record_dates, rounds, schemes

router = APIRouter()

# Pages of one address; those of records, sources and awards are added from the store.
_FIXED = (
    "/",
    "/search",
    "/browse",
    "/residents",
    "/gaps",
    "/sources",
    "/awards",
    "/people",
    "/about",
    "/help",
    "/accessibility",
    "/privacy",
    "/api/docs",
)

# Pages made for one person, or for choices that robots need not try.
_PRIVATE = (
    "/account",
    "/trails",
    "/lists",
    "/compare",
    "/unsubscribe",
    "/records/*/useful",
    "/records/*/tried",
)


@router.get("/robots.txt")
def robots(request: Request) -> PlainTextResponse:
    """Robots may read pages and plain searches, not every combination of filters."""
    lines = ["User-agent: *"]
    names = [facet.name for facet in FACETS]
    for name in (*names, "mode", "sort", "page", "per_page", "expand", "exact"):
        lines += [f"Disallow: /search?{name}=", f"Disallow: /search?*&{name}="]
    lines += ["Disallow: /browse/*?", "Disallow: /records/*/history?", "Disallow: /api/v1/search"]
    lines += [f"Disallow: {path}" for path in _PRIVATE]
    lines += ["Crawl-delay: 2", "", f"Sitemap: {urls.absolute(request, '/sitemap.xml')}", ""]
    return PlainTextResponse("\n".join(lines))


@router.get("/sitemap.xml")
def sitemap(request: Request) -> Response:
    """Every page that everybody may see, records with the day of their last change."""
    with session_scope() as session:
        dated = [(urls.record(record_id), day) for record_id, day in record_dates(session)]
        paths = [
            *_FIXED,
            *(urls.browse(facet.name) for facet in FACETS),
            *(urls.source(source.id) for source in directory.sources(session)),
            *(urls.awards(scheme.id) for scheme in schemes(session)),
            *(urls.awards(scheme, year) for scheme, year in rounds(session)),
        ]
    entries = [
        f"<url><loc>{escape(urls.absolute(request, path))}</loc>"
        + (f"<lastmod>{day:%Y-%m-%d}</lastmod>" if day else "")
        + "</url>"
        for path, day in [*((path, None) for path in paths), *dated]
    ]
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(entries)
        + "\n</urlset>\n"
    )
    return Response(text, media_type="application/xml")


@router.get("/opensearch.xml")
def opensearch(request: Request) -> Response:
    """Lets a browser add the site as a search engine."""
    name = escape(settings().site_name)
    template = escape(urls.absolute(request, "/search?q={searchTerms}"))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{name[:16]}</ShortName>\n"
        f"<Description>Search {name}: good practice in community safety</Description>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{template}"/>\n'
        "</OpenSearchDescription>\n"
    )
    return Response(text, media_type="application/opensearchdescription+xml")


@router.get("/favicon.ico")
def favicon() -> RedirectResponse:
    """Browsers ask for this by habit."""
    return RedirectResponse(urls.asset("mark.svg"), status_code=307)
