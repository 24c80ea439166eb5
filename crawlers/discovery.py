"""Finding what there is to fetch: sitemaps, feeds and lists of addresses.

Each function takes `get`, which gives the page at an address (a Fetcher's `page`), or a page that
was fetched. Paged listings are followed by a run itself (crawlers/walk.py); listings for machines
stand in crawlers/data_items.py, OAI-PMH in crawlers/oai.py.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import feedparser  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from crawlers.data_items import csv_rows
from crawlers.errors import DiscoveryFailed, FetchFailed
from crawlers.page import Page
from crawlers.xml_pages import body_of, xml_root

Get = Callable[[str], Page]

_MOST_DEPTH = 5
_MOST_FILES = 500
_MOST_FOUND = 200_000


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
