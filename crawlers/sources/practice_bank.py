"""Practice Bank of the College of Policing: its table of practices, for facts and the link only.

The licence allows no summaries: name, stage or verdict, focus and organisation are facts and are
kept; the column of summaries is not read. Known from the text of stored copies of the table in an
older form (Title, Summary, Does it work?, Focus, Organisation) and of the page that names the
filters of the newer one (purpose, topic, organisation, stage of practice).
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawlers.errors import LayoutChanged
from crawlers.outline import Cell, columns, tables
from crawlers.page import Page
from crawlers.source import UNREADABLE, Broken, Finding, Source, broken_by
from crawlers.suggest import suggested_tags

_FORMS = (
    {"Title": "title", "Does it work": "verdict", "Focus": "focus", "Organisation": "body"},
    {"Title": "title", "Stage of practice": "stage", "Purpose": "focus", "Organisation": "body"},
    {"Title": "title", "Stage of practice": "stage", "Focus": "focus", "Organisation": "body"},
)
_STAGES = (
    ("independent", "evaluated-independently"),
    ("evaluated", "evaluated-locally"),
    ("untested", "new-untested"),
    ("new", "new-untested"),
    ("being tested", "being-tried"),
)
_VERDICTS = (
    ("didn", "no-change"),
    ("not work", "no-change"),
    ("promising", "probably-better"),
    ("worked", "better"),
)


class PracticeBank(Source):
    """One record for each practice, with facts and the link."""

    id = "practice-bank"
    title = "Practice Bank"
    publisher = "College of Policing"
    country = "gb"
    licence = "non-derivative"
    home = "https://www.college.police.uk/support-forces/practices"
    language = "en"
    follow = re.compile(r"/support-forces/practices/?\?(?:[^#]*&)?page=\d+")
    fewest = 20
    most = 1500
    fill_rates = {"provenance.original_url": 1.0, "partners": 0.5, "keywords": 0.8}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every practice of the table."""
        rows = list(_rows(page))
        if not rows:
            raise LayoutChanged(
                page.url, "a table with the columns Title, Organisation, and verdict or stage"
            )
        for row in rows:
            name = row["title"].text
            if not name or not row["title"].link:
                yield Broken(name or "row without a title", "its title is not linked")
                continue
            try:
                yield self.record(name, self._practice(page, row))
            except UNREADABLE as error:
                yield broken_by(name, error)

    def _practice(self, page: Page, row: dict[str, Cell]) -> dict[str, Any]:
        title, address = row["title"].text, row["title"].link
        facts = {name: cell.text for name, cell in row.items() if name != "title"}
        stated = facts.get("stage") or facts.get("verdict", "")
        stage = _first(_STAGES, stated)
        direction = _first(_VERDICTS, facts.get("verdict", ""))
        body = facts["body"]
        return {
            "record_type": "project",
            "title": title,
            "aspects": ["what", "who"],
            "place": {
                "country": self.country,
                "police_force": body if re.search(r"polic|constabular", body, re.I) else "",
            },
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
            "keywords": [facts["focus"]] if facts["focus"] else [],
            "stage_of_practice": stage,
            "stage_reason": f"The bank says \u201c{stated}\u201d." if stage else "",
            "results": [
                {
                    "direction": direction,
                    "confidence_reason": f"The bank says \u201c{stated}\u201d.",
                }
            ]
            if direction
            else [],
            "partners": [{"organisation": body, "roles": ["lead"]}] if body else [],
            "suggested_tags": suggested_tags((("the title says", title, 1.0),)),
            "provenance": self.origin(
                page,
                external_id=urlsplit(address).path.strip("/"),
                title=title,
                read=[title, facts],
                original_url=address,
            ),
        }


def _rows(page: Page) -> Iterator[dict[str, Cell]]:
    for table in tables(page):
        at = next((found for form in _FORMS if (found := columns(table[0], form))), {})
        for row in table[1:] if at else ():
            if max(at.values()) < len(row):
                yield {name: row[place] for name, place in at.items()}


def _first(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((code for words, code in table if words in text.casefold()), None)
