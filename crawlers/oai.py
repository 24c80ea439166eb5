"""Harvesting a repository through OAI-PMH 2.0: every record, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from lxml import etree  # type: ignore[import-untyped]
from oaipmh_scythe import Scythe, exceptions
from oaipmh_scythe.models import Record
from oaipmh_scythe.response import OAIResponse

from crawlers.discovery import Get, xml_root
from crawlers.errors import DiscoveryFailed, HarvestRefused
from crawlers.page import Page

_NAMESPACE = "{http://www.openarchives.org/OAI/2.0/}"
_MOST_PAGES = 10_000


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


def harvest(
    get: Get,
    endpoint: str,
    *,
    metadata_prefix: str = "oai_dc",
    since: str = "",
    set_spec: str = "",
) -> Iterator[OaiRecord]:
    """Every record of a repository, changed since a date when one is given.

    A repository without any gives none. Raises HarvestRefused with the protocol's error code,
    DiscoveryFailed when an answer is no OAI-PMH or its pages go round in circles, FetchFailed.
    """
    client = _Client(get, endpoint)
    try:
        for element in client.list_records(
            metadata_prefix=metadata_prefix, from_=since or None, set_=set_spec or None
        ):
            yield _record(element)
    except exceptions.NoRecordsMatch:
        return
    except exceptions.OAIPMHException as error:
        code = client.last_code or type(error).__name__
        raise HarvestRefused(endpoint, code, str(error)) from None


def read_answer(page: Page) -> tuple[str, list[OaiRecord], str]:
    """One stored answer: its verb, its records (or headers), and the token of the next page.

    Raises HarvestRefused for an error of the repository, DiscoveryFailed for what is no OAI-PMH.
    """
    root = _root(page)
    error = root.find(f"{_NAMESPACE}error")
    if error is not None:
        raise HarvestRefused(page.url, error.get("code") or "error", (error.text or "").strip())
    verbs = [child for child in root if isinstance(child.tag, str)]
    body = verbs[-1] if verbs else root
    records = [_record(element) for element in body.iter(f"{_NAMESPACE}record")]
    if not records:
        records = [_header(element) for element in body.iter(f"{_NAMESPACE}header")]
    token = body.find(f".//{_NAMESPACE}resumptionToken")
    following = (token.text or "").strip() if token is not None else ""
    return etree.QName(body).localname, records, following


def _root(page: Page) -> "etree._Element":
    root = xml_root(page)
    if root.tag != f"{_NAMESPACE}OAI-PMH":
        raise DiscoveryFailed(
            page.url, f"it is not OAI-PMH 2.0 but '{etree.QName(root).localname}'"
        )
    return root


class _Client(Scythe):
    """The client library, with our own way of fetching: robots.txt, limits and all."""

    def __init__(self, get: Get, endpoint: str) -> None:
        as_it_is: Any = {"ListRecords": _as_it_is}
        super().__init__(endpoint, class_mapping=as_it_is)
        self._get = get
        self._seen: set[str] = set()
        self.last_code = ""

    def harvest(self, query: dict[str, str]) -> OAIResponse:
        """One answer of the repository."""
        asked = urlencode({name: value for name, value in query.items() if value})
        if asked in self._seen:
            raise DiscoveryFailed(self.endpoint, "its pages go round in circles")
        self._seen.add(asked)
        if len(self._seen) > _MOST_PAGES:
            raise DiscoveryFailed(self.endpoint, f"it has more than {_MOST_PAGES} pages")
        mark = "&" if "?" in self.endpoint else "?"
        page = self._get(f"{self.endpoint}{mark}{asked}")
        error = _root(page).find(f"{_NAMESPACE}error")
        self.last_code = (error.get("code") or "") if error is not None else ""
        held: Any = SimpleNamespace(content=page.body, text=page.text, status_code=page.status)
        answer = OAIResponse(http_response=held, params=query)
        answer.raise_for_oaipmh_error()
        return answer


def _as_it_is(element: Any) -> Any:
    """Elements are read one by one below, so that a broken one does not end the harvest."""
    return element


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


def since_date(moment: datetime) -> str:
    """A date as every repository understands it: by the day."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d")
