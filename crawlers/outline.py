"""A page as a reader sees it: headings, lines and tables in their order, with the links in them.

What was seen of most sites are excerpts of their text, not their markup. Sources that rest on
such evidence read this outline: it looks alike whether a heading is an `h3` or a bold line, and
whether entries stand in paragraphs, cells or lines parted by `<br>`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import Tag
from bs4.element import Comment, NavigableString

from crawlers.document import one_line
from crawlers.page import Page

_LEFT_OUT = re.compile(
    r"script|style|noscript|template|nav|footer|aside|form|button|select|iframe|svg|head"
)
_BLOCK = re.compile(
    r"address|article|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption"
    r"|figure|h[1-6]|header|hr|li|main|ol|p|pre|section|summary|table|t(?:body|d|foot|h|head|r)|ul"
)
_HEADING = re.compile(r"h[1-6]")
_MAIN = "main, [role=main], #main-content, #content, #main, article"
_LEAST_MAIN = 40  # letters; an area with fewer is not where the page has its text
_MOST_LINES = 50_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: its words and its full address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A heading (`level` 1 to 6) or a line of text (`level` 0); `strong` when all of it is bold."""

    text: str
    level: int = 0
    links: tuple[Anchor, ...] = ()
    strong: bool = False
    item: bool = False
    """Whether it is an item of a list."""

    def link(self, ending: str = "") -> str:
        """The address of its first link, of the first with this ending, or ""."""
        ends = re.compile(rf"{ending}(?:$|[?#])", re.I)
        return next((link.url for link in self.links if not ending or ends.search(link.url)), "")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    link: str = ""


def lines(page: Page) -> list[Line]:
    """Headings and lines of the main part of a page, in their order; what only leads is left out.

    Never more than fifty thousand.
    """
    gathered: list[Line] = []
    held = _Held(page)
    for node in _main_part(page).descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                # Within a heading or the words of a link it only breaks the line for the eye.
                within = any(
                    _HEADING.fullmatch(tag.name) or tag.name == "a" for tag in _around(node)
                )
                gathered += held.space() if within else held.line()
            continue
        if not isinstance(node, NavigableString) or isinstance(node, Comment) or not node.strip():
            continue
        around = list(_around(node))
        if any(_LEFT_OUT.fullmatch(tag.name) or _is_page_header(tag) for tag in around):
            continue
        block = next((tag for tag in around if _BLOCK.fullmatch(tag.name)), None)
        if block is not held.block:
            gathered += held.line()
            held.block = block
        held.add(str(node), around)
        if len(gathered) >= _MOST_LINES:
            return gathered
    return gathered + held.line()


class _Held:
    """The line that is being read."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.block: Tag | None = None
        self._words: list[str] = []
        self._links: dict[int, tuple[Tag, list[str]]] = {}
        self._plain = 0

    def add(self, text: str, around: list[Tag]) -> None:
        """Words of the line, with the elements they stand in, the nearest first."""
        self._words.append(text)
        if not any(tag.name in ("b", "strong") for tag in around):
            self._plain += len(text.strip())
        anchor = next((tag for tag in around if tag.name == "a" and tag.get("href")), None)
        if anchor is not None:
            self._links.setdefault(id(anchor), (anchor, []))[1].append(text)

    def space(self) -> list[Line]:
        """The line goes on after a space; none is ended."""
        self._words.append(" ")
        for _, words in self._links.values():
            words.append(" ")
        return []

    def line(self) -> list[Line]:
        """The line as read, none when it is empty; the next one begins."""
        text = one_line("".join(self._words))
        name = self.block.name if self.block is not None else ""
        links = tuple(
            Anchor(one_line("".join(words)), url)
            for anchor, words in self._links.values()
            if (url := self._page.link(str(anchor["href"])))
        )
        strong = not self._plain
        self._words, self._links, self._plain = [], {}, 0
        if not text:
            return []
        level = int(name[1]) if _HEADING.fullmatch(name) else 0
        return [Line(text, level, links, strong, item=name == "li")]


def _around(node: Any) -> Iterator[Tag]:
    for tag in node.parents:
        if tag.name in ("[document]", "html"):
            return
        yield tag


def _is_page_header(tag: Tag) -> bool:
    return tag.name == "header" and tag.parent is not None and tag.parent.name == "body"


def _main_part(page: Page) -> Tag:
    for found in page.soup.select(_MAIN):
        if len(found.get_text(" ", strip=True)) >= _LEAST_MAIN:
            return found
    return page.soup.body or page.soup


def tables(page: Page) -> Iterator[list[list[Cell]]]:
    """Every table that holds no other table, as rows of cells. Empty rows are left out."""
    for table in page.soup.find_all("table"):
        if table.find("table") is not None:
            continue
        rows = []
        for row in table.find_all("tr"):
            cells = [_cell(page, cell) for cell in row.find_all(("td", "th"))]
            if any(cell.text for cell in cells):
                rows.append(cells)
        if rows:
            yield rows


def _cell(page: Page, cell: Tag) -> Cell:
    anchor = cell.find("a", href=True)
    link = page.link(str(anchor["href"])) if isinstance(anchor, Tag) else ""
    return Cell(one_line(cell.get_text(" ")), link)


def columns(row: list[Cell], wanted: dict[str, str]) -> dict[str, int]:
    """Where the columns stand whose headings are `wanted`, by the names given to them.

    Headings are compared by their first words, without case, dots and the like. Empty unless all
    are there.
    """
    heads = [_words(cell.text) for cell in row]
    found = {}
    for heading, name in wanted.items():
        place = next((n for n, head in enumerate(heads) if head.startswith(_words(heading))), None)
        if place is None:
            return {}
        found[name] = place
    return found


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
