"""What a repository answers in OAI-PMH 2.0: records, the token of the next answer, or a refusal.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from crawlers.errors import DiscoveryFailed, HarvestRefused
from crawlers.page import Page
from crawlers.xml_pages import xml_root

_NAMESPACE = "{http://www.openarchives.org/OAI/2.0/}"


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """A record: `metadata` by element name; `deleted` ones have none and are told all the same."""

    identifier: str
    datestamp: str
    deleted: bool
    sets: tuple[str, ...] = ()
    metadata: dict[str, list[str]] = field(default_factory=dict)
    problem: str = ""
    """Why the record could not be read; "" when it could."""

    def first(self, name: str) -> str:
        """The first value of an element, "" when there is none."""
        return next(iter(self.metadata.get(name, [])), "")


@dataclass(frozen=True, slots=True)
class OaiAnswer:
    """One answer of a repository to a `verb`; `token` leads to the next one, "" at the end."""

    verb: str
    answered_at: str
    """The moment by the repository's own clock, as it states it."""
    records: list[OaiRecord]
    token: str
    granularity: str
    """How exact the dates are that it takes, of an answer to Identify; else ""."""
    keeps_deletions: bool
    """Whether an answer to Identify says that deleted records are told for good."""


def read_answer(page: Page) -> OaiAnswer:
    """One stored answer, with its records (or headers); it has none where none match.

    Raises HarvestRefused for an error of the repository, DiscoveryFailed for what is no OAI-PMH.
    """
    root = _root(page)
    error = root.find(f"{_NAMESPACE}error")
    if error is not None and error.get("code") != "noRecordsMatch":
        raise HarvestRefused(page.url, error.get("code") or "error", (error.text or "").strip())
    verbs = [child for child in root if isinstance(child.tag, str)]
    body = verbs[-1] if verbs else root
    records = [_record(element) for element in body.iter(f"{_NAMESPACE}record")]
    if not records:
        records = [_header(element) for element in body.iter(f"{_NAMESPACE}header")]
    return OaiAnswer(
        verb=etree.QName(body).localname,
        answered_at=_text(root, "responseDate"),
        records=records,
        token=_text(body, "resumptionToken"),
        granularity=_text(body, "granularity"),
        keeps_deletions=_text(body, "deletedRecord") == "persistent",
    )


def _text(element: Any, name: str) -> str:
    return (element.findtext(f"{_NAMESPACE}{name}") or "").strip()


def _root(page: Page) -> "etree._Element":
    root = xml_root(page)
    if root.tag != f"{_NAMESPACE}OAI-PMH":
        raise DiscoveryFailed(
            page.url, f"it is not OAI-PMH 2.0 but '{etree.QName(root).localname}'"
        )
    return root


def _header(element: Any) -> OaiRecord:
    texts = {
        etree.QName(child).localname: (child.text or "").strip()
        for child in element
        if isinstance(child.tag, str)
    }
    return OaiRecord(
        identifier=texts.get("identifier", ""),
        datestamp=texts.get("datestamp", ""),
        deleted=element.get("status") == "deleted",
        sets=tuple((item.text or "").strip() for item in element.iter(f"{_NAMESPACE}setSpec")),
    )


def _record(element: Any) -> OaiRecord:
    from oaipmh_scythe.models import Record  # here, since it brings a client of its own along

    head = element.find(f"{_NAMESPACE}header")
    if head is None:
        return OaiRecord("", "", deleted=False, problem="it has no header")
    header = _header(head)
    metadata: dict[str, list[str]] = {}
    problem = "" if header.identifier else "it has no identifier"
    if not header.deleted:
        try:
            found = Record(element).metadata
        except (ValueError, StopIteration, RuntimeError, AttributeError) as error:
            problem = f"its metadata cannot be read ({error!r})"
        else:
            metadata = {
                name: [value.strip() for value in values if isinstance(value, str)]
                for name, values in found.items()
            }
    return OaiRecord(
        header.identifier, header.datestamp, header.deleted, header.sets, metadata, problem
    )
