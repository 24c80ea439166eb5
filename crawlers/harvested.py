"""Sources that are OAI-PMH repositories: each answer is a page, and leads to the next by its token.

So a harvest keeps all manners of a run over pages: it is kept, resumed when killed, and told in the
same report. A directory entry declares one with `items: oai` and `endpoint`; see crawlers/declared.
What a run asks of one stands in crawlers/harvest.py.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from crawlers.errors import DiscoveryFailed, HarvestRefused, LayoutChanged
from crawlers.oai import OaiAnswer, OaiRecord, read_answer
from crawlers.page import Page
from crawlers.source import UNREADABLE, Broken, Finding, Gone, Source, broken_by
from crawlers.suggest import suggested_tags

_PREFIX = "oai_dc"
_DATE = re.compile(r"(?:1[89]|20)\d\d(?:-\d\d(?:-\d\d)?)?")
_MOST_WORDS = 90


def first_page(endpoint: str, set_spec: str = "") -> str:
    """The address at which the harvest of a repository, or of one set of it, begins."""
    asked = {"verb": "ListRecords", "metadataPrefix": _PREFIX}
    return _asking(endpoint, asked | ({"set": set_spec} if set_spec else {}))


def _asking(endpoint: str, words: Mapping[str, str]) -> str:
    return endpoint + ("&" if "?" in endpoint else "?") + urlencode(words)


class Repository(Source):
    """Base of the sources made from entries with `items: oai`; records in Dublin Core."""

    adapter: Mapping[str, Any]

    @property
    def identify(self) -> str:
        """The address at which the repository says what it is able to do."""
        return _asking(self._endpoint, {"verb": "Identify"})

    @property
    def _endpoint(self) -> str:
        return str(self.adapter["endpoint"])

    def first(self, since: str = "") -> str:
        """The address at which a harvest begins: of everything, or of what changed since then."""
        return _asking(self.starts[0], {"from": since}) if since else self.starts[0]

    def following(self, token: str) -> str:
        """The address of the answer that a token leads to."""
        return _asking(self._endpoint, {"verb": "ListRecords", "resumptionToken": token})

    def is_answer(self, url: str) -> bool:
        """Whether an address is one at which this repository lists records."""
        return url.startswith(_asking(self._endpoint, {"verb": "ListRecords"}))

    def lists(self, page: Page) -> bool:
        """Whether a kept page is an answer with records, and not a refusal."""
        try:
            read_answer(page)
        except DiscoveryFailed:
            return False
        return True

    def links(self, page: Page) -> Iterator[str]:
        """The next answer, when there is one."""
        token = _read(page).token
        if token:
            yield self.following(token)

    def records(self, page: Page) -> Iterator[Finding]:
        """Every record of an answer, those too that the repository says it has deleted."""
        for one in _read(page).records:
            if one.deleted:
                yield Gone(one.identifier[-200:], one.datestamp[:10])
                continue
            title = one.first("title")
            if one.problem or not title:
                yield Broken(one.identifier or "record", one.problem or "it has no title")
                continue
            try:
                yield self.record(title, self._paper(page, one, title))
            except UNREADABLE as error:
                yield broken_by(title, error)

    def _paper(self, page: Page, one: OaiRecord, title: str) -> dict[str, Any]:
        told = " ".join(one.metadata.get("description", []))
        words = told.split()
        date = next(
            (found[0] for text in one.metadata.get("date", []) if (found := _DATE.match(text))), ""
        )
        links = [text for text in one.metadata.get("identifier", []) if text.startswith("http")]
        return {
            "publisher": one.first("publisher") or self.publisher,
            "authors": one.metadata.get("creator", []),
            "published_on": date,
            "language": self.language,
            "licence": self.licence,
            "read": "summary",
            "summary": " ".join(words[:_MOST_WORDS]) + "\u2026" * (len(words) > _MOST_WORDS)
            if told and self.may_keep_text()
            else f"In the repository of {self.publisher}.",
            "title": title,
            **self.adapter.get("record", {}),
            "suggested_tags": suggested_tags(
                (
                    ("the title says", title, 1.0),
                    ("its subjects are", ". ".join(one.metadata.get("subject", [])), 0.8),
                    ("its summary says", told, 0.6),
                )
            ),
            "provenance": self.origin(
                page,
                external_id=one.identifier[-200:],
                title=title,
                read=one.metadata,
                original_url=links[0] if links else "",
            ),
        }


def _read(page: Page) -> OaiAnswer:
    try:
        return read_answer(page)
    except HarvestRefused as error:
        raise LayoutChanged(page.url, f"records instead of the error {error.code}") from None
    except DiscoveryFailed as error:
        raise LayoutChanged(page.url, f"an answer of OAI-PMH ({error.reason})") from None
