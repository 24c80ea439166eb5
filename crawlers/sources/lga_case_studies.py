"""LGA case studies: the paged list of council case studies under the community safety topic.

Below "Your search returned N results" stand the cases: a linked title, a teaser, and mostly a link
"View all ... articles" that names the topic. Known from the text of stored copies of several pages
of the list. Teasers are not kept: they suggest terms.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawlers.errors import LayoutChanged
from crawlers.outline import lines
from crawlers.page import Page
from crawlers.source import UNREADABLE, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import slug

_COUNT = re.compile(r"Your search returned (?P<count>[\d,]+) results?", re.I)
_TOPIC = re.compile(r"View all\s*(?P<topic>.{3,80}?)\s*articles", re.I)
_COUNCIL = re.compile(
    r"(?P<body>(?:[^:\u2013]{3,80}\bCouncil|(?:Royal |London )?Borough of [^:\u2013]{3,40}"
    r"|City of [^:\u2013]{3,40}))\s*(?::|\s\u2013|\s-)\s"
)
_PAGE_OF_LIST = re.compile(r"/case-studies/?\?(?=[^#]*2432)(?:[^#]*&)?page=\d+")
_TOPIC_IN_ADDRESS = "topic%5B2432%5D=2432"


@dataclass
class _Case:
    title: str
    address: str
    told: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)


class LgaCaseStudies(Source):
    """One record for each case of the list."""

    id = "lga-case-studies"
    title = "LGA case studies"
    publisher = "Local Government Association"
    country = "gb"
    licence = "all-rights"
    home = f"https://www.local.gov.uk/case-studies?{_TOPIC_IN_ADDRESS}"
    language = "en"
    follow = _PAGE_OF_LIST
    fewest = 10
    most = 1000
    fill_rates = {"provenance.original_url": 1.0, "partners": 0.3}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every case of one page of the list."""
        counted, cases = _cases(page)
        if counted is None:
            raise LayoutChanged(page.url, "'Your search returned ... results'")
        if counted and not cases:
            raise LayoutChanged(page.url, "a linked title below the number of results")
        for case in cases:
            try:
                yield self.record(case.title, self._case(page, case))
            except UNREADABLE as error:
                yield broken_by(case.title, error)

    def _case(self, page: Page, case: _Case) -> dict[str, Any]:
        council = _COUNCIL.match(case.title)
        body = council["body"].strip() if council else ""
        filed = f", filed under {' and '.join(case.topics)}" if case.topics else ""
        return {
            "record_type": "project",
            "title": case.title,
            "summary": f"Case study{f' of {body}' if body else ''} in the library of the "
            f"{self.publisher}{filed}.",
            "aspects": ["what", "who"],
            "place": {"country": self.country, "local_authority": body},
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
            "partners": [{"organisation": body, "sectors": ["council"], "roles": ["lead"]}]
            if body
            else [],
            "keywords": case.topics,
            "suggested_tags": suggested_tags(
                (
                    ("the title says", case.title, 1.0),
                    ("it is filed under", ". ".join(case.topics), 0.7),
                    ("the list says", " ".join(case.told), 0.6),
                )
            ),
            "provenance": self.origin(
                page,
                external_id=urlsplit(case.address).path.strip("/") or slug(case.title, 100),
                title=case.title,
                read=[case.title, case.told, case.topics],
                original_url=case.address,
            ),
        }


def _cases(page: Page) -> tuple[int | None, list[_Case]]:
    """How many results the list states, and the cases of this page."""
    counted: int | None = None
    cases: list[_Case] = []
    for line in lines(page):
        if counted is None:
            found = _COUNT.search(line.text)
            counted = int(found["count"].replace(",", "")) if found else None
            continue
        topic = _TOPIC.search(line.text)
        link = line.links[0] if line.links else None
        if topic:
            if cases:
                cases[-1].topics.append(topic["topic"])
        elif link and link.text == line.text and _is_case(page, link.url):
            cases.append(_Case(line.text, link.url))
        elif cases:
            cases[-1].told.append(line.text)
    return counted, cases


def _is_case(page: Page, address: str) -> bool:
    """Whether a link leads to a page of the site that is not another page of the list."""
    there = urlsplit(address)
    on_list = there.path.rstrip("/").endswith("/case-studies")
    return _site(address) == _site(page.url) and len(there.path) > 1 and not on_list


def _site(address: str) -> str:
    return re.sub(r"^www\d?\.", "", urlsplit(address).hostname or "")
