"""European Crime Prevention Network: pages of its documents (toolboxes, papers, booklets).

A document stands at /document/NAME: a heading, some text, then "Download documents". Other pages
only lead to them. Known from the text of stored copies of two document pages and the news page.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.source import UNREADABLE, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import slug

_DOCUMENT = re.compile(r"//(?:www\.)?eucpn\.org/document/(?P<name>[^/?#]+)", re.I)
_FURTHER = re.compile(
    r"//(?:www\.)?eucpn\.org/(?:document|toolbox|knowledge-center|service)"
    r"(?!.*\.(?:pdf|docx?|zip)$)",
    re.I,
)
_TOOL = re.compile(r"\b(?:toolbox|toolkit|manual|guidelines?|handbook)\b", re.I)
_YEAR = re.compile(r"\b(20\d\d)\b")


class Eucpn(Source):
    """One record for each document."""

    id = "eucpn"
    title = "European Crime Prevention Network"
    publisher = "European Crime Prevention Network"
    country = "be"
    licence = "unknown"
    home = "https://eucpn.org/"
    language = "en"
    starts = (
        "https://eucpn.org/service/news",
        "https://eucpn.org/document/history-and-evolution-of-the-european-crime-prevention-award",
    )
    follow = _FURTHER
    fewest = 5
    most = 1000
    fill_rates = {"provenance.original_url": 1.0, "suggested_tags": 0.3}

    def records(self, page: Page) -> Iterator[Finding]:
        """The document of a document page; nothing of others."""
        address = _DOCUMENT.search(page.url)
        if address is None:
            return
        told = lines(page)
        heading = next((line for line in told if line.level), None)
        if heading is None:
            raise LayoutChanged(page.url, "a heading")
        try:
            yield self.record(heading.text, self._document(page, address["name"], heading, told))
        except UNREADABLE as error:
            yield broken_by(heading.text, error)

    def _document(self, page: Page, name: str, heading: Line, told: list[Line]) -> dict[str, Any]:
        title = heading.text
        text = " ".join(line.text for line in told[told.index(heading) + 1 :])
        year = _YEAR.search(title)
        tool = bool(_TOOL.search(title))
        document = next((line.link(r"\.pdf") for line in told if line.link(r"\.pdf")), "")
        return {
            "record_type": "toolkit" if tool else "paper",
            "title": title,
            "summary": f"{'Toolbox' if tool else 'Document'} of the {self.publisher}"
            f"{f', {year[1]}' if year else ''}.",
            "aspects": ["what", "how"] if tool else ["what"],
            "published_on": year[1] if year else "",
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "summary",
            "suggested_tags": suggested_tags(
                (("the title says", title, 1.0), ("the page says", text, 0.6))
            ),
            "provenance": self.origin(
                page,
                external_id=slug(name, 150),
                title=title,
                read=[title, text],
                document_url=document,
            ),
        }
