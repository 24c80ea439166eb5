"""Finding what there is to fetch: sitemaps, feeds, paged listings, lists of addresses, JSON and
CSV listings, and catalogues in the DCAT form.

Each function takes `get`, which gives the page at an address (a Fetcher's `page`), or a page that
was fetched. OAI-PMH stands in crawlers/oai.py.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import feedparser  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from crawlers.errors import DiscoveryFailed, FetchFailed, PageUnreadable, TooLarge
from crawlers.page import Page
from crawlers.unpack import unpacked

Get = Callable[[str], Page]

_MOST_UNPACKED = 60_000_000  # the protocol's limit for one sitemap is 50 MB
_MOST_DEPTH = 5
_MOST_FILES = 500
_MOST_FOUND = 200_000
_CSV_FIELD = 1_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """An address that a list names. `modified` and `title` are as the list states them."""

    url: str
    modified: str = ""
    title: str = ""
    summary: str = ""


@dataclass(slots=True)
class Discovery:
    """What was found, each address once, and what could not be read on the way."""

    found: list[Listed] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


# --- XML


def xml_root(page: Page) -> "etree._Element":
    """The root element of an XML page, which may be packed with gzip.

    Raises DiscoveryFailed for what is not XML, and for XML that declares entities: these are of
    no use here, and can be made to grow without end or to read files.
    """
    body = body_of(page)
    if re.search(rb"<!ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y", body, re.I):
        raise DiscoveryFailed(page.url, "it declares entities, which are not read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DiscoveryFailed(page.url, f"it is not proper XML ({error})") from None


def body_of(page: Page) -> bytes:
    """The body of a page, unpacked when it is a gzip file. Raises DiscoveryFailed."""
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    try:
        return unpacked(page.url, [page.body], "gzip", max(_MOST_UNPACKED, len(page.body)))
    except TooLarge:
        raise DiscoveryFailed(page.url, "it unpacks to more than a sitemap may hold") from None
    except FetchFailed as error:
        raise DiscoveryFailed(page.url, error.reason) from None


# --- sitemaps


def sitemap(get: Get, url: str) -> Discovery:
    """Every page that a sitemap, and the sitemaps it names, list.

    A sitemap that cannot be had or read is a problem, and the others are read. Circles, depth and
    number are bounded. Only pages of the sitemap's own site count.
    """
    discovery = Discovery()
    seen: set[str] = set()
    known: set[str] = set()
    waiting = [(url, 0)]
    home = _site(url)
    while waiting:
        address, depth = waiting.pop(0)
        if address in seen:
            discovery.problems.append(f"{address} is named again, and not read again.")
            continue
        seen.add(address)
        try:
            pages, further = read_sitemap(get(address))
        except (FetchFailed, DiscoveryFailed) as error:
            discovery.problems.append(str(error))
            continue
        if further and depth >= _MOST_DEPTH:
            discovery.problems.append(f"{address} leads more than {_MOST_DEPTH} sitemaps deep.")
            further = []
        waiting += [(item.url, depth + 1) for item in further if _site(item.url) == home]
        if len(seen) + len(waiting) > _MOST_FILES:
            discovery.problems.append(f"Only {_MOST_FILES} sitemaps are read.")
            del waiting[max(0, _MOST_FILES - len(seen)) :]
        foreign = 0
        for item in pages:
            if _site(item.url) != home:
                foreign += 1
            elif item.url not in known:
                known.add(item.url)
                discovery.found.append(item)
        if foreign:
            discovery.problems.append(f"{address} names {foreign} pages of other sites.")
        if len(discovery.found) > _MOST_FOUND:
            discovery.problems.append(f"Only the first {_MOST_FOUND} pages are listed.")
            del discovery.found[_MOST_FOUND:]
            break
    return discovery


def read_sitemap(page: Page) -> tuple[list[Listed], list[Listed]]:
    """Pages and further sitemaps of one sitemap file: XML, plain text or a feed.

    Raises DiscoveryFailed.
    """
    body = body_of(page)
    start = body[:512].lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start.startswith(b"<") and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        pages = [Listed(url) for url in _text_addresses(body.decode("utf-8", "replace"))]
        if not pages:
            raise DiscoveryFailed(page.url, "it is neither XML nor a list of addresses")
        return pages, []
    root = xml_root(page)
    name = etree.QName(root).localname.lower()
    if name in ("rss", "feed", "rdf"):
        return feed(page), []
    if name not in ("urlset", "sitemapindex"):
        raise DiscoveryFailed(page.url, f"it is not a sitemap but '{name}'")
    listed = [
        Listed(page.link(address), modified=_child(entry, "lastmod"))
        for entry in root
        if isinstance(entry.tag, str) and (address := _child(entry, "loc")) and page.link(address)
    ]
    return (listed, []) if name == "urlset" else ([], listed)


def _child(element: "etree._Element", name: str) -> str:
    """The text of the first child of a name, in whatever namespace."""
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname.lower() == name:
            return "".join(str(part) for part in child.itertext()).strip()
    return ""


def _full(page: Page, address: str | None) -> str:
    """The full address of what a list names; "" for nothing, and for what is no web address."""
    return page.link(address) if address and address.strip() else ""


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


# --- feeds, listings and lists


def feed(page: Page) -> list[Listed]:
    """The entries of an RSS or Atom feed. Raises DiscoveryFailed when it is none."""
    root = xml_root(page)
    # The library gets text that was judged, never an address to fetch.
    parsed = feedparser.parse(etree.tostring(root), response_headers={"content-type": "text/xml"})
    if not parsed.version:
        raise DiscoveryFailed(page.url, f"it is not a feed but '{etree.QName(root).localname}'")
    listed = []
    for entry in parsed.entries:
        address = _full(page, entry.get("link") or entry.get("id"))
        # The library answers for "updated" with "published", and warns of doing so.
        moment = entry["updated"] if "updated" in entry.keys() else entry.get("published")  # noqa: SIM118
        if address:
            title, summary = entry.get("title") or "", entry.get("summary") or ""
            listed.append(Listed(address, moment or "", title, summary))
    return listed


def paged(
    get: Get, start: str, following: Callable[[Page], str | None], *, most: int = 500
) -> Iterator[Page]:
    """Every page of a listing that goes on from page to page.

    `following` gives the address of the next page, or none. Ends where pages come round again, or
    a page repeats the one before it. Raises a FetchFailed when a page cannot be had, and
    DiscoveryFailed when there are more than `most`.
    """
    seen: set[str] = set()
    before = b""
    address: str | None = start
    while address and address not in seen:
        if len(seen) >= most:
            raise DiscoveryFailed(start, f"it goes on for more than {most} pages")
        seen.add(address)
        page = get(address)
        if page.body == before:
            return
        before = page.body
        yield page
        following_link = following(page)
        address = page.link(following_link) if following_link else None


def next_link(page: Page) -> str | None:
    """The address of the next page as most listings mark it: `rel="next"`, or a class or label."""
    found = page.soup.select_one(
        'a[rel~="next"][href], link[rel~="next"][href], li.next a[href], .pager-next a[href], '
        ".pager__item--next a[href], .pagination-next a[href], a.next[href], "
        'a[aria-label^="Next"][href], a[title^="Go to next"][href]'
    )
    return str(found["href"]) if found else None


def address_list(page: Page) -> list[Listed]:
    """Addresses that a file lists: one a line, or the columns `url` and `title` of a CSV.

    Lines that begin with `#` are remarks. Raises DiscoveryFailed when there is none.
    """
    rows = csv_rows(page) if "," in page.text[:2000] else []
    column = _address_column(rows)
    if column:
        found = [
            Listed(address, title=row.get("title", ""))
            for row in rows
            if (address := _full(page, row[column]))
        ]
    else:
        found = [Listed(url) for url in _text_addresses(page.text)]
    if not found:
        raise DiscoveryFailed(page.url, "it lists no addresses")
    return list({item.url: item for item in found}.values())


def _address_column(rows: list[dict[str, str]]) -> str:
    names = ("url", "link", "address", "href", "web address", "loc")
    return next((name for name in names if rows and name in rows[0]), "")


def _text_addresses(text: str) -> Iterable[str]:
    for line in text.splitlines():
        words = line.strip().split()
        if words and re.match(r"https?://[^\s<>\"]+$", words[0], re.I):
            yield words[0]


def csv_rows(page: Page) -> list[dict[str, str]]:
    """Rows of a CSV page by the names of its columns, in small letters. Raises DiscoveryFailed."""
    csv.field_size_limit(_CSV_FIELD)
    text = page.text.removeprefix("\ufeff").replace("\0", "")
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = csv.DictReader(io.StringIO(text), dialect=dialect, strict=False)
        return [
            {
                str(name).strip().lower(): (value or "").strip()
                for name, value in row.items()
                if name is not None and not isinstance(value, list)
            }
            for row in rows
        ]
    except csv.Error as error:
        raise DiscoveryFailed(page.url, f"it is not a proper CSV file ({error})") from None


def json_items(page: Page, path: str = "") -> list[dict[str, Any]]:
    """The objects of a JSON listing: the list at a path such as `data.items`, or JSON lines.

    Raises DiscoveryFailed when there is no such list.
    """
    try:
        data: Any = page.json
    except PageUnreadable as error:
        data = _json_lines(page)
        if data is None:
            raise DiscoveryFailed(page.url, str(error)) from None
    for name in filter(None, path.split(".")):
        data = data.get(name) if isinstance(data, Mapping) else None
    if isinstance(data, Mapping):
        data = [data] if not path else None
    if not isinstance(data, list):
        raise DiscoveryFailed(page.url, f"it holds no list at '{path}'")
    return [item for item in data if isinstance(item, dict)]


def _json_lines(page: Page) -> list[Any] | None:
    try:
        return [json.loads(line) for line in page.text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def catalogue(page: Page) -> list[dict[str, Any]]:
    """The data sets of a `data.json` catalogue in the DCAT form, or of its records one a line.

    Raises DiscoveryFailed when it holds none.
    """
    items = json_items(page)
    if len(items) == 1 and isinstance(items[0].get("dataset"), list):
        items = [item for item in items[0]["dataset"] if isinstance(item, dict)]
    found = [item for item in items if item.get("title")]
    if not found:
        raise DiscoveryFailed(page.url, "it holds no data sets with titles")
    return found
