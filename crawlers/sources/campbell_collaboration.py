"""Campbell Collaboration: the list of reviews with their plain language summaries.

Every item of the list begins with "Additional Info", followed by labelled lines (Authors, Published
date, Coordinating group(s), Type of document, Title, See the full review), then "PLAIN LANGUAGE
SUMMARY", its headline and sections under questions. Known from the text of stored copies of six
pages of the list. Only reviews and briefs of the crime and justice group are taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.source import UNREADABLE, Doubt, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import slug

_LABELS = re.compile(
    r"(?P<label>Authors|Published date|Coordinating group\(s\)|Type of document|Title"
    r"|See the full review|Records available in|Library Image)(?!\w)\s*:?\s*(?P<value>.*)",
    re.I | re.S,
)
_GROUP = "crime and justice"
_TAKEN = re.compile(r"\b(?:review|brief|map)\b", re.I)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s?#]+", re.I)
_SUMMARY = re.compile(r"plain language summary", re.I)
_IN_BRIEF = re.compile(r"the review in brief", re.I)
_QUESTION = re.compile(r"(?:what|how|who|which|why|where)\b.{3,150}\?", re.I)
_MOST_WORDS = 90


@dataclass
class _Item:
    labels: dict[str, str] = field(default_factory=dict)
    address: str = ""
    told: list[str] = field(default_factory=list)


class CampbellCollaboration(Source):
    """One record for each review of the group."""

    id = "campbell-collaboration"
    title = "Campbell Collaboration"
    publisher = "Campbell Collaboration"
    country = "no"
    licence = "cc-by"
    home = "https://www.campbellcollaboration.org/better-evidence.html"
    language = "en"
    follow = re.compile(r"/better-evidence\.html\?(?:[^#]*&)?start=\d+$")
    fewest = 5
    most = 400
    fill_rates = {
        "authors": 0.9,
        "published_on": 0.95,
        "summary": 0.9,
        "provenance.document_url": 0.8,
    }

    def records(self, page: Page) -> Iterator[Finding]:
        """Every review of the crime and justice group on one page of the list."""
        items = list(_items(lines(page)))
        if not items:
            raise LayoutChanged(page.url, "'Additional Info' with labelled lines below it")
        for item in items:
            if _GROUP not in item.labels.get("coordinating group(s)", "").casefold():
                continue
            if not _TAKEN.search(item.labels.get("type of document", "")):
                continue
            sections = _sections(item.told)
            headline = sections[0]["text"].split("\n")[0] if sections else ""
            brief = "brief" in item.labels["type of document"].casefold()
            title = item.labels.get("title", "") or headline.rstrip(".")
            name = title or f"review of {item.labels.get('published date', 'no date')}"
            if not item.labels.get("title"):
                yield Doubt(name, "the list gives no title; the headline of its summary stands in")
            try:
                yield self.record(name, self._review(page, item, title, brief, sections))
            except UNREADABLE as error:
                yield broken_by(name, error)

    def _review(
        self,
        page: Page,
        item: _Item,
        title: str,
        brief: bool,
        sections: list[dict[str, str]],
    ) -> dict[str, Any]:
        if not title:
            raise ValueError("it has neither a title nor a summary")
        doi = _DOI.search(item.address)
        told = " ".join(section["text"] for section in sections)
        first = sections[0]["text"].replace("\n", ". ", 1).replace("..", ".") if sections else ""
        kind = "Policy brief" if brief else "Systematic review"
        return {
            "record_type": "paper" if brief else "review",
            "title": title,
            "summary": " ".join(first.split()[:_MOST_WORDS]) or f"{kind} of the {self.publisher}.",
            "aspects": ["what"],
            "authors": [
                name.strip()
                for name in re.split(r",|\band\b", item.labels.get("authors", ""))
                if name.strip()
            ],
            "published_on": item.labels.get("published date", "")[:10],
            "publisher": self.publisher,
            "language": self.language,
            "licence": self.licence,
            "read": "summary",
            "body": [section for section in sections if section["text"]],
            "suggested_tags": suggested_tags(
                (("the title says", title, 1.0), ("the summary says", told, 0.6))
            ),
            "provenance": self.origin(
                page,
                external_id=doi[0].lower() if doi else slug(title, 150),
                title=title,
                read=[item.labels, item.told],
                document_url=item.address,
            ),
        }


def _items(told: list[Line]) -> Iterator[_Item]:
    current: _Item | None = None
    for line in told:
        if line.text.casefold().strip(" :") == "additional info":
            if current is not None:
                yield current
            current = _Item()
        elif current is not None:
            labelled = _LABELS.fullmatch(line.text) if not current.told else None
            if labelled:
                label = labelled["label"].casefold()
                current.labels[label] = labelled["value"].strip()
                if label == "see the full review":
                    current.address = line.link() or labelled["value"].strip()
            else:
                current.told.append(line.text)
    if current is not None:
        yield current


def _sections(told: list[str]) -> list[dict[str, str]]:
    """The parts of a summary: what stands before the first question, then one for each."""
    start = next((n for n, text in enumerate(told) if _SUMMARY.search(text)), None)
    texts = told[start + 1 :] if start is not None else []
    sections = [{"heading": "", "text": ""}]
    for text in texts:
        if _QUESTION.fullmatch(text):
            sections.append({"heading": text, "text": ""})
        elif not _IN_BRIEF.fullmatch(text):
            last = sections[-1]
            last["text"] = f"{last['text']}\n{text}".strip()
    return sections if sections[0]["text"] else sections[1:]
