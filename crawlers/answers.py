"""What one answer of a site stands for: a page, a way on, or one of the named errors."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from crawlers.addresses import WebAddress, check_address
from crawlers.errors import (
    Blocked,
    FetchFailed,
    HeadRefused,
    PageGone,
    RedirectRefused,
    ServerFailed,
    TooLarge,
)
from crawlers.page import Page

REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered to one request: the body only of a page."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def refuse_announced(url: str, length: str, most: int) -> None:
    """Raise TooLarge for a Content-Length of more bytes than a page may have."""
    if length.isdigit() and len(length) < 20 and int(length) > most:
        raise TooLarge(url, f"it announces {int(length):,} bytes; {most:,} is the most")


def next_hop(address: WebAddress, answer: Answer) -> WebAddress:
    """Where a redirect leads. Raises RedirectRefused."""
    target = answer.headers.get("location", "").strip()
    if not target:
        raise RedirectRefused(address.url, "it is redirected to nowhere")
    with suppress(UnicodeError):
        # A header holds Latin-1; addresses beyond ASCII are sent as UTF-8 by most sites.
        target = target.encode("latin-1").decode("utf-8")
    try:
        return check_address(urljoin(address.url, target.replace(" ", "%20")).partition("#")[0])
    except ValueError as error:
        raise RedirectRefused(address.url, f"it is redirected to no address ({error})") from None


def refuse_no_head(url: str, answer: Answer) -> None:
    """Raise HeadRefused for a status that a site may keep for this kind of question alone."""
    status = answer.status
    if status == 501 or (400 <= status < 500 and status != 429):
        raise HeadRefused(url, f"the site answers with status {status}")


def refuse_failure(url: str, answer: Answer) -> None:
    """Raise what a status stands for, unless it is a page, a redirect or "not changed".

    Raises PageGone, Blocked, ServerFailed, and FetchFailed for all else.
    """
    status = answer.status
    if answer.headers.get("cf-mitigated", "").lower() == "challenge" or answer.headers.get(
        "x-amzn-waf-action", ""
    ).lower() in ("captcha", "challenge"):
        raise Blocked(url, "the site asks for a proof of being human")
    if status in (404, 410):
        raise PageGone(url, f"the site answers with status {status}")
    if status in (401, 402, 403, 407, 451):
        raise Blocked(url, f"the site answers with status {status}")
    if status >= 500:
        raise ServerFailed(url, f"the site answers with status {status}")
    if status not in (200, 304, *REDIRECTS):
        raise FetchFailed(url, f"the site answers with status {status}")


def page_of(url: str, answer: Answer, moment: datetime) -> Page:
    """An answer as the page at an address."""
    return Page(
        url=url,
        body=answer.body,
        content_type=answer.headers.get("content-type", "application/octet-stream"),
        fetched_at=moment,
        status=answer.status,
        headers=dict(answer.headers),
    )


def retry_after(text: str) -> float | None:
    """Seconds that a Retry-After header asks for, given as a number or a date."""
    text = text.strip()
    if text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
