"""Copies of pages in web archives, for sites that are gone or have dropped what they had.

Each archive is asked for its index of captures (CDX), then for its TimeMap, then through its
TimeGate (both Memento, RFC 7089); one archive after the other. What is found keeps its original
address and the moment of its capture. Addresses of the interfaces: pywb's manual and public
descriptions of both archives; a live run must confirm them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from crawlers.errors import DiscoveryFailed, FetchFailed, NoCapture, PageEmpty, PageGone
from crawlers.fetch import Fetcher
from crawlers.page import Page, archived


@dataclass(frozen=True, slots=True)
class Archive:
    """A web archive: addresses of its interfaces with `{url}` and `{stamp}` to fill in."""

    id: str
    name: str
    cdx: str
    timemap: str
    timegate: str
    memento: str
    raw: str
    """The page as it was captured, without the archive's own banner and rewritten links."""


UK_GOVERNMENT = Archive(
    id="uk-government-web-archive",
    name="UK Government Web Archive",
    cdx="https://webarchive.nationalarchives.gov.uk/ukgwa/cdx?url={url}&output=json",
    timemap="https://webarchive.nationalarchives.gov.uk/ukgwa/timemap/link/{url}",
    timegate="https://webarchive.nationalarchives.gov.uk/ukgwa/{url}",
    memento="https://webarchive.nationalarchives.gov.uk/ukgwa/{stamp}/{url}",
    raw="https://webarchive.nationalarchives.gov.uk/ukgwa/{stamp}id_/{url}",
)
INTERNET_ARCHIVE = Archive(
    id="internet-archive",
    name="Internet Archive",
    cdx="https://web.archive.org/cdx/search/cdx?url={url}&output=json",
    timemap="https://web.archive.org/web/timemap/link/{url}",
    timegate="https://web.archive.org/web/{url}",
    memento="https://web.archive.org/web/{stamp}/{url}",
    raw="https://web.archive.org/web/{stamp}id_/{url}",
)
ARCHIVES = (UK_GOVERNMENT, INTERNET_ARCHIVE)
_NOTHING = (PageGone, PageEmpty)
"""What an archive answers that has no copy; any other failure leaves open whether it has one."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One copy: of which address, from which moment, and where it stands."""

    archive: str
    original: str
    captured_at: datetime
    url: str
    raw_url: str
    status: int = 200
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page from an archive. Its address is the original one, so that its links hold."""

    page: Page
    capture: Capture


def captures(
    fetcher: Fetcher,
    url: str,
    *,
    archives: Sequence[Archive] = ARCHIVES,
    prefix: bool = False,
    most: int = 10_000,
) -> list[Capture]:
    """Every copy of a page that was one (status 200), the oldest first.

    With `prefix`, of every page whose address begins with `url`. From the first archive that has
    any. Raises NoCapture, with what each archive answered.
    """
    tried, sure = [], True
    for archive in archives:
        for name, read in (("index", _from_cdx), ("TimeMap", _from_timemap)):
            if prefix and name == "TimeMap":
                continue  # it knows of one address only
            try:
                found = [
                    item for item in read(fetcher, archive, url, prefix, most) if item.status == 200
                ]
            except (FetchFailed, DiscoveryFailed) as error:
                tried.append(f"{archive.name}, {name}: {error}")
                sure = sure and isinstance(error, _NOTHING)
                continue
            if found:
                return sorted(found, key=lambda item: item.captured_at)[:most]
            tried.append(f"{archive.name}, {name}: no copy")
    raise NoCapture(url, tried, sure=sure)


def capture_near(
    fetcher: Fetcher, url: str, moment: datetime, *, archives: Sequence[Archive] = ARCHIVES
) -> Capture:
    """The copy of a page nearest to a moment. Raises NoCapture."""
    tried: list[str] = []
    sure = True
    for archive in archives:
        try:
            found = captures(fetcher, url, archives=(archive,))
        except NoCapture as error:
            tried += error.tried
            sure = sure and error.sure
        else:
            return min(found, key=lambda item: abs(item.captured_at - moment))
        try:
            return _from_timegate(fetcher, archive, url, moment)
        except (FetchFailed, DiscoveryFailed) as error:
            tried.append(f"{archive.name}, TimeGate: {error}")
            sure = sure and isinstance(error, _NOTHING)
    raise NoCapture(url, tried, sure=sure)


def archived_page(
    fetcher: Fetcher, url: str, moment: datetime, *, archives: Sequence[Archive] = ARCHIVES
) -> ArchivedPage:
    """The copy of a page nearest to a moment, fetched as it was captured.

    When it cannot be fetched from one archive, the next is asked. Raises NoCapture.
    """
    tried: list[str] = []
    for archive in archives:
        try:
            capture = capture_near(fetcher, url, moment, archives=(archive,))
            return fetch_capture(fetcher, capture)
        except NoCapture as error:
            tried += error.tried
        except FetchFailed as error:
            tried.append(f"{archive.name}: {error}")
    raise NoCapture(url, tried)


def fetch_capture(fetcher: Fetcher, capture: Capture) -> ArchivedPage:
    """Fetch one copy. Raises a FetchFailed.

    An archive may send on to a copy from a slightly other moment; its own word for it counts.
    """
    page = fetcher.page(capture.raw_url)
    stated = _http_date(page.headers.get("memento-datetime", "")) or _stamp_in(page.url)
    if stated is not None and stated != capture.captured_at:
        capture = replace(capture, captured_at=stated)
    copy = archived(page, capture.original, capture.captured_at, capture.url)
    return ArchivedPage(copy, capture)


# --- CDX


def _from_cdx(
    fetcher: Fetcher, archive: Archive, url: str, prefix: bool, most: int
) -> Iterator[Capture]:
    address = archive.cdx.format(url=quote(url, safe="")) + f"&limit={most}"
    page = fetcher.page(address + ("&matchType=prefix" if prefix else ""))
    for stamp, original, status, digest in cdx_rows(page):
        moment = _moment(stamp)
        if moment is not None:
            yield _capture(archive, original, moment, stamp, status, digest)


def cdx_rows(page: Page) -> Iterator[tuple[str, str, int, str]]:
    """Stamp, address, status and digest of each line of an index, in any of its three forms:
    one JSON list with a heading row, one JSON object a line, or fields parted by spaces.

    Raises DiscoveryFailed when it is none of them.
    """
    text = page.text.strip()
    try:
        if text.startswith("[["):
            names, *rows = json.loads(text)
            lines = [dict(zip(names, row, strict=False)) for row in rows]
        elif text.startswith("{"):
            lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        elif text in ("", "[]"):
            lines = []
        else:
            names = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"]
            rows = [line.split() for line in text.splitlines()]
            if any(len(row) < len(names) or not row[1].isdigit() for row in rows):
                raise DiscoveryFailed(page.url, "it is not an index of captures")
            lines = [dict(zip(names, row, strict=False)) for row in rows]
        for line in lines:
            status = str(line.get("statuscode") or line.get("status") or "")
            yield (
                str(line["timestamp"]),
                str(line.get("original") or line["url"]),
                # "-" stands for a repeated copy of something seen before, which was a page.
                int(status) if status.isdigit() else 200,
                str(line.get("digest") or ""),
            )
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise DiscoveryFailed(page.url, f"it is not an index of captures ({error!r})") from None


# --- Memento


def _from_timemap(
    fetcher: Fetcher, archive: Archive, url: str, _prefix: bool, _most: int
) -> Iterator[Capture]:
    seen: set[str] = set()
    following = archive.timemap.format(url=url)
    while following and following not in seen:
        seen.add(following)
        page = fetcher.page(following)
        following = ""
        original = url
        for target, attributes in links_of(page):
            kinds = attributes.get("rel", "").split()
            moment = _http_date(attributes.get("datetime", ""))
            if "original" in kinds:
                original = target
            elif "memento" in kinds and moment is not None:
                stamp = moment.strftime("%Y%m%d%H%M%S")
                yield replace(_capture(archive, original, moment, stamp, 200, ""), url=target)
            elif "timemap" in kinds and "self" not in kinds and "next" in kinds:
                following = target


def links_of(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """Each link of a TimeMap (application/link-format) with its attributes.

    Raises DiscoveryFailed when the page is no list of links.
    """
    text = page.text
    if not re.match(r"\s*<[^<>\s]+>\s*;", text):
        raise DiscoveryFailed(page.url, "it is not a TimeMap")
    for part in re.finditer(
        r"<([^<>\s]+)>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)", text
    ):
        attributes = re.findall(r"([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", part[2])
        yield part[1], {name.lower(): quoted or bare for name, quoted, bare in attributes}


def _from_timegate(fetcher: Fetcher, archive: Archive, url: str, moment: datetime) -> Capture:
    wanted = format_datetime(moment.astimezone(UTC), usegmt=True)
    fetched = fetcher.fetch(archive.timegate.format(url=url), accept={"Accept-Datetime": wanted})
    found = _http_date(fetched.page.headers.get("memento-datetime", ""))
    found = found or _stamp_in(fetched.page.url)
    if found is None:
        raise DiscoveryFailed(fetched.page.url, "the archive does not say when the copy was made")
    stamp = found.strftime("%Y%m%d%H%M%S")
    return replace(_capture(archive, url, found, stamp, 200, ""), url=fetched.page.url)


def _capture(
    archive: Archive, original: str, moment: datetime, stamp: str, status: int, digest: str
) -> Capture:
    return Capture(
        archive=archive.id,
        original=original,
        captured_at=moment,
        url=archive.memento.format(stamp=stamp, url=original),
        raw_url=archive.raw.format(stamp=stamp, url=original),
        status=status,
        digest=digest,
    )


def _moment(stamp: str) -> datetime | None:
    """A moment from up to fourteen digits: year to second, from the left."""
    if not re.fullmatch(r"\d{4,14}", stamp):
        return None
    full = stamp + "00000101000000"[len(stamp) :]
    try:
        return datetime.strptime(full, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _stamp_in(url: str) -> datetime | None:
    found = re.search(r"/(\d{14})(?:[a-z]{2}_)?/", url)
    return _moment(found[1]) if found else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
