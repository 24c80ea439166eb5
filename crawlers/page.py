"""A page as it was read: bytes with their address, and lazy views of them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import charset_normalizer
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from crawlers.errors import PageUnreadable

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_STATED_INSIDE = re.compile(
    rb"<meta[^>]{0,200}?charset=[\"']?\s*([\w.:-]+)|^\s*<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]+)",
    re.I,
)
_WEB_CHARSETS = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|windows-?\d+|cp\d+|iso-?8859-?\d+|koi8-[ru]|mac(?:intosh|-roman)"
    r"|gb(?:k|2312|18030)|big5(?:-hkscs)?|shift[-]?jis|x-sjis|sjis|euc-(?:jp|kr)|iso-2022-jp|tis-620"
)
_MOST_HTML = 10_000_000
_MOST_STEPS = 50_000_000  # from texts and tables up to the page: some ten seconds
_ENOUGH_TO_GUESS = 200_000
_LEAST_WIDE = 8  # bytes
_MOST_LATIN = 0.7  # share of letters of such text whose other byte is zero
_LEAST_TO_GUESS = 50  # bytes beyond ASCII; fewer tell nothing


@dataclass(frozen=True)
class Page:
    """What came from an address: never changed, parsed only when a view is asked for."""

    url: str
    body: bytes
    content_type: str
    fetched_at: datetime
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def captured_at(self) -> datetime:
        """The moment it shows: that of its capture for a copy in a web archive, else of reading."""
        stated = self.headers.get("memento-datetime", "")
        try:
            moment = parsedate_to_datetime(stated) if stated else self.fetched_at
        except ValueError:
            return self.fetched_at
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def memento_url(self) -> str:
        """Where the copy in a web archive stands that this was read from; "" for a live page."""
        copied = "memento-datetime" in self.headers
        return self.headers.get("content-location", "") if copied else ""

    @cached_property
    def text(self) -> str:
        """The body as text, in the charset that it or its header states, else a likely one."""
        return decoded(self.body, self.content_type)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The body as a tree of HTML elements.

        Raises PageUnreadable when it is too large, nested without end, or a PDF or a packed file.
        """
        if self.body.startswith((b"%PDF-", b"PK\x03\x04")):
            raise PageUnreadable(self.url, "a PDF or a packed file, not a web page")
        if len(self.text) > _MOST_HTML:
            raise PageUnreadable(self.url, f"more than {_MOST_HTML:,} letters of HTML")
        soup = BeautifulSoup(self.text, "lxml")
        if _is_tangled(soup):
            raise PageUnreadable(self.url, "tables or texts nested without end")
        return soup

    @cached_property
    def json(self) -> Any:
        """The body as JSON. Raises PageUnreadable."""
        try:
            return json.loads(self.text.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            raise PageUnreadable(self.url, f"not JSON ({error})") from None

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object of the page, those inside `@graph` too; broken ones are skipped."""
        found: list[dict[str, Any]] = []
        for script in self.soup.find_all("script", type="application/ld+json"):
            try:
                data = json.loads(script.string or "")
            except (ValueError, RecursionError):
                continue
            for item in data if isinstance(data, list) else [data]:
                if isinstance(item, dict):
                    graph = item.get("@graph")
                    found += [part for part in graph or [item] if isinstance(part, dict)]
        return found

    def link(self, address: str) -> str:
        """The full address of a link on this page, without its fragment; "" if not a web page's."""
        try:
            full = urldefrag(urljoin(self.url, address.strip())).url
            return full if urlsplit(full).scheme in ("http", "https") else ""
        except ValueError:
            return ""


def archived(page: Page, original: str, moment: datetime, copy: str) -> Page:
    """A page as the copy, at address `copy`, of what stood at `original` at a moment.

    Its address is the original one, so that its links hold.
    """
    marks = {
        "memento-datetime": format_datetime(moment.astimezone(UTC), usegmt=True),
        "content-location": copy,
    }
    return replace(page, url=original, headers={**page.headers, **marks})


def decoded(body: bytes, content_type: str = "") -> str:
    """Bytes as text: by their mark, the charset stated outside or inside, UTF-8, or a guess."""
    for charset in _charsets(body, content_type):
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    charset = "cp1252"
    sample = body[:_ENOUGH_TO_GUESS]
    if sum(byte > 127 for byte in sample) >= _LEAST_TO_GUESS:
        guess = charset_normalizer.from_bytes(sample).best()
        charset = guess.encoding if guess is not None else charset
    return body.decode(charset, errors="replace")


def _is_tangled(soup: BeautifulSoup) -> bool:
    """Whether so much stands so deep that looking round it for what it stands in takes hours.

    A page that is only nested without need, with little in it, can still be read.
    """
    depth = steps = 0
    level: list[Tag] = [soup]
    while level and steps <= _MOST_STEPS:
        depth += 1
        inner = [child for tag in level for child in tag.children]
        level = [child for child in inner if isinstance(child, Tag)]
        tables = sum(tag.name == "table" for tag in level)
        texts = sum(isinstance(child, NavigableString) and not child.isspace() for child in inner)
        steps += depth * (tables + texts)
    return steps > _MOST_STEPS


def wide_charset(body: bytes) -> str:
    """The charset of text with several bytes a letter: by its mark, or where its zero bytes stand.

    "" for other text, and for what is no text.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return charset if charset != "utf-8-sig" else ""
    start = body[:1024]
    most = len(start) // 2 * _MOST_LATIN
    for charset, zeros, letters in (
        ("utf-16-le", start[1::2], start[::2]),
        ("utf-16-be", start[::2], start[1::2]),
    ):
        if len(start) >= _LEAST_WIDE and zeros.count(0) > most and not letters.count(0):
            return charset
    return ""


def _charsets(body: bytes, content_type: str) -> Iterator[str]:
    """Charsets to try, the best first."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            yield charset
    if wide := wide_charset(body):
        yield wide
    stated = re.search(r"charset=[\"']?([\w.:-]+)", content_type, re.I)
    if stated:
        yield _read_as(stated[1])
    inside = _STATED_INSIDE.search(body[:4096])
    if inside:
        yield _read_as((inside[1] or inside[2]).decode("ascii"))
    yield "utf-8"


def _read_as(charset: str) -> str:
    """The charset that browsers read for a stated one: Latin-1 is taken for its Windows form."""
    name = charset.lower().replace("_", "-")
    if name in ("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        return "cp1252"
    # What is no charset of the web (utf-7, idna, rot13) is not believed.
    return name if _WEB_CHARSETS.fullmatch(name) else "unknown"
