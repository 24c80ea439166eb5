"""Problem-Oriented Guides for Police: the table of responses that closes each guide.

A summary page names the guide in its heading ("Summary of Responses to ...") and lists the
responses in one or more tables with the columns Response, How It Works, Works Best If and
Considerations, under headings such as "Situational Crime Prevention Responses" or "Responses With
Limited Effectiveness". Known from stored copies of the summary of the guide to burglary of
single-family houses, at both of its addresses.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawlers.errors import LayoutChanged
from crawlers.outline import Cell, columns, lines, tables
from crawlers.page import Page
from crawlers.source import UNREADABLE, Broken, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import slug

_COLUMNS = {
    "Response": "option",
    "How It Works": "mechanism",
    "Works Best If": "works_best_if",
    "Considerations": "arguments_against",
}
_NAMED = re.compile(r"Summary of Responses to (?:the Problem of )?(?P<problem>.{4,150})", re.I)
_LIMITED = re.compile(r"limited (?:effectiveness|value)|little effect", re.I)
_GUIDE = re.compile(r"(?:/summary/?|-summary(?:-\d+)?)$")


class PopGuides(Source):
    """One record for each guide, with its responses as options."""

    id = "pop-guides"
    title = "Problem-Oriented Guides for Police"
    publisher = "Center for Problem-Oriented Policing"
    country = "us"
    licence = "unknown"
    home = "https://popcenter.asu.edu/"
    language = "en"
    starts = (
        "https://popcenter.asu.edu/",
        "https://popcenter.asu.edu/problems/burglary_home/summary",
        "https://popcenter.asu.edu/content/burglary-single-family-houses-summary",
    )
    follow = re.compile(r"//popcenter\.asu\.edu/(?:problems/|content/[^/]+-summary)")
    fewest = 1
    most = 200
    fill_rates = {
        "options_considered.mechanism": 1.0,
        "options_considered.works_best_if": 0.9,
        "options_considered.arguments_against": 0.9,
    }

    def records(self, page: Page) -> Iterator[Finding]:
        """The guide whose summary this is; nothing of other pages, which only lead to some."""
        named = next((found for line in lines(page) if (found := _NAMED.search(line.text))), None)
        if named is None:
            if not _GUIDE.search(page.url):
                return
            raise LayoutChanged(page.url, "a heading 'Summary of Responses to ...'")
        rows = list(_rows(page))
        if not rows:
            raise LayoutChanged(page.url, "a table with the columns " + ", ".join(_COLUMNS))
        problem = named["problem"].strip(" .:")
        for row in rows:
            if isinstance(row, Broken):
                yield row
        options = [row for row in rows if not isinstance(row, Broken)]
        try:
            yield self.record(problem, self._guide(page, problem, options))
        except UNREADABLE as error:
            yield broken_by(problem, error)

    def _guide(self, page: Page, problem: str, options: list[dict[str, str]]) -> dict[str, Any]:
        if not options:
            raise ValueError("no response of its table can be read")
        named = [row["option"] for row in options]
        return {
            "record_type": "guide",
            "title": problem,
            "summary": f"Problem-oriented guide \u201c{problem}\u201d, with {len(options)} "
            "responses: how each is meant to work, when it works best and what to think of first.",
            "aspects": ["what", "how"],
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "part",
            "options_considered": options,
            "suggested_tags": suggested_tags(
                (("the title says", problem, 1.0),), ("problem_types", "settings", "populations")
            )
            + suggested_tags((("a response is", name, 0.9) for name in named), ("response_types",)),
            "provenance": self.origin(
                page,
                external_id=f"guide/{slug(problem, 100)}",
                title=problem,
                read=options,
                original_url=_GUIDE.sub("", page.url),
                document_url=page.url,
            ),
        }


def _rows(page: Page) -> Iterator[dict[str, str] | Broken]:
    """The responses of every table of a page that has the four columns."""
    for table in tables(page):
        at: dict[str, int] = {}
        group = ""
        for row in table:
            at = columns(row, _COLUMNS) or at
            filled = [cell.text for cell in row if cell.text]
            if len(filled) == 1:
                group = filled[0]
            elif at and not columns(row, _COLUMNS):
                yield _row(row, at, group)


def _row(row: list[Cell], at: dict[str, int], group: str) -> dict[str, str] | Broken:
    texts = {name: row[place].text for name, place in at.items() if place < len(row)}
    name = texts.get("option", "")
    if len(texts) < len(at) or not name or not texts["mechanism"]:
        label = name or " ".join(cell.text for cell in row)[:80]
        return Broken(label, "the row lacks the response or how it works")
    texts["works_best_if"] = texts["works_best_if"].lstrip("\u2026. ")
    if _LIMITED.search(group):
        texts["why_not"] = f"The guide lists it under \u201c{group}\u201d."
    return texts
