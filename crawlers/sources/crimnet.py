"""CrimNet: newsletters of the Sydney Institute of Criminology, as leads to what they name.

A newsletter has sections with headings such as "Recent Publications" and "Upcoming Events"; under
publications stand titles, then authors or a paragraph, then a link. Known from the text of stored
copies of seven issues in two forms. Titles and links are kept, no text; events and jobs are left
out, being over when somebody searches.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawlers.dates import published_in
from crawlers.document import Block
from crawlers.errors import LayoutChanged
from crawlers.outline import Line, lines
from crawlers.page import Page
from crawlers.source import UNREADABLE, Doubt, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import canonical_url

_NEWSLETTER = re.compile(r"\bCrimNet\b")
_PUBLICATIONS = re.compile(
    r"(?:recent |new |latest )?(?:publications?|reports?)(?: .{0,40})?", re.I
)
_OTHER_SECTION = re.compile(
    r".*\b(?:events?|activities|jobs?|opportunit\w+|scholarships?|call for papers|conferences?"
    r"|in the media|news|courses?|contact)\b.*",
    re.I,
)
_BACK = re.compile(r"back to top.*", re.I)
_MAILER = re.compile(
    r"(?:^|\.)(?:e2ma\.net|sydney\.edu\.au|twitter\.com|linkedin\.com|facebook\.com)$"
)
_MOST_WORDS = 30


@dataclass
class _Lead:
    title: str
    address: str = ""
    told: list[str] = field(default_factory=list)


class CrimNet(Source):
    """One record for each publication that an issue names and links."""

    id = "crimnet"
    title = "CrimNet"
    publisher = "Sydney Institute of Criminology"
    country = "au"
    licence = "all-rights"
    home = "https://t.e2ma.net/webview/r5u68f/2bdbb7bcfaf3ecb334bbf6313315e7fb"
    language = "en"
    starts = (
        "https://wordvine.sydney.edu.au/files/1741/11535/",
        "https://wordvine.sydney.edu.au/files/1741/12339/",
        "https://t.e2ma.net/webview/r5u68f/2bdbb7bcfaf3ecb334bbf6313315e7fb",
    )
    fewest = 1
    most = 500
    fill_rates = {"provenance.document_url": 1.0}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every publication of an issue that has a link."""
        told = lines(page)
        if not any(_NEWSLETTER.search(line.text) for line in told):
            raise LayoutChanged(page.url, "the name CrimNet")
        leads = _leads(told)
        if leads is None:
            yield Doubt(page.url, "the issue has no section on publications")
            return
        issued = published_in([Block("text", line.text) for line in told])
        for lead in leads:
            if not lead.address:
                continue
            try:
                yield self.record(lead.title, self._lead(page, lead, issued))
            except UNREADABLE as error:
                yield broken_by(lead.title, error)

    def _lead(self, page: Page, lead: _Lead, issued: str) -> dict[str, Any]:
        return {
            "record_type": "paper",
            "title": lead.title,
            "summary": f"Publication named in the {self.title} newsletter"
            f"{f' of {issued}' if issued else ''}; read it at its own address.",
            "aspects": ["what"],
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
            "website": lead.address,
            "suggested_tags": suggested_tags(
                (
                    ("the title says", lead.title, 1.0),
                    ("the newsletter says", " ".join(lead.told), 0.6),
                )
            ),
            "provenance": self.origin(
                page,
                external_id=canonical_url(lead.address)[:200],
                title=lead.title,
                read=[lead.title, lead.address],
                document_url=lead.address,
            ),
        }


def _leads(told: list[Line]) -> list[_Lead] | None:
    """Titles below headings on publications; none when there is no such heading."""
    inside, found, fresh = False, False, False
    leads: list[_Lead] = []
    for line in told:
        short = len(line.text.split()) <= _MOST_WORDS and not line.text.endswith((".", ":"))
        marked = bool(line.level or line.strong)
        if _BACK.fullmatch(line.text):
            inside = False
        elif short and _PUBLICATIONS.fullmatch(line.text):
            inside, found, fresh = True, True, True
        elif short and inside and marked and _OTHER_SECTION.fullmatch(line.text):
            inside = False
        elif inside:
            outward = next((a.url for a in line.links if _leads_out(a.url)), "")
            if short and (fresh or marked) and line.text.casefold() != "here":
                leads.append(_Lead(line.text, outward))
                fresh = bool(outward)
            elif leads:
                leads[-1].told.append(line.text)
                if outward and not leads[-1].address:
                    leads[-1].address, fresh = outward, True
    return leads if found else None


def _leads_out(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return bool(host) and not _MAILER.search(host)
