"""Every link of the site is made here."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request

from index.query import Mode, Query, Sort
from kb.settings import settings
from web.build import BUILT

Params = Iterable[tuple[str, str]]

API = "/api/v1"


def _path(*steps: str) -> str:
    return "/" + "/".join(quote(step, safe="") for step in steps)


def _with(path: str, params: Params) -> str:
    text = urlencode(list(params))
    return f"{path}?{text}" if text else path


def home() -> str:
    """The first page."""
    return "/"


def page(name: str) -> str:
    """A page of fixed address, such as `about`."""
    return _path(name)


def search(query: Query | None = None, **params: str) -> str:
    """The search page, for a query or for parameters given by name."""
    if query is not None:
        return _with("/search", query.to_params())
    return _with("/search", params.items())


def search_for(text: str) -> str:
    """A search for these words."""
    return search(Query(text=text))


def search_with(query: Query, facet: str, code: str) -> str:
    """The same search with one more value chosen."""
    return search(query.with_filter(facet, code))


def search_without(query: Query, facet: str, code: str) -> str:
    """The same search with a chosen value taken away."""
    return search(query.without_filter(facet, code))


def search_unfiltered(query: Query) -> str:
    """The same words with no value chosen."""
    return search(replace(query, filters={}, page=1))


def search_page(query: Query, number: int) -> str:
    """Another page of the same search."""
    return search(query.with_page(number))


def search_sorted(query: Query, sort: Sort) -> str:
    """The same search in another order."""
    return search(replace(query, sort=sort, page=1))


def search_mode(query: Query, mode: Mode) -> str:
    """The same search in another mode."""
    return search(replace(query, mode=mode, exact=False, page=1))


def search_expanded(query: Query, *, expand: bool) -> str:
    """The same search with or without the thesaurus."""
    return search(replace(query, expand=expand, page=1))


def search_loosely(query: Query) -> str:
    """The same search without asking for every word as typed."""
    return search(replace(query, exact=False, page=1))


def browse(facet: str, query: Query | None = None) -> str:
    """All values of a facet, within a search if one is given."""
    params = [] if query is None else replace(query, page=1).to_params()
    return _with(_path("browse", facet), params)


def record(record_id: str) -> str:
    """A record."""
    return _path("records", record_id)


def record_export(record_id: str, extension: str) -> str:
    """A record in another format."""
    return _path("records", f"{record_id}.{extension}")


def history(record_id: str, before: int | None = None, after: int | None = None) -> str:
    """The versions of a record, or what changed between two."""
    pairs = [("from", before), ("to", after)]
    return _with(
        _path("records", record_id, "history"),
        [(name, str(value)) for name, value in pairs if value is not None],
    )


def sources(aspect: str = "", state: str = "") -> str:
    """The source directory, narrowed."""
    pairs = [("aspect", aspect), ("state", state)]
    return _with("/sources", [(name, value) for name, value in pairs if value])


def source(source_id: str) -> str:
    """One source."""
    return _path("sources", source_id)


def awards(scheme: str = "", year: int | None = None) -> str:
    """All award schemes, one scheme, or one year of it."""
    return _path("awards", *([scheme] if scheme else []), *([str(year)] if year else []))


def api(*steps: str, params: Params = ()) -> str:
    """An address of the API."""
    return _with(API + (_path(*steps) if steps else ""), params)


def source_search(template: str, text: str) -> str:
    """A ready-made search on another site; empty when its template is no web address."""
    link = template.replace("{query}", quote(text))
    return link if is_web_address(link) else ""


def is_web_address(url: str) -> bool:
    """Whether it is safe to link to: http or https with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def absolute(request: Request, path: str) -> str:
    """An address with its host: KB_BASE_URL's, or that of the request."""
    base = settings().base_url or str(request.base_url)
    return base.rstrip("/") + path


def asset(name: str) -> str:
    """A file under /assets, with a mark that changes when the file does."""
    try:
        changed = (BUILT / name).stat().st_mtime_ns
    except FileNotFoundError:
        return f"/assets/{name}"
    return f"/assets/{name}?v={_digest(name, changed)}"


@lru_cache(maxsize=32)
def _digest(name: str, _changed: int) -> str:
    return hashlib.sha256((BUILT / name).read_bytes()).hexdigest()[:12]
