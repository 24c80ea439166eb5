"""Scottish Community Safety Network: its page of reports.

Each report is a line "Title (year)", followed by paragraphs and links to download it. Known from
the text of a stored copy of the page.
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

_REPORT = re.compile(r"(?P<title>.{8,200}?)\s*\((?P<year>(?:19|20)\d\d)\)")
_DOWNLOAD = re.compile(r"download|\bread\b.*\b(?:report|paper)\b", re.I)


class ScottishCommunitySafetyNetwork(Source):
    """One record for each report."""

    id = "scottish-community-safety-network"
    title = "Scottish Community Safety Network"
    publisher = "Scottish Community Safety Network"
    country = "gb-sct"
    licence = "all-rights"
    home = "https://www.safercommunitiesscotland.org/publications-overview/scsn-reports/"
    language = "en"
    fewest = 3
    most = 300
    fill_rates = {"published_on": 1.0, "provenance.document_url": 0.5}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every report of the page."""
        told = lines(page)
        starts = [n for n, line in enumerate(told) if _REPORT.fullmatch(line.text)]
        if not starts:
            raise LayoutChanged(page.url, "a line 'Title (year)'")
        for start, end in zip(starts, [*starts[1:], len(told)], strict=True):
            found = _REPORT.fullmatch(told[start].text)
            assert found is not None, "it was found above"
            try:
                yield self.record(found["title"], self._report(page, found, told[start:end]))
            except UNREADABLE as error:
                yield broken_by(found["title"], error)

    def _report(self, page: Page, found: re.Match[str], told: list[Line]) -> dict[str, Any]:
        title, year = found["title"].strip(), found["year"]
        files = [line.link(r"\.(?:pdf|docx?)") for line in told]
        named = [line.link() for line in told if _DOWNLOAD.search(line.text)]
        document = next(filter(None, [*files, *named]), "")
        return {
            "record_type": "paper",
            "title": title,
            "summary": f"Report of the {self.publisher}, {year}.",
            "aspects": ["what"],
            "place": {"country": self.country},
            "published_on": year,
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "summary",
            "suggested_tags": suggested_tags(
                (
                    ("the title says", title, 1.0),
                    ("the page says", " ".join(line.text for line in told[1:]), 0.6),
                )
            ),
            "provenance": self.origin(
                page,
                external_id=f"{year}/{slug(title, 100)}",
                title=title,
                read=[line.text for line in told],
                document_url=document,
            ),
        }
