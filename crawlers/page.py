"""A page as it was read: bytes with their address, and lazy views of them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup

from crawlers.errors import PageUnreadable

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_STATED_INSIDE = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?\s*([\w.:-]+)", re.I)


@dataclass(frozen=True)
class Page:
    """What came from an address: never changed, parsed only when a view is asked for."""

    url: str
    body: bytes
    content_type: str
    fetched_at: datetime
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The body as text, in the charset that it or its header states, else UTF-8 or Latin."""
        for charset in self._charsets():
            try:
                return self.body.decode(charset)
            except (UnicodeDecodeError, LookupError):
                continue
        return self.body.decode("cp1252", errors="replace")

    def _charsets(self) -> Iterator[str]:
        for mark, charset in _MARKS:
            if self.body.startswith(mark):
                yield charset
        stated = re.search(r"charset=[\"']?([\w.:-]+)", self.content_type, re.I)
        if stated:
            yield stated[1]
        inside = _STATED_INSIDE.search(self.body[:4096])
        if inside:
            yield inside[1].decode("ascii")
        yield "utf-8"

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The body as a tree of HTML elements."""
        return BeautifulSoup(self.text, "lxml")

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
