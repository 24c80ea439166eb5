"""XML that others wrote, read without what could harm: entities, bombs and the network."""

import re

from lxml import etree  # type: ignore[import-untyped]

from crawlers.errors import DiscoveryFailed, FetchFailed, TooLarge
from crawlers.page import Page
from crawlers.unpack import unpacked

_MOST_UNPACKED = 60_000_000  # the protocol's limit for one sitemap is 50 MB


def xml_root(page: Page) -> "etree._Element":
    """The root element of an XML page, which may be packed with gzip.

    Raises DiscoveryFailed for what is not XML, and for XML that declares entities: these are of
    no use here, and can be made to grow without end or to read files.
    """
    body = body_of(page)
    if re.search(rb"<!ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y", body, re.I):
        raise DiscoveryFailed(page.url, "it declares entities, which are not read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DiscoveryFailed(page.url, f"it is not proper XML ({error})") from None


def body_of(page: Page) -> bytes:
    """The body of a page, unpacked when it is a gzip file. Raises DiscoveryFailed."""
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    try:
        return unpacked(page.url, [page.body], "gzip", max(_MOST_UNPACKED, len(page.body)))
    except TooLarge:
        raise DiscoveryFailed(page.url, "it unpacks to more than a sitemap may hold") from None
    except FetchFailed as error:
        raise DiscoveryFailed(page.url, error.reason) from None
