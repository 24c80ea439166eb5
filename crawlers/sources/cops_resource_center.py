"""COPS Office publications: the list of 2004, as web archives keep it.

Each publication is a title, a line with kind, size and date ("Adobe PDF Document (401K) -
5/19/2003") and mostly a paragraph. Known from the text of a copy of default.asp?Item=118 at
webharvest.gov, captured on 27 October 2004. Of the present portal no page has been seen.
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

_FILE = re.compile(
    r"(?:.{0,40}\bDocument\b)?\s*\(\d[\d,.]*\s*[KM]B?\)\s*[\u2013\u2014-]\s*"
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:19|20)\d\d)"
)


class CopsResourceCenter(Source):
    """One record for each publication of the list."""

    id = "cops-resource-center"
    title = "COPS Resource Center"
    publisher = "Office of Community Oriented Policing Services, US Department of Justice"
    country = "us"
    licence = "unknown"
    home = "https://cops.usdoj.gov/"
    language = "en"
    kind = "archive"
    starts = ("http://www.cops.usdoj.gov/default.asp?Item=118",)
    near = "2004-10-27"
    fewest = 10
    most = 500
    fill_rates = {"published_on": 1.0, "provenance.document_url": 0.8}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every publication of the list."""
        told = lines(page)
        at = [n for n, line in enumerate(told) if n and _FILE.fullmatch(line.text)]
        if not at:
            raise LayoutChanged(page.url, "a line '... Document (401K) - 5/19/2003'")
        for number, end in zip(at, [*(n - 1 for n in at[1:]), len(told)], strict=True):
            title = told[number - 1].text
            try:
                yield self.record(title, self._publication(page, told[number - 1 : end]))
            except UNREADABLE as error:
                yield broken_by(title, error)

    def _publication(self, page: Page, told: list[Line]) -> dict[str, Any]:
        head, file, *rest = told
        date = _FILE.fullmatch(file.text)
        assert date is not None, "it was found by this"
        published = f"{date['year']}-{int(date['month']):02d}-{int(date['day']):02d}"
        return {
            "record_type": "paper",
            "title": head.text,
            "summary": f"Publication of the COPS Office, {date['year']}.",
            "aspects": ["what"],
            "published_on": published,
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
            "suggested_tags": suggested_tags(
                (
                    ("the title says", head.text, 1.0),
                    ("the list says", " ".join(line.text for line in rest), 0.6),
                )
            ),
            "provenance": self.origin(
                page,
                external_id=f"{published}/{slug(head.text, 120)}",
                title=head.text,
                read=[line.text for line in told],
                document_url=file.link() or head.link(),
            ),
        }
