"""The main text of a web page, without its menus, advertisements and comments."""

import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from bs4 import BeautifulSoup

from crawlers.bare_text import bare_text
from crawlers.document import Block, Document, Kind, one_line
from crawlers.errors import ExtractionFailed

_SURE_SHARE = 0.75
_PARTED = 2  # headings and items, with which a page has parts
_MOST_MORE = 2.0  # times as many words as another reading, beyond which menus must be among them
_HOLDERS = ("body", "list", "table", "div", "main")
_KINDS: dict[str, Kind] = {"head": "heading", "item": "item", "row": "row"}


def read_html(name: str, text: str) -> Document:
    """The main text of a page with its title, date and stated language.

    Raises ExtractionFailed when the page holds no text.
    """
    found = _main_text(text)
    document = Document(contact_text=_contact_text(text), language=_language(text))
    if found is None:
        _, plain, _ = trafilatura.baseline(text)
        plain = plain if plain.strip() else bare_text(text)
        if not plain:
            raise ExtractionFailed(name, "no-text", "the page holds no text")
        document.blocks = [
            Block("text", one_line(part)) for part in plain.splitlines() if part.strip()
        ]
        document.warnings.append("No main text was recognised; this is all text of the page.")
        return document
    document.title = one_line(found.title or "")
    document.published = found.date or ""
    document.blocks = list(_blocks(found.body))
    return document


def _main_text(text: str) -> Any:
    """The careful reading, unless it leaves out so much that the page must be an odd one."""
    careful, usual = _read(text, precision=True), _read(text)
    if careful is None or usual is None:
        return careful or usual
    found = careful if _length(careful) >= _SURE_SHARE * _length(usual) else usual
    if _parts(found):
        return found
    # Headings and lists beside bare paragraphs, without an element that says "article", are at
    # times taken for menus, and whole sections are gone with them.
    generous = _read(text, recall=True)
    if generous is None or _length(generous) > _MOST_MORE * _length(found):
        return found
    return generous if _parts(generous) >= _PARTED else found


def _read(text: str, *, precision: bool = False, recall: bool = False) -> Any:
    return trafilatura.bare_extraction(
        text,
        favor_precision=precision,
        favor_recall=recall,
        include_comments=False,
        with_metadata=True,
        # A date in the text tells when something happened, not when the page came out.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )


def _parts(found: Any) -> int:
    """How many headings and items of lists were read."""
    return sum(1 for _ in found.body.iter("head", "item"))


def _length(found: Any) -> int:
    return len(" ".join(found.body.itertext()).split())


def _blocks(element: Any) -> Iterator[Block]:
    """The blocks of an element of the main text; lists and tables give one for each part."""
    if element.tag in _HOLDERS:
        yield from _lines("text", element.text)
        for child in element:
            yield from _blocks(child)
            yield from _lines("text", child.tail)
        return
    for line_break in element.iter("lb"):
        line_break.tail = "\n" + (line_break.tail or "")
    if element.tag == "row":
        cells = [one_line(" ".join(cell.itertext())) for cell in element.iter("cell")]
        yield from _lines("row", " | ".join(filter(None, cells)))
    else:
        yield from _lines(_KINDS.get(element.tag, "text"), "".join(element.itertext()))


def _lines(kind: Kind, text: str | None) -> Iterator[Block]:
    for line in (text or "").split("\n"):
        if line.strip():
            yield Block(kind, one_line(line))


def _language(text: str) -> str:
    stated = re.search(r"<html[^>]{0,500}?\blang=[\"']?([a-zA-Z]{2,3})\b", text[:20_000])
    return stated[1].lower() if stated else ""


def _contact_text(text: str) -> str:
    """Links to mailboxes and telephones, and lines that speak of a contact."""
    soup = BeautifulSoup(text, "lxml")
    lines = []
    for link in soup.select('a[href^="mailto:"], a[href^="tel:"]'):
        target = str(link["href"]).partition(":")[2].partition("?")[0]
        around = link.find_parent(["p", "li", "td", "address", "div"]) or link
        context = one_line(around.get_text(" "))
        lines.append(f"{context[:300]} {target}" if len(context) < 600 else target)
    lines += [one_line(item.get_text(" "))[:500] for item in soup.find_all("address")]
    return "\n".join(dict.fromkeys(lines))
