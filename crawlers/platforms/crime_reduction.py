"""Pages of the Home Office's Crime Reduction site (2000 to 2010), as archives and copies keep them.

A page begins with the banner of the site, then a line with its section, then its title. Pages of
toolkits have the name of the toolkit below "Crime Reduction Toolkits", a menu, and their own title
after "Toolkit Index". Below stand paragraphs, and sometimes who wrote it and when it was reviewed.
What the Crown made may be kept; lines that name people to contact are left out.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from crawlers.contacts import contacts_in
from crawlers.dates import published_in
from crawlers.document import Block
from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.source import UNREADABLE, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import canonical_url

_BANNER = re.compile(
    r"crime reduction(?: - helping to reduce crime in your area)?|helping to reduce crime in your "
    r"area|crime - let'?s bring it down|home office|skip.*|\W*",
    re.I,
)
_NOTE = re.compile(r"this (?:document|page) is published for archival|it will not be updated", re.I)
_INDEX = re.compile(r"toolkit index", re.I)
_TOOLKITS = re.compile(r"crime reduction toolkits?", re.I)
_FOOT = re.compile(
    r"(?:date modified|last (?:updated|reviewed)|review date|originator|return to|back to top"
    r"|leave a reply|top of page)\b.*|\u00a9.*",
    re.I | re.S,
)
_STATED = re.compile(r"(?:date modified|last updated)\s*:?\s*(?P<date>.{4,30})", re.I)
_PEOPLE = re.compile(r"\s*contacts?\b\s*:", re.I)
# Prizes to single people: their stories are not for this collection.
_PERSONAL = re.compile(r"justice awards?\b.*\bwinners?\b", re.I)
_LONGEST_TITLE = 25
_FEWEST_WORDS = 25
_MOST_SUMMARY = 95


class CrimeReductionPages(Source):
    """Base: one record for each page with text of its own."""

    publisher = "Home Office"
    country = "gb"
    licence = "ogl-3"
    language = "en"
    kind = "archive"
    near = "2010-04-08"
    record_type: ClassVar[str] = "guide"
    fewest = 5
    most = 3000
    fill_rates = {"summary": 1.0, "body": 1.0, "provenance.original_url": 1.0}

    def records(self, page: Page) -> Iterator[Finding]:
        """The page as one record; none when it only leads to others."""
        told = [line for line in lines(page) if not _BANNER.fullmatch(line.text)]
        section, title, rest = self.heads(page, told)
        if _PERSONAL.search(title):
            return
        foot = next((n for n, line in enumerate(rest) if _FOOT.fullmatch(line.text)), len(rest))
        kept = [line for line in rest[:foot] if _may_be_kept(line.text)]
        if len(" ".join(line.text for line in kept).split()) < _FEWEST_WORDS:
            return
        try:
            yield self.record(title, self._page(page, section, title, kept, rest[foot:]))
        except UNREADABLE as error:
            yield broken_by(title, error)

    def heads(self, page: Page, told: list[Line]) -> tuple[str, str, list[Line]]:
        """Section and title of a page, and the lines below. Raises LayoutChanged."""
        told = [line for line in told if not _NOTE.search(line.text)]
        if len(told) < 2 or len(told[0].text.split()) > _LONGEST_TITLE:
            raise LayoutChanged(page.url, "a line with the section, then the title")
        titled = len(told[1].text.split()) <= _LONGEST_TITLE and not told[1].text.endswith(".")
        title = told[1].text if titled else told[0].text
        return told[0].text, title, told[2:] if titled else told[1:]

    def _page(
        self, page: Page, section: str, title: str, kept: list[Line], foot: list[Line]
    ) -> dict[str, Any]:
        body = _sections(kept)
        first = next(
            (line.text for line in kept if len(line.text.split()) > 8 and not line.level),
            kept[0].text,
        )
        words = first.split()
        stated = next((m for line in foot if (m := _STATED.search(line.text))), None)
        date = published_in([Block("text", stated["date"])]) if stated else ""
        told = " ".join(line.text for line in kept)
        shortened = " ".join(words[:_MOST_SUMMARY]) + "\u2026" * (len(words) > _MOST_SUMMARY)
        own_words = f"Page of the Home Office's former Crime Reduction site, section {section}."
        return {
            "record_type": self.record_type,
            "title": title,
            "summary": shortened if self.may_keep_text() else own_words,
            "aspects": ["how"],
            "place": {"country": self.country},
            "published_on": date,
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "full",
            "keywords": [section] if section != title else [],
            "body": body if self.may_keep_text() else [],
            "suggested_tags": suggested_tags(
                (
                    ("the title says", title, 1.0),
                    ("its section is", section, 0.9),
                    ("the page says", told, 0.5),
                )
            ),
            "provenance": self.origin(
                page,
                external_id=canonical_url(page.url)[-200:],
                title=title,
                read=[section, title, told],
            ),
        }


class CrimeReductionToolkit(CrimeReductionPages):
    """Base for pages of toolkits."""

    record_type = "toolkit"

    def heads(self, page: Page, told: list[Line]) -> tuple[str, str, list[Line]]:
        """The toolkit's name, the title of the page, and the lines below. Raises LayoutChanged."""
        named = next((n for n, line in enumerate(told) if _TOOLKITS.fullmatch(line.text)), None)
        index = next((n for n, line in enumerate(told) if _INDEX.fullmatch(line.text)), None)
        if named is None or index is None or named + 1 >= index:
            raise LayoutChanged(page.url, "'Crime Reduction Toolkits', a name, 'Toolkit Index'")
        if index + 1 >= len(told):
            raise LayoutChanged(page.url, "a title after 'Toolkit Index'")
        toolkit, title = told[named + 1].text, told[index + 1].text
        known = title if toolkit.casefold() in title.casefold() else f"{title} ({toolkit} toolkit)"
        return toolkit, known, told[index + 2 :]


def _may_be_kept(text: str) -> bool:
    return not _PEOPLE.match(text) and not any(found.personal for found in contacts_in(text))


def _sections(kept: list[Line]) -> list[dict[str, str]]:
    sections = [{"heading": "", "text": ""}]
    for line in kept:
        if line.level:
            sections.append({"heading": line.text, "text": ""})
        else:
            sections[-1]["text"] = f"{sections[-1]['text']}\n{line.text}".strip()
    return [section for section in sections if section["text"]]
