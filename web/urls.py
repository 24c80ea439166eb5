"""Every link of the site is made here."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from starlette.requests import Request

from index.query import Query, Sort
from kb.settings import settings
from web.build import BUILT

Params = Iterable[tuple[str, str]]

API = "/api/v1"


# A page says the same words, filters and ways back in a hundred links.
@lru_cache(maxsize=2048)
def _quoted(text: str) -> str:
    return quote_plus(text)


def _path(*steps: str) -> str:
    return "/" + "/".join(quote(step, safe="") for step in steps)


def _with(path: str, params: Params) -> str:
    text = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in params)
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


def search_expanded(query: Query, *, expand: bool) -> str:
    """The same search with or without the thesaurus."""
    return search(replace(query, expand=expand, page=1))


def search_corrected(query: Query, *, correct: bool) -> str:
    """The same search with or without what misspelt words may mean."""
    return search(replace(query, correct=correct, page=1))


def search_grouped(query: Query, facet: str, *, every: bool = False) -> str:
    """The same search with the results in groups by a facet, the first of them or every one."""
    beside = [("view", facet), *([("groups", "all")] if every else [])]
    return _with("/search", [*replace(query, page=1).to_params(), *beside])


def search_tidied(query: Query, params: Params) -> str:
    """The address of the same search without what a form left empty; "" if nothing is empty.

    What could not be understood stays, so that it can be told of.
    """
    given = list(params)
    if query.notes or all(value.strip() for _, value in given):
        return ""
    beside = [one for one in given if one[0] in ("view", "groups") and one[1].strip()]
    return _with("/search", [*query.to_params(), *beside])


def search_file(query: Query, extension: str) -> str:
    """What a search finds as a file."""
    return _with(_path("search", f"found.{extension}"), replace(query, page=1).to_params())


def browse(facet: str, query: Query | None = None, order: str = "") -> str:
    """All values of a facet, within a search if one is given."""
    params = [] if query is None else replace(query, page=1).to_params()
    return _with(_path("browse", facet), [*params, *([("order", order)] if order else [])])


def browse_file(facet: str, query: Query) -> str:
    """All values of a facet within a search, as a table."""
    return browse(f"{facet}.csv", query)


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


def source(source_id: str, *more: str) -> str:
    """One source, or what is done with it."""
    return _path("sources", source_id, *more)


def awards(scheme: str = "", year: int | None = None, *steps: str, params: Params = ()) -> str:
    """All award schemes, one scheme, one year of it, or a page of that; perhaps narrowed."""
    path = _path("awards", *([scheme] if scheme else []), *([str(year)] if year else []), *steps)
    return _with(path, params)


def enter(record_id: str, *steps: str) -> str:
    """Where a record is entered for awards, or shown as one scheme's form."""
    return _path("records", record_id, "enter", *steps)


def since(record_id: str) -> str:
    """What happened since a record was entered for an award."""
    return _path("records", record_id, "since")


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


def local(address: str, otherwise: str = "/") -> str:
    """An address to go back to, if it is a page of this site; else `otherwise`."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    plain = address.isprintable() and not any(mark in address for mark in "\\ ")
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    if not plain or not inside or address.startswith("//") or len(address) > 2000:
        return otherwise
    return address


def with_done(address: str, done: str) -> str:
    """The address with what is to be told there; anything told before is left out."""
    parts = urlsplit(without_done(address))
    query = "&".join(text for text in (parts.query, f"done={done}" if done else "") if text)
    return urlunsplit(("", "", parts.path, query, parts.fragment))


def without_done(address: str) -> str:
    """The address without what was told there."""
    parts = urlsplit(address)
    if "done=" not in parts.query:
        return address
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(name, value) for name, value in pairs if name != "done"])
    return urlunsplit(("", "", parts.path, query, parts.fragment))


def account(*steps: str, **params: str) -> str:
    """A page of the account."""
    return _with(_path("account", *steps), [item for item in params.items() if item[1]])


def trails(**params: str) -> str:
    """The list of trails, or a search in them."""
    return _with("/trails", [item for item in params.items() if item[1]])


def trail(trail_id: str, *steps: str, **params: str) -> str:
    """A trail, or a step of it."""
    return _with(_path("trails", trail_id, *steps), [item for item in params.items() if item[1]])


def search_again(params: Params) -> str:
    """A search noted in a trail, as it was run."""
    return _with("/search", params)


def searches(*steps: str) -> str:
    """The saved searches of an account."""
    return account("searches", *steps)


def lists(*steps: str, **params: str) -> str:
    """The reading lists, or one of them."""
    return _with(_path("lists", *steps), [item for item in params.items() if item[1]])


def compare(ids: Iterable[str], **params: str) -> str:
    """Records side by side."""
    return _with("/compare", [*(("id", each) for each in ids), *params.items()])


def useful(record_id: str, **params: str) -> str:
    """Where one says how useful a record was."""
    path = _path("records", record_id, "useful")
    return _with(path, [item for item in params.items() if item[1]])


def tried(record_id: str) -> str:
    """Where one says that a practice was tried elsewhere."""
    return _path("records", record_id, "tried")


def save_search(query: Query) -> str:
    """Where a search is saved."""
    return _with("/account/searches/new", replace(query, page=1).to_params())


def feed(query: Query) -> str:
    """A search as an Atom feed."""
    return _with("/feeds/search.atom", replace(query, page=1).to_params())


def desk(*steps: str, **params: str) -> str:
    """The librarians' desk, or a page of it."""
    return _with(_path("desk", *steps), [item for item in params.items() if item[1]])


def residents(text: str = "") -> str:
    """What neighbours can do, perhaps about a problem in their words."""
    return _with("/residents", [("q", text)] if text else [])


def people(**params: str) -> str:
    """Who can help, narrowed."""
    return _with("/people", [item for item in params.items() if item[1]])


def contact(record_id: str, position: int) -> str:
    """Where one writes to a contact of a record."""
    return _path("records", record_id, "contact", str(position))


def gaps(problem: str = "", response: str = "", show: str = "") -> str:
    """The gap map, perhaps of the terms under a problem and a response."""
    pairs = [("problem", problem), ("response", response), ("show", show)]
    return _with("/gaps", [item for item in pairs if item[1]])


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


def contribute(*steps: str) -> str:
    """Where people send in what they did, or a way to begin."""
    return _path("contribute", *steps)


def entry(entry_id: str, *steps: str, **params: str) -> str:
    """An entry that somebody writes, or a page of it."""
    path = _path("contribute", entry_id, *steps)
    return _with(path, [item for item in params.items() if item[1]])


def record_file(record_id: str, file_id: str) -> str:
    """A file that stands with a record."""
    return _path("records", record_id, "files", file_id)


def review(entry_id: str, *steps: str) -> str:
    """An entry as its reviewer sees it."""
    return desk("reviews", entry_id, *steps)
