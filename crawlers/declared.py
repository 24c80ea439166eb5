"""Sources without a file: read by what their directory entry declares, in `seeds/sources/`.

An entry with `adapter.items` in it is a source:

    adapter:
      kind: live                  # or archive
      evidence: [...]             # pages, excerpts or files that the rest is known from
      starts: [https://...]       # or prefixes: [...] and near: 2010-04-08 for an archive
      sitemap: https://...        # or robots.txt; or feed: https://...; or list: https://...
      follow: /reports/           # optional: what these must name for it to be read
      next: a[rel~=next]          # optional: what leads to further pages
      items: table                # a table with named columns, `page`, `json`, `csv`, `oai`, or a
                                  # CSS selector
      fields: {title: Title, published_on: Date}  # columns or keys, or "selector" and
                                  # "selector@href"; an item's address is the link of its title,
                                  # in json and csv what the key given for `link` holds
      path: data.items            # for json: where in it the items stand
      endpoint: https://...       # for oai, with `set` when one set is wanted
      record: {record_type: paper, aspects: [what]}
      fewest: 5
      most: 500

`items: page` takes each page as one lead: its heading, its date, and terms that fit it. It rests on
nothing that a site could have arranged in its own way, so it reads archives of which no page was
seen; pages about nothing of this field are passed over.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from soupsieve import SelectorSyntaxError

from crawlers.data_items import csv_rows, json_items
from crawlers.dates import published_in
from crawlers.document import Block, one_line
from crawlers.errors import DiscoveryFailed, LayoutChanged
from crawlers.harvested import Repository, first_page
from crawlers.outline import Cell, Line, columns, lines, tables
from crawlers.page import Page
from crawlers.source import UNREADABLE, Broken, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.errors import InputInvalid
from kb.records.identity import canonical_url, slug
from kb.seeding import read_yaml
from kb.settings import settings

_LINK = "title"
"""The field whose link is the address of an item."""
_MENU = re.compile(
    r"home|search|contact(?: us)?|site ?map|accessibility|feedback|help|about(?: us)?|log ?in|page "
    r"not found|error.*|untitled.*",
    re.I,
)
_WAYS = ("sitemap", "feed", "list")
_FILES = {"json": "*.json", "csv": "*.csv", "oai": "*.xml"}
"""Items that are no web pages, and the names of files that hold them."""
_LEAST_FIT = 0.4
_MOST_TOLD = 400  # words of a page that terms are sought in


class Declared(Source):
    """Base of the sources made from entries: a subclass has an entry and what follows from it."""

    adapter: Mapping[str, Any]

    def links(self, page: Page) -> Iterator[str]:
        """What the entry says leads to further pages."""
        selector = self.adapter.get("next")
        for anchor in page.soup.select(selector) if selector else ():
            if anchor.get("href"):
                yield page.link(str(anchor["href"]))

    def records(self, page: Page) -> Iterator[Finding]:
        """Every item, as the entry says how to find them."""
        items = self.adapter["items"]
        if items == "page":
            yield from self._lead(page)
            return
        found = list(self._rows(page))
        if not found:
            raise LayoutChanged(page.url, self._sought())
        for row in found:
            name = row.get("title", Cell("")).text
            if not name:
                yield Broken("item without a title", "nothing stands where its title is sought")
                continue
            try:
                yield self.record(name, self._item(page, name, row))
            except UNREADABLE as error:
                yield broken_by(name, error)

    def _rows(self, page: Page) -> Iterable[dict[str, Cell]]:
        items = self.adapter["items"]
        if items == "table":
            return _from_table(page, self.fields)
        if items not in ("json", "csv"):
            return self._selected(page)
        try:
            held: list[dict[str, Any]] = (
                json_items(page, str(self.adapter.get("path", "")))
                if items == "json"
                else [dict(row) for row in csv_rows(page)]
            )
        except DiscoveryFailed as error:
            raise LayoutChanged(page.url, f"items ({error.reason})") from None
        return (self._row(page, item) for item in held)

    def _sought(self) -> str:
        """What an item is sought by, in words."""
        items = self.adapter["items"]
        named = ", ".join(self.fields.values())
        if items in ("json", "csv"):
            return f"items of {items.upper()} with {named}"
        return f"a table with the columns {named}" if items == "table" else f"'{items}'"

    def _row(self, page: Page, item: Mapping[str, Any]) -> dict[str, Cell]:
        """One item of a JSON or CSV listing; the keys of a CSV are in small letters."""
        small = self.adapter["items"] == "csv"
        told = {name: item.get(key.lower() if small else key) for name, key in self.fields.items()}
        address = str(told.pop("link", None) or "")
        link = page.link(address) if address else ""
        return {
            name: Cell(one_line(str(value)), link if name == _LINK else "")
            for name, value in told.items()
            if isinstance(value, (str, int, float))
        }

    @property
    def fields(self) -> dict[str, str]:
        """Where each field of a record is found."""
        return {str(name): str(where) for name, where in self.adapter.get("fields", {}).items()}

    def _selected(self, page: Page) -> Iterator[dict[str, Cell]]:
        for item in page.soup.select(self.adapter["items"]):
            row = {}
            for name, where in self.fields.items():
                selector, _, attribute = where.partition("@")
                node = item.select_one(selector)
                if node is None:
                    continue
                value = str(node.get(attribute) or "") if attribute else node.get_text(" ")
                anchor = node if node.name == "a" else node.find("a", href=True)
                link = page.link(str(anchor["href"])) if anchor and anchor.get("href") else ""
                row[name] = Cell(page.link(value) if attribute == "href" else one_line(value), link)
            yield row

    def _item(self, page: Page, name: str, row: Mapping[str, Cell]) -> dict[str, Any]:
        link = row[_LINK].link
        own_id = canonical_url(link) if link else f"{canonical_url(page.url)}#{slug(name, 80)}"
        told = " ".join(cell.text for cell in row.values())
        told_fields = {key: cell.text for key, cell in row.items() if cell.text}
        return {
            **self._common(),
            **told_fields,
            "suggested_tags": suggested_tags(
                (("the title says", name, 1.0), ("the list says", told, 0.6))
                if self.may_keep_text()
                else (("the title says", name, 1.0),)
            ),
            "provenance": self.origin(
                page,
                external_id=own_id[-200:],
                title=name,
                read=told_fields,
                original_url=link,
            ),
        }

    def _common(self) -> dict[str, Any]:
        return {
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
            **self.adapter.get("record", {}),
        }

    # --- whole pages

    def _lead(self, page: Page) -> Iterator[Finding]:
        told = lines(page)
        title = _title(page, told)
        if not title:
            raise LayoutChanged(page.url, "a heading or a title")
        if _MENU.fullmatch(title):
            return
        words = " ".join(line.text for line in told).split()
        tags = suggested_tags(
            (("the title says", title, 1.0), ("the page says", " ".join(words[:_MOST_TOLD]), 0.6))
        )
        if not any(tag["confidence"] >= _LEAST_FIT for tag in tags):
            return
        captured = page.captured_at.date()
        yield self.record(
            title,
            {
                **self._common(),
                "title": title,
                "summary": f"Page of {self.title}, as it stood on {captured:%-d %B %Y}. No person "
                "has read it: see the kept copy.",
                "published_on": published_in([Block("text", line.text) for line in told]),
                "suggested_tags": tags,
                "provenance": self.origin(
                    page,
                    external_id=canonical_url(page.url)[-200:],
                    title=title,
                    read=words,
                ),
            },
        )


def _from_table(page: Page, fields: Mapping[str, str]) -> Iterator[dict[str, Cell]]:
    wanted = {heading: name for name, heading in fields.items()}
    for table in tables(page):
        at = columns(table[0], wanted)
        for row in table[1:] if at else ():
            if max(at.values()) < len(row):
                yield {name: row[place] for name, place in at.items()}


def _title(page: Page, told: list[Line]) -> str:
    """The heading of a page, or the first part of its title."""
    heading = next((line.text for line in told if line.level in (1, 2)), "")
    if heading:
        return heading
    stated = page.soup.title
    text = one_line(stated.get_text(" ")) if stated else ""
    return re.split(r"\s+[-|\u2013:]\s+", text)[0]


def declared_sources() -> dict[str, type[Source]]:
    """Every source that a directory entry declares, by id. Raises InputInvalid for a wrong one."""
    return _declared_in(settings().seeds_dir / "sources")


@lru_cache(maxsize=4)
def _declared_in(folder: Path) -> dict[str, type[Source]]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        if "\nadapter:" in path.read_text("utf-8"):
            entry = read_yaml(path)
            if entry["adapter"].get("items"):
                found[entry["id"]] = _made(path, entry)
    return found


def _made(path: Path, entry: Mapping[str, Any]) -> type[Source]:
    adapter = entry["adapter"]
    oai = adapter["items"] == "oai"
    try:
        attributes = {
            "__doc__": f"{entry['title']}, as its directory entry declares it.",
            "id": entry["id"],
            "title": entry["title"],
            "publisher": entry["owner"],
            "country": entry["country"].lower(),
            "licence": entry["licence"],
            "home": entry.get("url_now") or entry["url_then"],
            "language": adapter.get("language", "en"),
            "kind": adapter["kind"],
            "starts": (first_page(adapter["endpoint"], adapter.get("set", "")),)
            if oai
            else tuple(adapter.get("starts", ())),
            "found_by": tuple((way, str(adapter[way])) for way in _WAYS if way in adapter),
            "follow": re.compile(adapter["follow"]) if "follow" in adapter else None,
            "prefixes": tuple(adapter.get("prefixes", ())),
            "near": str(adapter.get("near", "")),
            "fewest": adapter["fewest"],
            "most": adapter["most"],
            "fill_rates": adapter.get("fill_rates", {"provenance.original_url": 1.0}),
            "files": (_FILES.get(adapter["items"], "*.html"),),
            "adapter": adapter,
            "examples": "archived-page" if adapter["items"] == "page" else "",
        }
    except KeyError as error:
        raise InputInvalid(f"{path.name}: adapter needs {error}") from None
    except re.error as error:
        raise InputInvalid(f"{path.name}: `follow` is not a pattern ({error})") from None
    if adapter["items"] not in ("page", "table", *_FILES):
        _check_selectors(path, adapter)
    return type("DeclaredSource", (Repository if oai else Declared,), attributes)


def _check_selectors(path: Path, adapter: Mapping[str, Any]) -> None:
    from bs4 import BeautifulSoup

    empty = BeautifulSoup("", "lxml")
    for selector in (adapter["items"], *adapter.get("fields", {}).values(), adapter.get("next")):
        try:
            empty.select(str(selector or "a").partition("@")[0])
        except SelectorSyntaxError as error:
            raise InputInvalid(f"{path.name}: '{selector}' is not a selector ({error})") from None
